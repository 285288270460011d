//! Unified social credit codes (统一社会信用代码, GB 32100-2015), with both of their checks.

use core::fmt;
use core::str::FromStr;

use super::error::{Reason, ValueError};
use super::serial::serde_as_text;
use super::shape::{Normalised, Shape, fold_code, text};

/// The 31 characters of GB 32100 in the order of their values: no I, O, S, V, Z.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The place of a character in the alphabet.
fn value(byte: u8) -> Option<u32> {
    let value = match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'H' => byte - b'A' + 10,
        b'J'..=b'N' => byte - b'J' + 18,
        b'P'..=b'R' => byte - b'P' + 23,
        b'T' | b'U' => byte - b'T' + 26,
        b'W'..=b'Y' => byte - b'W' + 28,
        _ => return None,
    };
    Some(u32::from(value))
}

/// 3 to the power of the place, modulo 31.
const OUTER_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// The weights of GB 11714 for the organisation code inside.
const INNER_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

const SHAPE: Shape = Shape {
    what: "credit code",
    length: "18 characters",
    allowed: |place, character| match place {
        2..=7 => character.is_ascii_digit(),
        _ => u8::try_from(character).is_ok_and(|byte| value(byte).is_some()),
    },
    secret: false,
};

/// An 18-character credit code whose two check characters both fit: the last one of GB 32100, and the one of
/// the organisation code (GB 11714) in places 9 to 17.
///
/// It is upper case. Lower case is refused as not normalised: see [`CreditCode::normalise`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode([u8; 18]);

impl CreditCode {
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// The same as bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The registering authority (登记管理部门), such as `9` for market regulation.
    #[must_use]
    pub fn authority(&self) -> char {
        char::from(self.0[0])
    }

    /// The place of the registering authority when the code was given; it does not move with the enterprise.
    #[must_use]
    pub fn first_region(&self) -> &str {
        text(&self.0[2..8])
    }

    /// The organisation code (主体标识码) with its check character.
    #[must_use]
    pub fn organisation(&self) -> &str {
        text(&self.0[8..17])
    }

    /// Reads a code as people write it (lower case, full-width, spaces around) and keeps the raw form.
    ///
    /// # Errors
    /// As for reading the canonical text, once folded.
    pub fn normalise(raw: &str) -> Result<Normalised<CreditCode>, ValueError> {
        Ok(Normalised { raw: raw.to_owned(), value: fold_code(raw).parse()? })
    }
}

