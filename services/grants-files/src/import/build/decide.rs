//! Rows of applications with their lines, and of what is decided about them.

use super::{Built, register};
use crate::{
    import::{Findings, Personal, Row},
    person::PersonPayee,
    problem::{CellError, Place, Problem},
    workbook::{SheetKind, sheets},
};
use grants_domain::{
    application::{
        decide::DecideApplication,
        submit::{EVIDENCE_MAX, FACTS_MAX, SubmitApplication},
        withdraw::WithdrawApplication,
    },
    award::{confirm::ConfirmAward, kept::Ground, reduce::ReduceAward, revoke::RevokeAward},
    evidence::{fingerprint, void::VoidEvidence},
    tables::{Claimed, EvidenceKind},
    trace::Fact,
    values::{CreditCode, Date, Fen, InvoiceKey, Reason, Reference, Text, ValueError, fold_full_width},
};
use std::collections::BTreeMap;

/// Lines of other sheets, by the application they belong to.
#[derive(Default)]
pub(super) struct Lines {
    facts: BTreeMap<Reference, Vec<(Place, Fact)>>,
    evidence: BTreeMap<Reference, Vec<(Place, Claimed)>>,
}

impl Lines {
    /// Reads one line.
    pub(super) fn read(&mut self, kind: SheetKind, row: &mut Row<'_>) {
        let read = if kind == SheetKind::ApplicationFact { self.fact(row) } else { self.claimed(row) };
        // What is wrong with the line was noted by the row.
        read.unwrap_or_default();
    }

    fn fact(&mut self, row: &mut Row<'_>) -> Option<()> {
        let (application, name, value) =
            (row.parse("application"), row.parse("name"), row.fact("type", "value"));
        let fact = Fact { name: name?, value: value? };
        let of: &mut Vec<(Place, Fact)> = self.facts.entry(application?).or_default();
        let first = of.iter().find(|(_, other)| other.name == fact.name);
        if let Some((first, _)) = first {
            let error = CellError::new(row.place(), Problem::KeyDuplicate).with("key", &fact.name);
            row.wrong(error.with("first", first));
            return None;
        }
        if FACTS_MAX <= of.len() {
            row.wrong(CellError::new(row.place(), Problem::LinesTooMany).with("max", FACTS_MAX));
            return None;
        }
        of.push((row.place(), fact));
        Some(())
    }

    fn claimed(&mut self, row: &mut Row<'_>) -> Option<()> {
        let (application, kind, date) = (row.parse("application"), row.choice("kind"), row.date("date"));
        // Without its day the line is lost; its number is read all the same, so that both are complained about.
        let day = date.or_else(|| Date::from_days(0).ok());
        let key = kind.and_then(|kind| document(row, kind, day));
        let (until, amount) = (row.date("until"), row.money("amount"));
        let claimed = Claimed { kind: kind?, key: key?, date: date?, until, amount: amount?, seller: None };
        if until.is_some_and(|until| until < claimed.date) {
            row.wrong(CellError::new(row.place_of("until"), Problem::ValueBackwards));
            return None;
        }
        let of: &mut Vec<(Place, Claimed)> = self.evidence.entry(application?).or_default();
        let same = |(_, other): &&(Place, Claimed)| (&other.key, other.date) == (&claimed.key, claimed.date);
        if let Some((first, _)) = of.iter().find(same) {
            let error = CellError::new(row.place(), Problem::KeyDuplicate).with("key", &claimed.key);
            row.wrong(error.with("first", first));
            return None;
        }
        if EVIDENCE_MAX <= of.len() {
            row.wrong(CellError::new(row.place(), Problem::LinesTooMany).with("max", EVIDENCE_MAX));
            return None;
        }
        of.push((row.place(), claimed));
        Some(())
    }

    /// Complains about lines whose application is not in the file.
    pub(super) fn leftovers(self, has_applications: bool, file: &Place, findings: &mut Findings) {
        let facts = self.facts.iter().map(|(key, lines)| (key, lines.first().map(|(place, _)| place)));
        let evidence = self.evidence.iter().map(|(key, lines)| (key, lines.first().map(|(place, _)| place)));
        let sheet = sheets::of(SheetKind::Application).name;
        let left: Vec<(&Reference, Option<&Place>)> = facts.chain(evidence).collect();
        if !left.is_empty() && !has_applications {
            findings.errors.push(CellError::new(file.clone(), Problem::SheetMissing).with("expected", sheet));
            return;
        }
        for (key, place) in left {
            let place = place.unwrap_or(file).clone();
            let error = CellError::new(place, Problem::LineOrphan).with("key", key);
            findings.errors.push(error.with("sheet", sheet));
        }
    }
}

/// The fingerprint of a document. Of a train it has the day of the tickets, which may stand behind the number.
fn document(row: &mut Row<'_>, kind: EvidenceKind, day: Option<Date>) -> Option<Text<60>> {
    let code = row.has("code").then(|| ascii(row, "code"));
    let key = match (kind, code) {
        (EvidenceKind::Invoice, None) => {
            let (number, place) = ascii(row, "number")?;
            InvoiceKey::digital(&number).map(|key| key.to_string()).map_err(|error| (place, error))
        }
        (EvidenceKind::Invoice, Some(code)) => {
            let ((code, place), (number, _)) = (code?, ascii(row, "number")?);
            InvoiceKey::paper(&code, &number).map(|key| key.to_string()).map_err(|error| (place, error))
        }
        (_, Some(_)) => {
            let error = CellError::new(row.place_of("code"), Problem::ValueForm);
            row.wrong(error.with("expected", "（空）"));
            return None;
        }
        (_, None) => {
            let number: Reference = row.parse("number")?;
            let read = numbered(kind, number.as_str(), day).map(|key| key.to_string());
            read.map_err(|error| (row.place_of("number"), error))
        }
    };
    let read = key.and_then(|key| key.parse().map_err(|error| (row.place_of("number"), error)));
    read.map_err(|(place, error)| row.wrong(CellError::of_value(place, &error))).ok()
}

