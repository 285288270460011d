//! Steps as commands of the ledger. Evidence goes through the door's own reading of what people type.

use super::Names;
use crate::model::registers::NAMES;
use crate::step::{self, Piece, Submit, Value, Wish};
use grants_domain::{
    application::{decide::DecideApplication, submit::SubmitApplication, withdraw::WithdrawApplication},
    artifact::record_chunk::RecordChunk,
    award::{confirm::ConfirmAward, kept::Ground, reduce::ReduceAward, revoke::RevokeAward},
    budget::{
        adjust::{AdjustBudget, Direction},
        allocate::AllocateBudget,
    },
    calendar::publish::PublishCalendar,
    commands::Command,
    enterprise::register::RegisterEnterprise,
    evidence::{fingerprint, void::VoidEvidence},
    external::{open_round::OpenRound, report_award::ReportAward},
    fact::record::RecordFact,
    followup::ContinueFollowUp,
    ids::PersonId,
    ledger::open::OpenLedger,
    payment::{
        instruct::InstructPayment, reject::RejectPayment, returned::ReturnPayment, settle::SettlePayment,
    },
    people::Sealed,
    policy::publish_version::PublishVersion,
    project::register::RegisterProject,
    rate::publish::PublishRate,
    recovery::{approve::ApproveRecovery, receive::ReceiveRecovery},
    tables::{Claimed, EvidenceKind, ProjectRow},
    trace::{Fact, FactValue},
    values::{Date, DatePeriod, Fen, Sha256Hex, Text},
    wire::Blob,
};
use sha2::{Digest, Sha256};
use std::{fmt::Debug, str::FromStr};

/// Where all of it is written.
const SOURCE: &str = "示例来源";

/// An amount.
pub(crate) fn money(fen: i128) -> Fen {
    Fen::from_i128(fen).unwrap()
}

pub(super) fn day(days: i64) -> Date {
    Date::from_days(i32::try_from(days).unwrap()).unwrap()
}

pub(super) fn read<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
}

fn value(value: &Value) -> FactValue {
    match value {
        Value::Money(fen) => FactValue::Money(money(*fen)),
        Value::Count(count) => FactValue::Count(*count),
        Value::Day(days) => FactValue::Date(day(*days)),
        Value::Rate(rate) => FactValue::Rate(read(&format!("{}.{:04}", rate / 10_000, rate % 10_000))),
        Value::Flag(flag) => FactValue::Flag(*flag),
        Value::Word(word) => FactValue::Word(read(word)),
    }
}

fn key(piece: &Piece) -> Text<60> {
    let kind: EvidenceKind = read(piece.kind);
    // What is no number at all goes on as it is, and the ledger refuses it.
    fingerprint::written(kind, &folded(piece), day(piece.day)).unwrap_or_else(|_| read(&piece.typed))
}

/// The door reads an invoice with full-width letters and blanks in it; the other kinds `written` folds itself.
fn folded(piece: &Piece) -> String {
    match grants_domain::values::InvoiceKey::normalise(&piece.typed) {
        Ok(found) if piece.kind == "invoice" => found.value.to_string(),
        _ => piece.typed.clone(),
    }
}

fn artifact(number: u8) -> Sha256Hex {
    Sha256Hex(Sha256::digest([number]).into())
}

/// The command that a wish is; publishing is more than one.
pub(super) fn command(wish: &Wish, names: &Names) -> Command {
    match wish {
        Wish::Publish { .. } | Wish::PublishNonsense => panic!("publishing is several commands"),
        Wish::OpenLedger => OpenLedger { name: read("示例市"), simulated: true }.into(),
        Wish::Chunk { artifact: number, index, count, text } => {
            let bytes = Blob(text.as_bytes().to_vec());
            RecordChunk { artifact: artifact(*number), index: *index, count: *count, bytes }.into()
        }
        Wish::PublishArtifact { artifact: number } => {
            PublishVersion { catalogue: artifact(*number), title: read("示例版本") }.into()
        }
        Wish::Calendar { year, off, source } => {
            let off = vec![DatePeriod::new(day(off.0), day(off.1)).unwrap()];
            PublishCalendar { year: *year, off, working: Vec::new(), source: read(source) }.into()
        }
        Wish::Rate { on, rate } => {
            let rate = read(&format!("0.{rate:04}"));
            let (name, published_on) = (read("lpr-1y"), day(*on));
            PublishRate { name, published_on, rate, source: read(SOURCE) }.into()
        }
        Wish::Enterprise { code, treasury, industry, account } => {
            enterprise(code, treasury, *industry, *account)
        }
        Wish::Project(project) => RegisterProject { project: self::project(project) }.into(),
        Wish::Allocate { line, treasury, year, measures, amount } => AllocateBudget {
            line: read(line),
            treasury: read(treasury),
            year: *year,
            document: read("示例财预1号"),
            measures: measures.iter().map(|one| read(one)).collect(),
            amount: money(*amount),
        }
        .into(),
        Wish::Adjust { line, up, amount } => AdjustBudget {
            line: read(line),
            direction: if *up { Direction::Increase } else { Direction::Decrease },
            amount: money(*amount),
            document: read("示例财预2号"),
        }
        .into(),
        Wish::Submit(submit) => self::submit(submit).into(),
        Wish::Withdraw { application } => {
            WithdrawApplication { application: read(application), reason: read("撤回") }.into()
        }
        Wish::Decide { application } => DecideApplication { application: read(application) }.into(),
        _ => super::kin::command(wish)
            .or_else(|| from_outside(wish))
            .unwrap_or_else(|| about_award(wish, names)),
    }
}

