//! Evidence: which pieces count, what they come to, and what of them an award uses up.

use crate::{
    source::measure::{EvidenceSource, LessSource},
    walk::{Found, Stop, Walk, count, input, name, word},
};
use grants_domain::{
    refusal::{RefusalCode, Refused},
    state::{StateRead, get},
    tables::{ApplicationRow, Claimed, Evidence, EvidenceKind},
    trace::{Consumed, FactValue, Input, StepKind},
    values::{Exact, Fen, Slug},
};

/// Pieces that lie outside the periods and are named one by one; of more, the number is told.
const OUTSIDE_NAMED_MAX: usize = 20;

/// What of an application's evidence counts: nothing of a piece that was voided whole, and of another never more than is
/// registered of it. Every part of an assessment reads evidence through this.
pub(crate) fn counting(state: &dyn StateRead, application: &ApplicationRow) -> Vec<Claimed> {
    let counts = |piece: &Claimed| match get::<Evidence>(state, &piece.key.to_string()) {
        Some(row) if row.is_gone() => None,
        Some(row) => Some(Claimed { amount: piece.amount.min(row.net), ..piece.clone() }),
        None => Some(piece.clone()),
    };
    application.evidence.iter().filter_map(counts).collect()
}

impl<'a> Walk<'a> {
    /// The pieces of a kind that the application brings and that count.
    pub(crate) fn pieces(&self, kind: EvidenceKind) -> impl Iterator<Item = &'a Claimed> + use<'a> {
        self.evidence.iter().filter(move |piece| piece.kind == kind)
    }

    /// Why there is no piece of a kind: it was voided, and then the clause says no; or nobody brought it yet.
    pub(crate) fn none_of(&self, kind: EvidenceKind, rule: Option<&Slug>) -> Stop {
        let by = |refused: Refused| rule.map_or(refused.clone(), |rule| refused.by(rule));
        match self.ask.application.evidence.iter().find(|piece| piece.kind == kind) {
            Some(voided) => {
                Stop::Rejected(by(Refused::of(RefusalCode::ConditionNotMet)).with("evidence", &voided.key))
            }
            None => Stop::Undecidable(by(Refused::of(RefusalCode::FactMissing)).with("fact", kind)),
        }
    }

    /// The pieces of a rule that lie inside its periods, and those that do not.
    pub(crate) fn split(&self, rule: &EvidenceSource) -> (Vec<&'a Claimed>, Vec<&'a Claimed>) {
        let inside = |piece: &&Claimed| {
            rule.within.iter().all(|span| self.spans(*span, piece.date)) && self.takes_from(rule, piece)
        };
        self.pieces(rule.kind).partition(inside)
    }

    /// Sums the pieces of a rule and notes what is used up.
    pub(crate) fn sum_pieces(&mut self, rule: &'a EvidenceSource) -> Found<Exact> {
        let (inside, outside) = self.split(rule);
        let mut total = Exact::ZERO;
        for piece in &inside {
            let amount = self.available(rule, piece)?;
            total = total.checked_add(Exact::from(amount))?;
            if rule.consume && Fen::ZERO < amount {
                self.trace.consumed.push(Consumed { evidence: piece.key.clone(), amount });
            }
        }
        self.rests_on_all(&rule.interpretations);
        if let Some(choice) = &rule.sellers {
            self.choose(choice)?;
        }
        let mut inputs =
            vec![input!("counted", count(inside.len())), input!("outside", count(outside.len()))];
        for piece in outside.iter().take(OUTSIDE_NAMED_MAX) {
            let evidence = Some(piece.key.clone());
            inputs.push(Input { evidence, ..input!("outside_on", FactValue::Date(piece.date)) });
        }
        if let Some(less) = &rule.less {
            total = self.less(less, total, &mut inputs)?;
        }
        self.step(&rule.rule, StepKind::Sum, true, inputs, Some(total));
        self.tell_sellers(rule, &inside);
        Ok(total)
    }

    /// Takes off what an award of another body paid for.
    fn less(&mut self, less: &'a LessSource, total: Exact, inputs: &mut Vec<Input>) -> Found<Exact> {
        if !self.applies(&less.when) || !self.granted(&less.external, &mut Vec::new()) {
            return Ok(total);
        }
        let (paid_for, input) = self.need_money(&less.fact, name!("less"))?;
        inputs.push(input);
        Ok(total.checked_sub(Exact::from(paid_for)).unwrap_or(Exact::ZERO))
    }

    /// What of a piece may be counted: what it claims, as far as it is not voided. A piece that another
    /// application uses, or that stands twice in this one, is refused whole: nobody can say which part was meant.
    fn available(&self, rule: &EvidenceSource, piece: &Claimed) -> Found<Fen> {
        let used = |application: &dyn std::fmt::Display| {
            let refused = Refused::of(RefusalCode::EvidenceConsumed).by(&rule.rule);
            refused.with("evidence", &piece.key).with("application", application)
        };
        if self.trace.consumed.iter().any(|one| one.evidence == piece.key) {
            return Err(Stop::Rejected(used(&self.ask.application.number)));
        }
        let Some(row) = get::<Evidence>(self.state, &piece.key.to_string()) else {
            return Ok(piece.amount);
        };
        let other = row.used.iter().find(|one| Some(one.award) != self.ask.reviewing);
        if let Some(other) = other.filter(|_| rule.consume) {
            return Err(Stop::Rejected(used(&other.application).with("award", other.award)));
        }
        Ok(piece.amount)
    }

    /// Documents and others that a rule only wants to see.
    pub(crate) fn seen(&mut self, rule: &'a EvidenceSource) {
        let (inside, outside) = self.split(rule);
        self.rests_on_all(&rule.interpretations);
        let mut inputs =
            vec![input!("counted", count(inside.len())), input!("outside", count(outside.len()))];
        for piece in inside.iter().take(OUTSIDE_NAMED_MAX) {
            let evidence = Some(piece.key.clone());
            inputs.push(Input { evidence, ..input!("piece", word(piece.kind.word())) });
        }
        self.step(&rule.rule, StepKind::Condition, !inside.is_empty(), inputs, None);
    }
}
