//! Rows of sanctions, by the credit code that they were recorded of.

use crate::{
    context::Actor,
    message,
    sanction::{DecisionDocument, SanctionGround, SanctionReach},
    values::{Date, Slug},
};

message! {
    /// What was imposed on an enterprise, oldest first.
    pub struct SanctionsRow {
        1 => sanctions: Vec<Sanction>,
    }
}

message! {
    /// A sanction.
    pub struct Sanction {
        1 => ground: SanctionGround,
        /// The first day.
        2 => from: Date,
        /// The last day, if the document that imposed it names one.
        3 => until: Option<Date>,
        /// What it bars; empty if all measures.
        4 => measures: Vec<Slug>,
        5 => reach: SanctionReach,
        6 => document: DecisionDocument,
        /// Sequence of the event that recorded it.
        7 => sequence: u64,
        8 => recorded_by: Actor,
        9 => lifted: Option<SanctionEnd>,
    }
}

message! {
    /// That a sanction was lifted, or never was.
    pub struct SanctionEnd {
        /// Sequence of the event that recorded it.
        1 => sequence: u64,
        /// The last day; none if it never was.
        2 => until: Option<Date>,
        3 => by: DecisionDocument,
    }
}
