//! What was broken, and what is said about it, in the order of "What the check refuses" (`docs/policy/README.md`).

mod limits;
mod names;
mod values;

pub(crate) use limits::{CAPS, CASES, SENTENCES};
pub(crate) use names::{NAMES, READING};
pub(crate) use values::{GOVERNING, INTERPRETATIONS, VALUES};
