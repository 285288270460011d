//! Numbers the way a spreadsheet stores them: decimal texts, sometimes with an exponent, sometimes with the
//! seventeen digits that a binary fraction has when written in full.
//!
//! Nothing is computed in binary. A stored number of more than fifteen significant digits is taken only if it
//! is exactly the seventeen-digit spelling of a number with at most fifteen (Excel stores 1.1 as
//! `1.1000000000000001`); anything else has been changed on its way, and is refused.

use grants_domain::values::{Reason, ValueError, money::AMOUNT_DIGITS_MAX};

/// Digits in which a binary fraction of 64 bits is written in full.
const FULL_DIGITS: usize = 17;

/// How far from the point a digit may stand.
const EXPONENT_MAX: i32 = 40;

/// Longest text that is looked at.
const TEXT_BYTES_MAX: usize = 64;

/// Significant digits, without zeros at either end, and the place of the point: `0.` digits `× 10^point`.
#[derive(Debug, PartialEq, Eq)]
struct Digits {
    digits: String,
    point: i32,
}

/// A stored number as a plain decimal text: digits, perhaps a point and digits.
///
/// # Errors
/// [`Reason::Digits`] for more than fifteen significant digits, [`Reason::OutOfRange`] for negative and far
/// too large or small numbers, [`Reason::Form`] for what is no number.
pub(crate) fn plain(stored: &str) -> Result<String, ValueError> {
    let error = |reason| ValueError { what: "stored number", reason };
    if TEXT_BYTES_MAX < stored.len() {
        return Err(error(Reason::TooLong { max: TEXT_BYTES_MAX }));
    }
    if stored.starts_with('-') {
        return Err(error(Reason::OutOfRange { range: "≥ 0" }));
    }
    let read = read(stored).ok_or(error(Reason::Form { expected: "1234.56" }))?;
    let digits = if read.digits.len() <= AMOUNT_DIGITS_MAX {
        read
    } else {
        shorter(stored, &read).ok_or(error(Reason::Digits { max: AMOUNT_DIGITS_MAX }))?
    };
    if EXPONENT_MAX < digits.point.abs() {
        return Err(error(Reason::OutOfRange { range: "10^-40…10^40" }));
    }
    Ok(write(&digits))
}

/// Moves the point so many places to the right: 万元 to 元 is four.
pub(crate) fn shift(text: &str, places: usize) -> String {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let padded = format!("{decimals:0<places$}");
    let (moved, rest) = padded.split_at_checked(places).unwrap_or((&padded, ""));
    let whole = format!("{whole}{moved}");
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        trimmed => trimmed,
    };
    match rest.trim_end_matches('0') {
        "" => whole.to_owned(),
        rest => format!("{whole}.{rest}"),
    }
}

/// How many decimals a plain text has, zeros at the end included.
pub(crate) fn decimals(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

fn read(stored: &str) -> Option<Digits> {
    let (mantissa, exponent) = match stored.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?)
        }
        None => (stored, 0_i32),
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{decimals}");
    if all.is_empty() || whole.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let leading = all.len().saturating_sub(all.trim_start_matches('0').len());
    let digits = all.trim_matches('0').to_owned();
    let place = i32::try_from(whole.len()).ok()?.checked_sub(i32::try_from(leading).ok()?)?;
    let point = if digits.is_empty() { 0 } else { place.checked_add(exponent)? };
    Some(Digits { digits, point })
}

/// The number with at most fifteen digits whose spelling in full this is.
fn shorter(stored: &str, read_in_full: &Digits) -> Option<Digits> {
    let value: f64 = stored.parse().ok()?;
    let full = FULL_DIGITS.saturating_sub(1);
    let in_full = read(&format!("{value:.full$e}"))?;
    let shortest = read(&format!("{value:e}"))?;
    let is_spelling = in_full == *read_in_full && shortest.digits.len() <= AMOUNT_DIGITS_MAX;
    is_spelling.then_some(shortest)
}

fn write(number: &Digits) -> String {
    let Digits { digits, point } = number;
    let length = i32::try_from(digits.len()).unwrap_or(0);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    if digits.is_empty() {
        return "0".to_owned();
    }
    if *point <= 0 {
        return format!("0.{}{digits}", zeros(point.saturating_neg()));
    }
    if length <= *point {
        return format!("{digits}{}", zeros(point.saturating_sub(length)));
    }
    let (whole, decimals) = digits.split_at(usize::try_from(*point).unwrap_or(0));
    format!("{whole}.{decimals}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stored_numbers_become_plain_texts() {
        for (stored, expected) in [
            ("0", "0"),
            ("0.00", "0"),
            ("100", "100"),
            ("100.10", "100.1"),
            ("1E+7", "10000000"),
            ("1.5e-2", "0.015"),
            ("3.6499999999999998E-2", "0.0365"),
            ("1.1000000000000001", "1.1"),
            ("8999999.9900000002", "8999999.99"),
            ("199999999.99000001", "199999999.99"),
            ("9999999999999.99", "9999999999999.99"),
        ] {
            assert_eq!(plain(stored).as_deref(), Ok(expected), "{stored}");
        }
    }

    #[test]
    fn what_was_changed_on_its_way_is_refused() {
        let digits = Reason::Digits { max: 15 };
        // 0.1 + 0.2, a long identity number, and a text no binary fraction is spelt like.
        for stored in
            ["0.30000000000000004", "411702199001010016", "8999999.9900000003", "100.00000000000001"]
        {
            assert_eq!(plain(stored).unwrap_err().reason, digits, "{stored}");
        }
        assert_eq!(plain("-1").unwrap_err().reason, Reason::OutOfRange { range: "≥ 0" });
        assert_eq!(plain("1E+99").unwrap_err().reason, Reason::OutOfRange { range: "10^-40…10^40" });
        for stored in ["", "NaN", "inf", "1e", "1.2.3", "１", ".5", "0x1"] {
            assert!(plain(stored).is_err(), "{stored}");
        }
    }

    #[test]
    fn ten_thousands_become_units() {
        for (text, expected) in
            [("1", "10000"), ("4999.999999", "49999999.99"), ("0.0001", "1"), ("0", "0"), ("12.50", "125000")]
        {
            assert_eq!(shift(text, 4), expected);
        }
    }

    proptest! {
        #[test]
        fn fifteen_digits_survive_a_spreadsheet(fen in 0_i64..=999_999_999_999_999) {
            let text = format!("{}.{:02}", fen / 100, fen % 100);
            let value: f64 = text.parse().unwrap();
            let expected = shift(&text, 0);
            prop_assert_eq!(plain(&format!("{value:.16e}")).unwrap(), expected.clone());
            prop_assert_eq!(plain(&format!("{value}")).unwrap(), expected);
        }

        #[test]
        fn any_text_is_answered(text in ".{0,80}") {
            if let Ok(number) = plain(&text) {
                prop_assert!(number.chars().all(|one| one.is_ascii_digit() || one == '.'));
            }
        }
    }
}
