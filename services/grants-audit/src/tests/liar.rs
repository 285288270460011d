//! Each lie changes what one command recorded; tree, checkpoint and signature are made anew, so that only the content
//! is wrong. The audit names the first event that is wrong, and the rule.

use super::{
    audit,
    story::{Log, Told},
};
use grants_domain::{
    context::Role,
    events::{CommandRefused, Event},
    ids::{AttemptId, AwardId, LedgerId},
    refusal::{RefusalCode, Refused},
    values::{CommandId, Fen},
};

/// A lie, where it stands, and what the audit must call it.
struct Lie {
    name: &'static str,
    /// The command by an event of it: word, and which one.
    at: (&'static str, usize),
    /// How many events of that command come before the first wrong one.
    behind: u64,
    code: &'static str,
    tell: fn(&mut Log, usize),
}

/// The event of a kind in a command.
macro_rules! fact {
    ($told:expr, $variant:ident) => {
        $told
            .events
            .iter_mut()
            .find_map(|event| if let Event::$variant(fact) = event { Some(fact) } else { None })
            .unwrap_or_else(|| panic!("no {} here", stringify!($variant)))
    };
}

fn more(amount: Fen, fen: i64) -> Fen {
    Fen::new(amount.get() + fen).unwrap()
}

fn event_of(log: &Log, word: &str, nth: usize) -> Event {
    let place = log.place(word, nth);
    log.told[place].events.iter().find(|event| event.word() == word).unwrap().clone()
}

/// Writes an award where the clause said no: that of another application, under this one's number.
fn forged_award(log: &mut Log, place: usize) {
    let Event::AwardProposed(mut fact) = event_of(log, "award.proposed", 0) else { panic!("an award") };
    let Event::ApplicationRejected(rejected) = &log.told[place].events[0] else { panic!("a rejection") };
    fact.application = rejected.application.clone();
    fact.trace.caps[0].used = Fen::new(1_000_000_000).unwrap();
    fact.award = AwardId(sequence_of(log, place));
    fact.decided_by = log.told[place].context.actor.clone();
    log.told[place].events = vec![fact.into()];
}

fn sequence_of(log: &Log, place: usize) -> u64 {
    log.told.iter().take(place).map(|told| u64::try_from(told.events.len()).unwrap()).sum()
}

fn lie_of<T>(change: impl FnOnce(&mut Told) -> T, log: &mut Log, place: usize) {
    change(&mut log.told[place]);
}

#[rustfmt::skip]
const LIES: &[Lie] = &[
    Lie { name: "one 分 above the cap", at: ("award.proposed", 1), behind: 0, code: "posting-amount",
        tell: |log, at| { let fact = fact!(log.told[at], AwardProposed); fact.amount = more(fact.amount, 1); } },
    Lie { name: "one 分 above the cap, posted as well", at: ("award.proposed", 1), behind: 0, code: "cap-exceeded",
        tell: |log, at| { let fact = fact!(log.told[at], AwardProposed); fact.amount = more(fact.amount, 1);
            for posting in &mut fact.postings { posting.amount = more(posting.amount, 1); } } },
    Lie { name: "a cap whose use is understated", at: ("award.proposed", 1), behind: 0, code: "cap-misstated",
        tell: |log, at| { let fact = fact!(log.told[at], AwardProposed); fact.trace.caps[0].used = Fen::ZERO; } },
    Lie { name: "an invoice paid twice", at: ("award.proposed", 2), behind: 0, code: "evidence-overused",
        tell: |log, at| fact!(log.told[at], AwardProposed).trace.consumed[0].evidence = "digital:24410000000000000001".parse().unwrap() },
    Lie { name: "an award where the invoice was used", at: ("application.rejected", 0), behind: 0, code: "cap-exceeded", tell: forged_award },
    Lie { name: "a project below the threshold paid", at: ("application.rejected", 1), behind: 0, code: "cap-exceeded", tell: forged_award },
    Lie { name: "an unbalanced posting", at: ("award.confirmed", 0), behind: 0, code: "posting-unbalanced",
        tell: |log, at| { let fact = fact!(log.told[at], AwardConfirmed); fact.postings[0].amount = more(fact.postings[0].amount, 100); } },
    Lie { name: "a recovery left out", at: ("recovery.proposed", 0), behind: 1, code: "event-missing",
        tell: |log, at| lie_of(|told| told.events.retain(|event| event.word() != "recovery.proposed"), log, at) },
    Lie { name: "a recovery of one 分 less", at: ("recovery.proposed", 0), behind: 1, code: "event-differs",
        tell: |log, at| { let fact = fact!(log.told[at], RecoveryProposed); fact.amount = more(fact.amount, -1); } },
    Lie { name: "an altered trace", at: ("award.proposed", 0), behind: 0, code: "event-differs",
        tell: |log, at| { let fact = fact!(log.told[at], AwardProposed); fact.trace.computed = Some("2999999.99".parse().unwrap()); } },
    Lie { name: "an interpretation left out of the trace", at: ("award.proposed", 0), behind: 0, code: "event-differs",
        tell: |log, at| { let fact = fact!(log.told[at], AwardProposed); fact.trace.interpretations.pop(); } },
    Lie { name: "evidence that the trace does not use up", at: ("award.proposed", 0), behind: 0, code: "event-differs",
        tell: |log, at| { let fact = fact!(log.told[at], AwardProposed); fact.trace.consumed.clear(); } },
    Lie { name: "another catalogue version", at: ("award.proposed", 0), behind: 0, code: "version-wrong",
        tell: |log, at| log.told[at].version = 7 },
    Lie { name: "a hold that was dropped", at: ("award.proposed", 1), behind: 0, code: "event-differs",
        tell: |log, at| fact!(log.told[at], AwardProposed).holds.clear() },
    Lie { name: "another payer", at: ("award.proposed", 0), behind: 0, code: "event-differs",
        tell: |log, at| fact!(log.told[at], AwardProposed).payer = "411721000".parse().unwrap() },
    Lie { name: "a payment above the award", at: ("payment.instructed", 0), behind: 0, code: "posting-amount",
        tell: |log, at| { let fact = fact!(log.told[at], PaymentInstructed); fact.amount = more(fact.amount, 1); } },
    Lie { name: "a payment to another account", at: ("payment.instructed", 0), behind: 0, code: "event-differs",
        tell: |log, at| { let fact = fact!(log.told[at], PaymentInstructed);
            fact.payee.as_mut().unwrap().account = "622200000000009999".parse().unwrap(); } },
    Lie { name: "a payment while it was held", at: ("command.refused", 0), behind: 0, code: "payment-held",
        tell: |log, at| {
            let Event::PaymentInstructed(mut fact) = event_of(log, "payment.instructed", 0) else { panic!("a payment") };
            let Event::AwardProposed(award) = event_of(log, "award.proposed", 1) else { panic!("an award") };
            fact.award = award.award;
            fact.payment = AttemptId(sequence_of(log, at));
            log.told[at].events = vec![fact.into()];
        } },
    Lie { name: "a payment while a sanction barred it", at: ("command.refused", 1), behind: 0, code: "enterprise-barred",
        tell: |log, at| {
            let Event::PaymentInstructed(mut fact) = event_of(log, "payment.instructed", 0) else { panic!("a payment") };
            let Event::AwardProposed(award) = event_of(log, "award.proposed", 1) else { panic!("an award") };
            (fact.award, fact.payment) = (award.award, AttemptId(sequence_of(log, at)));
            fact.postings.clear();
            log.told[at].events = vec![fact.into()];
        } },
    Lie { name: "a confirmation while a sanction barred it", at: ("command.refused", 1), behind: 0, code: "enterprise-barred",
        tell: |log, at| {
            let Event::AwardConfirmed(mut fact) = event_of(log, "award.confirmed", 1) else { panic!("a confirmation") };
            fact.confirmed_by = log.told[at].context.actor.clone();
            fact.postings.clear();
            log.told[at].events = vec![fact.into()];
        } },
    Lie { name: "an award while a sanction barred it", at: ("command.refused", 1), behind: 0, code: "enterprise-barred",
        tell: |log, at| {
            let Event::AwardProposed(mut fact) = event_of(log, "award.proposed", 0) else { panic!("an award") };
            (fact.award, fact.decided_by) = (AwardId(sequence_of(log, at)), log.told[at].context.actor.clone());
            fact.postings.clear();
            (fact.trace.caps, fact.trace.consumed, fact.trace.claims) = (Vec::new(), Vec::new(), Vec::new());
            log.told[at].events = vec![fact.into()];
        } },
    Lie { name: "a sanction that reaches nobody", at: ("sanction.imposed", 0), behind: 0, code: "event-differs",
        tell: |log, at| fact!(log.told[at], SanctionImposed).measures = vec!["E6".parse().unwrap()] },
    Lie { name: "one person for two steps", at: ("award.confirmed", 0), behind: 0, code: "same-actor",
        tell: |log, at| {
            let reviewer = log.told[log.place("award.proposed", 0)].context.actor.id.clone();
            log.told[at].context.actor.id = reviewer.clone();
            fact!(log.told[at], AwardConfirmed).confirmed_by.id = reviewer;
        } },
    Lie { name: "a role without the verb", at: ("award.confirmed", 0), behind: 0, code: "role-wrong",
        tell: |log, at| { log.told[at].context.actor.role = Role::Intake;
            fact!(log.told[at], AwardConfirmed).confirmed_by.role = Role::Intake; } },
    Lie { name: "a confirmation in another's name", at: ("award.confirmed", 0), behind: 0, code: "actor-differs",
        tell: |log, at| fact!(log.told[at], AwardConfirmed).confirmed_by.id = "approver-9".parse().unwrap() },
    Lie { name: "a forged refusal", at: ("award.confirmed", 0), behind: 0, code: "outcome-differs",
        tell: |log, at| log.told[at].events =
            vec![CommandRefused { refused: Refused::of(RefusalCode::AwardNotOpen) }.into()] },
    Lie { name: "a rejection where an award was due", at: ("award.proposed", 2), behind: 0, code: "event-differs",
        tell: |log, at| {
            let Event::ApplicationRejected(mut fact) = event_of(log, "application.rejected", 1) else { panic!("a rejection") };
            let Event::AwardProposed(award) = log.told[at].events[0].clone() else { panic!("an award") };
            fact.application = award.application;
            log.told[at].events = vec![fact.into()];
        } },
    Lie { name: "a time that goes back", at: ("award.confirmed", 0), behind: 0, code: "time-not-later",
        tell: |log, at| log.told[at].context.recorded_at = log.told[at - 2].context.recorded_at },
    Lie { name: "an event from nowhere", at: ("fact.nothing", 0), behind: 1, code: "event-surplus",
        tell: |log, at| { let stray = event_of(log, "external.award_reported", 0); log.told[at].events.push(stray); } },
    Lie { name: "an award that stays in the queue", at: ("award.dequeued", 0), behind: 1, code: "event-missing",
        tell: |log, at| lie_of(|told| told.events.retain(|event| event.word() != "award.dequeued"), log, at) },
    Lie { name: "a budget that is overdrawn instead of queued", at: ("award.queued", 0), behind: 0, code: "budget-overdrawn",
        tell: |log, at| {
            let Event::AwardProposed(first) = event_of(log, "award.proposed", 0) else { panic!("an award") };
            lie_of(|told| {
                told.events.retain(|event| event.word() != "award.queued");
                let fact = fact!(told, AwardProposed);
                fact.postings = first.postings.clone();
                for posting in &mut fact.postings { posting.amount = fact.amount; }
            }, log, at);
        } },
    Lie { name: "a command id used twice", at: ("award.confirmed", 1), behind: 0, code: "command-repeated",
        tell: |log, at| log.told[at].context.command = log.told[at - 3].context.command },
    Lie { name: "a repeated command with other content", at: ("payment.settled", 0), behind: 0, code: "command-repeated",
        tell: |log, at| { let earlier: CommandId = log.told[0].context.command; log.told[at].context.command = earlier; } },
    Lie { name: "an event of another ledger", at: ("award.confirmed", 0), behind: 0, code: "ledger-foreign",
        tell: |log, at| log.told[at].context.ledger = LedgerId([3; 16]) },
    Lie { name: "an award under another's name", at: ("award.proposed", 0), behind: 0, code: "id-wrong",
        tell: |log, at| fact!(log.told[at], AwardProposed).award = AwardId(4) },
    Lie { name: "a settlement twice", at: ("payment.settled", 0), behind: 1, code: "balance-negative",
        tell: |log, at| {
            let mut again = log.told[at].clone();
            again.context.command = CommandId([0xEE; 16]);
            again.context.recorded_at = again.context.recorded_at.add_micros(1).unwrap();
            log.told.insert(at + 1, again);
        } },
    Lie { name: "a bank's answer with another amount", at: ("payment.settled", 0), behind: 0, code: "posting-amount",
        tell: |log, at| { let fact = fact!(log.told[at], PaymentSettled); fact.amount = more(fact.amount, -1); } },
    Lie { name: "a catalogue other than its chunks", at: ("policy.version_published", 0), behind: 0, code: "catalogue-hash-wrong",
        tell: |log, at| fact!(log.told[at], VersionPublished).catalogue.0[0] ^= 1 },
];

/// The place of the command that a lie is about.
fn place_of(log: &Log, lie: &Lie) -> usize {
    match lie.at {
        ("fact.nothing", _) => log.place("enterprise.registered", 0),
        (word, nth) => log.place(word, nth),
    }
}

#[test]
fn every_lie_is_named_with_its_place_and_rule() {
    assert!(20 <= LIES.len());
    let mut wrong = Vec::new();
    let english = super::english();
    for lie in LIES {
        let mut log = Log::honest();
        let place = place_of(&log, lie);
        let expected = sequence_of(&log, place) + lie.behind;
        (lie.tell)(&mut log, place);
        let report = audit(&log);
        let first = report.findings.first();
        let named = first.is_some_and(|one| one.sequence == Some(expected) && one.code.word() == lie.code);
        if !named {
            let found: Vec<String> =
                report.findings.iter().take(3).map(|one| one.sentence(&english)).collect();
            wrong.push(format!("{}: expected {} at {expected}, found {found:#?}", lie.name, lie.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
