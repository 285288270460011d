//! Coverage: every limit is met by worked cases from below, exactly, and from above.

use super::Finding;
use crate::{catalogue::Measure, compile::tests_of, walk::Reached};
use grants_domain::values::Slug;
use std::cmp::Ordering;

/// Most limits that one measure compares with.
const LIMITS_MAX: usize = 200;

pub(super) fn check(measure: &Measure, reached: &Reached, findings: &mut Vec<Finding>) {
    for (rule, limit) in limits(measure).into_iter().take(LIMITS_MAX) {
        for (side, name) in
            [(Ordering::Less, "below"), (Ordering::Equal, "exactly at"), (Ordering::Greater, "above")]
        {
            if !reached.contains(&(rule.clone(), limit.clone(), side)) {
                let what = format!("no worked case comes {name} {limit}");
                findings.push(Finding::new(measure.path_of(&rule), rule.as_str(), what));
            }
        }
    }
}

/// Every limit of a measure: the rule that compares, and the name of what it compares with.
fn limits(measure: &Measure) -> Vec<(Slug, String)> {
    let mut limits = Vec::new();
    let file = &measure.file;
    for condition in &file.conditions {
        for test in tests_of(&condition.test) {
            let names = [&test.at_least, &test.above, &test.at_most, &test.below];
            limits.extend(names.into_iter().flatten().map(|name| (condition.rule.clone(), name.to_string())));
            limits.extend(test.loan_longer_than.iter().map(|_| (condition.rule.clone(), "loan".to_owned())));
        }
    }
    for part in &file.benefits {
        if let Some(band) = &part.determined {
            let names = [&band.at_least, &band.at_most];
            limits.extend(names.into_iter().flatten().map(|name| (part.rule.clone(), name.to_string())));
        }
        let scale = part.tier.as_ref().and_then(|tier| measure.tiers.get(&tier.scale));
        for rung in scale.iter().flat_map(|scale| &scale.dated).flat_map(|dated| &dated.at) {
            limits.push((part.rule.clone(), format!("rung {}", rung.count)));
        }
        let most = scale.and_then(|scale| scale.most.as_ref());
        limits.extend(most.map(|_| (part.rule.clone(), "most".to_owned())));
    }
    limits.extend(file.ceilings.iter().map(|one| (one.rule.clone(), "ceiling".to_owned())));
    limits.extend(measure.caps.iter().map(|one| (one.id.clone(), "cap".to_owned())));
    limits.sort();
    limits.dedup();
    limits
}
