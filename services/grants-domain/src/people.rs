//! Personal fields: in commands, events and state they exist only sealed, under a key of their own.

use crate::{
    ids::PersonId,
    message,
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

/// The personal fields of each command: verb and field. The door seals the text it finds there.
pub const SEALED_FIELDS: &[(&str, &str)] = &[
    ("enterprise.register", "legal_representative"),
    ("enterprise.register", "contact"),
    ("application.submit", "payee_person"),
];
