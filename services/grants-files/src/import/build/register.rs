//! Rows about enterprises, projects, rates, and what other levels and bodies report.

use super::Built;
use crate::{
    import::{Personal, Row},
    problem::{CellError, Problem},
};
use grants_domain::{
    enterprise::register::RegisterEnterprise,
    external::{open_round::OpenRound, report_award::ReportAward},
    fact::record::RecordFact,
    people::Payee,
    project::register::RegisterProject,
    rate::publish::PublishRate,
    tables::ProjectRow,
    values::{CreditCode, DatePeriod, IdentityNumber, ProjectCode, Text},
};

pub(super) fn rate(row: &mut Row<'_>) -> Option<PublishRate> {
    let (name, published_on) = (row.parse("name"), row.date("published_on"));
    let (rate, source) = (row.rate("rate"), row.parse("source"));
    Some(PublishRate { name: name?, published_on: published_on?, rate: rate?, source: source? })
}

pub(super) fn enterprise(row: &mut Row<'_>) -> Option<Built> {
    let code: Option<CreditCode> = row.parse("code");
    let (name, treasury, industry) = (row.parse("name"), row.parse("treasury"), row.parse("industry"));
    let payee = payee(row);
    let representative = representative(row);
    let contact = contact(row);
    let code = code?;
    let people = [representative, contact].into_iter().flatten();
    let personal = people.map(|person| Personal { enterprise: code.to_string(), ..person }).collect();
    let request = RegisterEnterprise {
        code,
        name: name?,
        treasury: treasury?,
        industry,
        legal_representative: None,
        contact: None,
        payee,
    };
    Some((request.into(), personal))
}

/// The account of an enterprise: all three parts or none.
fn payee(row: &mut Row<'_>) -> Option<Payee> {
    let keys = ["payee_name", "payee_account", "payee_bank"];
    whole(row, &keys)?;
    let (name, account, bank) = (row.parse("payee_name"), row.parse("payee_account"), row.bank("payee_bank"));
    Some(Payee { name: name?, account: account?, bank: bank? })
}

/// Whether all of a group stand; if only some do, the missing ones are complained about.
pub(super) fn whole(row: &mut Row<'_>, keys: &[&str]) -> Option<()> {
    let missing: Vec<&&str> = keys.iter().filter(|key| !row.has(key)).collect();
    if missing.is_empty() {
        return Some(());
    }
    if missing.len() < keys.len() {
        for key in missing {
            row.incomplete(key);
        }
    }
    None
}

fn representative(row: &mut Row<'_>) -> Option<Personal> {
    let identity = identity(row, "legal_representative_identity");
    if row.has("legal_representative_identity") && !row.has("legal_representative") {
        row.incomplete("legal_representative");
        return None;
    }
    let name: Text<100> = row.parse("legal_representative")?;
    Some(Personal {
        field: "legal_representative",
        identity,
        enterprise: String::new(),
        name: name.to_string(),
        plain: name.to_string(),
    })
}

fn contact(row: &mut Row<'_>) -> Option<Personal> {
    if row.has("contact_phone") && !row.has("contact") {
        row.incomplete("contact");
        return None;
    }
    let name: Text<100> = row.parse("contact")?;
    let phone: Option<Text<40>> = row.parse("contact_phone");
    let plain = match phone {
        Some(phone) => format!("{name} {phone}"),
        None => name.to_string(),
    };
    Some(Personal {
        field: "contact",
        identity: None,
        enterprise: String::new(),
        name: name.to_string(),
        plain,
    })
}

/// An identity number in the form under which the vault knows a person.
pub(super) fn identity(row: &mut Row<'_>, key: &str) -> Option<String> {
    let (text, place) = row.text(key)?;
    match IdentityNumber::normalise(&text) {
        Ok(number) => Some(number.value.current_form().reveal().to_owned()),
        Err(error) => {
            row.wrong(CellError::of_value(place, &error));
            None
        }
    }
}

pub(super) fn project(row: &mut Row<'_>) -> Option<RegisterProject> {
    let (code, enterprise, name) = (row.parse("code"), row.parse("enterprise"), row.parse("name"));
    let (treasury, total_investment) = (row.parse("treasury"), row.money("total_investment"));
    let (validity, in_statistics) = (period(row, "validity_from", "validity_to"), row.flag("in_statistics"));
    let project = ProjectRow {
        code: code?,
        enterprise: enterprise?,
        name: name?,
        treasury: treasury?,
        total_investment: total_investment?,
        validity: validity?,
        in_statistics: in_statistics?,
    };
    Some(RegisterProject { project })
}

fn period(row: &mut Row<'_>, from: &str, to: &str) -> Option<DatePeriod> {
    let (first, last) = (row.date(from), row.date(to));
    let period = DatePeriod::new(first?, last?);
    period.map_err(|error| row.wrong(CellError::of_value(row.place_of(to), &error))).ok()
}

pub(super) fn round(row: &mut Row<'_>) -> Option<OpenRound> {
    let (programme, round) = (row.parse("programme"), row.parse("round"));
    let (open, source) = (period(row, "open_from", "open_to"), row.parse("source"));
    Some(OpenRound { programme: programme?, round: round?, open: open?, source: source? })
}

pub(super) fn external_award(row: &mut Row<'_>) -> Option<ReportAward> {
    let (award, subject, level) = (row.parse("award"), subject(row), row.choice("level"));
    let (programme, status, amount) = (row.parse("programme"), row.choice("status"), row.money("amount"));
    let (on, source) = (row.date("on"), row.parse("source"));
    Some(ReportAward {
        award: award?,
        subject: subject?,
        level: level?,
        programme: programme?,
        status: status?,
        amount,
        on: on?,
        source: source?,
    })
}

pub(super) fn fact(row: &mut Row<'_>) -> Option<RecordFact> {
    let (subject, name, value) = (subject(row), row.parse("name"), row.fact("type", "value"));
    let (on, source) = (row.date("on"), row.parse("source"));
    Some(RecordFact { subject: subject?, name: name?, value: value?, on: on?, source: source? })
}

/// `enterprise:CODE`, `project:CODE`, or another subject as it is written in the catalogue.
fn subject(row: &mut Row<'_>) -> Option<Text<80>> {
    let text = match row.word("subject_kind") {
        Some("enterprise") => format!("enterprise:{}", row.parse::<CreditCode>("subject")?),
        Some("project") => format!("project:{}", row.parse::<ProjectCode>("subject")?),
        Some(_) => other_subject(row)?,
        None => return None,
    };
    let read = text.parse();
    read.map_err(|error| row.wrong(CellError::of_value(row.place_of("subject"), &error))).ok()
}

fn other_subject(row: &mut Row<'_>) -> Option<String> {
    let (text, place) = row.text("subject")?;
    let kind = text.split_once(':').map_or("", |(kind, _)| kind);
    if kind.is_empty() || matches!(kind, "enterprise" | "project") {
        row.wrong(CellError::new(place, Problem::ValueForm).with("expected", "title:…"));
        return None;
    }
    Some(text.to_string())
}
