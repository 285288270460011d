//! The workbook in which a bureau hands in what it knows: its sheets as data, and the empty one to fill in.

pub mod sheets;

pub mod fill;
pub mod template;

pub use fill::fill;
pub(crate) use sheets::TEN_THOUSAND;
pub use sheets::{Column, Form, Sheet, SheetKind, Unit};
pub use template::template;
