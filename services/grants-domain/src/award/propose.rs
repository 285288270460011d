//! The fact that an award is proposed (拟核定): caps, claims, evidence and money are taken in one step.

use crate::{
    accounts::{Posting, post},
    application::ApplicationStatus,
    award::{
        AwardStatus, holdings, raise,
        shares::{Share, ShareRow},
    },
    context::Actor,
    ids::AwardId,
    message,
    state::{StateWrite, change, put, remove},
    tables::{Applications, AwardRow, Awards, OpenApplications},
    trace::{Hold, Trace},
    values::{CreditCode, Fen, ProjectCode, Reference, Slug, Treasury},
};

message! {
    /// The fact. Without postings a line was short, and `award.queued` follows in the same batch.
    pub struct AwardProposed {
        1 => award: AwardId,
        2 => application: Reference,
        /// Who gets it: the applicant, or the code under which the applicant goes on.
        3 => enterprise: CreditCode,
        4 => project: Option<ProjectCode>,
        5 => measure: Slug,
        6 => line: Reference,
        7 => payer: Treasury,
        8 => amount: Fen,
        9 => holds: Vec<Hold>,
        10 => trace: Trace,
        11 => postings: Vec<Posting>,
        12 => decided_by: Actor,
        /// The part of each treasury, where several pay (K-04): `line` and `payer` are those of the first then.
        #[serde(default)]
        13 => shares: Vec<Share>,
    }
}

fn of_share(share: &Share) -> ShareRow {
    ShareRow {
        line: share.line.clone(),
        weight: share.weight,
        amount: share.amount,
        instructed: Fen::ZERO,
        settled: Fen::ZERO,
        recovering: Fen::ZERO,
    }
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &AwardProposed) {
    let row = AwardRow {
        application: fact.application.clone(),
        enterprise: fact.enterprise.clone(),
        project: fact.project.clone(),
        measure: fact.measure.clone(),
        line: fact.line.clone(),
        status: AwardStatus::Proposed,
        amount: fact.amount,
        instructed: Fen::ZERO,
        settled: Fen::ZERO,
        recovering: Fen::ZERO,
        holds: fact.holds.clone(),
        caps: fact.trace.caps.clone(),
        tallies: fact.trace.tallies.clone(),
        claims: fact.trace.claims.clone(),
        consumed: fact.trace.consumed.clone(),
        governing: fact.trace.governing,
        version: fact.trace.version,
        decided_by: fact.decided_by.clone(),
        confirmed_by: None,
        recoveries: Vec::new(),
        subjects: fact.trace.subjects.clone(),
        kept: Vec::new(),
        shares: fact.shares.iter().map(of_share).collect(),
    };
    holdings::take(state, fact.award, &row);
    put::<Awards>(state, &fact.award, &row);
    raise::mark(state, fact.award, &row);
    remove::<OpenApplications>(state, &fact.application);
    change::<Applications>(state, &fact.application, |row| {
        row.status = ApplicationStatus::Approved;
        row.award = Some(fact.award);
    });
    post(state, &fact.postings);
}
