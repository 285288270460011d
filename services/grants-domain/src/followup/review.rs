//! Look at an award again because of a late fact (policies: late facts, K-35).
//!
//! What is no longer due is taken from the unpaid part first; for the rest a recovery is proposed, once and for
//! exactly that part. When the reason falls away, an unapproved proposal is withdrawn. Nothing is ever raised.

use crate::{
    application::ApplicationStatus,
    award::{AwardResumed, AwardSuspended, reduce, revoke},
    context::Context,
    events::Event,
    ids::{AwardId, RecoveryId},
    recovery::{RecoveryStatus, propose::RecoveryProposed, propose::RecoveryWithdrawn},
    rules::{Ask, Outcome, Rules},
    state::{StateRead, get},
    tables::{Applications, AwardRow, Awards, Enterprises, Projects, Recoveries},
    trace::Hold,
    values::{Fen, Slug},
};

/// The events that bring an award in line with what is due now. `ahead` events of this command come before.
pub(crate) fn review(
    state: &dyn StateRead,
    rules: &dyn Rules,
    id: AwardId,
    cause: u64,
    context: &Context,
    ahead: usize,
) -> Vec<Event> {
    let Some(row) = get::<Awards>(state, &id).filter(AwardRow::stands) else {
        return Vec::new();
    };
    let Some((due, rule, holds)) = due_now(state, rules, id, &row, context) else {
        return Vec::new();
    };
    let excess = row.amount.checked_sub(due).unwrap_or(Fen::ZERO);
    let cut = excess.min(row.unpaid());
    let wanted = excess.checked_sub(cut).unwrap_or(Fen::ZERO);
    let mut events = recoveries(state, id, &row, wanted, &rule, cause, context, ahead);
    if Fen::ZERO < cut {
        let why = reduce::Why::Rule(rule, cause);
        events.push(match cut == row.amount {
            true => revoke::revoked(id, &row, why),
            false => reduce::reduced(id, &row, cut, why),
        });
    }
    if cut < row.amount && holds != row.holds {
        events.push(match holds.is_empty() {
            true => AwardResumed { award: id, cause }.into(),
            false => AwardSuspended { award: id, holds, cause }.into(),
        });
    }
    events
}

/// What is due of an award now, the rule that says so, and what holds its payment. `None` if nobody can tell:
/// then the award stays as it is.
fn due_now(
    state: &dyn StateRead,
    rules: &dyn Rules,
    id: AwardId,
    row: &AwardRow,
    context: &Context,
) -> Option<(Fen, Slug, Vec<Hold>)> {
    let application = get::<Applications>(state, &row.application)?;
    debug_assert_eq!(
        application.status,
        ApplicationStatus::Approved,
        "an award without an approved application"
    );
    let enterprise = get::<Enterprises>(state, &row.enterprise)?;
    let project = row.project.as_ref().and_then(|code| get::<Projects>(state, code));
    let ask = Ask {
        version: row.version,
        application: &application,
        enterprise: &enterprise,
        project: project.as_ref(),
        today: context.today(),
        reviewing: Some(id),
    };
    let assessment = rules.assess(state, &ask);
    match assessment.outcome {
        Outcome::Due { amount, holds, .. } => Some((amount.min(row.amount), row.measure.clone(), holds)),
        Outcome::Rejected(refused) => {
            Some((Fen::ZERO, refused.rule.unwrap_or_else(|| row.measure.clone()), Vec::new()))
        }
        Outcome::Undecidable(_) => None,
    }
}

/// Brings proposed recoveries to the wanted sum: unapproved ones are withdrawn, the missing part is proposed.
#[expect(
    clippy::too_many_arguments,
    reason = "one call, and a struct for it would only rename the arguments"
)]
fn recoveries(
    state: &dyn StateRead,
    award: AwardId,
    row: &AwardRow,
    wanted: Fen,
    rule: &Slug,
    cause: u64,
    context: &Context,
    ahead: usize,
) -> Vec<Event> {
    let mut events = Vec::new();
    let mut standing = row.recovering;
    if wanted < standing {
        for id in row.recoveries.iter().rev() {
            let Some(one) = get::<Recoveries>(state, id).filter(|one| one.status == RecoveryStatus::Proposed)
            else {
                continue;
            };
            if standing <= wanted {
                break;
            }
            standing = standing.checked_sub(one.amount).unwrap_or(Fen::ZERO);
            events.push(RecoveryWithdrawn { recovery: *id, award, amount: one.amount, cause }.into());
        }
    }
    let missing = wanted.checked_sub(standing).unwrap_or(Fen::ZERO);
    if Fen::ZERO < missing {
        let place = u64::try_from(ahead.saturating_add(events.len())).unwrap_or(u64::MAX);
        let recovery = RecoveryId(context.sequence.saturating_add(place));
        let (line, rule) = (row.line.clone(), rule.clone());
        events.push(RecoveryProposed { recovery, award, line, amount: missing, rule, cause }.into());
    }
    events
}
