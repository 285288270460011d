//! Places of residence and registration (行政区划, GB/T 2260): six digits, with names for display.

use core::fmt;
use core::str::FromStr;

use super::date::Date;
use super::error::{Reason, ValueError};
use super::serial::serde_as_text;
use super::shape::{Shape, digits_only, text};

const SHAPE: Shape = Shape { what: "region", length: "6 digits", allowed: digits_only, secret: false };

/// A GB/T 2260 code: where somebody lives or is registered. Who pays is a [`super::Treasury`], and neither is
/// made from the other.
///
/// Any six digits with a province are accepted: codes are abolished and new ones given, and a table that lags
/// behind must not refuse a person. Names are for display only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region([u8; 6]);

/// A name that a code has or had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionName {
    /// The six digits.
    pub code: &'static str,
    /// The name in Chinese.
    pub name: &'static str,
    /// The first day of the code, where the table knows it.
    pub from: Option<Date>,
    /// The first day on which the code was no longer given, if it was abolished.
    pub until: Option<Date>,
}

impl Region {
    /// The six digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// What the table knows of the code; `None` says nothing against it.
    #[must_use]
    pub fn known(&self) -> Option<&'static RegionName> {
        ZHUMADIAN.iter().find(|entry| entry.code == self.as_str())
    }

    /// The name, of an abolished code too: papers keep it for life.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        self.known().map(|entry| entry.name)
    }

    /// Whether the table knows that the code was in use on that day.
    #[must_use]
    pub fn in_use(&self, on: Date) -> Option<bool> {
        let entry = self.known()?;
        Some(entry.from.is_none_or(|from| from <= on) && entry.until.is_none_or(|until| on < until))
    }

    /// Whether it lies in Zhumadian by its present or its former code.
    #[must_use]
    pub fn is_zhumadian(&self) -> bool {
        matches!(&self.0[..4], b"4117" | b"4128")
    }
}

/// Reads six digits, the first not zero.
impl FromStr for Region {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Region, ValueError> {
        let code: [u8; 6] = SHAPE.read(raw)?;
        if code[0] == b'0' {
            return Err(SHAPE.error(Reason::Character { at: 1, found: Some('0') }));
        }
        Ok(Region(code))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

serde_as_text!(Region, "a region of 6 digits");

/// On this day the State Council approved that the prefecture become a municipality; all codes changed.
const MUNICIPALITY: Result<Date, ValueError> = Date::new(2000, 6, 8);

const fn present(code: &'static str, name: &'static str) -> RegionName {
    RegionName { code, name, from: municipality(), until: None }
}

const fn former(code: &'static str, name: &'static str) -> RegionName {
    RegionName { code, name, from: None, until: municipality() }
}

const fn municipality() -> Option<Date> {
    match MUNICIPALITY {
        Ok(date) => Some(date),
        Err(_) => None,
    }
}

/// The codes of Zhumadian and its counties, as a municipality (4117) and as a prefecture (4128).
pub const ZHUMADIAN: [RegionName; 22] = [
    present("411700", "驻马店市"),
    present("411702", "驿城区"),
    present("411721", "西平县"),
    present("411722", "上蔡县"),
    present("411723", "平舆县"),
    present("411724", "正阳县"),
    present("411725", "确山县"),
    present("411726", "泌阳县"),
    present("411727", "汝南县"),
    present("411728", "遂平县"),
    present("411729", "新蔡县"),
    former("412800", "驻马店地区"),
    former("412801", "驻马店市（县级）"),
    former("412821", "确山县"),
    former("412822", "泌阳县"),
    former("412823", "遂平县"),
    former("412824", "西平县"),
    former("412825", "上蔡县"),
    former("412826", "汝南县"),
    former("412827", "平舆县"),
    former("412828", "新蔡县"),
    former("412829", "正阳县"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: &str) -> Region {
        code.parse().unwrap()
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_table_reads_as_regions_of_the_city_and_knows_the_change() {
        for entry in ZHUMADIAN {
            assert!(region(entry.code).is_zhumadian(), "{}", entry.code);
            assert_eq!(region(entry.code).name(), Some(entry.name));
            assert_ne!(entry.from.is_some(), entry.until.is_some(), "{}", entry.code);
        }
        let (now, then) = (region("411722"), region("412825"));
        assert_eq!((now.name(), then.name()), (Some("上蔡县"), Some("上蔡县")));
        assert_eq!(
            (now.in_use(date("2000-06-07")), now.in_use(date("2000-06-08"))),
            (Some(false), Some(true))
        );
        assert_eq!(
            (then.in_use(date("2000-06-07")), then.in_use(date("2000-06-08"))),
            (Some(true), Some(false))
        );
    }

    #[test]
    fn unknown_codes_are_accepted_in_form() {
        let unknown = region("411771");
        assert_eq!((unknown.name(), unknown.in_use(date("2026-01-01"))), (None, None));
        assert_eq!(region("110105").to_string(), "110105");
        assert!(!region("110105").is_zhumadian());
    }

    #[test]
    fn what_is_not_six_digits_is_no_region() {
        let code = |text: &str| text.parse::<Region>().unwrap_err().code();
        assert_eq!(code(""), "value-empty");
        assert_eq!(code("4117"), "value-length");
        assert_eq!(code("411700000"), "value-length");
        assert_eq!(code("41170a"), "value-character");
        assert_eq!(code("011700"), "value-character");
        assert_eq!(code("４11700"), "value-full-width");
        assert!(serde_json::from_str::<Region>("411700").is_err());
        assert_eq!(serde_json::from_str::<Region>("\"411700\"").unwrap(), region("411700"));
    }
}
