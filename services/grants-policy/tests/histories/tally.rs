//! What a run decided of each measure: awards, refusals of each kind, amounts that a cap cut, and what late facts did.
//! A measure that is never awarded, never refused, or never cut where it has a cap would be a model that nobody tried.

use crate::{
    model::Model,
    step::{Step, Wish},
    told::{Outcome, Told},
};
use grants_policy::{Catalogue, shipped};
use std::collections::BTreeMap;

/// What became of the applications of one measure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    awarded: usize,
    /// Of the awards, those that a cap cut.
    cut: usize,
    /// Turned down, by the clause or because nothing is left.
    refused: usize,
    /// Not decided, because something is not recorded or the line is missing.
    open: usize,
    /// Lowered or revoked, and demanded back.
    lowered: usize,
    demanded: usize,
    /// In 分.
    amount: i128,
}

/// The counts of each measure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally(BTreeMap<String, Counts>);

impl Tally {
    fn of(&mut self, model: &Model, application: &str) -> Option<&mut Counts> {
        let place = model.application(application).ok()?;
        let measure = model.applications[place].submit.measure.clone();
        Some(self.0.entry(measure).or_default())
    }

    /// Notes what came of a step.
    pub(crate) fn note(&mut self, model: &Model, step: &Step, outcome: &Outcome) {
        let told = match (outcome, &step.wish) {
            (Outcome::Taken(told), _) => told,
            (Outcome::Refused(code, _), Wish::Decide { application }) => {
                let open =
                    !["same-actor", "role-not-allowed", "application-not-open"].contains(&code.as_str());
                self.of(model, application).filter(|_| open).into_iter().for_each(|one| one.open += 1);
                return;
            }
            _ => return,
        };
        for one in told {
            match one {
                Told::Proposed { award, amount, cut, .. } => {
                    let Some(counts) = self.of(model, award) else { continue };
                    counts.awarded += 1;
                    counts.amount += amount;
                    counts.cut += usize::from(!cut.is_empty());
                }
                Told::Rejected { application, .. } => {
                    self.of(model, application).into_iter().for_each(|one| one.refused += 1);
                }
                Told::Reduced { award, .. } | Told::Revoked { award, .. } => {
                    self.of(model, award).into_iter().for_each(|one| one.lowered += 1);
                }
                Told::Demanded { recovery, .. } => {
                    self.of(model, &recovery.award).into_iter().for_each(|one| one.demanded += 1);
                }
                _ => {}
            }
        }
    }

    /// Prints the counts of the run.
    pub(crate) fn print(&self) {
        println!(" awarded     cut refused    open lowered demanded             元  measure");
        for (measure, one) in &self.0 {
            let Counts { awarded, cut, refused, open, lowered, demanded, amount } = one;
            println!(
                "{awarded:>8}{cut:>8}{refused:>8}{open:>8}{lowered:>8}{demanded:>9}{:>15}  {measure}",
                amount / 100
            );
        }
    }

    /// Fails if a measure of the shipped catalogue that pays was not awarded, not refused, not taken back by a late
    /// fact, or has a cap and was not cut.
    pub(crate) fn every_measure_is_tried(&self) {
        let catalogue = Catalogue::compile(&shipped()).unwrap();
        let none = Counts::default();
        let mut missed = Vec::new();
        for measure in catalogue.measures().filter(|one| one.file.measure.payable) {
            let id = measure.file.measure.id.to_string();
            let counts = self.0.get(&id).unwrap_or(&none);
            let capped = !measure.caps.is_empty();
            if counts.awarded == 0 || counts.refused == 0 || (capped && counts.cut == 0) {
                missed.push(format!("{id}: {counts:?}"));
            }
        }
        assert!(missed.is_empty(), "not tried: {missed:#?}");
    }
}
