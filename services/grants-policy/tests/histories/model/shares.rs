//! Several treasuries pay one award: an amount in parts, and the parts as they are divided anew (I-22, A-34).

/// The part of an award that one budget line pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) line: String,
    pub(crate) weight: i128,
    pub(crate) amount: i128,
}

/// An amount by weight: each gets what falls on it and on all before it, rounded down, less what those before it got.
pub(super) fn divided(amount: i128, weights: &[i128]) -> Vec<i128> {
    let all: i128 = weights.iter().sum();
    let up_to = |count: usize| amount * weights[..count].iter().sum::<i128>() / all;
    (0..weights.len()).map(|place| up_to(place + 1) - up_to(place)).collect()
}

/// The same where each part has a least and a most: whoever would get less or more gets that, and what is then missing or
/// too much is for the last who can bear it, and the one before.
pub(super) fn divided_between(amount: i128, parts: &[Part], bounds: &[(i128, i128)]) -> Vec<i128> {
    let weights: Vec<i128> = parts.iter().map(|part| part.weight).collect();
    let mut found = divided(amount, &weights);
    for (part, (least, most)) in found.iter_mut().zip(bounds) {
        *part = (*part).clamp(*least, *most);
    }
    for place in (0..found.len()).rev() {
        let others = found.iter().sum::<i128>() - found[place];
        found[place] = (amount - others).clamp(bounds[place].0, bounds[place].1);
    }
    assert_eq!(found.iter().sum::<i128>(), amount, "the parts are not the award");
    found
}
