//! The canonical encoding of commands, events and rows: protobuf's wire format, with exactly one way to write a value.
//!
//! `proto/grants/{command,event,record}/v1` describes the same bytes for other languages, and a test of
//! `grants-proto` holds the two together. On top of protobuf we ask for what makes bytes comparable: fields
//! in ascending order, shortest varints, every required field written, no unknown field. Whatever decodes
//! therefore encodes to the very same bytes again, and an old program that meets a newer message stops.

mod macros;
mod values;

pub use values::Blob;

use thiserror::Error;

/// Why bytes are not a message of ours.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WireError {
    /// The bytes end inside a field.
    #[error("the bytes end inside a field")]
    Truncated,
    /// A varint is longer than needed, or longer than 64 bits.
    #[error("a number is not written in its shortest form")]
    NotShortest,
    /// Field numbers must not go down.
    #[error("field {0} is out of order")]
    OutOfOrder(u32),
    /// A field number that this program does not know.
    #[error("{message} has field {number}, which this program does not know")]
    UnknownField {
        /// Name of the message.
        message: &'static str,
        /// The unknown number.
        number: u32,
    },
    /// A field that must be present is not, or stands twice.
    #[error("{message}.{field} is missing or stands twice")]
    Count {
        /// Name of the message.
        message: &'static str,
        /// Name of the field.
        field: &'static str,
    },
    /// The wire type does not fit, or the value is outside its type.
    #[error("a value is not a {0}")]
    BadValue(&'static str),
    /// A fault inside a field, with its place.
    #[error("{message}.{field}: {source}")]
    At {
        /// Name of the message.
        message: &'static str,
        /// Name of the field.
        field: &'static str,
        /// What is wrong there.
        source: Box<WireError>,
    },
}

impl WireError {
    /// The same fault, with the place it was found at.
    #[must_use]
    pub fn at(self, message: &'static str, field: &'static str) -> Self {
        Self::At { message, field, source: Box::new(self) }
    }
}

/// Room for most rows and small events without growing, in bytes.
pub(crate) const ENCODED_BYTES_USUAL: usize = 256;

/// A record with numbered fields.
pub trait Message: Sized {
    /// Name in error texts and in `proto/`.
    const NAME: &'static str;
    /// Appends the canonical bytes.
    fn encode_to(&self, out: &mut Vec<u8>);
    /// Reads canonical bytes, and nothing else.
    fn decode(bytes: &[u8]) -> Result<Self, WireError>;
    /// The canonical bytes.
    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(ENCODED_BYTES_USUAL);
        self.encode_to(&mut out);
        out
    }
}

/// One undecoded field.
#[derive(Clone, Copy, Debug)]
pub enum Raw<'a> {
    /// Wire type 0.
    Varint(u64),
    /// Wire type 2.
    Bytes(&'a [u8]),
}

