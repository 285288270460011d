//! The ledger as one pure function: state, rules and a command give events; events give the next state.
//!
//! The sequencer, the simulator, the scenario runner and the auditor all come through `execute`, so what one of
//! them decides every other decides too, to the byte.

pub mod open;

use crate::{
    application, artifact,
    asked::Asked,
    award, budget, calendar,
    commands::Command,
    context::{Context, Recorded},
    enterprise,
    events::{CommandRefused, Event},
    evidence, external, fact,
    followup::{self, FollowUpCompleted, Room, Task},
    payment, policy, project, rate, recovery,
    refusal::{RefusalCode, Refused},
    rules::Rules,
    sanction,
    state::{Draft, StateRead, StateWrite, get, has, put},
    tables::{CommandRow, Commands, Ledgers},
    values::{CommandId, Sha256Hex},
};
use std::{collections::BTreeMap, sync::Arc};

/// What became of a command: the same answer for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Sequence of its first event.
    pub sequence: u64,
    /// How many events it has.
    pub events: u32,
    /// The refusal, if it was refused.
    pub refused: Option<Refused>,
}

/// A command executed on top of a state.
#[derive(Debug)]
pub struct Executed {
    /// Its events, in order: at least one.
    pub events: Vec<Event>,
    /// The rows it changes, its own outcome included; `None` is a removal.
    pub rows: BTreeMap<Vec<u8>, Option<Arc<[u8]>>>,
    /// The answer.
    pub answer: Answer,
}

/// Whether a command id was used before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Never.
    New,
    /// With the same content: here is the answer.
    Same(Answer),
    /// With other content: an error, and nothing is recorded.
    Conflict,
}

/// Looks for an earlier outcome under the same id.
#[must_use]
pub fn earlier(state: &dyn StateRead, id: CommandId, hash: Sha256Hex) -> Earlier {
    match get::<Commands>(state, &id) {
        None => Earlier::New,
        Some(row) if row.hash == hash => {
            Earlier::Same(Answer { sequence: row.sequence, events: row.events, refused: row.refused })
        }
        Some(_) => Earlier::Conflict,
    }
}

/// Decides a command that has no earlier outcome, with everything that follows from it at once.
pub fn execute(state: &dyn StateRead, rules: &mut dyn Rules, asked: &Asked, context: &Context) -> Executed {
    let mut draft = Draft::on(state);
    let mut events = Vec::new();
    let refused = match decide(&draft, rules, asked.command(), context) {
        Ok(Decided { events: decided, tasks }) => {
            let mut tasks = tasks;
            for event in decided {
                let sequence = sequence_of(context, events.len());
                tasks.extend(followup::agenda(&draft, &event, sequence));
                apply(&mut draft, context, &mut events, event);
            }
            followup::work(&mut draft, rules, tasks, &mut Room::new(), context, &mut events);
            None
        }
        Err(refused) => {
            let event = CommandRefused { refused: refused.clone() };
            apply(&mut draft, context, &mut events, event.into());
            Some(refused)
        }
    };
    let count = u32::try_from(events.len()).unwrap_or(u32::MAX);
    let answer = Answer { sequence: context.sequence, events: count, refused };
    settle(&mut draft, context.command, asked.hash(), &answer);
    learn(&draft, rules, &events);
    Executed { events, rows: draft.into_rows(), answer }
}

/// Applies the events of one command as the log tells them, without deciding anything.
pub fn replay(state: &mut dyn StateWrite, rules: &mut dyn Rules, told: &Told<'_>) {
    for (place, event) in told.events.iter().enumerate() {
        let sequence = told.sequence.saturating_add(u64::try_from(place).unwrap_or(u64::MAX));
        evolve(state, event, Recorded { sequence, at: told.recorded_at });
    }
    let refused = match told.events.first() {
        Some(Event::CommandRefused(fact)) => Some(fact.refused.clone()),
        Some(_) | None => None,
    };
    let events = u32::try_from(told.events.len()).unwrap_or(u32::MAX);
    settle(state, told.command, told.hash, &Answer { sequence: told.sequence, events, refused });
    learn(state.as_read(), rules, told.events);
}

/// One command as the log tells it.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// Id of the command.
    pub command: CommandId,
    /// Hash of its canonical bytes.
    pub hash: Sha256Hex,
    /// Sequence of its first event.
    pub sequence: u64,
    /// When it was recorded.
    pub recorded_at: crate::values::Timestamp,
    /// Its events.
    pub events: &'a [Event],
}

fn settle(state: &mut dyn StateWrite, id: CommandId, hash: Sha256Hex, answer: &Answer) {
    let Answer { sequence, events, refused } = answer.clone();
    put::<Commands>(state, &id, &CommandRow { hash, sequence, events, refused });
}

