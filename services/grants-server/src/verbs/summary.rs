//! `grants summary`: how things stand: decisions with reasons, money by treasury and measure, what is held and why.

use crate::{
    cli::Common,
    failure::Failure,
    look::Look,
    output::{Said, heads},
    rows, waiting,
};
use grants_domain::{
    application::ApplicationStatus,
    events::Event,
    ids::{AwardId, RecoveryId},
    state::StateRead,
    tables::{AwardRow, BudgetLineRow, RecoveryRow},
    values::{Date, Fen, Reference},
};
use grants_files::Texts;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Performs it.
pub(crate) fn perform(common: &Common, texts: &Texts) -> Result<Said, Failure> {
    let look = Look::open(common, texts)?;
    let refused = refusals(&look)?;
    let today = look.day()?;
    look.read(|state| told(state, &refused, today, texts))
}

/// The reason of every rejected application, from the log: its code, and the rule.
fn refusals(look: &Look) -> Result<BTreeMap<String, u64>, Failure> {
    let mut counts = BTreeMap::new();
    crate::journal::follow(&*look.log(), 0, |envelope| {
        if let Event::ApplicationRejected(fact) = envelope.event {
            let rule = fact.refused.rule.map(|rule| rule.to_string()).unwrap_or_default();
            let count: &mut u64 = counts.entry(format!("{}\t{rule}", fact.refused.code)).or_default();
            *count = count.saturating_add(1);
        }
        true
    })?;
    Ok(counts)
}

fn told(state: &dyn StateRead, refused: &BTreeMap<String, u64>, today: Date, texts: &Texts) -> Said {
    let mut statuses: BTreeMap<ApplicationStatus, u64> = BTreeMap::new();
    for row in rows::applications(state) {
        let count = statuses.entry(row.status).or_default();
        *count = count.saturating_add(1);
    }
    let awards = rows::awards(state);
    let measures = by_measure(&awards);
    let waits = |(id, row): &(AwardId, AwardRow)| Some((*id, waiting::reason(state, row, today, texts)?));
    let held: Vec<_> = awards.iter().filter_map(waits).collect();
    let (lines, recoveries) = (rows::budget_lines(state), rows::recoveries(state));
    let json = json!({
        "applications": statuses.iter().map(|(status, count)| (status.word(), *count)).collect::<BTreeMap<_, _>>(),
        "refusals": refused,
        "measures": measures.iter().map(|(measure, sums)| (measure.clone(), sums.json())).collect::<BTreeMap<_, _>>(),
        "budget_lines": lines.iter().map(|(line, row)| (line.to_string(), row)).collect::<BTreeMap<_, _>>(),
        "held": held.iter().map(|(award, why)| json!({ "award": award, "why": why })).collect::<Vec<Value>>(),
        "recoveries": recoveries.iter().map(|(id, row)| json!({ "recovery": id, "award": row.award, "amount": row.amount, "status": row.status })).collect::<Vec<Value>>(),
    });
    let table = |said: Said, head: &[&str], rows: Vec<Vec<String>>| said.table(heads(texts, head), rows);
    let statuses = statuses.iter();
    let rows = statuses
        .map(|(status, count)| vec![texts.word("application-status", status.word()), count.to_string()]);
    let said = table(Said::new(json), &["head-applications", "head-count"], rows.collect());
    let rows = refused.iter().map(|(key, count)| refusal_row(key, *count, texts));
    let said = table(said, &["head-reason", "head-rule", "head-count"], rows.collect());
    let rows = measures.into_iter().map(|(measure, sums)| sums.row(measure));
    let said = table(said, &MONEY, rows.collect());
    let rows = lines.iter().map(|(line, row)| line_row(line, row));
    let said = table(said, &BUDGET, rows.collect());
    let rows = held.iter().map(|(award, why)| vec![award.to_string(), texts.get(why.0, &[("what", &why.1)])]);
    let said = table(said, &["head-held", "head-reason"], rows.collect());
    let rows = recoveries.iter().map(|(id, row)| recovery_row(*id, row, texts));
    table(said, &RECOVERY, rows.collect())
}

const MONEY: [&str; 5] = ["head-measure", "head-count", "head-approved", "head-paid", "head-waiting"];
const BUDGET: [&str; 7] = [
    "head-line",
    "head-treasury",
    "head-budget",
    "head-available",
    "head-committed",
    "head-paid",
    "head-queued",
];
const RECOVERY: [&str; 5] = ["head-recovery", "head-award", "head-amount", "head-result", "head-rule"];

fn refusal_row(key: &str, count: u64, texts: &Texts) -> Vec<String> {
    let (code, rule) = key.split_once('\t').unwrap_or((key, ""));
    let name = texts.find(&format!("rejection-{code}"), &[]).unwrap_or_else(|| code.to_owned());
    vec![name, rule.to_owned(), count.to_string()]
}

fn recovery_row(id: RecoveryId, row: &RecoveryRow, texts: &Texts) -> Vec<String> {
    vec![
        id.to_string(),
        row.award.to_string(),
        row.amount.grouped(),
        texts.word("recovery-status", row.status.word()),
        row.rule.to_string(),
    ]
}

/// Sums of one measure.
#[derive(Default)]
struct Sums {
    awards: u64,
    approved: i128,
    paid: i128,
    waiting: i128,
}

impl Sums {
    fn json(&self) -> Value {
        json!({ "awards": self.awards, "approved": yuan(self.approved), "paid": yuan(self.paid), "waiting": yuan(self.waiting) })
    }
    fn row(&self, measure: String) -> Vec<String> {
        vec![measure, self.awards.to_string(), yuan(self.approved), yuan(self.paid), yuan(self.waiting)]
    }
}

fn by_measure(awards: &[(AwardId, AwardRow)]) -> BTreeMap<String, Sums> {
    let mut measures: BTreeMap<String, Sums> = BTreeMap::new();
    for (_, row) in awards.iter().filter(|(_, row)| row.stands()) {
        let sums = measures.entry(row.measure.to_string()).or_default();
        sums.awards = sums.awards.saturating_add(1);
        sums.approved += i128::from(row.amount.get());
        sums.paid += i128::from(row.settled.get());
        sums.waiting += i128::from(row.amount.saturating_sub(row.settled).get());
    }
    measures
}

/// A sum in 元, which may be larger than one amount can be.
fn yuan(fen: i128) -> String {
    match Fen::from_i128(fen) {
        Ok(fen) => fen.grouped(),
        Err(_) => format!("{}.{:02}", fen / 100, fen % 100),
    }
}

fn line_row(line: &Reference, row: &BudgetLineRow) -> Vec<String> {
    let amount = |fen: i64| yuan(i128::from(fen.saturating_abs()));
    let committed =
        [row.reserved, row.payable, row.in_transit].iter().map(|fen| i128::from(*fen)).sum::<i128>();
    vec![
        line.to_string(),
        row.treasury.to_string(),
        amount(row.appropriation),
        amount(row.available),
        yuan(committed.abs()),
        amount(row.paid),
        row.queued.to_string(),
    ]
}
