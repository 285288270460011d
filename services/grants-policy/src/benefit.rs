//! What an amount is made of: parts of one closed set of kinds, added up exactly.

use crate::{
    answered::Counter,
    cap::{TWELVE_MONTHS, year_to},
    source::benefit::{
        BenefitSource, DeterminedSource, DocumentedSource, PerUnitSource, RateOfSource, RungSource,
        TierSource, TierTally, TierUseSource, VariantSource,
    },
    walk::{Found, Stop, Walk, input, name, plain, with_inputs},
};
use grants_domain::{
    enterprise::lineage,
    refusal::{RefusalCode, Refused},
    state::get,
    tables::Tallies,
    trace::{FactValue, Input, StepKind, TallyStep},
    values::{Exact, Fen, Slug, Text},
};
use std::collections::BTreeMap;

/// Sums of evidence rules, by rule.
pub(crate) type Sums = BTreeMap<Slug, Exact>;

impl<'a> Walk<'a> {
    /// The exact amount of one part.
    pub(crate) fn part(&mut self, part: &'a BenefitSource, sums: &Sums) -> Found<Exact> {
        self.rests_on_all(&part.interpretations);
        let rule = &part.rule;
        let mut inputs = Vec::new();
        let (kind, amount) = if let Some(name) = &part.fixed {
            (StepKind::Fixed, Exact::from(self.money(name)?))
        } else if let Some(variant) = &part.fixed_by {
            let name = self.variant(variant, &mut inputs)?;
            (StepKind::Fixed, Exact::from(self.money(name)?))
        } else if let Some(rate_of) = &part.rate_of {
            (StepKind::RateOf, self.rate_of(rate_of, sums, &mut inputs)?)
        } else if let Some(per_unit) = &part.per_unit {
            (StepKind::PerUnit, self.per_unit(per_unit, &mut inputs)?)
        } else if let Some(interest) = &part.interest {
            return self.interest(rule, interest);
        } else if let Some(tier) = &part.tier {
            let climbed = self.tier(rule, tier, &mut inputs)?;
            let amount = self.stepped(climbed.unwrap_or(Exact::ZERO))?;
            self.step(rule, StepKind::Tier, climbed.is_some(), inputs, Some(amount));
            return Ok(amount);
        } else if let Some(determined) = &part.determined {
            return self.determined(rule, determined);
        } else if let Some(documented) = &part.documented {
            (StepKind::Determined, self.documented(documented, &mut inputs)?)
        } else {
            return Err(self.broken(rule.as_str()));
        };
        let amount = self.stepped(amount)?;
        self.step(rule, kind, true, inputs, Some(amount));
        Ok(amount)
    }