fn learn(state: &dyn StateRead, rules: &mut dyn Rules, events: &[Event]) {
    for event in events {
        if let Event::VersionPublished(fact) = event {
            let bytes = artifact::assemble(state, fact.catalogue)
                .unwrap_or_else(|refused| panic!("a published catalogue is not there: {}", refused.code));
            rules.learn(fact.version, &bytes);
        }
    }
}

fn sequence_of(context: &Context, ahead: usize) -> u64 {
    context.sequence.saturating_add(u64::try_from(ahead).unwrap_or(u64::MAX))
}

/// Takes an event into the draft and the list.
pub(crate) fn apply(draft: &mut Draft<'_>, context: &Context, events: &mut Vec<Event>, event: Event) {
    evolve(draft, &event, Recorded { sequence: sequence_of(context, events.len()), at: context.recorded_at });
    events.push(event);
}

/// What a verb gives: facts, and work to continue.
struct Decided {
    events: Vec<Event>,
    tasks: Vec<Task>,
}

/// Refuses first: `RoleNotAllowed`, `LedgerNotOpen`. Then the verb speaks.
fn decide(
    state: &dyn StateRead,
    rules: &dyn Rules,
    command: &Command,
    context: &Context,
) -> Result<Decided, Refused> {
    if !command.roles().contains(&context.actor.role) {
        let refused = Refused::of(RefusalCode::RoleNotAllowed);
        return Err(refused.with("role", context.actor.role).with("verb", command.word()));
    }
    if !has::<Ledgers>(state, &()) && !matches!(command, Command::OpenLedger(_)) {
        return Err(Refused::of(RefusalCode::LedgerNotOpen));
    }
    if let Command::ContinueFollowUp(request) = command {
        let task = followup::decide(state, request)?;
        let done = FollowUpCompleted { subject: request.subject.clone(), cause: request.cause };
        return Ok(Decided { events: vec![done.into()], tasks: vec![task] });
    }
    Ok(Decided { events: by_verb(state, rules, command, context)?, tasks: Vec::new() })
}

/// One line per verb.
fn by_verb(
    state: &dyn StateRead,
    rules: &dyn Rules,
    command: &Command,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    match command {
        Command::OpenLedger(request) => open::decide(state, request, context),
        Command::RecordChunk(request) => artifact::record_chunk::decide(state, request),
        Command::PublishVersion(request) => policy::publish_version::decide(state, rules, request),
        Command::PublishCalendar(request) => calendar::publish::decide(state, request),
        Command::PublishRate(request) => rate::publish::decide(state, request),
        Command::RegisterEnterprise(request) => enterprise::register::decide(state, request, context),
        Command::RenameEnterprise(request) => enterprise::rename::decide(state, request, context),
        Command::ChangeCode(request) => enterprise::change_code::decide(state, request, context),
        Command::MergeEnterprises(request) => enterprise::merge::decide(state, request, context),
        Command::SplitEnterprise(request) => enterprise::split::decide(state, request, context),
        Command::UnlinkEnterprise(request) => enterprise::unlink::decide(state, request, context),
        Command::AffiliateEnterprises(request) => enterprise::affiliate::decide(state, request, context),
        Command::DisaffiliateEnterprises(request) => {
            enterprise::disaffiliate::decide(state, request, context)
        }
        Command::LinkProjects(request) => project::link::decide(state, request, context),
        Command::UnlinkProjects(request) => project::unlink::decide(state, request, context),
        Command::ImposeSanction(request) => sanction::impose::decide(state, rules, request, context),
        Command::LiftSanction(request) => sanction::lift::decide(state, request, context),
        Command::RegisterProject(request) => project::register::decide(state, request),
        Command::AllocateBudget(request) => budget::allocate::decide(state, request),
        Command::AdjustBudget(request) => budget::adjust::decide(state, request),
        Command::OpenRound(request) => external::open_round::decide(state, request),
        Command::ReportAward(request) => external::report_award::decide(state, request),
        Command::RecordFact(request) => fact::record::decide(request),
        Command::VoidEvidence(request) => evidence::void::decide(state, request),
        Command::SubmitApplication(request) => application::submit::decide(state, rules, request, context),
        Command::WithdrawApplication(request) => application::withdraw::decide(state, request),
        Command::DecideApplication(request) => application::decide::decide(state, rules, request, context),
        Command::ConfirmAward(request) => award::confirm::decide(state, request, context),
        Command::ReduceAward(request) => award::reduce::decide(state, rules, request, context),
        Command::RevokeAward(request) => award::revoke::decide(state, rules, request, context),
        Command::InstructPayment(request) => payment::instruct::decide(state, request, context),
        Command::SettlePayment(request) => payment::settle::decide(state, rules, request),
        Command::RejectPayment(request) => payment::reject::decide(state, request),
        Command::ReturnPayment(request) => payment::returned::decide(state, rules, request),
        Command::ApproveRecovery(request) => recovery::approve::decide(state, request, context),
        Command::ReceiveRecovery(request) => recovery::receive::decide(state, rules, request),
        Command::ContinueFollowUp(request) => followup::decide(state, request).map(|_| Vec::new()),
    }
}

