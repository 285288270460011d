//! The books of a day as a page: awards, budget lines, caps.

use grants_audit::replay::Folded;
use grants_domain::{
    state::list,
    tables::{Awards, BudgetLines, Caps},
};
use grants_files::Texts;
use serde_json::{Value, json};
use std::fmt::Write;

/// One line of each kind: what it is, and its cells.
struct Lines {
    awards: Vec<Vec<String>>,
    budget: Vec<Vec<String>>,
    caps: Vec<Vec<String>>,
}

fn lines(folded: &Folded) -> Lines {
    let state = &folded.state;
    let awards = list::<Awards>(state, &(), usize::MAX).into_iter().map(|(key, row)| {
        let id = key.try_into().map_or(0, u64::from_be_bytes);
        vec![
            format!("AW-{id}"),
            row.application.to_string(),
            row.measure.to_string(),
            row.status.to_string(),
            row.amount.to_string(),
            row.settled.to_string(),
        ]
    });
    let budget = list::<BudgetLines>(state, &(), usize::MAX).into_iter().map(|(key, row)| {
        let amounts = [row.appropriation, row.available, row.reserved, row.payable, row.in_transit, row.paid];
        let mut cells = vec![parts(&key).join(" ")];
        cells.extend(amounts.iter().map(|fen| yuan(*fen)));
        cells
    });
    let caps = list::<Caps>(state, &(), usize::MAX).into_iter().map(|(key, row)| {
        let mut cells = parts(&key);
        cells.push(row.used.to_string());
        cells
    });
    Lines { awards: awards.collect(), budget: budget.collect(), caps: caps.collect() }
}

/// The texts of a key.
fn parts(key: &[u8]) -> Vec<String> {
    let texts = key.split(|byte| *byte == 0).filter(|part| !part.is_empty());
    texts.map(|part| String::from_utf8_lossy(part).into_owned()).collect()
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// Where an award's line says its status.
const STATUS: usize = 3;
const AWARDS: [&str; 6] = ["award", "application", "measure", "status", "amount", "paid"];
const BUDGET: [&str; 7] = ["line", "appropriation", "available", "reserved", "payable", "in_transit", "paid"];
const CAPS: [&str; 4] = ["cap", "scope", "window", "used"];

/// For programs.
pub(crate) fn json(folded: &Folded) -> Value {
    let Lines { awards, budget, caps } = lines(folded);
    let objects = |heads: &[&str], rows: Vec<Vec<String>>| -> Vec<Value> {
        let object = |row: Vec<String>| {
            heads.iter().map(|head| (*head).to_owned()).zip(row.into_iter().map(Value::from)).collect()
        };
        rows.into_iter().map(|row| Value::Object(object(row))).collect()
    };
    json!({
        "events": folded.events,
        "last": folded.last,
        "root": folded.root,
        "state": folded.digest,
        "awards": objects(&AWARDS, awards),
        "budget_lines": objects(&BUDGET, budget),
        "caps": objects(&CAPS, caps),
    })
}

const AWARD_HEADS: [&str; 6] =
    ["head-award", "head-application", "head-measure", "head-status", "head-amount", "head-paid"];
const CAP_HEADS: [&str; 4] = ["head-cap", "head-scope", "head-window", "head-used"];

/// For people: tab-separated, so that it can be cut and compared.
pub(crate) fn text(folded: &Folded, texts: &Texts) -> String {
    let Lines { mut awards, budget, caps } = lines(folded);
    for status in awards.iter_mut().filter_map(|row| row.get_mut(STATUS)) {
        *status = texts.word("award-status", status);
    }
    let heads = |ids: &[&str]| ids.iter().map(|id| texts.get(id, &[])).collect::<Vec<_>>();
    let account = |name: &&str| texts.word("account", name);
    let budget_heads =
        heads(&["head-line"]).into_iter().chain(BUDGET.iter().skip(1).map(account)).collect::<Vec<_>>();
    let last = folded.last.map(|time| time.to_string()).unwrap_or_default();
    let mut out = texts.get("audit-as-of", &[("last", &last), ("events", &folded.events.to_string())]);
    for (heads, rows) in [(heads(&AWARD_HEADS), awards), (budget_heads, budget), (heads(&CAP_HEADS), caps)] {
        // Writing to a string cannot fail.
        let _ = write!(out, "\n\n{}", heads.join("\t"));
        for row in rows {
            let _ = write!(out, "\n{}", row.join("\t"));
        }
    }
    if let (Some(root), Some(digest)) = (&folded.root, &folded.digest) {
        let root = texts.get("audit-root", &[("root", root)]);
        let _ = write!(out, "\n\n{root}\n{}", texts.get("audit-state", &[("digest", &digest.to_string())]));
    }
    out.push('\n');
    out
}
