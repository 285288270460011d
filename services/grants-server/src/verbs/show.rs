//! `grants show`: one thing with everything that belongs to it. Personal fields show their person's id only.

use crate::{
    bars,
    cli::{Common, Kind},
    failure::Failure,
    look::Look,
    output::{Said, heads},
    rows,
};
use grants_domain::{
    ids::{AwardId, RecoveryId},
    people::Sealed,
    sanction,
    state::{StateRead, get, list},
    tables::{
        Applications, AwardRow, Awards, AwardsBySubject, BudgetLines, Enterprises, ExternalAwards,
        ExternalBySubject, Facts, Projects, Queue, Recoveries,
    },
    values::{CreditCode, Date, ProjectCode, Reference},
};
use grants_files::Texts;
use serde_json::{Value, json};

/// Things of one kind that one page lists.
const LISTED_MAX: usize = 10_000;

/// Performs it.
pub(crate) fn perform(common: &Common, kind: Kind, id: &str, texts: &Texts) -> Result<Said, Failure> {
    let look = Look::open(common, texts)?;
    let today = look.day()?;
    let found = look.read(|state| match kind {
        Kind::Enterprise => enterprise(state, &id.parse().ok()?, today, texts),
        Kind::Project => project(state, &id.parse().ok()?, texts),
        Kind::Application => application(state, &id.parse().ok()?, texts),
        Kind::Award => award(state, id.parse().ok()?, today, texts),
        Kind::Budget => budget(state, &id.parse().ok()?, texts),
        Kind::Recovery => recovery(state, id.parse().ok()?, texts),
    })?;
    found.ok_or_else(|| Failure::usage(texts.get("program-unknown", &[("id", id)])))
}

fn enterprise(state: &dyn StateRead, code: &CreditCode, today: Date, texts: &Texts) -> Option<Said> {
    let row = get::<Enterprises>(state, code)?;
    let awards = awards_of(state, format!("enterprise:{code}"));
    let scope = format!("enterprise:{code}");
    let caps: Vec<_> = rows::caps(state).into_iter().filter(|([_, of, _], _)| *of == scope).collect();
    let (recorded, in_force) = (sanction::recorded(state, code), sanction::in_force(state, code, today));
    let applications: Vec<_> =
        rows::applications(state).into_iter().filter(|one| one.enterprise == *code).collect();
    let json = json!({
        "enterprise": row,
        "applications": applications,
        "awards": awards_json(&awards),
        "caps": caps.iter().map(|([cap, _, window], row)| json!({ "cap": cap, "window": window, "used": row.used })).collect::<Vec<Value>>(),
        "facts": facts(state, &scope),
        "sanctions": recorded,
        "barred_by": in_force.iter().map(bars::as_data).collect::<Vec<Value>>(),
    });
    let person =
        |sealed: &Option<Sealed>| sealed.as_ref().map_or("—".to_owned(), |one| one.person.to_string());
    let lines = [
        format!("{}  {}", row.code, row.name),
        format!("{}: {}", texts.get("head-treasury", &[]), row.treasury),
        format!("{}: {}", texts.get("program-legal-representative", &[]), person(&row.legal_representative)),
        format!("{}: {}", texts.get("program-contact", &[]), person(&row.contact)),
    ];
    let application_rows = applications.iter().map(|one| {
        let status = texts.word("application-status", one.status.word());
        vec![one.number.to_string(), one.measure.to_string(), one.applied_on.to_string(), status]
    });
    let of_others = in_force.iter().filter(|bar| bar.code != *code).map(|bar| (&bar.code, &bar.sanction));
    let sanctions = recorded.iter().map(|one| (code, one)).chain(of_others);
    let sanction_rows = sanctions.map(|(code, one)| bars::row(code, one, texts)).collect();
    let cap_rows =
        caps.iter().map(|([cap, _, window], row)| vec![cap.clone(), window.clone(), row.used.grouped()]);
    Some(
        Said::new(json)
            .lines(lines)
            .lines(in_force.iter().map(|bar| bars::told(bar, code, texts)))
            .table(heads(texts, &bars::HEADS), sanction_rows)
            .table(
                heads(texts, &["head-application", "head-measure", "head-on", "head-result"]),
                application_rows.collect(),
            )
            .table(award_heads(texts), award_rows(&awards, texts))
            .table(heads(texts, &["head-cap", "head-window", "head-used"]), cap_rows.collect()),
    )
}

