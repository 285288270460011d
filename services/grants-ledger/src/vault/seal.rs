//! Sealing one text: the same key, field and text always give the same bytes, and lengths show little.

use aes_siv::KeyInit;
use aes_siv::siv::Aes256Siv;
use zeroize::Zeroizing;

use super::fault::VaultRefusal;
use super::origin::Key;
use super::{FIELD_BYTES_MAX, PLAIN_BYTES_MAX};

/// First byte of every seal. It only grows: old seals stay readable for as long as their keys live.
const SEAL_VERSION: u8 = 1;
/// Ends the text inside its bucket, before zeros (ISO/IEC 9797-1, padding method 2).
const TEXT_END: u8 = 0x80;
/// Names, identity numbers and telephone numbers nearly all share the smallest bucket.
const BUCKET_BYTES_MIN: usize = 32;

/// Seals `plain` for `field` with a person's key.
pub(super) fn seal(key: &Key, field: &str, plain: &str) -> Result<Vec<u8>, VaultRefusal> {
    check_field(field)?;
    if PLAIN_BYTES_MAX < plain.len() {
        return Err(VaultRefusal::TextTooLong { bytes: plain.len() });
    }
    let padded = pad(plain);
    let sealed = cipher(key)
        .encrypt([field.as_bytes()], &padded)
        .expect("one header and a bounded text are within the limits of AES-SIV");
    let mut bytes = Vec::with_capacity(sealed.len().saturating_add(1));
    bytes.push(SEAL_VERSION);
    bytes.extend_from_slice(&sealed);
    Ok(bytes)
}

/// Opens what [`seal`] made for the same field and key; anything else is refused.
pub(super) fn unseal(key: &Key, field: &str, bytes: &[u8]) -> Result<String, VaultRefusal> {
    check_field(field)?;
    let (&version, sealed) = bytes.split_first().ok_or(VaultRefusal::NotThisSeal)?;
    if version != SEAL_VERSION {
        return Err(VaultRefusal::NewerSeal { version });
    }
    let padded = cipher(key).decrypt([field.as_bytes()], sealed).map_err(|_| VaultRefusal::NotThisSeal)?;
    unpad(&Zeroizing::new(padded)).ok_or(VaultRefusal::NotThisSeal)
}

fn check_field(field: &str) -> Result<(), VaultRefusal> {
    if field.is_empty() || FIELD_BYTES_MAX < field.len() {
        return Err(VaultRefusal::FieldName);
    }
    Ok(())
}

fn cipher(key: &Key) -> Aes256Siv {
    Aes256Siv::new_from_slice(key.bytes()).expect("a key has the length that AES-SIV asks for")
}

/// Text, end mark, zeros up to the next power of two.
fn pad(plain: &str) -> Zeroizing<Vec<u8>> {
    let bucket = plain.len().saturating_add(1).next_power_of_two().max(BUCKET_BYTES_MIN);
    let mut padded = Zeroizing::new(Vec::with_capacity(bucket));
    padded.extend_from_slice(plain.as_bytes());
    padded.push(TEXT_END);
    padded.resize(bucket, 0);
    padded
}

fn unpad(padded: &[u8]) -> Option<String> {
    let end = padded.iter().rposition(|&byte| byte != 0)?;
    let (text, rest) = padded.split_at_checked(end)?;
    if rest.first() != Some(&TEXT_END) {
        return None;
    }
    std::str::from_utf8(text).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(fill: u8) -> Key {
        Key::from_bytes(&[fill; 64])
    }

    #[test]
    fn every_length_comes_back_and_fills_a_bucket() {
        for length in 0..=PLAIN_BYTES_MAX {
            let text = "y".repeat(length);
            let sealed = seal(&key(1), "name", &text).unwrap();
            let bucket = sealed.len() - 17;
            assert!(bucket.is_power_of_two() && 32 <= bucket, "{length} bytes fill {bucket}");
            assert!(bucket == 32 || bucket < 2 * (length + 1), "{length} bytes fill {bucket}");
            assert_eq!(unseal(&key(1), "name", &sealed).unwrap(), text);
        }
        let long = "y".repeat(PLAIN_BYTES_MAX + 1);
        assert_eq!(seal(&key(1), "name", &long), Err(VaultRefusal::TextTooLong { bytes: 4_096 }));
    }

    #[test]
    fn texts_that_look_like_padding_come_back() {
        for text in ["\u{80}", "\0", "\0\0\0", "a\0", "ÿ\u{80}\0\0", "王小明"] {
            let sealed = seal(&key(2), "name", text).unwrap();
            assert_eq!(unseal(&key(2), "name", &sealed).unwrap(), text);
        }
    }

    #[test]
    fn another_field_key_or_byte_is_refused() {
        let sealed = seal(&key(3), "name", "王小明").unwrap();
        assert_eq!(unseal(&key(3), "phone", &sealed), Err(VaultRefusal::NotThisSeal));
        assert_eq!(unseal(&key(4), "name", &sealed), Err(VaultRefusal::NotThisSeal));
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(unseal(&key(3), "name", &altered).is_err(), "byte {at}");
            assert!(unseal(&key(3), "name", &sealed[..at]).is_err(), "cut to {at} bytes");
        }
        assert_eq!(unseal(&key(3), "name", &[2]), Err(VaultRefusal::NewerSeal { version: 2 }));
    }

    #[test]
    fn field_names_have_limits() {
        assert_eq!(seal(&key(5), "", "x"), Err(VaultRefusal::FieldName));
        assert_eq!(seal(&key(5), &"f".repeat(FIELD_BYTES_MAX + 1), "x"), Err(VaultRefusal::FieldName));
        assert!(seal(&key(5), &"f".repeat(FIELD_BYTES_MAX), "x").is_ok());
    }
}
