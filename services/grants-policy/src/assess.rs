//! The walk through a measure, in one order for all: in force, conditions, other awards, once-only rights, evidence,
//! amount, ceilings, caps, the better of two, rounding.

use crate::{
    benefit::Sums,
    catalogue::{Catalogue, Measure},
    compile::by,
    evidence::counting,
    source::{
        benefit::BenefitSource,
        measure::{EvidenceSource, Rounding},
    },
    walk::{Found, Reached, Stop, Walk, empty_trace, input, name},
    weigh,
};
use grants_domain::{
    award::shares::Payers,
    refusal::{RefusalCode, Refused},
    rules::{Ask, Assessment, Exhaustion, Outcome},
    state::StateRead,
    tables::{Claimed, EvidenceKind},
    trace::{FactValue, Input, StepKind, Trace},
    values::{Date, Exact, Fen},
};

impl Catalogue {
    /// Assesses an application under this catalogue. Pure: the same state and question give the same answer.
    #[must_use]
    pub fn assess(&self, state: &dyn StateRead, ask: &Ask<'_>) -> Assessment {
        self.walk(state, ask, None).0
    }

    /// The same, noting which limits are met if `reached` is given.
    pub(crate) fn walk(
        &self,
        state: &dyn StateRead,
        ask: &Ask<'_>,
        reached: Option<Reached>,
    ) -> (Assessment, Option<Reached>) {
        let Some(measure) = self.measures.get(&ask.application.measure) else {
            let refused = Refused::of(RefusalCode::MeasureUnknown).with("measure", &ask.application.measure);
            return (Assessment { trace: empty_trace(ask), outcome: Outcome::Undecidable(refused) }, reached);
        };
        let evidence = counting(state, ask.application);
        let mut walk = Walk::new(self, measure, state, ask, &evidence);
        walk.reached = reached;
        let outcome = match walk.through() {
            Ok((amount, payers, exhaustion)) => {
                Outcome::Due { amount, payers, holds: std::mem::take(&mut walk.holds), exhaustion }
            }
            Err(Stop::Rejected(refused)) => Outcome::Rejected(refused),
            Err(Stop::Undecidable(refused)) => Outcome::Undecidable(refused),
        };
        let Walk { mut trace, reached, .. } = walk;
        trace.interpretations.sort();
        // What was not awarded takes nothing.
        if !matches!(outcome, Outcome::Due { .. }) {
            trace.subjects.clear();
            trace.tallies.clear();
            trace.claims.clear();
            trace.consumed.clear();
        }
        if weigh::is_too_large(&trace) {
            let refused = Refused::of(RefusalCode::OutOfRange).with("limit", weigh::TRACE_BYTES_MAX);
            let bare = Trace { semantics: trace.semantics, governing: trace.governing, ..empty_trace(ask) };
            return (Assessment { trace: bare, outcome: Outcome::Undecidable(refused) }, reached);
        }
        (Assessment { trace, outcome }, reached)
    }
}

impl<'a> Walk<'a> {
    fn through(&mut self) -> Found<(Fen, Payers, Exhaustion)> {
        let measure: &'a Measure = self.measure;
        let file = &measure.file;
        self.in_force()?;
        self.take_county()?;
        self.rests_on_all(&file.measure.interpretations);
        let named = file.facts.iter().flat_map(|fact| &fact.called).filter_map(by);
        named.for_each(|one| self.rests_on(one));
        // Looked at here and noted where it rounds: a refusal does not rest on it.
        let rounding = self.catalogue.chosen(&file.measure.rounding, self.ask.application.applied_on);
        self.each_step = matches!(rounding, Some((Rounding::EachStep, _)));
        file.conditions.iter().try_for_each(|one| self.condition(one))?;
        file.overlaps.iter().try_for_each(|one| self.overlap(one))?;
        file.claims.iter().try_for_each(|one| self.claim(one))?;
        let sums = self.sums(&file.evidence, &file.benefits)?;
        let mut amount = Exact::ZERO;
        for part in &file.benefits {
            if self.applies(&part.when) {
                amount = amount.checked_add(self.part(part, &sums)?)?;
            }
        }
        self.trace.computed = crate::number::yuan(amount).parse().ok();
        for ceiling in &file.ceilings {
            if self.applies(&ceiling.when) {
                amount = self.ceiling(ceiling, amount)?;
            }
        }
        if amount == Exact::ZERO {
            return Err(Stop::Rejected(Refused::of(RefusalCode::NothingDue)));
        }
        for cap in &measure.caps {
            if self.applies(&cap.when) {
                amount = self.cap(cap, amount)?;
            }
        }
        amount = self.take_off(amount)?;
        let rounded = match self.choose(&file.measure.rounding)? {
            Rounding::Down | Rounding::EachStep => amount.floor()?,
            // Never above a cap: a limit is whole 分, and what it cut is whole already.
            Rounding::HalfUp => amount.half_up()?,
        };
        if rounded == Fen::ZERO {
            return Err(Stop::Rejected(Refused::of(RefusalCode::NothingDue)));
        }
        self.trace.subjects = self.subjects();
        let payer = self.choose(&file.measure.payer)?;
        let (payers, event) = self.payers(payer)?;
        self.tell_shares(&payers, rounded, event);
        Ok((rounded, payers, *self.choose(&file.measure.exhaustion)?))
    }

