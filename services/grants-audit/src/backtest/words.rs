//! A back-test as data, with stable field names, and the sentences that text, workbook and data share.

use super::{
    Backtest,
    came::{Came, Ends},
    change::{Change, Kind},
    sums::{BudgetEffect, Effect, difference},
};
use crate::explain::as_json;
use grants_domain::{refusal::Refused, values::Fen};
use grants_files::{Lang, Texts};
use grants_policy::{Catalogue, End, Explanation, Language};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// One of the two ledgers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// As recorded.
    Then,
    /// Under the changed catalogue.
    Now,
}

/// An amount in 元 with thousands commas and its sign, for people: `-3,000,000.00`. Sums may be larger than one amount.
#[must_use]
pub fn grouped(fen: i128) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let amount = i128::try_from(fen.unsigned_abs()).unwrap_or(i128::MAX);
    match Fen::from_i128(amount) {
        Ok(amount) => format!("{sign}{}", amount.grouped()),
        Err(_) => plain(fen),
    }
}

/// The same without commas, for programs.
pub(super) fn plain(fen: i128) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// The language of the catalogue's sentences.
pub(super) fn language(texts: &Texts) -> Language {
    match texts.lang() {
        Lang::Zh => Language::Zh,
        Lang::En => Language::En,
    }
}

impl Backtest {
    /// The catalogue that a decision of a side was made under; for what was not decided, the last one.
    fn catalogue(&self, side: Side, ends: &Ends) -> Option<Arc<Catalogue>> {
        match (side, ends.came.trace()) {
            (Side::Now, _) => Some(Arc::clone(&self.after)),
            (Side::Then, Some(trace)) => self.before.catalogue(trace.version),
            (Side::Then, None) => (1..=u32::MAX).map_while(|version| self.before.catalogue(version)).last(),
        }
    }

    /// The decision told step by step, if there was one.
    pub(super) fn explanation(&self, side: Side, ends: &Ends, texts: &Texts) -> Option<Explanation> {
        let trace = ends.came.trace()?;
        let end = match &ends.came {
            Came::Awarded(fact) => End::Due { amount: fact.amount, holds: &fact.holds },
            Came::NotTaken(_) | Came::Waits(_) | Came::Withdrawn | Came::Rejected(_) => {
                End::Refused(ends.came.refused()?)
            }
        };
        Some(self.catalogue(side, ends)?.explain(trace, &end, language(texts)))
    }

    /// The result in one sentence.
    pub(super) fn result(&self, side: Side, ends: &Ends, texts: &Texts) -> String {
        let why = |refused: &Refused| match self.catalogue(side, ends) {
            Some(catalogue) => catalogue.refusal(refused, language(texts)),
            None => texts.refusal(refused),
        };
        match &ends.came {
            Came::NotTaken(refused) => texts.get("backtest-not-taken", &[("why", &why(refused))]),
            Came::Waits(None) => texts.get("backtest-waits", &[]),
            Came::Waits(Some(refused)) => texts.get("backtest-waits-because", &[("why", &why(refused))]),
            Came::Withdrawn => texts.get("backtest-withdrawn", &[]),
            Came::Rejected(fact) => texts.get("backtest-rejected", &[("why", &why(&fact.refused))]),
            Came::Awarded(fact) => {
                let (amount, stands) = (fact.amount.grouped(), ends.stands.grouped());
                texts.get("backtest-awarded", &[("amount", &amount), ("stands", &stands)])
            }
        }
    }

    /// The title of a measure: of the changed catalogue, else of the last that has it.
    pub(super) fn title(&self, measure: &str, texts: &Texts) -> String {
        let of = |catalogue: &Catalogue| {
            let found = catalogue.measure(&measure.parse().ok()?)?;
            let title = &found.file.measure.title;
            Some(match texts.lang() {
                Lang::Zh => title.zh.clone(),
                Lang::En => title.en.clone(),
            })
        };
        let earlier = (1..=u32::MAX).map_while(|version| self.before.catalogue(version));
        of(&self.after).or_else(|| earlier.filter_map(|catalogue| of(&catalogue)).last()).unwrap_or_default()
    }

    /// How many changes there are of each kind that occurs.
    pub(super) fn kinds(&self) -> BTreeMap<Kind, u64> {
        let mut kinds: BTreeMap<Kind, u64> = BTreeMap::new();
        for change in &self.changes {
            let count = kinds.entry(change.kind).or_default();
            *count = count.saturating_add(1);
        }
        kinds
    }

