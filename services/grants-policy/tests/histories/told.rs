//! What came of a command, in words that both sides speak.

use crate::step::Nth;

/// A hold: the rule, and what it waits for.
pub(crate) type Hold = (String, String);

/// The answer to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// What happened, in one order for both sides: the ledger's own order of consequences is no promise.
    Taken(Vec<Told>),
    /// The code, and the rule of the catalogue where one is named.
    Refused(String, Option<String>),
    /// The id was used before for the same: the same answer, which is the code if it was refused.
    Same(Option<String>),
    /// The id was used before for something else.
    Conflict,
}

impl Outcome {
    /// What was taken, sorted.
    pub(crate) fn taken(mut told: Vec<Told>) -> Self {
        told.sort();
        Self::Taken(told)
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Told {
    /// A fact without a number that could be wrong: its word.
    Recorded(&'static str),
    Proposed {
        award: String,
        /// Treasury, line and amount of each part.
        parts: Vec<(String, String, i128)>,
        amount: i128,
        holds: Vec<Hold>,
        /// The caps that cut it.
        cut: Vec<String>,
        governing: i64,
        version: u32,
    },
    /// An application was turned down: code and rule.
    Rejected {
        application: String,
        code: String,
        rule: Option<String>,
    },
    Queued {
        award: String,
        line: String,
        position: u64,
        amount: i128,
    },
    Dequeued {
        award: String,
        amount: i128,
    },
    Confirmed {
        award: String,
        amount: i128,
    },
    Unconfirmed {
        award: String,
        amount: i128,
    },
    Reduced {
        award: String,
        by: i128,
        to: i128,
    },
    Revoked {
        award: String,
        amount: i128,
    },
    Suspended {
        award: String,
        holds: Vec<Hold>,
    },
    Resumed {
        award: String,
    },
    Instructed {
        payment: Nth,
        amount: i128,
        on: i64,
        /// The name and number of the account; none of a person, whose account nobody sees.
        payee: Option<(String, u8)>,
    },
    Settled {
        payment: Nth,
        amount: i128,
    },
    PaymentRejected {
        payment: Nth,
        amount: i128,
    },
    Returned {
        payment: Nth,
        amount: i128,
    },
    Demanded {
        recovery: Nth,
        amount: i128,
        rule: String,
    },
    Dropped {
        recovery: Nth,
        amount: i128,
    },
    Owed {
        recovery: Nth,
        amount: i128,
    },
    Reversed {
        recovery: Nth,
        amount: i128,
    },
    Received {
        recovery: Nth,
        amount: i128,
    },
}

impl Told {
    /// The award of what happens part by part, and a word for it.
    pub(crate) fn of_award(&self) -> Option<(&str, &'static str)> {
        Some(match self {
            Self::Proposed { award, .. } => (award, "proposed"),
            Self::Queued { award, .. } => (award, "queued"),
            Self::Dequeued { award, .. } => (award, "dequeued"),
            Self::Reduced { award, .. } => (award, "reduced"),
            Self::Revoked { award, .. } => (award, "revoked"),
            Self::Unconfirmed { award, .. } => (award, "unconfirmed"),
            Self::Settled { payment, .. } => (&payment.award, "settled"),
            Self::Returned { payment, .. } => (&payment.award, "returned"),
            Self::Demanded { recovery, .. } => (&recovery.award, "recovery proposed"),
            Self::Reversed { recovery, .. } => (&recovery.award, "recovery reversed"),
            Self::Received { recovery, .. } => (&recovery.award, "recovery received"),
            _ => return None,
        })
    }
    /// The class that the run counts.
    pub(crate) fn class(&self) -> String {
        match self {
            Self::Recorded(word) => (*word).to_owned(),
            Self::Proposed { holds, cut, .. } => match (holds.is_empty(), cut.is_empty()) {
                (false, _) => "proposed, held".to_owned(),
                (true, false) => format!("proposed, cut by {}", cut.join(" ")),
                (true, true) => "proposed".to_owned(),
            },
            Self::Rejected { code, rule, .. } => {
                format!("rejected: {code} {}", rule.as_deref().unwrap_or_default())
            }
            Self::Queued { position, .. } if 1 < *position => "queued behind others".to_owned(),
            Self::Queued { .. } => "queued".to_owned(),
            Self::Dequeued { .. } => "dequeued".to_owned(),
            Self::Confirmed { .. } => "confirmed".to_owned(),
            Self::Unconfirmed { .. } => "unconfirmed".to_owned(),
            Self::Reduced { .. } => "reduced".to_owned(),
            Self::Revoked { .. } => "revoked".to_owned(),
            Self::Suspended { .. } => "suspended".to_owned(),
            Self::Resumed { .. } => "resumed".to_owned(),
            Self::Instructed { .. } => "instructed".to_owned(),
            Self::Settled { .. } => "settled".to_owned(),
            Self::PaymentRejected { .. } => "payment rejected".to_owned(),
            Self::Returned { .. } => "returned".to_owned(),
            Self::Demanded { .. } => "recovery proposed".to_owned(),
            Self::Dropped { .. } => "recovery withdrawn".to_owned(),
            Self::Owed { .. } => "recovery approved".to_owned(),
            Self::Reversed { .. } => "recovery reversed".to_owned(),
            Self::Received { .. } => "recovery received".to_owned(),
        }
    }
}
