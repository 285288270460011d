//! Bytes as hexadecimal digits.

/// Two small digits for each byte.
pub(crate) fn encode(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads 64 hexadecimal digits.
pub(crate) fn decode(text: &str) -> Result<[u8; 32], String> {
    let wrong = || "64 hexadecimal digits are expected".to_owned();
    if text.len() != 64 || !text.is_ascii() {
        return Err(wrong());
    }
    let mut seed = [0; 32];
    for (place, byte) in seed.iter_mut().enumerate() {
        let from = place.saturating_mul(2);
        let digits = text.get(from..from.saturating_add(2)).ok_or_else(wrong)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    Ok(seed)
}
