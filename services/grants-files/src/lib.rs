//! What enters or leaves as a file: workbooks, csv and command lines in, lists and reports out.
//!
//! Everything in a file is checked before anything of it becomes a command; every complaint names file, sheet
//! and cell. Personal data passes through to the caller's [`Sealer`] and is kept nowhere here.

pub mod import; // start here: a file becomes commands
pub mod settle; // what the bank answered

pub mod workbook; // which sheets there are, and the empty workbook

pub mod export; // lists and reports

pub mod feed; // what the public is told, as it happens

pub mod problem; // what can be wrong, and where
pub mod texts; // how it is said

pub mod limits;

mod decimal; // numbers as a spreadsheet stores them
mod grid; // sheets as rows of stored cells
mod person; // whom a personal field is about

pub use import::{Import, ImportError, command_of_json, import};
pub use person::{PersonPayee, Sealer, Who};
pub use problem::{At, CellError, CellErrors, Place, Problem};
pub use texts::{Lang, Texts};

#[cfg(test)]
mod tests;
