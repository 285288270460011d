//! Hashes and command ids: fixed bytes with one text each.

use core::fmt;
use core::str::FromStr;

use super::error::{Reason, ValueError};
use super::serial::serde_as_text;
use super::shape::Shape;

/// A SHA-256 hash, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256Hex(pub [u8; 32]);

impl Sha256Hex {
    /// The hash with these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Sha256Hex {
        Sha256Hex(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Reads 64 hexadecimal digits in lower case.
impl FromStr for Sha256Hex {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Sha256Hex, ValueError> {
        let shape = Shape {
            what: "SHA-256 hash",
            length: "64 lower-case hexadecimal digits",
            allowed: |_, c| c.is_ascii_digit() || ('a'..='f').contains(&c),
            secret: false,
        };
        let digits: [u8; 64] = shape.read(raw).map_err(upper_case_is_not_normal)?;
        Ok(Sha256Hex(from_hex(digits.iter().copied())))
    }
}

impl fmt::Display for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_as_text!(Sha256Hex, "a SHA-256 hash in lower-case hexadecimal");

/// The id a client gives to a command: any UUID. The same id with the same content is the same command.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandId(pub [u8; 16]);

impl CommandId {
    /// The id with these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> CommandId {
        CommandId(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Reads a UUID with hyphens; either case, as RFC 9562 asks of readers. No braces, no `urn:`.
impl FromStr for CommandId {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<CommandId, ValueError> {
        let shape = Shape {
            what: "command id",
            length: "a UUID of 36 characters with hyphens",
            allowed: |place, c| match place {
                8 | 13 | 18 | 23 => c == '-',
                _ => c.is_ascii_hexdigit(),
            },
            secret: false,
        };
        let characters: [u8; 36] = shape.read(raw)?;
        Ok(CommandId(from_hex(characters.into_iter().filter(|byte| *byte != b'-'))))
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_as_text!(CommandId, "a UUID");

/// The shape knows lower case that should be upper; here it is the other way round.
fn upper_case_is_not_normal(error: ValueError) -> ValueError {
    if let Reason::Character { at, found: Some('A'..='F') } = error.reason {
        return ValueError::new(error.what, Reason::NotNormalised { at });
    }
    error
}

/// Puts two digits into each byte; the shapes have let only hexadecimal digits through, and enough of them.
fn from_hex<const N: usize>(mut digits: impl Iterator<Item = u8>) -> [u8; N] {
    let mut next = || {
        let digit = digits.next().and_then(|byte| char::from(byte).to_digit(16));
        digit.and_then(|value| u8::try_from(value).ok()).unwrap_or(0)
    };
    core::array::from_fn(|_| next() * 16 + next())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_hash_has_one_text() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let hash: Sha256Hex = empty.parse().unwrap();
        assert_eq!(hash.to_string(), empty);
        assert_eq!(hash.bytes()[..3], [0xe3, 0xb0, 0xc4]);
        let reason = |text: &str| text.parse::<Sha256Hex>().unwrap_err().reason;
        assert_eq!(reason(&empty.to_uppercase()), Reason::NotNormalised { at: 1 });
        assert_eq!(reason(&empty.replace('8', "g")), Reason::Character { at: 10, found: Some('g') });
        assert_eq!(reason(&empty.replace("e3", "e３")), Reason::FullWidth { at: 2 });
        assert_eq!(reason("e3").code(), "value-length");
        assert_eq!(reason(""), Reason::Empty);
    }

    #[test]
    fn a_command_id_is_a_uuid() {
        let text = "0192f3a4-7c1e-7d00-8abc-0123456789ab";
        let id: CommandId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(text.to_uppercase().parse(), Ok(id));
        assert_eq!(id.bytes()[..4], [0x01, 0x92, 0xf3, 0xa4]);
        let code = |text: &str| text.parse::<CommandId>().unwrap_err().code();
        assert_eq!(code(&text.replace('-', "")), "value-length");
        assert_eq!(code(&format!("{{{text}}}")), "value-length");
        assert_eq!(code(&text.replacen('-', "0", 1)), "value-character");
        assert_eq!(code(&text.replacen('0', "-", 1)), "value-character");
        assert!(serde_json::from_str::<CommandId>("1").is_err());
    }

    proptest! {
        #[test]
        fn text_and_back(hash: [u8; 32], id: [u8; 16]) {
            let (hash, id) = (Sha256Hex::new(hash), CommandId::new(id));
            prop_assert_eq!(hash.to_string().parse(), Ok(hash));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            let json = serde_json::to_string(&(hash, id)).unwrap();
            prop_assert_eq!(serde_json::from_str::<(Sha256Hex, CommandId)>(&json).unwrap(), (hash, id));
        }
    }
}
