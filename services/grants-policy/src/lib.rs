//! The catalogue of policies and what it means: clauses, dated values, interpretations, sentences and worked cases
//! as data, and the pure assessment that follows from them. No clock, no file, no network, no float.
//!
//! Reading order: `source` (what a policy officer writes), `catalogue` (the same, checked and resolved),
//! `assess` (the walk through a measure), then one module for each kind of rule, then `render` and `lint`.

pub mod library; // start here: a set of catalogues as `grants_domain::rules::Rules`

pub mod catalogue; // checked and resolved
mod compile; // from source to catalogue
pub mod source; // what stands in the files

mod aftermath; // what becomes of an award after its decision
mod answered; // awards of another answer, which count too
mod assess; // the walk
mod benefit; // what an amount is made of
mod cap;
mod claim;
mod condition;
mod county; // parameters that a county has set
mod evidence;
mod facts;
mod interest;
mod kin; // affiliates and linked projects
mod overlap;
mod payer; // who pays, and in which proportion
mod walk; // what the walk carries
mod weigh; // how large a trace is

pub mod lacking; // what an application still lacks, and the room under its caps

pub mod cases; // worked cases, played
pub mod coverage; // the page of clauses
pub mod lint; // what must be right before a catalogue is published
pub mod number; // exact amounts as text
pub mod render; // sentences

pub mod pack; // files to bytes and back
pub mod shipped; // the catalogue in this repository

pub use catalogue::Catalogue;
pub use lacking::{Lack, Lacking, Titled};
pub use library::Library;
pub use lint::{Finding, admission, lint};
pub use pack::{pack, unpack};
pub use render::{End, Explanation, Language, Sentence, Signed};
pub use shipped::shipped;