fn project(state: &dyn StateRead, code: &ProjectCode, texts: &Texts) -> Option<Said> {
    let row = get::<Projects>(state, code)?;
    let subject = format!("project:{code}");
    let awards = awards_of(state, subject.clone());
    let external: Vec<_> = list::<ExternalBySubject>(state, &subject, LISTED_MAX)
        .iter()
        .filter_map(|(key, _)| {
            let name = key.split(|byte| *byte == 0).nth(1)?;
            let name: Reference = String::from_utf8(name.to_vec()).ok()?.parse().ok()?;
            let row = get::<ExternalAwards>(state, &name)?;
            Some((name, row))
        })
        .collect();
    let json = json!({
        "project": row,
        "awards": awards_json(&awards),
        "external_awards": external.iter().map(|(name, row)| json!({ "award": name, "report": row })).collect::<Vec<Value>>(),
        "facts": facts(state, &subject),
    });
    let lines = [
        format!("{}  {}", row.code, row.name),
        format!("{}: {}", texts.get("program-enterprise", &[]), row.enterprise),
        format!("{}: {}", texts.get("program-total-investment", &[]), row.total_investment.grouped()),
        format!("{}: {}", texts.get("program-validity", &[]), row.validity),
    ];
    let external_rows = external.iter().map(|(name, row)| {
        let amount = row.amount.map(|amount| amount.grouped()).unwrap_or_default();
        vec![name.to_string(), texts.word("external-status", row.status.word()), amount, row.on.to_string()]
    });
    Some(Said::new(json).lines(lines).table(award_heads(texts), award_rows(&awards, texts)).table(
        heads(texts, &["head-external", "head-result", "head-amount", "head-on"]),
        external_rows.collect(),
    ))
}

fn application(state: &dyn StateRead, number: &Reference, texts: &Texts) -> Option<Said> {
    let row = get::<Applications>(state, number)?;
    let status = texts.word("application-status", row.status.word());
    let lines = [
        format!("{}  {}  {}  {status}", row.number, row.measure, row.applied_on),
        format!("{}: {}", texts.get("program-enterprise", &[]), row.enterprise),
        format!(
            "{}: {}",
            texts.get("head-award", &[]),
            row.award.map_or("—".to_owned(), |id| id.to_string())
        ),
    ];
    let evidence = row.evidence.iter().map(|one| {
        vec![
            texts.word("evidence-kind", one.kind.word()),
            one.key.to_string(),
            one.date.to_string(),
            one.amount.grouped(),
        ]
    });
    let facts = row.facts.iter().map(|fact| vec![fact.name.to_string(), fact.value.to_string()]);
    Some(
        Said::new(json!({ "application": row }))
            .lines(lines)
            .table(heads(texts, &["head-fact", "head-value"]), facts.collect())
            .table(
                heads(texts, &["head-kind", "head-evidence", "head-on", "head-amount"]),
                evidence.collect(),
            ),
    )
}

fn award(state: &dyn StateRead, id: AwardId, today: Date, texts: &Texts) -> Option<Said> {
    let row = get::<Awards>(state, &id)?;
    let bar = bars::of_award(state, &row, today);
    let attempts: Vec<_> = rows::attempts(state).into_iter().filter(|(_, one)| one.award == id).collect();
    let json = json!({
        "id": id,
        "award": row,
        "barred_by": bar.as_ref().map(bars::as_data),
        "payments": attempts.iter().map(|(id, row)| json!({ "payment": id, "attempt": row })).collect::<Vec<Value>>(),
    });
    let holds = row
        .holds
        .iter()
        .map(|hold| texts.get("program-held", &[("what", &format!("{} {}", hold.rule, hold.waits_for))]));
    let payments = attempts.iter().map(|(id, one)| {
        vec![
            id.to_string(),
            one.amount.grouped(),
            texts.word("payment-status", one.status.word()),
            one.instructed_on.to_string(),
        ]
    });
    Some(
        Said::new(json)
            .table(award_heads(texts), award_rows(&[(id, row.clone())], texts))
            .lines(holds)
            .lines(bar.iter().map(|bar| bars::told(bar, &row.enterprise, texts)))
            .table(
                heads(texts, &["head-payment", "head-amount", "head-result", "head-on"]),
                payments.collect(),
            ),
    )
}