/// The fingerprint of what is no invoice; `G1001/2025-05-01` is a train with the day of its tickets.
fn numbered(kind: EvidenceKind, number: &str, day: Option<Date>) -> Result<Text<60>, ValueError> {
    let form = ValueError { what: "train", reason: Reason::Form { expected: "G1001/2025-05-01" } };
    if kind != EvidenceKind::Tickets {
        // The day is part of a train's fingerprint only.
        return fingerprint::written(kind, number, Date::from_days(0)?);
    }
    match (number.split_once('/'), day) {
        (Some((train, own)), day) => {
            let own: Date = own.parse()?;
            if day.is_some_and(|day| day != own) { Err(form) } else { fingerprint::written(kind, train, own) }
        }
        (None, Some(day)) => fingerprint::written(kind, number, day),
        (None, None) => Err(form),
    }
}

/// A number that would be folded silently if it held full-width digits.
fn ascii(row: &mut Row<'_>, key: &str) -> Option<(String, Place)> {
    let (text, place) = row.text(key)?;
    let folded = fold_full_width(&text);
    let differs = |(ours, theirs): (char, char)| ours != theirs;
    if let Some(at) = folded.chars().zip(text.chars()).position(differs) {
        let at = at.saturating_add(1);
        let (what, reason) = ("invoice", Reason::FullWidth { at });
        row.wrong(CellError::of_value(place, &ValueError { what, reason }));
        return None;
    }
    Some((text.to_string(), place))
}

pub(super) fn application(row: &mut Row<'_>, lines: &mut Lines) -> Option<Built> {
    let application: Option<Reference> = row.parse("application");
    let enterprise: Option<CreditCode> = row.parse("enterprise");
    let (project, measure, applied_on) = (row.parse("project"), row.parse("measure"), row.date("applied_on"));
    let personal = payee(row);
    let application = application?;
    let facts = lines.facts.remove(&application).unwrap_or_default();
    let evidence = lines.evidence.remove(&application).unwrap_or_default();
    let enterprise = enterprise?;
    let personal = personal.map(|one| Personal { enterprise: enterprise.to_string(), ..one });
    let request = SubmitApplication {
        application,
        enterprise,
        project,
        measure: measure?,
        applied_on: applied_on?,
        facts: facts.into_iter().map(|(_, fact)| fact).collect(),
        evidence: evidence.into_iter().map(|(_, claimed)| claimed).collect(),
        payee_person: None,
    };
    Some((request.into(), personal.into_iter().collect()))
}

/// A payee who is a person: all four parts or none.
fn payee(row: &mut Row<'_>) -> Option<Personal> {
    register::whole(row, &["payee_name", "payee_identity", "payee_account", "payee_bank"])?;
    let (name, identity) = (row.parse("payee_name"), register::identity(row, "payee_identity"));
    let (account, bank) = (row.parse("payee_account"), row.bank("payee_bank"));
    let payee = PersonPayee { name: name?, account: account?, bank: bank? };
    Some(Personal {
        field: "payee_person",
        identity: Some(identity?),
        enterprise: String::new(),
        name: payee.name.to_string(),
        plain: payee.plain(),
    })
}

pub(super) fn void(row: &mut Row<'_>) -> Option<VoidEvidence> {
    let kind: Option<EvidenceKind> = row.choice("kind");
    let key = kind.and_then(|kind| document(row, kind, None));
    let (net, on, source) = (row.money("net"), row.date("on"), row.parse("source"));
    Some(VoidEvidence { key: key?, net: net?, on: on?, source: source? })
}

pub(super) fn withdrawal(row: &mut Row<'_>) -> Option<WithdrawApplication> {
    let (application, reason) = (row.parse("application"), row.parse("reason"));
    Some(WithdrawApplication { application: application?, reason: reason? })
}

pub(super) fn decision(row: &mut Row<'_>) -> Option<DecideApplication> {
    let application = row.parse("application")?;
    Some(DecideApplication { application })
}

pub(super) fn confirmation(row: &mut Row<'_>) -> Option<ConfirmAward> {
    let award = row.given("award")?;
    Some(ConfirmAward { award })
}

pub(super) fn reduction(row: &mut Row<'_>) -> Option<ReduceAward> {
    let (award, to, reason) = (row.given("award"), row.money("to"), row.parse("reason"));
    let ground = ground(row)?;
    let to = to?;
    if to == Fen::ZERO {
        let error = CellError::new(row.place_of("to"), Problem::ValueOutOfRange);
        row.wrong(error.with("range", "≥ 0.01"));
        return None;
    }
    Some(ReduceAward { award: award?, to, reason: reason?, ground })
}

pub(super) fn revocation(row: &mut Row<'_>) -> Option<RevokeAward> {
    let (award, reason) = (row.given("award"), row.parse("reason"));
    let ground = ground(row)?;
    Some(RevokeAward { award: award?, reason: reason?, ground })
}

/// What the decision rests on, where the cell says so; nothing if the cell is wrong.
#[expect(clippy::option_option, reason = "an empty cell is an answer, a wrong one is none")]
pub(super) fn ground(row: &mut Row<'_>) -> Option<Option<Ground>> {
    match row.has("ground") {
        true => row.choice("ground").map(Some),
        false => Some(None),
    }
}
