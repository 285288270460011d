//! Which cell styles show a number as a date. Nothing else of a style matters here.

use super::xml::{Next, Walk};
use crate::problem::CellError;
use grants_domain::values::Date;
use std::collections::BTreeMap;

/// Most styles that are remembered; more than a spreadsheet can hold.
const STYLES_MAX: usize = 70_000;

/// Days from 1970-01-01 back to the day 0 of a spreadsheet whose first day is 1900-01-01, after its
/// imaginary 29 February 1900.
const EPOCH_1900: i32 = 25_569;
/// The same for workbooks that count from 1904.
const EPOCH_1904: i32 = 24_107;
/// The first day that both ways of counting 1900 agree on.
const AFTER_IMAGINARY_DAY: i32 = 61;

/// For each style of a cell whether it shows dates.
pub(super) fn read(mut walk: Walk<'_>) -> Result<Vec<bool>, CellError> {
    let (mut formats, mut styles, mut in_cells) = (BTreeMap::new(), Vec::new(), false);
    loop {
        match walk.next()? {
            Next::Open(element) if element.name == "numFmt" => {
                let code = element.get("formatCode").unwrap_or_default();
                if let Some(id) = element.get("numFmtId") {
                    formats.insert(id.to_owned(), shows_dates(code));
                }
                if STYLES_MAX < formats.len() {
                    return Err(walk.damaged());
                }
            }
            Next::Open(element) if element.name == "cellXfs" => in_cells = true,
            Next::Close(name) if name == "cellXfs" => in_cells = false,
            Next::Open(element) if element.name == "xf" && in_cells => {
                let id = element.get("numFmtId").unwrap_or("0");
                let known = formats.get(id).copied();
                styles.push(known.unwrap_or_else(|| is_built_in_date(id)));
                if STYLES_MAX < styles.len() {
                    return Err(walk.damaged());
                }
            }
            Next::Open(_) | Next::Close(_) | Next::Text(_) => {}
            Next::End => return Ok(styles),
        }
    }
}

/// The built-in formats that show a date; 27 to 36 and 50 to 58 are those of East Asian versions.
fn is_built_in_date(id: &str) -> bool {
    matches!(id.parse(), Ok(14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57..=58))
}

/// Whether a format code has a year or day letter outside quotes, brackets and escapes.
fn shows_dates(code: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    for one in code.chars() {
        match one {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            'y' | 'Y' | 'd' | 'D' if !bracketed => return true,
            _ => {}
        }
    }
    false
}

/// The day of a stored serial number; `None` with a time of day or before March 1900.
pub(super) fn day(stored: &str, counts_from_1904: bool) -> Option<Date> {
    let (whole, decimals) = stored.split_once('.').unwrap_or((stored, ""));
    if !decimals.bytes().all(|byte| byte == b'0') {
        return None;
    }
    let serial: i32 = whole.parse().ok()?;
    if counts_from_1904 {
        return Date::from_days(serial.checked_sub(EPOCH_1904)?).ok();
    }
    let known = AFTER_IMAGINARY_DAY <= serial;
    known.then(|| Date::from_days(serial.saturating_sub(EPOCH_1900)).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_like_a_spreadsheet_does() {
        let text = |stored: &str, from_1904| day(stored, from_1904).map(|day| day.to_string());
        assert_eq!(text("45454", false).as_deref(), Some("2024-06-11"));
        assert_eq!(text("45454.000", false).as_deref(), Some("2024-06-11"));
        assert_eq!(text("43992", true).as_deref(), Some("2024-06-11"));
        assert_eq!(text("61", false).as_deref(), Some("1900-03-01"));
        for bad in ["60", "45454.5", "-1", "4.5E4", "999999999", ""] {
            assert_eq!(text(bad, false), None, "{bad}");
        }
    }

    #[test]
    fn date_formats_are_told_from_numbers() {
        for code in ["yyyy-mm-dd", "[$-804]yyyy\"年\"m\"月\"d\"日\"", "d/m/yy"] {
            assert!(shows_dates(code), "{code}");
        }
        for code in ["0.00", "#,##0.00\"days\"", "[Red]0", "\\d0", "General", "h:mm"] {
            assert!(!shows_dates(code), "{code}");
        }
        assert!(is_built_in_date("14") && is_built_in_date("31") && !is_built_in_date("2"));
    }
}
