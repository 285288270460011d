//! Other awards for the same matter: of another level, or under other measures of the catalogue.

use crate::{
    benefit::exact,
    condition::of_programme,
    source::limit::{OverlapMode, OverlapSource, Pending},
    source::measure::ProgrammeSource,
    walk::{Found, Stop, Walk, count, input, with_inputs, word},
};
use grants_domain::{
    external::ExternalStatus,
    ids::AwardId,
    refusal::{RefusalCode, Refused},
    state::{get, list},
    tables::{Applications, AwardRow, Awards, AwardsBySubject, ExternalAwardRow},
    trace::{FactValue, Hold, Input, StepKind},
    values::{Exact, Fen, Reference, Slug},
};

/// Awards of one project or enterprise that are looked at.
const AWARDS_MAX: usize = 10_000;
/// Awards that a trace names one by one; of more, the number is told.
const AWARDS_NAMED_MAX: usize = 20;

/// What other awards hold for the same matter, taken off behind the caps.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) rule: Slug,
    pub(crate) amount: Fen,
    /// With a limit, both together may reach it; without, the better one counts.
    pub(crate) limit: Option<Fen>,
}

impl<'a> Walk<'a> {
    /// Looks for awards that bear on this one.
    pub(crate) fn overlap(&mut self, overlap: &'a OverlapSource) -> Found<()> {
        let mode = *self.choose(&overlap.mode)?;
        let limit = overlap.limit.as_ref().map(|name| self.money(name)).transpose()?;
        let found = match (&overlap.external, &overlap.measures) {
            (Some(programme), _) => self.external(overlap, programme, mode)?,
            (None, Some(measures)) => self.standing(overlap, measures, mode)?,
            (None, None) => return Err(self.broken(overlap.rule.as_str())),
        };
        if matches!(mode, OverlapMode::BestOf | OverlapMode::SumCapped) && Fen::ZERO < found {
            self.held_elsewhere.push(Held { rule: overlap.rule.clone(), amount: found, limit });
        }
        Ok(())
    }

    /// Awards of another level: granted ones exclude or count, pending ones hold the payment.
    fn external(
        &mut self,
        overlap: &'a OverlapSource,
        programme: &ProgrammeSource,
        mode: OverlapMode,
    ) -> Found<Fen> {
        let pending = match &overlap.pending {
            Some(pending) => *self.choose(pending)?,
            None => Pending::Ignore,
        };
        let subject = match overlap.scope.as_str() {
            "project" => self.project_subject(),
            _ => Some(self.enterprise_subject()),
        };
        let reports = subject.map(str::to_owned).map(|subject| self.reports(&subject));
        let (mut held, mut found) = (Fen::ZERO, 0);
        for (award, row) in reports.iter().flat_map(|reports| of_programme(reports, programme)) {
            match row.status {
                ExternalStatus::Granted if mode == OverlapMode::Exclude => {
                    return Err(self.excluded(overlap, reported(award, row)));
                }
                ExternalStatus::Granted if mode != OverlapMode::Stack => {
                    let amount = row.amount.ok_or_else(|| {
                        let refused = Refused::of(RefusalCode::FactMissing).by(&overlap.rule);
                        Stop::Undecidable(refused.with("fact", "amount").with("award", award))
                    })?;
                    held = self.sum(held, amount)?;
                }
                ExternalStatus::Pending
                    if pending == Pending::Hold && self.holds.len() < AWARDS_NAMED_MAX =>
                {
                    let waits_for = award.as_str().parse().map_err(|_| self.broken("award"))?;
                    self.holds.push(Hold { rule: overlap.rule.clone(), waits_for });
                }
                ExternalStatus::Granted
                | ExternalStatus::Pending
                | ExternalStatus::Refused
                | ExternalStatus::Withdrawn => {}
            }
            if found < AWARDS_NAMED_MAX {
                self.step(&overlap.rule, StepKind::Overlap, true, reported(award, row), None);
            }
            found = found.saturating_add(1);
        }
        self.rest_of(overlap, found);
        Ok(held)
    }

