//! The values a grant is made of: each has one constructor, and it fails or tells the truth.
//!
//! Every value reads from text (`FromStr`, with a [`ValueError`] that names the place), writes one
//! canonical text, and travels through serde as that text and never as a number. Nothing here reads a
//! clock, a file or a table that could change without a release.

pub mod error; // why a text is not a value
pub(crate) mod plain; // texts as bytes
mod serial; // how values travel through serde
mod shape; // reading texts of a fixed length

pub mod capitals;
pub mod exact; // amounts before they are rounded
pub mod money; // 分, and what a person writes
pub mod rate; // amounts in words

pub mod calendar;
pub mod date;
pub mod timestamp; // which days are worked

pub mod account_number;
pub mod bank_number;
pub mod credit_code;
pub mod identity_number;
pub mod invoice_key;
pub mod project_code;
pub mod region;
pub mod treasury;

pub mod hash;
pub mod short; // ids given by people
pub mod text;

pub use account_number::AccountNumber;
pub use bank_number::BankNumber;
pub use calendar::{CalendarError, CalendarMissing, CalendarYear, WorkCalendar};
pub use capitals::{in_capitals, parse_capitals};
pub use credit_code::CreditCode;
pub use date::{Date, DatePeriod, Weekday};
pub use error::{Reason, ValueError};
pub use exact::{Exact, ExactError};
pub use hash::{CommandId, Sha256Hex};
pub use identity_number::IdentityNumber;
pub use invoice_key::InvoiceKey;
pub use money::{Fen, SignedFen};
pub use project_code::ProjectCode;
pub use rate::Rate;
pub use region::Region;
pub use shape::{Normalised, fold_full_width};
pub use short::{Reference, Slug};
pub use text::{Name, Remark, Text, Title};
pub use timestamp::Timestamp;
pub use treasury::{Treasury, TreasuryLevel};