/// Reads the 18 upper-case characters. The outer check is judged before the inner one.
impl FromStr for CreditCode {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<CreditCode, ValueError> {
        let code: [u8; 18] = SHAPE.read(raw)?;
        if outer_check(&code[..17]) != Some(char::from(code[17])) {
            return Err(SHAPE.error(Reason::CheckFailed { standard: "GB 32100" }));
        }
        if inner_check(&code[8..16]) != Some(char::from(code[16])) {
            return Err(SHAPE.error(Reason::CheckFailed { standard: "GB 11714" }));
        }
        Ok(CreditCode(code))
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

serde_as_text!(CreditCode, "a credit code of 18 characters");

/// `(31 − Σ mod 31) mod 31`, as a character of the alphabet.
fn outer_check(code: &[u8]) -> Option<char> {
    let mut sum = 0;
    for (byte, weight) in code.iter().zip(OUTER_WEIGHTS) {
        sum += value(*byte)? * weight;
    }
    let check = (31 - sum % 31) % 31;
    ALPHABET.as_bytes().get(usize::try_from(check).ok()?).map(|byte| char::from(*byte))
}

/// `11 − Σ mod 11`, where 10 is written X and 11 is written 0. Letters count from A = 10.
fn inner_check(code: &[u8]) -> Option<char> {
    let mut sum = 0;
    for (byte, weight) in code.iter().zip(INNER_WEIGHTS) {
        sum += char::from(*byte).to_digit(36)? * weight;
    }
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        check => char::from_digit(check, 10),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALID: [&str; 11] = [
        "91350100M000100Y43",
        "91110000802100433B",
        "91440300708461136T",
        "914403001922038216",
        "91330100799655058B",
        "91411700MA40ABCD1G",
        "91411702MA40ABCD1D",
        "91411721MA40ABCD1X",
        "91411729MA40ABCD1H",
        "91110000600037341L",
        "12100000400009880K",
    ];

    fn reason(text: &str) -> Reason {
        text.parse::<CreditCode>().unwrap_err().reason
    }

    #[test]
    fn every_character_has_its_place_as_value() {
        let values: Vec<u8> = (0..=u8::MAX).filter(|byte| value(*byte).is_some()).collect();
        assert_eq!(values, ALPHABET.as_bytes());
        assert!((0..31).eq(values.iter().filter_map(|byte| value(*byte))));
    }

    #[test]
    fn known_codes_are_valid() {
        for code in VALID {
            assert_eq!(code.parse::<CreditCode>().unwrap().as_str(), code);
        }
        let code: CreditCode = "91411702MA40ABCD1D".parse().unwrap();
        assert_eq!((code.authority(), code.organisation()), ('9', "MA40ABCD1"));
        assert_eq!(code.first_region(), "411702");
    }

    #[test]
    fn the_often_printed_wrong_forms_are_refused() {
        assert_eq!(reason("91350100M000100Y4A"), Reason::CheckFailed { standard: "GB 32100" });
        // Z is not even a character of the standard.
        assert_eq!(reason("91350100M000100Y4Z"), Reason::Character { at: 18, found: Some('Z') });
    }

    #[test]
    fn checks_agree_with_the_published_sums() {
        assert_eq!(inner_check(b"D2143569"), Some('X'));
        assert_eq!(inner_check(b"M000100Y"), Some('4'));
        assert_eq!(inner_check(b"MA40ABCD"), Some('1'));
        assert_eq!(inner_check(b"40000988"), Some('0'));
    }

    #[test]
    fn both_layers_are_checked() {
        // The outer character is recomputed for a wrong inner one, so that only the inner check can tell.
        let mut code = *b"91411702MA40ABCD2D";
        let check = outer_check(&code[..17]).unwrap();
        code[17] = u8::try_from(check).unwrap();
        assert_eq!(reason(text(&code)), Reason::CheckFailed { standard: "GB 11714" });
    }

    #[test]
    fn lower_case_is_normalised_on_request_only() {
        assert_eq!(reason("91350100m000100y43"), Reason::NotNormalised { at: 9 });
        assert_eq!(reason("９1350100M000100Y43"), Reason::FullWidth { at: 1 });
        let read = CreditCode::normalise(" ９1350100m000100y43\u{3000}").unwrap();
        assert_eq!(read.value.as_str(), "91350100M000100Y43");
        assert_eq!(read.raw, " ９1350100m000100y43\u{3000}");
        assert!(!read.was_canonical());
        assert!(CreditCode::normalise("91350100M000100Y43").unwrap().was_canonical());
    }

    #[test]
    fn other_faults_say_why() {
        assert_eq!(reason(""), Reason::Empty);
        assert_eq!(reason("91350100M000100Y4"), Reason::Length { found: 17, expected: "18 characters" });
        assert_eq!(reason("91350100M000100I43"), Reason::Character { at: 16, found: Some('I') });
        assert_eq!(reason("9135010AM000100Y43"), Reason::Character { at: 8, found: Some('A') });
        assert!(serde_json::from_str::<CreditCode>("914403001922038216").is_err());
    }

    #[test]
    fn one_wrong_character_never_passes() {
        for code in VALID {
            for place in 0..18 {
                for other in ALPHABET.bytes() {
                    let mut changed = code.as_bytes().to_vec();
                    changed[place] = other;
                    let changed = String::from_utf8(changed).unwrap();
                    assert_eq!(changed.parse::<CreditCode>().is_ok(), changed == code, "{changed}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn text_and_back(start in "[1-9AY][1-9][0-9]{6}", organisation in "[0-9A-HJ-NPQRTUWXY]{8}") {
            let inner = inner_check(organisation.as_bytes()).unwrap();
            let most = format!("{start}{organisation}{inner}");
            let whole = format!("{most}{}", outer_check(most.as_bytes()).unwrap());
            let code: CreditCode = whole.parse().unwrap();
            prop_assert_eq!(code.to_string(), whole);
            let json = serde_json::to_string(&code).unwrap();
            prop_assert_eq!(serde_json::from_str::<CreditCode>(&json).unwrap(), code);
        }

        #[test]
        fn no_text_panics(text in ".{0,20}") {
            let _ = text.parse::<CreditCode>();
            let _ = CreditCode::normalise(&text);
        }
    }
}