/// What other bodies say.
fn from_outside(wish: &Wish) -> Option<Command> {
    let source = read(SOURCE);
    Some(match wish {
        Wish::Round { round, from, to } => {
            let open = DatePeriod::new(day(*from), day(*to)).unwrap();
            OpenRound { programme: read("special-fund"), round: read(round), open, source }.into()
        }
        Wish::Report(report) => ReportAward {
            award: read(&report.award),
            subject: read(&report.subject),
            level: read(report.level),
            programme: read(&report.programme),
            status: read(report.status),
            amount: report.amount.map(money),
            on: day(report.on),
            source,
        }
        .into(),
        Wish::Fact { subject, name, value: stated, on } => {
            let (name, value) = (read(name), value(stated));
            RecordFact { subject: read(subject), name, value, on: day(*on), source }.into()
        }
        Wish::Void { piece, net } => {
            VoidEvidence { key: key(piece), net: money(*net), on: day(piece.day), source }.into()
        }
        _ => return None,
    })
}

fn ground(fraud: bool) -> Option<Ground> {
    fraud.then_some(Ground::Fraud)
}

fn about_award(wish: &Wish, names: &Names) -> Command {
    let (reason, on) = (read("示例原因"), day(20_000));
    match wish {
        Wish::Confirm { award } => ConfirmAward { award: names.award(award) }.into(),
        Wish::Reduce { award, to, fraud } => {
            ReduceAward { award: names.award(award), to: money(*to), reason, ground: ground(*fraud) }.into()
        }
        Wish::Revoke { award, fraud } => {
            RevokeAward { award: names.award(award), reason, ground: ground(*fraud) }.into()
        }
        Wish::Instruct { award } => InstructPayment { award: names.award(award) }.into(),
        Wish::Settle { payment, amount, reference } => {
            let (payment, amount) = (names.payment(payment), money(*amount));
            SettlePayment { payment, amount, bank_reference: read(reference), on }.into()
        }
        Wish::Reject { payment } => RejectPayment { payment: names.payment(payment), reason, on }.into(),
        Wish::Return { payment } => ReturnPayment { payment: names.payment(payment), reason, on }.into(),
        Wish::Approve { recovery, fraud } => ApproveRecovery {
            recovery: names.recovery(recovery),
            document: read("示例追回决定1号"),
            ground: ground(*fraud),
        }
        .into(),
        Wish::Receive { recovery, amount, reference } => {
            let (recovery, amount) = (names.recovery(recovery), money(*amount));
            ReceiveRecovery { recovery, amount, bank_reference: read(reference), on }.into()
        }
        Wish::Continue { subject, cause } => {
            ContinueFollowUp { subject: read(subject), cause: *cause }.into()
        }
        other => panic!("{other:?} is about no award"),
    }
}

fn enterprise(code: &str, treasury: &str, industry: Option<&str>, account: bool) -> Command {
    let payee = super::kin::account(NAMES[0], 1);
    RegisterEnterprise {
        code: read(code),
        name: read(NAMES[0]),
        treasury: read(treasury),
        industry: industry.map(read),
        legal_representative: None,
        contact: None,
        payee: account.then_some(payee),
    }
    .into()
}

fn project(project: &step::Project) -> ProjectRow {
    ProjectRow {
        code: read(&project.code),
        enterprise: read(&project.enterprise),
        name: read("示例生产线"),
        treasury: read(&project.treasury),
        total_investment: money(project.total),
        validity: DatePeriod::new(day(project.from), day(project.to)).unwrap(),
        in_statistics: project.in_statistics,
    }
}

fn submit(submit: &Submit) -> SubmitApplication {
    let facts = submit.facts.iter().map(|fact| Fact { name: read(&fact.0), value: value(&fact.1) });
    let evidence = submit.evidence.iter().map(|piece| Claimed {
        kind: read(piece.kind),
        key: key(piece),
        date: day(piece.day),
        until: piece.until.map(day),
        amount: money(piece.amount),
        seller: None,
    });
    let sealed = Sealed { person: PersonId([7; 16]), bytes: Blob(vec![7; 40]) };
    SubmitApplication {
        application: read(&submit.application),
        enterprise: read(&submit.enterprise),
        project: submit.project.as_deref().map(read),
        measure: read(&submit.measure),
        applied_on: day(submit.applied_on),
        facts: facts.collect(),
        evidence: evidence.collect(),
        payee_person: submit.person.then_some(sealed),
    }
}
