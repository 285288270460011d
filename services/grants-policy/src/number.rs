//! Exact amounts as text in 元, for traces and for people, and back.

use crate::render::Language;
use grants_domain::values::{Exact, ExactError, Fen, Rate};

/// Most decimals that are written; a longer decimal is written as a fraction.
const DECIMALS_MAX: usize = 20;

/// The exact amount in 元: a decimal number where one says it exactly, else a fraction in lowest terms.
#[must_use]
pub fn yuan(amount: Exact) -> String {
    if amount.is_whole() {
        return match amount.floor() {
            Ok(fen) => fen.to_string(),
            // Above every amount that can be paid.
            Err(_) => format!("{}.{:02}", amount.numerator() / 100, amount.numerator() % 100),
        };
    }
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
        let digit = u32::try_from(rest / below).ok().and_then(|digit| char::from_digit(digit, 10))?;
        text.push(digit);
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
    format!("{}.{decimals}", thousands(whole))
}

/// Digits with a comma before every three.
pub(crate) fn thousands(whole: &str) -> String {
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if 0 < place && whole.len().saturating_sub(place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// An amount in 万 where it is a whole number of them: `1000 万`, `10 million`; else with commas.
#[must_use]
pub fn in_wan(amount: Fen, language: Language) -> String {
    let wan = amount.get() / 1_000_000;
    match (0 < wan && amount.get() % 1_000_000 == 0, language) {
        (true, Language::Zh) => format!("{wan} 万"),
        (true, Language::En) => thousands(&(amount.get() / 100).to_string()),
        (false, _) => amount.grouped(),
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
            (100_000_000_005, 100, "10000000.0005"),
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
        assert_eq!(in_wan("10000000.00".parse().unwrap(), Language::Zh), "1000 万");
        assert_eq!(in_wan("10000000.00".parse().unwrap(), Language::En), "10,000,000");
        assert_eq!(in_wan("10000000.01".parse().unwrap(), Language::Zh), "10,000,000.01");
    }
}
