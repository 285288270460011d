//! A back-test as a workbook: summary, enterprises, measures, budget, decisions. The same history and catalogue give the
//! same bytes.

use super::{
    Backtest,
    change::Change,
    sums::{BudgetEffect, Effect, difference},
    words::{Side, plain},
};
use grants_domain::values::{Fen, SignedFen};
use grants_files::{
    Texts,
    export::{Cell, Table},
};
use grants_policy::Explanation;

/// Characters of one cell: a spreadsheet takes 32,767, and a long explanation is told whole by the data.
const CELL_CHARACTERS_MAX: usize = 30_000;

impl Backtest {
    /// The sheets.
    #[must_use]
    pub fn tables(&self, texts: &Texts) -> Vec<Table> {
        let table = |name: &str, head: &[&str], rows: Vec<Vec<Cell>>| Table {
            name: texts.get(name, &[]),
            head: head.iter().map(|id| texts.get(id, &[])).collect(),
            rows,
        };
        let enterprises = self.enterprises.iter().map(|one| effect(one, one.name.clone()));
        let measures = self.measures.iter().map(|one| effect(one, self.title(&one.id, texts)));
        let decisions = self.changes.iter().map(|one| self.row(one, texts));
        vec![
            table("backtest-sheet-summary", &SUMMARY, self.summary(texts)),
            table("backtest-sheet-enterprises", &ENTERPRISES, enterprises.collect()),
            table("backtest-sheet-measures", &MEASURES, measures.collect()),
            table("backtest-sheet-budget", &BUDGET, self.budget.iter().map(line).collect()),
            table("backtest-sheet-decisions", &DECISIONS, decisions.collect()),
        ]
    }

    fn summary(&self, texts: &Texts) -> Vec<Vec<Cell>> {
        let changes = u64::try_from(self.changes.len()).unwrap_or(u64::MAX);
        let counts = [
            ("backtest-events", self.events),
            ("backtest-commands", self.commands),
            ("backtest-applications", self.applications),
            ("backtest-changes", changes),
        ];
        let counts = counts.map(|(id, count)| vec![texts.get(id, &[]).into(), Cell::Count(count)]);
        let mut rows = vec![vec![texts.get("backtest-root", &[]).into(), self.root.clone().into()]];
        rows.extend(counts);
        rows.extend(
            self.kinds().into_iter().map(|(kind, count)| vec![kind.name(texts).into(), Cell::Count(count)]),
        );
        let [then, now] = self.stands;
        rows.push(vec![texts.get("backtest-stands-then", &[]).into(), money(then)]);
        rows.push(vec![texts.get("backtest-stands-now", &[]).into(), money(now)]);
        rows.push(vec![texts.get("backtest-difference", &[]).into(), signed(difference(self.stands))]);
        let skipped = self.skipped.iter();
        rows.extend(skipped.map(|one| vec![one.told(texts).into(), Cell::Count(one.count)]));
        rows
    }

    fn row(&self, change: &Change, texts: &Texts) -> Vec<Cell> {
        let Change { then, now, .. } = change;
        let told = [(Side::Then, then), (Side::Now, now)].map(|(side, ends)| {
            let explained = self.explanation(side, ends, texts);
            (self.result(side, ends, texts), sentences(explained.as_ref()), answers(explained.as_ref()))
        });
        let name = self.enterprises.iter().find(|one| one.id == then.enterprise.as_str());
        let [(result_then, steps_then, answers_then), (result_now, steps_now, answers_now)] = told;
        vec![
            then.number.to_string().into(),
            then.enterprise.to_string().into(),
            name.map(|one| one.name.clone()).unwrap_or_default().into(),
            then.measure.to_string().into(),
            then.project.as_ref().map(ToString::to_string).unwrap_or_default().into(),
            then.applied_on.to_string().into(),
            change.kind.name(texts).into(),
            Cell::Money(then.came.amount()),
            Cell::Money(now.came.amount()),
            Cell::Money(then.stands),
            Cell::Money(now.stands),
            Cell::Change(change.difference()),
            result_then.into(),
            result_now.into(),
            steps_then.into(),
            steps_now.into(),
            answers_then.into(),
            answers_now.into(),
        ]
    }
}

const SUMMARY: [&str; 2] = ["backtest-head-what", "backtest-head-value"];
const ENTERPRISES: [&str; 6] = [
    "head-enterprise",
    "backtest-head-name",
    "backtest-changes",
    "backtest-stands-then",
    "backtest-stands-now",
    "backtest-difference",
];
const MEASURES: [&str; 6] = [
    "head-measure",
    "backtest-head-name",
    "backtest-changes",
    "backtest-stands-then",
    "backtest-stands-now",
    "backtest-difference",
];
const BUDGET: [&str; 9] = [
    "head-line",
    "head-treasury",
    "backtest-head-year",
    "backtest-used-then",
    "backtest-used-now",
    "backtest-difference",
    "backtest-available-now",
    "backtest-waiting-then",
    "backtest-waiting-now",
];
const DECISIONS: [&str; 18] = [
    "head-application",
    "head-enterprise",
    "backtest-head-name",
    "head-measure",
    "backtest-head-project",
    "backtest-head-applied-on",
    "backtest-head-kind",
    "backtest-awarded-then",
    "backtest-awarded-now",
    "backtest-stands-then",
    "backtest-stands-now",
    "backtest-difference",
    "backtest-result-then",
    "backtest-result-now",
    "backtest-steps-then",
    "backtest-steps-now",
    "backtest-answers-then",
    "backtest-answers-now",
];

fn effect(one: &Effect, name: String) -> Vec<Cell> {
    let [then, now] = one.stands.map(money);
    let id = one.id.clone().into();
    vec![id, name.into(), Cell::Count(one.changes), then, now, signed(difference(one.stands))]
}

fn line(one: &BudgetEffect) -> Vec<Cell> {
    let [used, would_use] = one.used.map(money);
    let [_, available] = one.available.map(money);
    let [waiting, would_wait] = one.waiting.map(money);
    vec![
        one.line.to_string().into(),
        one.treasury.to_string().into(),
        Cell::Count(one.year.into()),
        used,
        would_use,
        signed(difference(one.used)),
        available,
        waiting,
        would_wait,
    ]
}

/// A sum as a cell: as text where it is larger than an amount can be.
fn money(fen: i128) -> Cell {
    Fen::from_i128(fen).map_or_else(|_| Cell::Text(plain(fen)), Cell::Money)
}

fn signed(fen: i128) -> Cell {
    let difference = i64::try_from(fen).ok().and_then(|fen| SignedFen::new(fen).ok());
    difference.map_or_else(|| Cell::Text(plain(fen)), Cell::Change)
}

fn sentences(explained: Option<&Explanation>) -> String {
    let steps = explained.into_iter().flat_map(|one| &one.sentences);
    let told = steps.zip(1_u32..).map(|(sentence, number)| {
        let clause = sentence.clause.as_ref().map(|clause| format!("〔{clause}〕")).unwrap_or_default();
        format!("{number}. {}{clause}", sentence.text)
    });
    cell(told)
}

fn answers(explained: Option<&Explanation>) -> String {
    let answers = explained.into_iter().flat_map(|one| &one.interpretations);
    cell(answers.map(|one| format!("{} {} → {}（{}）", one.id, one.question, one.answer, one.source)))
}

/// Lines of a cell, cut to what one holds.
fn cell(lines: impl Iterator<Item = String>) -> String {
    let text = lines.collect::<Vec<_>>().join("\n");
    match text.char_indices().nth(CELL_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
