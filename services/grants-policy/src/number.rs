//! Exact amounts as text in 元, for traces and for people, and back.

use grants_domain::values::{Exact, ExactError, Fen, Rate, SignedFen};

/// Most decimals that are written; a longer decimal is written as a fraction.
const DECIMALS_MAX: usize = 20;

/// The exact amount in 元: a decimal number where one says it exactly, else a fraction in lowest terms.
#[must_use]
pub fn yuan(amount: Exact) -> String {
    let denominator = amount.denominator().saturating_mul(100);
    let common = gcd(amount.numerator(), denominator);
    let (above, below) = (amount.numerator() / common, denominator / common);
    decimal(above, below).unwrap_or_else(|| format!("{above}/{below}"))
}

fn decimal(above: i128, below: i128) -> Option<String> {
    let (whole, mut rest) = (above / below, above % below);
    let mut text = format!("{whole}.");
    for place in 0..DECIMALS_MAX {
        if rest == 0 && 2 <= place {
            return Some(text);
        }
        rest = rest.checked_mul(10)?;
        text.push_str(&(rest / below).to_string());
        rest %= below;
    }
    (rest == 0).then_some(text)
}

/// Reads what `yuan` writes.
///
/// # Errors
/// The text is no exact amount.
pub fn read_yuan(text: &str) -> Result<Exact, ExactError> {
    let number = |text: &str| text.parse::<i128>().map_err(|_| ExactError::Overflow);
    let (above, below) = match text.split_once('/') {
        Some((above, below)) => (number(above)?, number(below)?),
        None => {
            let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
            let power = u32::try_from(decimals.len()).ok().and_then(|places| 10_i128.checked_pow(places));
            (number(&format!("{whole}{decimals}"))?, power.ok_or(ExactError::Overflow)?)
        }
    };
    Exact::new(above.checked_mul(100).ok_or(ExactError::Overflow)?, below)
}

/// Of non-negative numbers, not both zero.
fn gcd(left: i128, right: i128) -> i128 {
    let (mut a, mut b) = (left, right);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// An exact amount for people, with thousands commas: `10,000,000.0005`, `1,100,069.4444444444…`.
#[must_use]
pub fn grouped(amount: Exact) -> String {
    let text = amount.to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, "00"));
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if 0 < place && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out}.{decimals}")
}

/// An amount with commas, and in 万元 where that is short: `10,000,000.00 元（1000 万元）`.
#[must_use]
pub fn with_wan(amount: Fen) -> String {
    let wan = amount.get() / 1_000_000;
    match 0 < wan && amount.get() % 1_000_000 == 0 {
        true => format!("{}（{wan} 万）", amount.grouped()),
        false => amount.grouped(),
    }
}

/// Left less right, as a signed exact amount in 元.
#[must_use]
pub fn difference(left: Exact, right: Exact) -> String {
    match left.checked_sub(right) {
        Ok(rest) => yuan(rest),
        Err(_) => right.checked_sub(left).map_or_else(|_| SignedFen::ZERO.to_string(), |rest| format!("-{}", yuan(rest))),
    }
}

/// A rate for people.
#[must_use]
pub fn percent(rate: Rate) -> String {
    rate.percent()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(above: i128, below: i128) -> Exact {
        Exact::new(above, below).unwrap()
    }

    #[test]
    fn an_amount_has_one_text_and_comes_back() {
        for (above, below, text) in [
            (1_000_000_000, 1, "10000000.00"),
            (1_000_000_000_05, 100, "10000000.0005"),
            (990_062_500, 9, "9900625/9"),
            (0, 1, "0.00"),
            (1, 3, "1/300"),
        ] {
            assert_eq!(yuan(exact(above, below)), text);
            assert_eq!(read_yuan(text).unwrap(), exact(above, below));
        }
        assert!(read_yuan("1,000").is_err());
        assert!(read_yuan("-1.00").is_err());
        assert!(read_yuan("1/0").is_err());
    }

    #[test]
    fn people_read_groups() {
        assert_eq!(grouped(exact(990_062_500, 9)), "1,100,069.4444444444…");
        assert_eq!(grouped(exact(12, 1)), "0.12");
        assert_eq!(with_wan("10000000.00".parse().unwrap()), "10,000,000.00（1000 万）");
        assert_eq!(with_wan("10000000.01".parse().unwrap()), "10,000,000.01");
        assert_eq!(difference(exact(1, 1), exact(3, 1)), "-0.02");
    }
}
