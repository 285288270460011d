//! Interest on daily balances: each balance over the days that count, exactly, without rounding in between.
//!
//! ```text
//!   balance 1   [----------)
//!   balance 2                [--------------)      first day in, last day out
//!   loan          [----------------------------)
//!   term            [---------------------------
//!   passed      -------------------------------)   on the day of application
//!   longest         [-------------------)          from the first subsidised day of the project
//! ```
//!
//! A balance of nothing has no day that counts. What counts is remembered interval by interval, so that days between
//! two of them stay free for another application.

use crate::{
    source::benefit::{InterestSource, Longest, Principal, RateDay},
    walk::{Found, Stop, Walk, input},
};
use grants_domain::{
    rate,
    refusal::{RefusalCode, Refused},
    state::get,
    tables::{Claimed, EvidenceKind, Tallies, TallyEntry},
    trace::{FactValue, Input, StepKind, TallyStep},
    values::{Date, Exact, Fen, Rate, Slug, Text},
};

/// Balances that one step names; more need a second application.
const BALANCES_MAX: usize = 200;

/// Days from `from`, before `to`.
#[derive(Clone, Copy)]
struct Days {
    from: Date,
    to: Date,
}

impl Days {
    fn number(self) -> u64 {
        u64::try_from(self.from.days_until(self.to)).unwrap_or(0)
    }
    fn within(self, other: Days) -> Days {
        Days { from: self.from.max(other.from), to: self.to.min(other.to) }
    }
    /// Whether an entry has one of these days; its last day is its own.
    fn meets(self, entry: &TallyEntry) -> bool {
        entry.first.is_some_and(|first| first < self.to) && entry.last.is_some_and(|last| self.from <= last)
    }
}

impl<'a> Walk<'a> {
    /// The interest of every balance over the days that count.
    pub(crate) fn interest(&mut self, rule: &Slug, interest: &'a InterestSource) -> Found<Exact> {
        let share = self.rate(&interest.share)?;
        let year_days = *self.choose(&interest.year_days)?;
        let principal = *self.choose(&interest.principal)?;
        let rate_day = *self.choose(&interest.rate_of)?;
        let longest = *self.choose(&interest.longest)?;
        let loan = self.loan(rule)?;
        let balances = self.balances(rule, loan)?;
        let counted = self.counted(rule, interest, longest, &balances, loan)?;
        let mut total = Exact::ZERO;
        let (first, end) = ends(&counted).ok_or_else(|| missing("balance"))?;
        let (mut days_of_all, mut last_published) = (0_u64, None);
        let mut inputs = vec![input!("share", FactValue::Rate(share))];
        for (piece, days) in counted {
            let base = match principal {
                // Nobody owes more than was lent, as far as the contract stands.
                Principal::DailyBalance => piece.amount.min(loan.amount),
                Principal::Original => loan.amount,
            };
            let (published, lpr) = self.published(&interest.rate, rate_day, loan, days.from)?;
            let evidence = Some(piece.key.clone());
            inputs.push(Input { evidence, ..input!("balance", FactValue::Money(base)) });
            inputs.push(input!("rate", FactValue::Rate(lpr)));
            if last_published.replace(published) != Some(published) {
                inputs.push(input!("published", FactValue::Date(published)));
            }
            inputs.push(input!("days", FactValue::Count(days.number())));
            let amount = Exact::from(base).checked_mul_rate(lpr)?.checked_mul_rate(share)?;
            let amount = self.stepped(amount.checked_mul(days.number())?.checked_div(year_days)?)?;
            total = total.checked_add(amount)?;
            days_of_all = days_of_all.saturating_add(days.number());
        }
        inputs.push(input!("days_of_all", FactValue::Count(days_of_all)));
        inputs.push(input!("year_days", FactValue::Count(year_days)));
        inputs.push(input!("first_day", FactValue::Date(first)));
        inputs.push(input!("end_day", FactValue::Date(end)));
        self.step(rule, StepKind::Interest, true, inputs, Some(total));
        Ok(total)
    }