/// Takes one fact into the state. Total: the log has already decided. One line per fact.
pub fn evolve(state: &mut dyn StateWrite, event: &Event, recorded: Recorded) {
    match event {
        Event::LedgerOpened(fact) => open::evolve(state, fact, recorded),
        Event::ChunkRecorded(fact) => artifact::record_chunk::evolve(state, fact),
        Event::VersionPublished(fact) => policy::publish_version::evolve(state, fact, recorded),
        Event::CalendarPublished(fact) => calendar::publish::evolve(state, fact),
        Event::RatePublished(fact) => rate::publish::evolve(state, fact, recorded),
        Event::EnterpriseRegistered(fact) => enterprise::register::evolve(state, fact),
        Event::EnterpriseRenamed(fact) => enterprise::rename::evolve(state, fact),
        Event::EnterpriseCodeChanged(fact) => enterprise::change_code::evolve(state, fact, recorded),
        Event::EnterpriseMerged(fact) => enterprise::merge::evolve(state, fact, recorded),
        Event::EnterpriseSplit(fact) => enterprise::split::evolve(state, fact, recorded),
        Event::EnterpriseUnlinked(fact) => enterprise::unlink::evolve(state, fact),
        Event::EnterprisesAffiliated(fact) => enterprise::affiliate::evolve(state, fact, recorded),
        Event::EnterprisesDisaffiliated(fact) => enterprise::disaffiliate::evolve(state, fact, recorded),
        Event::ProjectsLinked(fact) => project::link::evolve(state, fact, recorded),
        Event::ProjectsUnlinked(fact) => project::unlink::evolve(state, fact),
        Event::SanctionImposed(fact) => sanction::impose::evolve(state, fact, recorded),
        Event::SanctionLifted(fact) => sanction::lift::evolve(state, fact, recorded),
        Event::ProjectRegistered(fact) => project::register::evolve(state, fact),
        Event::BudgetAllocated(fact) => budget::allocate::evolve(state, fact),
        Event::BudgetAdjusted(fact) => budget::adjust::evolve(state, fact),
        Event::RoundOpened(fact) => external::open_round::evolve(state, fact, recorded),
        Event::AwardReported(fact) => external::report_award::evolve(state, fact, recorded),
        Event::FactRecorded(fact) => fact::record::evolve(state, fact, recorded),
        Event::EvidenceVoided(fact) => evidence::void::evolve(state, fact),
        Event::ApplicationSubmitted(fact) => application::submit::evolve(state, fact, recorded),
        Event::ApplicationWithdrawn(fact) => application::withdraw::evolve(state, fact),
        Event::ApplicationRejected(fact) => application::decide::evolve(state, fact),
        Event::AwardProposed(fact) => award::propose::evolve(state, fact),
        Event::AwardQueued(fact) => award::queue::queued(state, fact),
        Event::AwardDequeued(fact) => award::queue::dequeued(state, fact),
        Event::AwardConfirmed(fact) => award::confirm::evolve(state, fact),
        Event::AwardUnconfirmed(fact) => award::confirm::unconfirmed(state, fact),
        Event::AwardRaised(fact) => award::raise::raised(state, fact),
        Event::AwardRaiseDelayed(fact) => award::raise::delayed(state, fact),
        Event::AwardReduced(fact) => award::reduce::evolve(state, fact),
        Event::AwardRevoked(fact) => award::revoke::evolve(state, fact),
        Event::AwardSuspended(fact) => award::suspended(state, fact),
        Event::AwardResumed(fact) => award::resumed(state, fact),
        Event::PaymentInstructed(fact) => payment::instruct::evolve(state, fact),
        Event::PaymentSettled(fact) => payment::settle::evolve(state, fact),
        Event::PaymentRejected(fact) => payment::reject::evolve(state, fact),
        Event::PaymentReturned(fact) => payment::returned::evolve(state, fact),
        Event::RecoveryProposed(fact) => recovery::propose::proposed(state, fact),
        Event::RecoveryWithdrawn(fact) => recovery::propose::withdrawn(state, fact),
        Event::RecoveryApproved(fact) => recovery::approve::evolve(state, fact),
        Event::RecoveryOwed(fact) => recovery::owe::evolve(state, fact),
        Event::RecoveryReversed(fact) => recovery::reverse::evolve(state, fact),
        Event::RecoveryReceived(fact) => recovery::receive::evolve(state, fact),
        Event::FollowUpDeferred(fact) => followup::deferred(state, fact),
        Event::FollowUpCompleted(fact) => followup::completed(state, fact),
        // A refusal changes nothing but its own outcome, which `settle` keeps.
        Event::CommandRefused(_) => {}
    }
}
