//! Personal fields: in commands, events and state they exist only sealed, under a key of their own.

use crate::{
    ids::PersonId,
    message,
    refusal::{RefusalCode, Refused},
    values::{AccountNumber, BankNumber, Text},
    wire::Blob,
};

message! {
    /// A text about a person, sealed by the door. Without the person's key it says nothing.
    pub struct Sealed {
        1 => person: PersonId,
        2 => bytes: Blob,
    }
}

message! {
    /// An enterprise's bank account. A person's account stands sealed instead.
    pub struct Payee {
        1 => name: Text<100>,
        2 => account: AccountNumber,
        3 => bank: BankNumber,
    }
}

/// Largest sealed text: what 4 KiB of plain text become, with room for the seal.
pub const SEALED_BYTES_MAX: usize = 4 * 1024 + 64;

impl Sealed {
    /// Refuses `OutOfRange` what no door of ours seals.
    pub(crate) fn bounded<'a>(fields: impl IntoIterator<Item = &'a Self>) -> Result<(), Refused> {
        let longest = fields.into_iter().map(|one| one.bytes.0.len()).max().unwrap_or(0);
        if SEALED_BYTES_MAX < longest {
            let refused = Refused::of(RefusalCode::OutOfRange).with("bytes", longest);
            return Err(refused.with("maximum", SEALED_BYTES_MAX));
        }
        Ok(())
    }
}

/// The personal fields of each command: verb and field. The door seals the text it finds there.
pub const SEALED_FIELDS: &[(&str, &str)] = &[
    ("enterprise.register", "legal_representative"),
    ("enterprise.register", "contact"),
    ("application.submit", "payee_person"),
];
