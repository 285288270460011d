//! Rows of how enterprises and projects hang together: links between credit codes, names of before, affiliates, and
//! projects that are parts of one.

use crate::{
    choice,
    context::Actor,
    enterprise::lineage::LinkKind,
    message,
    values::{CreditCode, Date, ProjectCode, Text},
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

choice! {
    /// What makes two enterprises affiliates.
    pub enum AffiliationKind {
        /// 法定代表人相同.
        LegalRepresentative = 1 => "legal-representative",
        /// 持股.
        Shareholding = 2 => "shareholding",
        /// 同一实际控制人.
        Control = 3 => "control",
        /// Family of those who represent or control them.
        Kin = 4 => "kin",
    }
}

message! {
    /// Whom an enterprise is related to.
    pub struct AffiliatesRow {
        1 => links: Vec<Affiliate>,
    }
}

message! {
    /// One end of a relation; the other end has the same in the other direction.
    pub struct Affiliate {
        1 => other: CreditCode,
        2 => kind: AffiliationKind,
        3 => from: Date,
        4 => until: Option<Date>,
        /// Sequence of the event that recorded it.
        5 => sequence: u64,
        6 => recorded_by: Actor,
        7 => ended: Option<AffiliationEnd>,
    }
}

message! {
    /// That a relation ended, or never was.
    pub struct AffiliationEnd {
        /// Sequence of the event that recorded it.
        1 => sequence: u64,
        /// The last day; none if it never was.
        2 => until: Option<Date>,
    }
}

message! {
    /// Which projects one is linked with.
    pub struct ProjectKinRow {
        1 => links: Vec<ProjectLink>,
    }
}

message! {
    /// One end of a link between projects.
    pub struct ProjectLink {
        1 => other: ProjectCode,
        /// Sequence of the event that recorded it.
        2 => sequence: u64,
        3 => recorded_by: Actor,
    }
}
