//! Awards (核定): what a decision gave, from proposal to payment, and what it uses while it stands.
//!
//! Invariant: settled ≤ instructed ≤ amount. While an award stands, its caps, tallies, claims and evidence count;
//! what is taken from it gives them back, but for cap room that stays taken after fraud (K-36), and room that returns
//! raises another award only where its trace says so (K-15).

mod changes;
pub mod confirm;
pub mod holdings;
pub mod kept;
pub mod propose;
pub mod queue;
pub mod raise;
pub mod reduce;
pub mod revoke;
pub mod shares;

pub use changes::{AwardResumed, AwardSuspended};
pub(crate) use changes::{resumed, suspended};
pub use confirm::AwardUnconfirmed;
pub use propose::AwardProposed;
pub use queue::{AwardDequeued, AwardQueued};

use crate::{
    accounts::{Account, Posting},
    choice,
    context::Actor,
    ids::AwardId,
    refusal::{RefusalCode, Refused},
    state::{StateRead, get},
    tables::{Applications, AwardRow, Awards},
    values::Fen,
};

choice! {
    /// Where an award stands.
    pub enum AwardStatus {
        /// 拟核定: money is reserved.
        Proposed = 1 => "proposed",
        /// 排队: waits for money.
        Queued = 2 => "queued",
        /// 核定生效: payable.
        Confirmed = 3 => "confirmed",
        /// 已足额支付.
        Fulfilled = 4 => "fulfilled",
        /// 撤销.
        Revoked = 5 => "revoked",
        /// 已全部追回.
        Recovered = 6 => "recovered",
    }
}

impl AwardRow {
    /// Whether anything of it can still change by decision.
    #[must_use]
    pub fn stands(&self) -> bool {
        !matches!(self.status, AwardStatus::Revoked | AwardStatus::Recovered)
    }
    /// What is neither paid nor on its way.
    #[must_use]
    pub fn unpaid(&self) -> Fen {
        self.amount.checked_sub(self.instructed).unwrap_or(Fen::ZERO)
    }
    /// Where money of its unpaid part lies; nowhere while it waits for money or when nothing stands.
    pub(crate) fn set_aside(&self) -> Option<Account> {
        match self.status {
            AwardStatus::Proposed => Some(Account::Reserved),
            AwardStatus::Confirmed | AwardStatus::Fulfilled => Some(Account::Payable),
            AwardStatus::Queued | AwardStatus::Revoked | AwardStatus::Recovered => None,
        }
    }
    /// The legs that give back the unpaid money by which its parts fall to these amounts.
    #[must_use]
    pub fn giving_back(&self, to: &[Fen]) -> Vec<Posting> {
        let parts = self.parts();
        let fall = parts.iter().zip(to).map(|(part, to)| (&part.line, part.amount.saturating_sub(*to)));
        self.set_aside().map_or_else(Vec::new, |from| shares::carried(fall, from, Account::Available))
    }
}

/// Refuses `SameActor` to the submitter and to the one who decided: what follows is another person's word (I-11).
pub(crate) fn another_person(state: &dyn StateRead, row: &AwardRow, actor: &Actor) -> Result<(), Refused> {
    let submitter =
        get::<Applications>(state, &row.application).map(|application| application.submitted_by.id);
    if row.decided_by.id == actor.id || submitter.as_ref() == Some(&actor.id) {
        return Err(Refused::of(RefusalCode::SameActor).with("actor", &actor.id));
    }
    Ok(())
}

/// A standing award.
pub(crate) fn standing(state: &dyn StateRead, id: AwardId) -> Result<AwardRow, Refused> {
    let Some(row) = get::<Awards>(state, &id) else {
        return Err(Refused::of(RefusalCode::AwardUnknown).with("award", id));
    };
    if !row.stands() {
        return Err(Refused::of(RefusalCode::AwardNotOpen).with("award", id).with("status", row.status));
    }
    Ok(row)
}