    fn variant(&self, variant: &'a VariantSource, inputs: &mut Vec<Input>) -> Found<&'a Slug> {
        let known = self.known(&variant.fact)?;
        let word = plain(&known.value);
        inputs.push(known.as_input(&variant.fact));
        variant.values.get(&word).ok_or_else(|| {
            let refused = Refused::of(RefusalCode::FactTypeWrong).with("fact", &variant.fact);
            Stop::Undecidable(refused.with("value", &word))
        })
    }

    /// A fact that is an amount, and as an input of that name.
    pub(crate) fn need_money(&self, fact: &Slug, input: Slug) -> Found<(Fen, Input)> {
        let known = self.known(fact)?;
        let FactValue::Money(fen) = known.value else {
            return Err(self.broken(fact.as_str()));
        };
        Ok((fen, known.as_input(&input)))
    }

    fn rate_of(&self, rate_of: &'a RateOfSource, sums: &Sums, inputs: &mut Vec<Input>) -> Found<Exact> {
        let rate = match (&rate_of.rate, &rate_of.rate_by) {
            (Some(name), _) => self.rate(name)?,
            (None, Some(variant)) => self.rate(self.variant(variant, inputs)?)?,
            (None, None) => return Err(self.broken("rate")),
        };
        let (base, input) = match (&rate_of.fact, &rate_of.evidence) {
            (Some(fact), _) => {
                let (fen, input) = self.need_money(fact, name!("base"))?;
                (Exact::from(fen), input)
            }
            (None, Some(rule)) => {
                let sum = sums.get(rule).copied().ok_or_else(|| self.broken(rule.as_str()))?;
                (sum, input!("base", exact(sum)))
            }
            (None, None) => return Err(self.broken("base")),
        };
        inputs.push(input!("rate", FactValue::Rate(rate)));
        inputs.push(input);
        Ok(base.checked_mul_rate(rate)?)
    }

    fn per_unit(&self, per_unit: &PerUnitSource, inputs: &mut Vec<Input>) -> Found<Exact> {
        let known = self.known(&per_unit.count)?;
        let FactValue::Count(count) = known.value else {
            return Err(self.broken(per_unit.count.as_str()));
        };
        let each = self.money(&per_unit.each)?;
        inputs.push(known.as_input(&name!("count")));
        inputs.push(input!("each", FactValue::Money(each)));
        Ok(Exact::from(each).checked_mul(count)?)
    }

    /// Total due on the scale with this one, less what stands. An award that is looked at again keeps the part it
    /// was given: one that falls away later lowers what follows, not what came before.
    fn tier(
        &mut self,
        rule: &Slug,
        tier: &'a TierUseSource,
        inputs: &mut Vec<Input>,
    ) -> Found<Option<Exact>> {
        if let Some(test) = &tier.counts_if
            && !self.holds(rule, test, inputs)?
        {
            return Ok(None);
        }
        let (tally, scope, window) = self.tally_of(tier)?;
        let key = (tally.clone(), scope.to_string(), window.to_string());
        let scale = self.scale(tier)?;
        let day = (window.as_str() == TWELVE_MONTHS).then_some(self.governing);
        let mut entries = get::<Tallies>(self.state, &key).map(|row| row.entries).unwrap_or_default();
        entries.extend(lineage::tally_entries(self.state, &tally, window.as_str(), &self.carried));
        if !self.is_settled(&scale.tally) || !self.is_settled(&scale.window) {
            let (kinds, span) = (*self.choose(&scale.tally)?, *self.choose(&scale.window)?);
            let others = self.others_of("enterprise");
            let counter = Counter { name: &key.0, scope: &key.1, window: &key.2, others: &others };
            entries.extend(self.tallied_elsewhere(&scale.id, counter, kinds, span));
        }
        let (mut count, mut standing, mut own) = (1_u64, Fen::ZERO, None);
        for entry in entries {
            if Some(entry.award) == self.ask.reviewing {
                own = Some(entry.amount);
                continue;
            }
            if !day.is_none_or(|day| entry.first.is_some_and(|first| year_to(day, first))) {
                continue;
            }
            count = count.saturating_add(entry.count);
            standing = standing.checked_add(entry.amount).unwrap_or(Fen::MAX);
        }
        let total = self.climbed(rule, scale, count)?;
        let amount = own.unwrap_or_else(|| total.checked_sub(standing).unwrap_or(Fen::ZERO));
        inputs.push(input!("count", FactValue::Count(count)));
        inputs.push(input!("total", FactValue::Money(total)));
        inputs.push(input!("standing", FactValue::Money(standing)));
        self.trace.tallies.push(TallyStep { tally, scope, window, count: 1, amount, first: day, last: day });
        Ok(Some(Exact::from(amount)))
    }

    /// The total due on a scale at a count.
    fn climbed(&mut self, rule: &Slug, scale: &'a TierSource, count: u64) -> Found<Fen> {
        let held = scale.dated.iter().rev().find(|held| held.from.0 <= self.governing);
        let held = held.ok_or_else(|| self.broken(scale.id.as_str()))?;
        for rung in &held.at {
            self.meets(rule, &format!("rung {}", rung.count), count.cmp(&rung.count));
        }
        let total =
            on_scale(&held.at, held.then_each, count).ok_or_else(|| self.broken(scale.id.as_str()))?;
        match &scale.most {
            Some(most) if self.applies(&most.when) => {
                let limit = self.money(&most.value)?;
                self.meets(rule, "most", total.cmp(&limit));
                Ok(total.min(limit))
            }
            Some(_) | None => Ok(total),
        }
    }

    fn scale(&self, tier: &TierUseSource) -> Found<&'a TierSource> {
        self.measure.tiers.get(&tier.scale).ok_or_else(|| self.broken(tier.scale.as_str()))
    }

