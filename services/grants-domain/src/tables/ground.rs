//! Rows of what everything else stands on: the ledger, reference data, enterprises, projects, recorded facts, and what other
//! levels award.

use crate::{
    context::Actor,
    external::{AwardLevel, ExternalStatus},
    ids::LedgerId,
    message,
    people::{Payee, Sealed},
    trace::FactValue,
    values::{
        CreditCode, Date, DatePeriod, Fen, ProjectCode, Rate, Sha256Hex, Slug, Text, Timestamp, Treasury,
    },
    wire::Blob,
};

message! {
    /// The ledger.
    pub struct LedgerRow {
        1 => id: LedgerId,
        2 => name: Text<80>,
        3 => simulated: bool,
        4 => opened_at: Timestamp,
        /// Number of the policy version in use; 0 before the first.
        5 => version: u32,
    }
}

message! {
    /// A chunk of an artifact.
    pub struct ChunkRow {
        1 => count: u32,
        2 => bytes: Blob,
    }
}

message! {
    /// A published policy version.
    pub struct PolicyVersionRow {
        1 => hash: Sha256Hex,
        2 => sequence: u64,
    }
}

message! {
    /// A year's working-day calendar.
    pub struct CalendarRow {
        1 => off: Vec<DatePeriod>,
        2 => working: Vec<Date>,
        3 => source: Text<200>,
    }
}

message! {
    /// A published rate.
    pub struct RateRow {
        1 => rate: Rate,
        2 => source: Text<200>,
        /// When it became known: what was decided before is not judged by it.
        3 => sequence: u64,
    }
}

message! {
    /// An enterprise. Names of people stand sealed.
    pub struct EnterpriseRow {
        1 => code: CreditCode,
        2 => name: Text<100>,
        3 => treasury: Treasury,
        4 => industry: Option<Slug>,
        5 => legal_representative: Option<Sealed>,
        6 => contact: Option<Sealed>,
        7 => payee: Option<Payee>,
        8 => registered_by: Actor,
    }
}

message! {
    /// An investment project.
    pub struct ProjectRow {
        1 => code: ProjectCode,
        2 => enterprise: CreditCode,
        3 => name: Text<100>,
        4 => treasury: Treasury,
        5 => total_investment: Fen,
        6 => validity: DatePeriod,
        7 => in_statistics: bool,
    }
}

message! {
    /// A recorded fact.
    pub struct FactRow {
        1 => value: FactValue,
        2 => source: Text<200>,
        3 => sequence: u64,
    }
}

message! {
    /// A round in which another level took applications.
    pub struct RoundRow {
        1 => open: DatePeriod,
        2 => source: Text<200>,
        /// When it became known: what was decided before is not judged by it.
        3 => sequence: u64,
    }
}

message! {
    /// An award of another level, as last reported.
    pub struct ExternalAwardRow {
        1 => subject: Text<80>,
        2 => level: AwardLevel,
        3 => programme: Slug,
        4 => status: ExternalStatus,
        5 => amount: Option<Fen>,
        6 => on: Date,
        7 => source: Text<200>,
        8 => sequence: u64,
    }
}
