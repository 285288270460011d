//! A back-test as text: what it comes to, then every decision that differs, with the sentences that differ.

use super::{
    Backtest,
    change::Change,
    sums::{BudgetEffect, Effect, difference},
    words::{Side, grouped},
};
use grants_files::Texts;
use grants_policy::Explanation;

/// Decisions that the text tells one by one; of more, the number is told, and the files hold them all.
const DECISIONS_TOLD_MAX: usize = 100;

impl Backtest {
    /// The report for people, line by line.
    #[must_use]
    pub fn lines(&self, texts: &Texts) -> Vec<String> {
        let mut lines = self.head(texts);
        let heading = |id: &str| [String::new(), texts.get(id, &[])];
        if !self.measures.is_empty() {
            lines.extend(heading("backtest-by-measure"));
            let named = |one: &Effect| format!("{} {}", one.id, self.title(&one.id, texts));
            lines.extend(self.measures.iter().map(|one| effect(named(one), one, texts)));
        }
        if !self.enterprises.is_empty() {
            lines.extend(heading("backtest-by-enterprise"));
            let named = |one: &Effect| format!("{} {}", one.id, one.name);
            lines.extend(self.enterprises.iter().map(|one| effect(named(one), one, texts)));
        }
        if !self.budget.is_empty() {
            lines.extend(heading("backtest-by-line"));
            lines.extend(self.budget.iter().map(|one| line(one, texts)));
        }
        if !self.changes.is_empty() {
            lines.extend(heading("backtest-decisions"));
            let told = self.changes.iter().take(DECISIONS_TOLD_MAX);
            lines.extend(told.flat_map(|change| self.told(change, texts)));
        }
        let more = self.changes.len().saturating_sub(DECISIONS_TOLD_MAX);
        if 0 < more {
            lines.push(texts.get("backtest-more", &[("count", &more.to_string())]));
        }
        if !self.skipped.is_empty() {
            lines.extend(heading("backtest-skipped"));
            lines.extend(self.skipped.iter().map(|one| format!("  {}", one.told(texts))));
        }
        lines
    }

    fn head(&self, texts: &Texts) -> Vec<String> {
        let [events, commands, applications] =
            [self.events, self.commands, self.applications].map(|count| count.to_string());
        let changes = self.changes.len().to_string();
        let args = [("events", events.as_str()), ("root", &self.root)];
        let mut lines = vec![texts.get("backtest-history", &args)];
        let args = [("commands", commands.as_str()), ("applications", &applications), ("changes", &changes)];
        lines.push(texts.get("backtest-summary", &args));
        if self.changes.is_empty() {
            lines.push(texts.get("backtest-none", &[]));
        }
        for (kind, count) in self.kinds() {
            lines.push(format!("  {}: {count}", kind.name(texts)));
        }
        lines.push(texts.get("backtest-stands", &amounts(self.stands).args()));
        lines
    }

    /// One decision: what it came to on both sides, and the sentences that stand on one side only.
    fn told(&self, change: &Change, texts: &Texts) -> Vec<String> {
        let name = self.enterprises.iter().find(|one| one.id == change.then.enterprise.as_str());
        let name = name.map(|one| one.name.clone()).unwrap_or_default();
        let head = [
            change.then.number.to_string(),
            change.then.enterprise.to_string(),
            name,
            change.then.measure.to_string(),
            change.kind.name(texts),
            change.difference().grouped(),
        ];
        let mut lines = vec![format!("  {}", head.join("  "))];
        let then = self.explanation(Side::Then, &change.then, texts);
        let now = self.explanation(Side::Now, &change.now, texts);
        let result = self.result(Side::Then, &change.then, texts);
        lines.push(format!("    {}", texts.get("backtest-then", &[("text", &result)])));
        lines.extend(alone(then.as_ref(), now.as_ref()).map(|text| format!("      − {text}")));
        let result = self.result(Side::Now, &change.now, texts);
        lines.push(format!("    {}", texts.get("backtest-now", &[("text", &result)])));
        lines.extend(alone(now.as_ref(), then.as_ref()).map(|text| format!("      + {text}")));
        lines
    }
}

/// The sentences and interpretations of one explanation that the other does not have.
fn alone<'e>(
    one: Option<&'e Explanation>,
    other: Option<&'e Explanation>,
) -> impl Iterator<Item = String> + 'e {
    let has = move |sentence: &str| {
        other.is_some_and(|other| other.sentences.iter().any(|known| known.text == sentence))
    };
    let sentences = one.into_iter().flat_map(|one| &one.sentences).map(|sentence| sentence.text.clone());
    let answers = one.into_iter().flat_map(|one| &one.interpretations).filter(move |one| {
        !other.is_some_and(|other| {
            other.interpretations.iter().any(|known| known.id == one.id && known.answer == one.answer)
        })
    });
    let answers =
        answers.map(|one| format!("{} {} → {}（{}）", one.id, one.question, one.answer, one.source));
    sentences.filter(move |sentence| !has(sentence)).chain(answers)
}

impl super::Skipped {
    /// What it is, why it no longer fits, and how many there are.
    pub(super) fn told(&self, texts: &Texts) -> String {
        let why = match self.reason {
            Some(code) => code.to_owned(),
            None => texts.get("backtest-contradiction", &[]),
        };
        let (verb, count) = (texts.verb(self.verb), self.count.to_string());
        texts.get("backtest-skipped-one", &[("verb", &verb), ("count", &count), ("why", &why)])
    }
}

/// Both amounts and their difference, as text.
struct Amounts([String; 3]);

fn amounts([then, now]: [i128; 2]) -> Amounts {
    Amounts([then, now, difference([then, now])].map(grouped))
}

impl Amounts {
    fn args(&self) -> [(&'static str, &str); 3] {
        let Self([then, now, difference]) = self;
        [("then", then), ("now", now), ("difference", difference)]
    }
}

fn effect(what: String, one: &Effect, texts: &Texts) -> String {
    let count = one.changes.to_string();
    let args = [("what", what.as_str()), ("count", &count)];
    format!("  {}", texts.get("backtest-effect", &[&args[..], &amounts(one.stands).args()].concat()))
}

fn line(one: &BudgetEffect, texts: &Texts) -> String {
    let (line, treasury, year) = (one.line.to_string(), one.treasury.to_string(), one.year.to_string());
    let [waiting, would_wait] = one.waiting.map(grouped);
    let args = [("line", line.as_str()), ("treasury", &treasury), ("year", &year)];
    let queue = [("waiting", waiting.as_str()), ("wouldwait", &would_wait)];
    let used = amounts(one.used);
    format!("  {}", texts.get("backtest-line", &[&args[..], &used.args(), &queue].concat()))
}