/// A value that stands in one field.
pub trait Value: Sized {
    /// Writes tag and value.
    fn put(&self, number: u32, out: &mut Vec<u8>);
    /// Reads the value.
    fn take(raw: Raw<'_>) -> Result<Self, WireError>;
}

/// What a field of a message may be: a value, an optional value, or a list.
pub trait Slot: Sized {
    /// What has been gathered while reading.
    type Open: Default;
    /// Writes the field, if there is something to write.
    fn put_slot(&self, number: u32, out: &mut Vec<u8>);
    /// Takes one occurrence; `false` if it may not stand here again.
    fn gather(open: &mut Self::Open, raw: Raw<'_>) -> Result<bool, WireError>;
    /// Ends the reading; `None` if a required field is missing.
    fn close(open: Self::Open) -> Option<Self>;
}

impl<T: Value> Slot for T {
    type Open = Option<T>;
    fn put_slot(&self, number: u32, out: &mut Vec<u8>) {
        self.put(number, out);
    }
    fn gather(open: &mut Self::Open, raw: Raw<'_>) -> Result<bool, WireError> {
        Ok(open.replace(T::take(raw)?).is_none())
    }
    fn close(open: Self::Open) -> Option<Self> {
        open
    }
}

impl<T: Value> Slot for Option<T> {
    type Open = Option<T>;
    fn put_slot(&self, number: u32, out: &mut Vec<u8>) {
        if let Some(value) = self {
            value.put(number, out);
        }
    }
    fn gather(open: &mut Self::Open, raw: Raw<'_>) -> Result<bool, WireError> {
        Ok(open.replace(T::take(raw)?).is_none())
    }
    fn close(open: Self::Open) -> Option<Self> {
        Some(open)
    }
}

impl<T: Value> Slot for Vec<T> {
    type Open = Vec<T>;
    fn put_slot(&self, number: u32, out: &mut Vec<u8>) {
        for value in self {
            value.put(number, out);
        }
    }
    fn gather(open: &mut Self::Open, raw: Raw<'_>) -> Result<bool, WireError> {
        open.push(T::take(raw)?);
        Ok(true)
    }
    fn close(open: Self::Open) -> Option<Self> {
        Some(open)
    }
}

/// Appends a varint.
pub fn put_varint(mut value: u64, out: &mut Vec<u8>) {
    while 0x7f < value {
        out.push(low_seven(value) | 0x80);
        value >>= 7;
    }
    out.push(low_seven(value));
}

fn low_seven(value: u64) -> u8 {
    u8::try_from(value & 0x7f).unwrap_or(0x7f)
}

/// Appends tag and varint.
pub fn put_number(number: u32, value: u64, out: &mut Vec<u8>) {
    put_varint(u64::from(number) << 3, out);
    put_varint(value, out);
}

/// Appends tag, length and bytes.
pub fn put_bytes(number: u32, bytes: &[u8], out: &mut Vec<u8>) {
    put_varint((u64::from(number) << 3) | 2, out);
    put_varint(u64::try_from(bytes.len()).unwrap_or(u64::MAX), out);
    out.extend_from_slice(bytes);
}

/// Appends tag, length and the bytes of a message.
pub fn put_message<M: Message>(number: u32, message: &M, out: &mut Vec<u8>) {
    put_nested(number, out, |out| message.encode_to(out));
}

/// Appends tag, length and whatever `write` appends, without a second buffer.
pub(crate) fn put_nested(number: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    put_varint((u64::from(number) << 3) | 2, out);
    let start = out.len();
    // Most lengths take one byte, which is kept free for it.
    out.push(0);
    write(out);
    let length = out.len() - start - 1;
    if let (Ok(short @ ..0x80), Some(place)) = (u8::try_from(length), out.get_mut(start)) {
        *place = short;
        return;
    }
    let end = out.len();
    put_varint(u64::try_from(length).unwrap_or(u64::MAX), out);
    // The length was written behind the message; it belongs in front of it, in place of the free byte.
    let length_bytes = out.len() - end;
    if let Some(written) = out.get_mut(start..) {
        written.rotate_right(length_bytes);
    }
    out.remove(start + length_bytes);
}

/// Reads fields in order.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    last: u32,
}

impl<'a> Reader<'a> {
    /// Starts at the first field.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, last: 0 }
    }

    /// The next field, or `None` at the end.
    pub fn field(&mut self) -> Result<Option<(u32, Raw<'a>)>, WireError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).map_err(|_| WireError::BadValue("field number"))?;
        if number < self.last || number == 0 {
            return Err(WireError::OutOfOrder(number));
        }
        self.last = number;
        match tag & 7 {
            0 => Ok(Some((number, Raw::Varint(self.varint()?)))),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| WireError::Truncated)?;
                let Some((bytes, rest)) = self.rest.split_at_checked(length) else {
                    return Err(WireError::Truncated);
                };
                self.rest = rest;
                Ok(Some((number, Raw::Bytes(bytes))))
            }
            _ => Err(WireError::BadValue("wire type")),
        }
    }

    fn varint(&mut self) -> Result<u64, WireError> {
        let mut value = 0u64;
        for shift in (0..70).step_by(7) {
            let Some((&byte, rest)) = self.rest.split_first() else {
                return Err(WireError::Truncated);
            };
            self.rest = rest;
            let seven = u64::from(byte & 0x7f);
            if 63 <= shift && 1 < seven {
                return Err(WireError::NotShortest);
            }
            value |= seven << shift;
            if byte & 0x80 == 0 {
                if byte == 0 && 0 < shift {
                    return Err(WireError::NotShortest);
                }
                return Ok(value);
            }
        }
        Err(WireError::NotShortest)
    }
}