    /// The balances in the order of their days. None may overlap or be more than was lent: they are of one loan.
    fn balances(&self, rule: &Slug, loan: &Claimed) -> Found<Vec<(&'a Claimed, Days)>> {
        let mut balances = Vec::new();
        for piece in self.pieces(EvidenceKind::Balance) {
            let to = piece.until.ok_or_else(|| missing("until"))?;
            balances.push((piece, Days { from: piece.date, to }));
        }
        balances.sort_by_key(|(_, days)| (days.from, days.to));
        if balances.is_empty() {
            return Err(self.none_of(EvidenceKind::Balance, Some(rule)));
        }
        if BALANCES_MAX < balances.len() {
            return Err(Stop::Undecidable(
                Refused::of(RefusalCode::OutOfRange).by(rule).with("limit", BALANCES_MAX),
            ));
        }
        let twice = balances.windows(2).find(|pair| matches!(pair, [(_, a), (_, b)] if b.from < a.to));
        if let Some([_, (piece, days)]) = twice {
            let refused = Refused::of(RefusalCode::ConditionNotMet).by(rule).with("evidence", &piece.key);
            return Err(Stop::Rejected(refused.with("from", days.from).with("to", days.to)));
        }
        // As both were claimed: what is voided afterwards is not the balance's fault.
        let claimed = |piece: &Claimed| {
            let own = self.ask.application.evidence.iter().find(|one| one.key == piece.key);
            own.map_or(piece.amount, |one| one.amount)
        };
        if let Some((piece, _)) = balances.iter().find(|(piece, _)| claimed(loan) < claimed(piece)) {
            let refused = Refused::of(RefusalCode::ConditionNotMet).by(rule).with("evidence", &piece.key);
            return Err(Stop::Rejected(refused.with("amount", claimed(piece)).with("limit", claimed(loan))));
        }
        Ok(balances)
    }