    /// The counter of a scale: tally, scope and window.
    pub(crate) fn tally_of(&mut self, tier: &TierUseSource) -> Found<(Slug, Text<80>, Text<40>)> {
        let scale = self.scale(tier)?;
        let joined = *self.choose(&scale.tally)? == TierTally::Joined;
        let window = *self.choose(&scale.window)?;
        let tally = if joined { scale.id.clone() } else { self.measure.file.measure.id.clone() };
        Ok((tally, self.scope("enterprise")?, self.window(window)?))
    }

    fn determined(&mut self, rule: &Slug, determined: &'a DeterminedSource) -> Found<Exact> {
        let (amount, input) = self.need_money(&determined.fact, name!("determined"))?;
        let mut inputs = vec![input];
        let mut inside = true;
        if let Some(name) = &determined.at_least {
            let limit = self.money(name)?;
            inputs.push(input!("at_least", FactValue::Money(limit)));
            self.meets(rule, name.as_str(), amount.cmp(&limit));
            inside = inside && limit <= amount;
        }
        if let Some(name) = &determined.at_most {
            let limit = self.money(name)?;
            inputs.push(input!("at_most", FactValue::Money(limit)));
            self.meets(rule, name.as_str(), amount.cmp(&limit));
            inside = inside && amount <= limit;
        }
        if inside {
            self.step(rule, StepKind::Determined, true, inputs, Some(Exact::from(amount)));
            return Ok(Exact::from(amount));
        }
        let refused = with_inputs(Refused::of(RefusalCode::OutsideBand).by(rule), &inputs);
        self.step(rule, StepKind::Determined, false, inputs, None);
        Err(Stop::Rejected(refused))
    }

    /// Ratio and amount come from a decision document; without one nothing is computed.
    fn documented(&self, documented: &DocumentedSource, inputs: &mut Vec<Input>) -> Found<Exact> {
        let amount = match (&documented.amount, &documented.ratio, &documented.of) {
            (Some(fact), _, _) => {
                let (amount, input) = self.need_money(fact, name!("amount_documented"))?;
                inputs.push(input);
                Exact::from(amount)
            }
            (None, Some(ratio), Some(of)) => {
                let known = self.known(ratio)?;
                let FactValue::Rate(rate) = known.value else {
                    return Err(self.broken(ratio.as_str()));
                };
                let (base, input) = self.need_money(of, name!("base"))?;
                inputs.push(known.as_input(&name!("rate")));
                inputs.push(input);
                Exact::from(base).checked_mul_rate(rate)?
            }
            (None, _, _) => return Err(self.broken("documented")),
        };
        let Some(fact) = &documented.at_most else {
            return Ok(amount);
        };
        if self.fact(fact)?.is_none() {
            return Ok(amount);
        }
        let (most, input) = self.need_money(fact, name!("at_most"))?;
        inputs.push(input);
        Ok(amount.min(Exact::from(most)))
    }
}

/// An exact amount as a value: money where it is whole.
pub(crate) fn exact(amount: Exact) -> FactValue {
    match amount.floor() {
        Ok(fen) if amount.is_whole() => FactValue::Money(fen),
        Ok(_) | Err(_) => {
            crate::number::yuan(amount).parse().map_or_else(|_| crate::walk::word("-"), FactValue::Exact)
        }
    }
}

/// The total due at a count: the highest rung that is reached, and behind the last so much for each more.
fn on_scale(rungs: &[RungSource], then_each: Fen, count: u64) -> Option<Fen> {
    let last = rungs.last()?;
    let Some(reached) = rungs.iter().rev().find(|rung| rung.count <= count) else {
        return Some(Fen::ZERO);
    };
    if reached.count < last.count {
        return Some(reached.amount);
    }
    let more = i128::from(count.checked_sub(last.count)?).checked_mul(i128::from(then_each.get()))?;
    Fen::from_i128(i128::from(last.amount.get()).checked_add(more)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_pays_its_highest_rung_and_then_for_each() {
        let rung = |count, amount: &str| RungSource { count, amount: amount.parse().unwrap() };
        let rungs = [rung(3, "20000.00"), rung(5, "30000.00")];
        let each = "10000.00".parse().unwrap();
        let due = [0, 0, 0, 20_000, 20_000, 30_000, 40_000, 50_000];
        for (count, due) in (0_u64..).zip(due) {
            assert_eq!(on_scale(&rungs, each, count), Some(Fen::new(due * 100).unwrap()), "{count}");
        }
        assert_eq!(on_scale(&rungs, each, u64::MAX), None);
        assert_eq!(on_scale(&[], each, 7), None);
    }
}