fn budget(state: &dyn StateRead, line: &Reference, texts: &Texts) -> Option<Said> {
    let row = get::<BudgetLines>(state, line)?;
    let queue: Vec<AwardId> = list::<Queue>(state, line, LISTED_MAX)
        .iter()
        .filter_map(|(key, _)| Some(AwardId(u64::from_be_bytes(key.last_chunk().copied()?))))
        .collect();
    let accounts = [
        ("appropriation", row.appropriation),
        ("available", row.available),
        ("reserved", row.reserved),
        ("payable", row.payable),
        ("in_transit", row.in_transit),
        ("paid", row.paid),
        ("receivable", row.receivable),
        ("recovery_claims", row.recovery_claims),
        ("recovered", row.recovered),
    ];
    let account_rows = accounts.iter().map(|(name, fen)| {
        let sign = if *fen < 0 { "-" } else { "" };
        let amount = fen.unsigned_abs();
        vec![texts.word("account", name), format!("{sign}{}.{:02}", amount / 100, amount % 100)]
    });
    let queued = queue.iter().zip(1_u32..).map(|(award, place)| vec![place.to_string(), award.to_string()]);
    Some(
        Said::new(json!({ "line": line, "row": row, "queue": queue }))
            .line(format!("{line}  {}  {}", row.treasury, row.year))
            .table(heads(texts, &["head-account", "head-amount"]), account_rows.collect())
            .table(heads(texts, &["head-place", "head-award"]), queued.collect()),
    )
}

fn recovery(state: &dyn StateRead, id: RecoveryId, texts: &Texts) -> Option<Said> {
    let row = get::<Recoveries>(state, &id)?;
    let cells = vec![
        id.to_string(),
        row.award.to_string(),
        row.amount.grouped(),
        row.received.grouped(),
        texts.word("recovery-status", row.status.word()),
        row.rule.to_string(),
    ];
    let head = ["head-recovery", "head-award", "head-amount", "head-received", "head-result", "head-rule"];
    Some(Said::new(json!({ "id": id, "recovery": row })).table(heads(texts, &head), vec![cells]))
}

fn awards_of(state: &dyn StateRead, subject: String) -> Vec<(AwardId, AwardRow)> {
    list::<AwardsBySubject>(state, &subject, LISTED_MAX)
        .iter()
        .filter_map(|(key, _)| {
            let id = AwardId(u64::from_be_bytes(key.last_chunk().copied()?));
            Some((id, get::<Awards>(state, &id)?))
        })
        .collect()
}

fn awards_json(awards: &[(AwardId, AwardRow)]) -> Vec<Value> {
    awards.iter().map(|(id, row)| json!({ "id": id, "award": row })).collect()
}

fn award_heads(texts: &Texts) -> Vec<String> {
    heads(texts, &["head-award", "head-measure", "head-result", "head-amount", "head-paid", "head-line"])
}

fn award_rows(awards: &[(AwardId, AwardRow)], texts: &Texts) -> Vec<Vec<String>> {
    let one = |(id, row): &(AwardId, AwardRow)| {
        vec![
            id.to_string(),
            row.measure.to_string(),
            texts.word("award-status", row.status.word()),
            row.amount.grouped(),
            row.settled.grouped(),
            rows::paid_from(row),
        ]
    };
    awards.iter().map(one).collect()
}

/// Recorded facts about a subject: name, day and value.
fn facts(state: &dyn StateRead, subject: &str) -> Vec<Value> {
    let rows = list::<Facts>(state, &subject.to_owned(), LISTED_MAX);
    let one = |(key, row): &(Vec<u8>, grants_domain::tables::FactRow)| {
        let name = key.split(|byte| *byte == 0).nth(1)?;
        Some(json!({ "name": String::from_utf8_lossy(name), "value": row.value, "source": row.source }))
    };
    rows.iter().filter_map(one).collect()
}