    /// Finds the governing day and compares it with the term.
    pub(crate) fn in_force(&mut self) -> Found<()> {
        let measure: &'a Measure = self.measure;
        let term = self.choose(&measure.document.term)?;
        let answered = by(&measure.document.term)
            .and_then(|by| self.catalogue.dated_answer(by, self.ask.application.applied_on))
            .and_then(|answer| answer.day);
        self.term = term.on(answered.map(|day| day.0)).ok_or_else(|| self.broken("term"))?;
        let governing = self.choose(&measure.file.measure.governing)?;
        let (day, event) = self.governing_day(governing)?;
        self.governing = day;
        self.trace.governing = self.governing;
        let mut inputs = vec![
            Input { event, ..input!("governing", FactValue::Date(self.governing)) },
            input!("applied_on", FactValue::Date(self.ask.application.applied_on)),
            input!("from", FactValue::Date(self.term.from)),
        ];
        inputs.extend(self.term.to.map(|to| input!("to", FactValue::Date(to))));
        let met = self.term.contains(self.governing);
        let rule = name!("term");
        self.step(&rule, StepKind::InForce, met, inputs, None);
        if met {
            return Ok(());
        }
        let refused = Refused::of(RefusalCode::NotInForce).by(&rule).with("governing", self.governing);
        let refused = refused.with("from", self.term.from);
        Err(Stop::Rejected(match self.term.to {
            Some(to) => refused.with("to", to),
            None => refused,
        }))
    }

    /// `application`, `evidence` (the last piece that counts), `balance` (the first day that counts) or `fact:NAME`.
    /// A day that was recorded comes with its event.
    fn governing_day(&self, governing: &str) -> Found<(Date, Option<u64>)> {
        let applied_on = self.ask.application.applied_on;
        let day = match governing {
            "application" => applied_on,
            "evidence" => {
                let rule = self.measure.file.evidence.first().ok_or_else(|| self.broken(governing))?;
                let (inside, outside) = self.split(rule);
                let last = inside.iter().map(|piece| piece.date).max();
                let last = last.or_else(|| outside.iter().map(|piece| piece.date).max());
                last.unwrap_or(applied_on)
            }
            "balance" => {
                // A balance that ends on the day on which it begins has no day.
                let counts = |piece: &&Claimed| {
                    Fen::ZERO < piece.amount && piece.until > Some(piece.date.max(self.term.from))
                };
                let ends = self.pieces(EvidenceKind::Balance).filter(counts);
                let first = ends.map(|piece| piece.date.max(self.term.from)).min();
                let outside = || self.pieces(EvidenceKind::Balance).map(|piece| piece.date).min();
                first.or_else(outside).unwrap_or(applied_on)
            }
            other => {
                let name = self.fact_behind(other)?.ok_or_else(|| self.broken(other))?;
                let known = self.known(&name)?;
                let FactValue::Date(day) = known.value else {
                    return Err(self.broken(other));
                };
                return Ok((day, known.event));
            }
        };
        Ok((day, None))
    }

    /// Sums the evidence rules that a part of the amount uses or that are used up; the others are only looked at.
    fn sums(&mut self, rules: &'a [EvidenceSource], parts: &[BenefitSource]) -> Found<Sums> {
        let mut sums = Sums::new();
        for rule in rules {
            let is_base = parts.iter().any(|part| {
                part.rate_of.as_ref().is_some_and(|rate_of| rate_of.evidence.as_ref() == Some(&rule.rule))
            });
            if is_base || rule.consume {
                let sum = self.sum_pieces(rule)?;
                sums.insert(rule.rule.clone(), sum);
            } else {
                self.seen(rule);
            }
        }
        Ok(sums)
    }
}
