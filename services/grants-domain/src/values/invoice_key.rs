//! What makes an invoice the same invoice, however it is written.

use core::fmt;
use core::str::FromStr;

use super::error::{Reason, ValueError};
use super::serial::serde_as_text;
use super::shape::{Normalised, Shape, digits_only, fold_full_width, text};

const WHAT: &str = "invoice";
const FORM: &str = "digital:<20 digits> or paper:<code of 10 or 12 digits>:<8 digits>";

/// The key under which an invoice is claimed once.
///
/// Its canonical text is `digital:` and 20 digits, or `paper:`, the invoice code and the number. Digits only,
/// so case cannot hide a repetition; full-width digits and spaces are folded by [`InvoiceKey::digital`] and
/// [`InvoiceKey::paper`]. The length of each part is fixed, so zeros put before a part are refused, with one
/// exception that is folded: see [`InvoiceKey::paper`].
///
/// What a key cannot see: a digital invoice that was also issued on paper stock bears a code and a number
/// beside its 20 digits. It is claimed under the 20 digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvoiceKey {
    /// A fully digital invoice (数电发票).
    Digital(DigitalNumber),
    /// An invoice with a code and a number (发票代码, 发票号码), printed or electronic.
    Paper(PaperNumber),
}

/// 20 digits: 1–2 year, 3–4 province, 5 channel, 6–20 sequence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DigitalNumber([u8; 20]);

/// An invoice code of 10 or 12 digits and a number of 8.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaperNumber {
    code: PaperCode,
    number: [u8; 8],
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum PaperCode {
    Ten([u8; 10]),
    Twelve([u8; 12]),
}

impl InvoiceKey {
    /// The key of a fully digital invoice, from its number as written.
    ///
    /// # Errors
    /// If it is not 20 digits once full-width digits and spaces are folded.
    pub fn digital(number: &str) -> Result<InvoiceKey, ValueError> {
        let shape = shape("20 digits");
        shape.read(&fold(number)).map(|digits| InvoiceKey::Digital(DigitalNumber(digits)))
    }

    /// The key of an invoice with code and number, as written.
    ///
    /// A code of 12 digits that is `00` before a code of 10 is folded to the 10. A real code of 12 digits does
    /// not begin so: after its first digit stand four of a region, which begins with 1 to 6 (or with four
    /// zeros for the central authority, and that is left alone).
    ///
    /// # Errors
    /// If the code has not 10 or 12 digits or the number not 8, once full-width digits and spaces are folded.
    pub fn paper(code: &str, number: &str) -> Result<InvoiceKey, ValueError> {
        let folded = fold(code);
        let code = unpadded(&folded);
        let code = if code.len() == 10 {
            PaperCode::Ten(shape(CODE_LENGTH).read(code)?)
        } else {
            PaperCode::Twelve(shape(CODE_LENGTH).read(code)?)
        };
        let number = shape("8 digits for the number").read(&fold(number))?;
        Ok(InvoiceKey::Paper(PaperNumber { code, number }))
    }

    /// Reads the canonical form with full-width characters or spaces in it and keeps the raw form.
    ///
    /// # Errors
    /// As for reading the canonical text, once folded.
    pub fn normalise(raw: &str) -> Result<Normalised<InvoiceKey>, ValueError> {
        Ok(Normalised { raw: raw.to_owned(), value: read(&fold(raw))? })
    }

    /// Whether it is a fully digital invoice.
    #[must_use]
    pub fn is_digital(&self) -> bool {
        matches!(self, InvoiceKey::Digital(_))
    }

    /// The invoice code, which fully digital invoices do not have.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            InvoiceKey::Digital(_) => None,
            InvoiceKey::Paper(PaperNumber { code: PaperCode::Ten(code), .. }) => Some(text(code)),
            InvoiceKey::Paper(PaperNumber { code: PaperCode::Twelve(code), .. }) => Some(text(code)),
        }
    }

    /// The invoice number.
    #[must_use]
    pub fn number(&self) -> &str {
        match self {
            InvoiceKey::Digital(DigitalNumber(number)) => text(number),
            InvoiceKey::Paper(PaperNumber { number, .. }) => text(number),
        }
    }
}

/// Reads the canonical text and nothing else.
impl FromStr for InvoiceKey {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<InvoiceKey, ValueError> {
        let key = read(raw)?;
        if key.to_string() == raw {
            return Ok(key);
        }
        let differs = |(_, (ours, theirs)): &(usize, (char, char))| ours != theirs;
        let same = key.to_string().chars().zip(raw.chars()).enumerate().find(differs);
        let at = same.map_or(1, |(place, _)| place.saturating_add(1));
        Err(ValueError::new(WHAT, Reason::NotNormalised { at }))
    }
}

impl fmt::Display for InvoiceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code() {
            None => write!(f, "digital:{}", self.number()),
            Some(code) => write!(f, "paper:{code}:{}", self.number()),
        }
    }
}

impl fmt::Debug for InvoiceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_as_text!(InvoiceKey, "an invoice such as \"digital:25412000000012345678\"");

const CODE_LENGTH: &str = "10 or 12 digits for the code";

const fn shape(length: &'static str) -> Shape {
    Shape { what: WHAT, length, allowed: digits_only, secret: false }
}

fn read(raw: &str) -> Result<InvoiceKey, ValueError> {
    if raw.is_empty() {
        return Err(ValueError::new(WHAT, Reason::Empty));
    }
    let form = ValueError::new(WHAT, Reason::Form { expected: FORM });
    let (kind, rest) = raw.split_once(':').ok_or(form)?;
    match (kind, rest.split_once(':')) {
        ("digital", None) => InvoiceKey::digital(rest),
        ("paper", Some((code, number))) => InvoiceKey::paper(code, number),
        _ => Err(form),
    }
}

/// Folds full-width characters and drops spaces.
fn fold(raw: &str) -> String {
    fold_full_width(raw).chars().filter(|character| *character != ' ').collect()
}

/// Takes `00` from before a code of ten digits.
fn unpadded(code: &str) -> &str {
    match code.strip_prefix("00") {
        Some(rest) if rest.len() == 10 && !rest.starts_with("00") => rest,
        Some(_) | None => code,
    }
}

#[cfg(test)]
mod tests;
