//! Reads big-endian fields from the front of a byte slice, and never past its end.

/// A cursor over bytes that somebody else wrote; every step may find too little.
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Cursor<'a> {
        Cursor { rest: bytes }
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*taken)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }
}

/// Splits off the last four bytes, where every framed record of this crate keeps its CRC32C.
pub(crate) fn split_crc(bytes: &[u8]) -> Option<(&[u8], u32)> {
    let (covered, crc) = bytes.split_last_chunk::<4>()?;
    Some((covered, u32::from_be_bytes(*crc)))
}

/// A length in memory as the 64-bit number that the stored formats use.
pub(crate) fn wide(length: usize) -> u64 {
    u64::try_from(length).expect("a length in memory fits 64 bits")
}
