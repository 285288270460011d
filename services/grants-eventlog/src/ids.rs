//! Names a ledger, a writer and a tree by fixed bytes, written as lower-case hexadecimal.

use std::fmt;
use std::str::FromStr;

/// Which ledger: 128 bits chosen once, carried by every batch, so that no batch can be played into another ledger.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerId(pub [u8; 16]);

/// Which process: 128 random bits per process start, so that two writers never look alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriterId(pub [u8; 16]);

/// The root of an RFC 6962 tree over all events so far.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Root(pub [u8; 32]);

/// Why a text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} lower-case hexadecimal digits")]
pub struct IdError {
    /// How many digits the identifier has.
    pub expected: usize,
}

impl WriterId {
    /// Draws the id of a new process from the operating system's randomness.
    ///
    /// # Errors
    /// The operating system has no randomness to give.
    pub fn random() -> std::io::Result<WriterId> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|fault| std::io::Error::other(fault.to_string()))?;
        Ok(WriterId(bytes))
    }
}

/// Lower-case hexadecimal digits of `bytes`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

/// The inverse of [`hex`]; upper case is refused, so that one id has one spelling.
pub(crate) fn unhex<const N: usize>(text: &str) -> Result<[u8; N], IdError> {
    let wrong = IdError { expected: N * 2 };
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Ok(byte - b'0'),
        b'a'..=b'f' => Ok(byte - b'a' + 10),
        _ => Err(wrong),
    };
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !odd.is_empty() {
        return Err(wrong);
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? * 16 + digit(*low)?;
    }
    Ok(bytes)
}

macro_rules! hexadecimal {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), hex(&self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<$name, IdError> {
                unhex(text).map($name)
            }
        }
    };
}

hexadecimal!(LedgerId);
hexadecimal!(WriterId);
hexadecimal!(Root);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id = LedgerId(*b"0123456789abcdef");
        assert_eq!(id.to_string(), "30313233343536373839616263646566");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in ["", "3", "30313233343536373839616263646", "3031323334353637383961626364656F", "zz"] {
            assert_eq!(text.parse::<LedgerId>(), Err(IdError { expected: 32 }), "{text}");
        }
    }

    #[test]
    fn two_processes_differ() {
        assert_ne!(WriterId::random().unwrap(), WriterId::random().unwrap());
    }
}
