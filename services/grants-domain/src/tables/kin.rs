//! Rows of how enterprises hang together: links between credit codes, and names of before.

use crate::{
    context::Actor,
    enterprise::lineage::LinkKind,
    message,
    values::{CreditCode, Date, Text},
};

message! {
    /// What became of an enterprise, seen from one of its credit codes.
    pub struct LineageRow {
        /// Links to the codes it came from.
        1 => from: Vec<Link>,
        /// Links to the codes it went into.
        2 => into: Vec<Link>,
        /// Names it had before, oldest first.
        3 => former: Vec<Text<100>>,
        /// Who recorded the account that stands now, if a change of name brought it.
        4 => account_by: Option<Actor>,
    }
}

impl LineageRow {
    /// A code of which nothing was told.
    pub(crate) const EMPTY: Self =
        Self { from: Vec::new(), into: Vec::new(), former: Vec::new(), account_by: None };

    /// The code under which the enterprise goes on, if it does not under this one. A split ends nobody.
    #[must_use]
    pub fn next(&self) -> Option<&CreditCode> {
        self.into.iter().find(|link| link.kind != LinkKind::Split).map(|link| &link.other)
    }
}

message! {
    /// One end of a link; the other end has the same in the other direction.
    pub struct Link {
        1 => other: CreditCode,
        2 => kind: LinkKind,
        /// The day from which it is so, as its document says.
        3 => on: Date,
        /// Sequence of the event that recorded it.
        4 => sequence: u64,
        5 => recorded_by: Actor,
    }
}