    /// Everything, for programs. Sentences are in the language of `texts`.
    #[must_use]
    pub fn json(&self, texts: &Texts) -> Value {
        let kinds =
            self.kinds().into_iter().map(|(kind, count)| (kind.word().to_owned(), Value::from(count)));
        let effect = |name: &str, one: &Effect, title: String| {
            let mut fields = Map::new();
            fields.insert(name.to_owned(), Value::from(one.id.clone()));
            fields.insert("name".to_owned(), Value::from(title));
            fields.insert("changes".to_owned(), Value::from(one.changes));
            both(&mut fields, "stands", one.stands);
            Value::Object(fields)
        };
        let enterprises = self.enterprises.iter().map(|one| effect("enterprise", one, one.name.clone()));
        let measures = self.measures.iter().map(|one| effect("measure", one, self.title(&one.id, texts)));
        let skipped = self.skipped.iter();
        let skipped = skipped
            .map(|one| json!({ "verb": one.verb, "reason": one.reason, "count": one.count }))
            .collect::<Vec<_>>();
        let mut stands = Map::new();
        both(&mut stands, "stands", self.stands);
        json!({
            "events": self.events,
            "root": self.root,
            "commands": self.commands,
            "applications": self.applications,
            "changes": self.changes.len(),
            "total": stands,
            "kinds": Value::Object(kinds.collect()),
            "enterprises": enterprises.collect::<Vec<_>>(),
            "measures": measures.collect::<Vec<_>>(),
            "budget": self.budget.iter().map(line).collect::<Vec<_>>(),
            "decisions": self.changes.iter().map(|one| self.decision(one, texts)).collect::<Vec<_>>(),
            "skipped": skipped,
        })
    }

    fn decision(&self, change: &Change, texts: &Texts) -> Value {
        let Ends { number, enterprise, measure, project, applied_on, .. } = &change.then;
        let difference = change.difference();
        let name = self.enterprises.iter().find(|one| one.id == enterprise.as_str()).map(|one| &one.name);
        json!({
            "application": number, "enterprise": enterprise, "name": name, "measure": measure,
            "project": project, "applied_on": applied_on, "kind": change.kind.word(),
            "difference": difference, "difference_fen": difference.get(),
            "then": self.side(Side::Then, &change.then, texts),
            "now": self.side(Side::Now, &change.now, texts),
        })
    }

    fn side(&self, side: Side, ends: &Ends, texts: &Texts) -> Value {
        let amount = ends.came.amount();
        let awarded = match &ends.came {
            Came::Awarded(fact) => Some(&**fact),
            Came::NotTaken(_) | Came::Waits(_) | Came::Withdrawn | Came::Rejected(_) => None,
        };
        json!({
            "came": ends.came.word(),
            "award": awarded.map(|fact| fact.award),
            "amount": amount, "amount_fen": amount.get(),
            "stands": ends.stands, "stands_fen": ends.stands.get(),
            "line": awarded.map(|fact| &fact.line),
            "payer": awarded.map(|fact| &fact.payer),
            "shares": awarded.map(|fact| &fact.shares),
            "cut_by": ends.came.cut_by().collect::<Vec<_>>(),
            "refused": ends.came.refused(),
            "result": self.result(side, ends, texts),
            "told": self.explanation(side, ends, texts).as_ref().map(as_json),
        })
    }
}

fn line(one: &BudgetEffect) -> Value {
    let mut fields = Map::new();
    fields.insert("line".to_owned(), json!(one.line));
    fields.insert("treasury".to_owned(), json!(one.treasury));
    fields.insert("year".to_owned(), json!(one.year));
    both(&mut fields, "used", one.used);
    both(&mut fields, "available", one.available);
    both(&mut fields, "waiting", one.waiting);
    Value::Object(fields)
}

/// An amount of both ledgers and its difference: as text in 元, and in 分 as far as a whole number of 64 bits holds it.
fn both(fields: &mut Map<String, Value>, name: &str, [then, now]: [i128; 2]) {
    for (side, fen) in [("then", then), ("now", now), ("difference", difference([then, now]))] {
        fields.insert(format!("{name}_{side}"), Value::from(plain(fen)));
        fields.insert(format!("{name}_{side}_fen"), json!(i64::try_from(fen).ok()));
    }
}
