//! Interest on daily balances: each balance over the days that count, exactly, without rounding in between.
//!
//! ```text
//!   balance 1   [----------)
//!   balance 2              [--------------)      first day in, last day out
//!   term            [---------------------------
//!   longest         [-------------------)        from the first subsidised day of the project
//! ```

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
        let balances = self.balances(rule)?;
        let counted = self.counted_days(rule, interest, longest, &balances, loan)?;
        let mut total = Exact::ZERO;
        let mut days_of_all = 0_u64;
        let mut inputs = vec![input!("share", FactValue::Rate(share))];
        for (piece, whole) in balances {
            let days = whole.within(counted);
            if days.number() == 0 {
                continue;
            }
            let base = match principal {
                // Nobody owes more than was lent, as far as the contract stands.
                Principal::DailyBalance => piece.amount.min(loan.amount),
                Principal::Original => loan.amount,
            };
            let lpr = self.published(&interest.rate, rate_day, loan, days.from)?;
            let evidence = Some(piece.key.clone());
            inputs.push(Input { evidence, ..input!("balance", FactValue::Money(base)) });
            inputs.push(input!("rate", FactValue::Rate(lpr)));
            inputs.push(input!("days", FactValue::Count(days.number())));
            let amount = Exact::from(base).checked_mul_rate(lpr)?.checked_mul_rate(share)?;
            total = total.checked_add(amount.checked_mul(days.number())?.checked_div(year_days)?)?;
            days_of_all = days_of_all.saturating_add(days.number());
        }
        inputs.push(input!("days_of_all", FactValue::Count(days_of_all)));
        inputs.push(input!("year_days", FactValue::Count(year_days)));
        inputs.push(input!("first_day", FactValue::Date(counted.from)));
        inputs.push(input!("end_day", FactValue::Date(counted.to)));
        self.step(rule, StepKind::Interest, true, inputs, Some(total));
        Ok(total)
    }

    /// The balances in the order of their days. None may overlap: they are of one loan.
    fn balances(&self, rule: &Slug) -> Found<Vec<(&'a Claimed, Days)>> {
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
        Ok(balances)
    }

    /// The days that count, remembered in two tallies: inside the term, not longer than the longest from the first
    /// subsidised day of the project, and never a day of this loan that another award has.
    fn counted_days(
        &mut self,
        rule: &Slug,
        interest: &InterestSource,
        longest: Longest,
        balances: &[(&Claimed, Days)],
        loan: &Claimed,
    ) -> Found<Days> {
        let first = balances.iter().map(|(_, days)| days.from).min().ok_or_else(|| missing("balance"))?;
        let end = balances.iter().map(|(_, days)| days.to).max().ok_or_else(|| missing("until"))?;
        let after_term = match self.term.to {
            Some(last) => last.add_days(1).map_err(|_| self.broken("term"))?,
            None => end,
        };
        let in_term = Days { from: first, to: end }.within(Days { from: self.term.from, to: after_term });
        let project = self.days_of(&interest.tally, self.scope("project")?)?;
        let origin = project.others.iter().filter_map(|entry| entry.first).min().unwrap_or(in_term.from);
        let origin = origin.min(in_term.from);
        let until = match longest {
            Longest::Anniversary(years) => origin.anniversary(years),
            Longest::Days(days) => origin.add_days(days),
        };
        let until = until.map_err(|_| self.broken("longest"))?;
        let counted = in_term.within(Days { from: in_term.from, to: until });
        if counted.number() == 0 {
            let refused = Refused::of(RefusalCode::NotInForce).by(rule).with("from", first).with("to", end);
            return Err(Stop::Rejected(refused));
        }
        let last = counted.to.add_days(-1).map_err(|_| self.broken("days"))?;
        let of_loan = self.days_of(&interest.tally, loan_scope(loan)?)?;
        let taken = of_loan.others.iter().find(|entry| {
            entry.first.is_some_and(|begin| begin <= last)
                && entry.last.is_some_and(|end| counted.from <= end)
        });
        // An earlier first day must not stretch what already stands beyond the longest.
        let beyond = project.others.iter().find(|entry| entry.last.is_some_and(|day| until <= day));
        if let Some(entry) = taken.or(beyond) {
            let refused = Refused::of(RefusalCode::AlreadyAwarded).by(rule).with("award", entry.award);
            return Err(Stop::Rejected(refused.with("from", counted.from).with("to", last)));
        }
        for Tallied { scope, window, .. } in [project, of_loan] {
            self.trace.tallies.push(TallyStep {
                tally: interest.tally.clone(),
                scope,
                window,
                count: counted.number(),
                amount: Fen::ZERO,
                first: Some(counted.from),
                last: Some(last),
            });
        }
        Ok(counted)
    }

    /// The subsidised days of other awards under a scope.
    fn days_of(&self, tally: &Slug, scope: Text<80>) -> Found<Tallied> {
        let window = self.window(crate::source::limit::Window::PolicyLife)?;
        let key = (tally.clone(), scope.to_string(), window.to_string());
        let mut others = get::<Tallies>(self.state, &key).map(|row| row.entries).unwrap_or_default();
        others.retain(|entry| Some(entry.award) != self.ask.reviewing);
        Ok(Tallied { scope, window, others })
    }

    fn published(&self, name: &Slug, day: RateDay, loan: &Claimed, begin: Date) -> Found<Rate> {
        let day = match day {
            RateDay::Application => self.ask.application.applied_on,
            RateDay::Contract => loan.date,
            RateDay::EachPeriod => begin,
        };
        rate::latest(self.state, name, day, self.known_before()).map(|(_, rate)| rate).ok_or_else(|| {
            Stop::Undecidable(Refused::of(RefusalCode::RateMissing).with("rate", name).with("on", day))
        })
    }
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
