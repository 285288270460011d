//! Who pays: one treasury, or several in a proportion that was recorded (K-04).

use crate::{
    claim::fact_named,
    walk::{Found, Stop, Walk, input, name, plain, word},
};
use grants_domain::{
    award::shares::{Payers, weighted},
    refusal::{RefusalCode, Refused},
    trace::{FactValue, Input, StepKind},
    values::{Fen, Slug, Treasury},
};

/// What a recorded proportion begins with, and what stands between it and who pays where none is recorded.
const SPLIT: (&str, &str) = ("split:", " or ");

/// The fact that records a proportion, and who pays where it is not known, of `split:NAME or PAYER`.
pub(crate) fn split(payer: &str) -> Option<(&str, &str)> {
    payer.strip_prefix(SPLIT.0)?.split_once(SPLIT.1)
}

/// The payers of a proportion that the text itself gives, such as `enterprise:5 411700000:5`, with their weights.
pub(crate) fn shares(payer: &str) -> Option<Vec<(&str, u32)>> {
    payer.split_whitespace().map(weighted).collect::<Option<Vec<_>>>().filter(|shares| !shares.is_empty())
}

/// Whether this names one payer, given whether the measure is about a project: `project` or `enterprise` (whose treasury),
/// `fact:NAME` (the treasury that was recorded), or nine digits.
pub(crate) fn is_payer(payer: &str, needs_project: bool) -> bool {
    match (fact_named(payer), payer) {
        (Some(fact), _) => fact.parse::<Slug>().is_ok(),
        (None, "project") => needs_project,
        (None, "enterprise") => true,
        (None, digits) => digits.parse::<Treasury>().is_ok(),
    }
}

impl Walk<'_> {
    /// Those who pay, and the event that recorded their proportion.
    pub(crate) fn payers(&self, payer: &str) -> Found<(Payers, Option<u64>)> {
        let Some((fact, otherwise)) = split(payer) else {
            return Ok((self.proportion(payer)?, None));
        };
        let name: Slug = fact.parse().map_err(|_| self.broken(fact))?;
        let Some(known) = self.fact(&name)? else {
            return Ok((self.proportion(otherwise)?, None));
        };
        let text = plain(&known.value);
        let wrong = |word: String| {
            Stop::Undecidable(Refused::of(RefusalCode::FactTypeWrong).with("fact", &name).with("value", word))
        };
        let payers = text.parse::<Payers>().map_err(|fault| wrong(fault.word))?;
        Ok((payers, known.event))
    }

    /// One payer, or those of a proportion. Two that come out as one treasury are one.
    fn proportion(&self, payer: &str) -> Found<Payers> {
        let Some(shares) = shares(payer) else { return Ok(Payers::one(self.payer(payer)?)) };
        let named = shares.into_iter().map(|(one, weight)| Ok((self.payer(one)?, weight)));
        Payers::of(named.collect::<Found<Vec<_>>>()?).map_err(|_| self.broken(payer))
    }

    fn payer(&self, payer: &str) -> Found<Treasury> {
        if let Some(name) = self.fact_behind(payer)? {
            let digits = plain(&self.need(&name)?);
            let wrong = Refused::of(RefusalCode::FactTypeWrong).with("fact", &name).with("value", &digits);
            return digits.parse().map_err(|_| Stop::Undecidable(wrong));
        }
        match payer {
            "project" => {
                self.ask.project.map(|project| project.treasury.clone()).ok_or_else(|| self.broken(payer))
            }
            "enterprise" => Ok(self.ask.enterprise.treasury.clone()),
            digits => digits.parse().map_err(|_| self.broken(digits)),
        }
    }

    /// Tells the part of each, where several pay.
    pub(crate) fn tell_shares(&mut self, payers: &Payers, amount: Fen, event: Option<u64>) {
        if !payers.share() {
            return;
        }
        let all: u64 = payers.each().iter().map(|(_, weight)| u64::from(*weight)).sum();
        let rule = name!("payer");
        for ((treasury, weight), part) in payers.each().iter().zip(payers.divide(amount)) {
            let inputs = vec![
                Input { event, ..input!("treasury", word(treasury.as_str())) },
                input!("weight", FactValue::Count(u64::from(*weight))),
                input!("weights", FactValue::Count(all)),
                input!("part", FactValue::Money(part)),
            ];
            self.step(&rule, StepKind::Share, true, inputs, None);
        }
    }
}
