//! Look at an award again because of a late fact (policies: late facts, K-35).
//!
//! What is no longer due is taken from the unpaid part first; for the rest a recovery is proposed, once and for
//! exactly that part. When the reason falls away, an unapproved proposal is withdrawn, and of an approved one what has not
//! come back is reversed. A late fact never raises anything.
//! When nobody can tell any more what is due, payment waits until somebody can.

use crate::{
    application::ApplicationStatus,
    award::{AwardResumed, AwardSuspended, reduce, revoke, shares::ShareRow},
    context::Context,
    events::Event,
    ids::{AwardId, RecoveryId},
    recovery::{RecoveryStatus, owe, propose::RecoveryProposed, propose::RecoveryWithdrawn, reverse},
    refusal::Refused,
    rules::{Ask, Assessment, Outcome, Rules},
    state::{StateRead, get},
    tables::{Applications, AwardRow, Awards, Enterprises, Projects, Recoveries, RecoveryRow},
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
    let Judgement { left, wanted, rule, holds } = judge(state, rules, id, &row, context);
    let mut events = Vec::new();
    for (part, wanted) in row.parts().iter().zip(wanted) {
        let ahead = ahead.saturating_add(events.len());
        events.extend(recoveries(state, rules, id, (&row, part), wanted, &rule, cause, context, ahead));
    }
    let stands = left.iter().any(|part| !part.is_zero());
    if row.parts().iter().zip(&left).any(|(part, left)| *left < part.amount) {
        let why = reduce::Why::Rule(rule, cause);
        events.push(match stands {
            true => reduce::reduced(id, &row, &left, why),
            false => revoke::revoked(id, &row, why),
        });
    }
    if stands && holds != row.holds {
        events.push(match holds.is_empty() {
            true => AwardResumed { award: id, cause }.into(),
            false => AwardSuspended { award: id, holds, cause }.into(),
        });
    }
    events
}

/// What has to become of an award.
struct Judgement {
    /// What each part is when what is not due has fallen off its unpaid sum.
    left: Vec<Fen>,
    /// What recoveries of each part are to stand at together.
    wanted: Vec<Fen>,
    /// The rule that says so.
    rule: Slug,
    /// What holds its payment.
    holds: Vec<Hold>,
}

fn judge(
    state: &dyn StateRead,
    rules: &dyn Rules,
    id: AwardId,
    row: &AwardRow,
    context: &Context,
) -> Judgement {
    let parts = row.parts();
    let due = |due: Fen, rule, holds| {
        let due = row.due_of_parts(due);
        let left = parts.iter().zip(&due).map(|(part, due)| (*due).max(part.instructed)).collect::<Vec<_>>();
        let wanted = left.iter().zip(&due).map(|(left, due)| left.saturating_sub(*due)).collect();
        Judgement { left, wanted, rule, holds }
    };
    match assess_again(state, rules, id, row, context, false).outcome {
        Outcome::Due { amount, holds, .. } => due(amount, row.measure.clone(), holds),
        Outcome::Rejected(refused) => {
            due(Fen::ZERO, refused.rule.unwrap_or_else(|| row.measure.clone()), Vec::new())
        }
        // Nobody can tell: the amount stays, payment waits, and nothing is asked back that is not out.
        Outcome::Undecidable(refused) => Judgement {
            left: parts.iter().map(|part| part.amount).collect(),
            wanted: parts.iter().map(|part| part.recovering.min(part.instructed)).collect(),
            rule: row.measure.clone(),
            holds: waiting(row, refused),
        },
    }
}

/// The holds of an award, and one for what is missing to judge it.
fn waiting(row: &AwardRow, missing: Refused) -> Vec<Hold> {
    let (rule, code) = (missing.rule.unwrap_or_else(|| row.measure.clone()), missing.code.word());
    let waits_for = code.parse().unwrap_or_else(|fault| panic!("{code}: {fault}"));
    let hold = Hold { rule, waits_for };
    let mut holds = row.holds.clone();
    if !holds.contains(&hold) {
        holds.push(hold);
    }
    holds
}

/// What is due of an award now: with the room that its caps found when it was decided, or `reviving` with that of today.
pub(crate) fn assess_again(
    state: &dyn StateRead,
    rules: &dyn Rules,
    id: AwardId,
    row: &AwardRow,
    context: &Context,
    reviving: bool,
) -> Assessment {
    // Invariant: an award rests on an approved application of a registered enterprise, and neither ever goes.
    let application = get::<Applications>(state, &row.application)
        .unwrap_or_else(|| panic!("award {id} without its application"));
    assert_eq!(application.status, ApplicationStatus::Approved, "award {id} of an application not approved");
    let enterprise = get::<Enterprises>(state, &row.enterprise)
        .unwrap_or_else(|| panic!("award {id} without its enterprise"));
    let project = row.project.as_ref().and_then(|code| get::<Projects>(state, code));
    let ask = Ask {
        version: row.version,
        application: &application,
        enterprise: &enterprise,
        project: project.as_ref(),
        today: context.today(),
        reviewing: Some(id),
        reviving,
    };
    rules.assess(state, &ask)
}

/// Brings recoveries of one part to the wanted sum: unapproved ones are withdrawn, what is owed and has not come back is reversed, the
/// missing part is proposed, and owed at once where the rules say so and nothing is on its way.
#[expect(
    clippy::too_many_arguments,
    reason = "one call, and a struct for it would only rename the arguments"
)]
fn recoveries(
    state: &dyn StateRead,
    rules: &dyn Rules,
    award: AwardId,
    (row, part): (&AwardRow, &ShareRow),
    wanted: Fen,
    rule: &Slug,
    cause: u64,
    context: &Context,
    ahead: usize,
) -> Vec<Event> {
    let mut events = Vec::new();
    let mut standing = part.recovering;
    // The latest goes first, and what nobody owes yet goes before what is owed.
    let of = |status: RecoveryStatus| {
        let known = |id: &RecoveryId| get::<Recoveries>(state, id).map(|one| (*id, one));
        let of_part = |(_, one): &(_, RecoveryRow)| one.line == part.line;
        row.recoveries
            .iter()
            .rev()
            .filter_map(known)
            .filter(of_part)
            .filter(move |(_, one)| one.status == status)
    };
    for (id, one) in of(RecoveryStatus::Proposed) {
        if standing <= wanted {
            break;
        }
        standing = standing.saturating_sub(one.amount);
        events.push(RecoveryWithdrawn { recovery: id, award, amount: one.amount, cause }.into());
    }
    for (id, one) in of(RecoveryStatus::Approved) {
        let amount = one.outstanding().min(standing.saturating_sub(wanted));
        if Fen::ZERO < amount {
            standing = standing.saturating_sub(amount);
            events.push(reverse::reversed(id, &one, amount, cause).into());
        }
    }
    let missing = wanted.checked_sub(standing).unwrap_or(Fen::ZERO);
    if Fen::ZERO < missing {
        let place = u64::try_from(ahead.saturating_add(events.len())).unwrap_or(u64::MAX);
        let recovery = RecoveryId(context.sequence.saturating_add(place));
        let (line, rule) = (part.line.clone(), rule.clone());
        let at_once = owe::at_once(state, rules, row).filter(|_| wanted <= part.settled);
        let owed = at_once.map(|by| owe::owed(recovery, award, &line, missing, by));
        events.push(RecoveryProposed { recovery, award, line, amount: missing, rule, cause }.into());
        events.extend(owed);
    }
    events
}
