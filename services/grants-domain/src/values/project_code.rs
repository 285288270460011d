//! Codes of investment projects (投资项目统一代码, GB/T 40058-2021 and the form before it).

use core::fmt;
use core::str::FromStr;

use super::error::{Reason, ValueError};
use super::serial::serde_as_text;
use super::shape::{Normalised, Shape, fold_code, number, text};

const SHAPE: Shape = Shape {
    what: "project code",
    length: "24 characters, YYMM-RRRRRR-DD-TT-NNNNNC",
    allowed: |place, character| match place {
        4 | 11 | 14 | 17 => character == '-',
        23 => character.is_ascii_digit() || character.is_ascii_uppercase(),
        _ => character.is_ascii_digit(),
    },
    secret: false,
};

/// The code of an investment project: when, region, central department, type, number.
///
/// The first four digits are year and month (`2103`: March 2021), or in codes given before November 2020 the
/// year (`2017`). The two cannot be confused: as year and month, `2013` and later would name a thirteenth
/// month, and there were no such codes before 2013. The last character is a check character in the newer form;
/// its rule is not public, so it is not verified.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectCode([u8; 24]);

impl ProjectCode {
    /// The code with its hyphens.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// The same as bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The year the code was given in.
    #[must_use]
    pub fn year(&self) -> i32 {
        if self.is_older_form() { number(&self.0[..4]) } else { 2000 + number(&self.0[..2]) }
    }

    /// The month the code was given in; the older form does not say.
    #[must_use]
    pub fn month(&self) -> Option<i32> {
        if self.is_older_form() { None } else { Some(number(&self.0[2..4])) }
    }

    /// The region of the approving authority: six digits.
    #[must_use]
    pub fn region(&self) -> &str {
        text(&self.0[5..11])
    }

    /// Whether it begins with a year instead of year and month.
    #[must_use]
    pub fn is_older_form(&self) -> bool {
        12 < number(&self.0[2..4])
    }

    /// Reads a code as people write it (full-width characters, other dashes, lower case) and keeps the raw form.
    ///
    /// # Errors
    /// As for reading the canonical text, once folded.
    pub fn normalise(raw: &str) -> Result<Normalised<ProjectCode>, ValueError> {
        let dashes = ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'];
        Ok(Normalised { raw: raw.to_owned(), value: fold_code(raw).replace(dashes, "-").parse()? })
    }
}

/// Reads the 24 characters with hyphens.
impl FromStr for ProjectCode {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<ProjectCode, ValueError> {
        let code: [u8; 24] = SHAPE.read(raw)?;
        let (first, second) = (number(&code[..2]), number(&code[2..4]));
        let year_and_month = 20 <= first && (1..=12).contains(&second);
        let year_alone = first == 20 && (13..=21).contains(&second);
        if !year_and_month && !year_alone {
            let range = "year and month 2001 to 9912, or a year 2013 to 2021";
            return Err(SHAPE.error(Reason::OutOfRange { range }));
        }
        Ok(ProjectCode(code))
    }
}

impl fmt::Display for ProjectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ProjectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

serde_as_text!(ProjectCode, "a project code such as \"2103-411702-04-01-123456\"");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn project(code: &str) -> ProjectCode {
        code.parse().unwrap()
    }

    #[test]
    fn both_forms_are_read() {
        let newer = project("2103-411702-04-01-12345X");
        assert_eq!((newer.year(), newer.month(), newer.is_older_form()), (2021, Some(3), false));
        assert_eq!(newer.region(), "411702");
        let older = project("2017-411702-39-03-012345");
        assert_eq!((older.year(), older.month(), older.is_older_form()), (2017, None, true));
        // Four digits that look like the year 2012 are December 2020.
        let december = project("2012-411702-04-01-123456");
        assert_eq!((december.year(), december.month()), (2020, Some(12)));
    }

    #[test]
    fn what_is_no_code_says_why() {
        let reason = |text: &str| text.parse::<ProjectCode>().unwrap_err().reason;
        assert_eq!(reason(""), Reason::Empty);
        assert_eq!(reason("2103411702040112345X").code(), "value-length");
        assert_eq!(reason("2103-411702-04-01-12345x"), Reason::NotNormalised { at: 24 });
        assert_eq!(reason("2103_411702-04-01-123456"), Reason::Character { at: 5, found: Some('_') });
        assert_eq!(reason("2103-41170A-04-01-123456"), Reason::Character { at: 11, found: Some('A') });
        for start in ["2113", "2100", "1912", "2000", "2022"] {
            assert_eq!(
                reason(&format!("{start}-411702-04-01-123456")).code(),
                "value-out-of-range",
                "{start}"
            );
        }
        assert!(serde_json::from_str::<ProjectCode>("2103").is_err());
    }

    #[test]
    fn people_write_other_dashes() {
        let read = ProjectCode::normalise(" ２103—411702–04－01-12345x").unwrap();
        assert_eq!(read.value.as_str(), "2103-411702-04-01-12345X");
        assert!(!read.was_canonical());
    }

    proptest! {
        #[test]
        fn text_and_back(text in "2[0-9](0[1-9]|1[0-2])-[1-9][0-9]{5}-[0-9]{2}-[0-9]{2}-[0-9]{5}[0-9A-Z]") {
            let code = project(&text);
            prop_assert_eq!(code.to_string(), text);
            let json = serde_json::to_string(&code).unwrap();
            prop_assert_eq!(serde_json::from_str::<ProjectCode>(&json).unwrap(), code);
        }
    }
}