    /// Standing awards of other measures of the catalogue. When an award is looked at again, those that came after
    /// it have taken it into account and not the other way round.
    fn standing(&mut self, overlap: &'a OverlapSource, measures: &[Slug], mode: OverlapMode) -> Found<Fen> {
        let title = match overlap.scope.strip_prefix("fact:") {
            Some(name) => {
                let name: Slug = name.parse().map_err(|_| self.broken("scope"))?;
                Some((self.need(&name)?, name))
            }
            None => None,
        };
        let subject = match overlap.scope.as_str() {
            "project" => self.project_subject(),
            _ => Some(self.enterprise_subject()),
        };
        let marks =
            subject.map(|subject| list::<AwardsBySubject>(self.state, &subject.to_owned(), AWARDS_MAX));
        let (mut held, mut found) = (Fen::ZERO, 0);
        for (key, _) in marks.unwrap_or_default() {
            let Some(bytes) = key.last_chunk().copied() else {
                continue;
            };
            let id = AwardId(u64::from_be_bytes(bytes));
            let Some(row) = get::<Awards>(self.state, &id) else {
                continue;
            };
            let bears = row.stands() && measures.contains(&row.measure);
            if !bears
                || self.ask.reviewing.is_some_and(|own| own <= id)
                || !self.same_title(&row, title.as_ref())
            {
                continue;
            }
            held = self.sum(held, row.amount)?;
            let inputs = vec![
                input!("award", word(&id.to_string())),
                input!("measure", word(row.measure.as_str())),
                input!("held", FactValue::Money(row.amount)),
            ];
            if mode == OverlapMode::Exclude {
                return Err(self.excluded(overlap, inputs));
            }
            if found < AWARDS_NAMED_MAX {
                self.step(&overlap.rule, StepKind::Overlap, true, inputs, None);
            }
            found = found.saturating_add(1);
        }
        self.rest_of(overlap, found);
        Ok(held)
    }

    /// Whether an award's application stated the same title.
    fn same_title(&self, row: &AwardRow, title: Option<&(FactValue, Slug)>) -> bool {
        let Some((value, name)) = title else { return true };
        let application = get::<Applications>(self.state, &row.application);
        application.is_some_and(|one| one.fact(name.as_str()) == Some(value))
    }

    /// One step that says that there was nothing, or how many more there were.
    fn rest_of(&mut self, overlap: &OverlapSource, found: usize) {
        if found == 0 {
            self.step(&overlap.rule, StepKind::Overlap, true, Vec::new(), None);
        }
        if AWARDS_NAMED_MAX < found {
            let others = input!("others", count(found.saturating_sub(AWARDS_NAMED_MAX)));
            self.step(&overlap.rule, StepKind::Overlap, true, vec![others], None);
        }
    }

    fn sum(&self, held: Fen, more: Fen) -> Found<Fen> {
        held.checked_add(more).ok_or_else(|| Stop::Undecidable(Refused::of(RefusalCode::OutOfRange)))
    }

    fn excluded(&mut self, overlap: &OverlapSource, inputs: Vec<Input>) -> Stop {
        let refused = with_inputs(Refused::of(RefusalCode::ExcludedByOverlap).by(&overlap.rule), &inputs);
        self.step(&overlap.rule, StepKind::Overlap, false, inputs, None);
        Stop::Rejected(refused)
    }

    /// Takes off what other awards hold: the difference to the better one, or what a joint limit leaves.
    pub(crate) fn take_off(&mut self, amount: Exact) -> Found<Exact> {
        let mut left = amount;
        for Held { rule, amount: held, limit } in std::mem::take(&mut self.held_elsewhere) {
            let rest = match limit {
                None => left.checked_sub(Exact::from(held)).unwrap_or(Exact::ZERO),
                Some(limit) => left.min(Exact::from(limit.checked_sub(held).unwrap_or(Fen::ZERO))),
            };
            let mut inputs = vec![input!("held", FactValue::Money(held)), input!("alone", exact(left))];
            inputs.extend(limit.map(|limit| input!("limit", FactValue::Money(limit))));
            let refused = with_inputs(Refused::of(RefusalCode::ExcludedByOverlap).by(&rule), &inputs);
            self.step(&rule, StepKind::TopUp, Exact::ZERO < rest, inputs, Some(rest));
            if rest == Exact::ZERO {
                return Err(Stop::Rejected(refused));
            }
            left = rest;
        }
        Ok(left)
    }
}

/// What a step tells about an award of another level.
fn reported(award: &Reference, row: &ExternalAwardRow) -> Vec<Input> {
    let mut inputs = vec![input!("award", word(award.as_str())), input!("status", word(row.status.word()))];
    inputs.extend(row.amount.map(|amount| input!("held", FactValue::Money(amount))));
    inputs.push(input!("on", FactValue::Date(row.on)));
    inputs
}