    /// The balances with the days of them that count: lent, inside the term, passed, not longer than the longest from
    /// the first subsidised day of the project, and never a day of this loan that another award has.
    fn counted<'b>(
        &mut self,
        rule: &Slug,
        interest: &InterestSource,
        longest: Longest,
        balances: &[(&'b Claimed, Days)],
        loan: &Claimed,
    ) -> Found<Vec<(&'b Claimed, Days)>> {
        if balances.iter().all(|(piece, _)| piece.amount == Fen::ZERO) {
            return Err(Stop::Rejected(Refused::of(RefusalCode::NothingDue).by(rule)));
        }
        let outside = || {
            let (first, end) = ends(balances).ok_or_else(|| missing("balance"))?;
            let refused = Refused::of(RefusalCode::NotInForce).by(rule).with("from", first).with("to", end);
            Err(Stop::Rejected(refused))
        };
        let open = inside(balances, self.open_days(loan)?);
        let Some((first, _)) = ends(&open) else { return outside() };
        let project = self.days_of(&interest.tally, self.scope("project")?)?;
        let origin = project.others.iter().filter_map(|entry| entry.first).min().unwrap_or(first).min(first);
        let until = match longest {
            Longest::Anniversary(years) => origin.anniversary(years),
            Longest::Days(days) => origin.add_days(days),
        };
        let until = until.map_err(|_| self.broken("longest"))?;
        let counted = inside(&open, Days { from: origin, to: until });
        let Some((first, end)) = ends(&counted) else { return outside() };
        let of_loan = self.days_of(&interest.tally, loan_scope(loan)?)?;
        let spans = joined(&counted);
        let taken = of_loan.others.iter().find(|entry| spans.iter().any(|days| days.meets(entry)));
        // An earlier first day must not stretch what already stands beyond the longest.
        let beyond = project.others.iter().find(|entry| entry.last.is_some_and(|day| until <= day));
        if let Some(entry) = taken.or(beyond) {
            let last = self.day_before(end)?;
            let refused = Refused::of(RefusalCode::AlreadyAwarded).by(rule).with("award", entry.award);
            return Err(Stop::Rejected(refused.with("from", first).with("to", last)));
        }
        self.remember(&interest.tally, project, &[Days { from: first, to: end }])?;
        self.remember(&interest.tally, of_loan, &spans)?;
        Ok(counted)
    }

    /// The days of a loan that may count: those that it was lent for, in the term, and passed when it was applied for.
    /// The day of application is not over, and no later day has borne interest.
    fn open_days(&self, loan: &Claimed) -> Found<Days> {
        let passed = self.ask.application.applied_on;
        let after_term = match self.term.to {
            Some(last) => last.add_days(1).map_err(|_| self.broken("term"))?,
            None => passed,
        };
        let lent_until = loan.until.unwrap_or(loan.date);
        Ok(Days { from: self.term.from.max(loan.date), to: after_term.min(lent_until).min(passed) })
    }

    /// Notes the days in a tally: those of the loan one by one, those of the project from the first to the last.
    fn remember(&mut self, tally: &Slug, tallied: Tallied, spans: &[Days]) -> Found<()> {
        for days in spans {
            let last = self.day_before(days.to)?;
            self.trace.tallies.push(TallyStep {
                tally: tally.clone(),
                scope: tallied.scope.clone(),
                window: tallied.window.clone(),
                count: days.number(),
                amount: Fen::ZERO,
                first: Some(days.from),
                last: Some(last),
            });
        }
        Ok(())
    }

    fn day_before(&self, day: Date) -> Found<Date> {
        day.add_days(-1).map_err(|_| self.broken("days"))
    }

    /// The subsidised days of other awards under a scope.
    fn days_of(&self, tally: &Slug, scope: Text<80>) -> Found<Tallied> {
        let window = self.window(crate::source::limit::Window::PolicyLife)?;
        let key = (tally.clone(), scope.to_string(), window.to_string());
        let mut others = get::<Tallies>(self.state, &key).map(|row| row.entries).unwrap_or_default();
        others.retain(|entry| Some(entry.award) != self.ask.reviewing);
        Ok(Tallied { scope, window, others })
    }

    /// The rate, and the day on which it was published.
    fn published(&self, name: &Slug, day: RateDay, loan: &Claimed, begin: Date) -> Found<(Date, Rate)> {
        let day = match day {
            RateDay::Application => self.ask.application.applied_on,
            RateDay::Contract => loan.date,
            RateDay::EachPeriod => begin,
        };
        rate::latest(self.state, name, day, self.known_before()).ok_or_else(|| {
            Stop::Undecidable(Refused::of(RefusalCode::RateMissing).with("rate", name).with("on", day))
        })
    }
}

/// What of balances lies inside these days. A balance of nothing has no such day.
fn inside<'b>(balances: &[(&'b Claimed, Days)], span: Days) -> Vec<(&'b Claimed, Days)> {
    let cut = balances.iter().map(|(piece, days)| (*piece, days.within(span)));
    cut.filter(|(piece, days)| Fen::ZERO < piece.amount && 0 < days.number()).collect()
}

/// The first day, and the day behind the last.
fn ends(balances: &[(&Claimed, Days)]) -> Option<(Date, Date)> {
    let first = balances.iter().map(|(_, days)| days.from).min()?;
    Some((first, balances.iter().map(|(_, days)| days.to).max()?))
}

/// The days of balances in their order, those that follow each other without a gap as one.
fn joined(balances: &[(&Claimed, Days)]) -> Vec<Days> {
    let mut spans: Vec<Days> = Vec::new();
    for (_, days) in balances {
        match spans.last_mut() {
            Some(last) if days.from <= last.to => last.to = last.to.max(days.to),
            Some(_) | None => spans.push(*days),
        }
    }
    spans
}

/// A counter of subsidised days.
struct Tallied {
    scope: Text<80>,
    window: Text<40>,
    others: Vec<TallyEntry>,
}

/// The counter of a loan's days, by the contract's key.
pub(crate) fn loan_scope(loan: &Claimed) -> Found<Text<80>> {
    format!("evidence:{}", crate::claim::folded(loan.key.as_str())).parse().map_err(|_| missing("loan"))
}

fn missing(fact: &str) -> Stop {
    Stop::Undecidable(Refused::of(RefusalCode::FactMissing).with("fact", fact))
}
