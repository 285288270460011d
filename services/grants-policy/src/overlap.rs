//! Other awards for the same matter: of another level, or under other measures of the catalogue.

use crate::{
    benefit::exact,
    claim::folded,
    kin::Other,
    source::limit::{ExternalSource, OverlapMode, OverlapSource, Pending, Programmes},
    walk::{Found, Stop, Walk, count, input, plain, with_inputs, word},
};
use grants_domain::{
    external::ExternalStatus,
    ids::AwardId,
    refusal::{RefusalCode, Refused},
    state::{get, list},
    subject,
    tables::{Applications, AwardRow, Awards, AwardsBySubject, ExternalAwardRow},
    trace::{FactValue, Hold, Input, StepKind},
    values::{Exact, Fen, Reference, Slug},
};
use std::collections::BTreeSet;

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
        if !self.applies(&overlap.when) {
            return Ok(());
        }
        let mode = *self.choose(&overlap.mode)?;
        let limit = overlap.limit.as_ref().map(|name| self.money(name)).transpose()?;
        let found = match &overlap.external {
            Some(external) => self.external(overlap, external, mode)?,
            None => self.standing(overlap, mode)?,
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
        external: &ExternalSource,
        mode: OverlapMode,
    ) -> Found<Fen> {
        let pending = match &overlap.pending {
            Some(pending) => *self.choose(pending)?,
            None => Pending::Ignore,
        };
        let reports = self.subject_of(&overlap.scope)?.map(|subject| self.reports(&subject));
        let (mut held, mut found) = (Fen::ZERO, 0);
        let told = |(award, row): &(Reference, ExternalAwardRow)| reported(award, row, external);
        for report in reports.iter().flat_map(|all| all.iter()).filter(|(_, row)| external.covers(row)) {
            let (award, row) = report;
            match row.status {
                ExternalStatus::Granted if mode == OverlapMode::Exclude => {
                    return Err(self.excluded(overlap, told(report)));
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
                self.step(&overlap.rule, StepKind::Overlap, true, told(report), None);
            }
            found = found.saturating_add(1);
        }
        self.rest_of(overlap, found);
        Ok(held)
    }

    /// Standing awards of other measures of the catalogue. When an award is looked at again, those that came after
    /// it have taken it into account and not the other way round.
    fn standing(&mut self, overlap: &'a OverlapSource, mode: OverlapMode) -> Found<Fen> {
        let title = match self.fact_behind(&overlap.scope)? {
            Some(name) => Some((self.need(&name)?, name)),
            None => None,
        };
        let subject = match overlap.scope.as_str() {
            "project" => self.project_subject(),
            _ => Some(self.enterprise_subject()),
        };
        let standing = subject.map(|subject| self.standing_of(subject)).unwrap_or_default();
        let (mut held, mut found) = (Fen::ZERO, 0);
        for (id, row) in standing {
            if !self.bears(overlap, &row.measure)
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

    /// Standing awards of a subject in their order; of the enterprise also those of everybody that it came from.
    pub(crate) fn standing_of(&self, subject: &str) -> Vec<(AwardId, AwardRow)> {
        let mut standing = self.awards_of(self.with_those_before(subject));
        standing.retain(|(_, row)| row.stands());
        standing
    }

    /// Awards of several subjects, each of those up to the sequence that stands beside it, that stand or keep room of a
    /// cap.
    pub(crate) fn holding_room_among(&self, subjects: Vec<Other>) -> Vec<(AwardId, AwardRow)> {
        let mut holding = self.awards_of(subjects);
        holding.retain(|(_, row)| row.stands() || !row.kept.is_empty());
        holding
    }

    /// Awards of subjects in their order, whatever became of them.
    pub(crate) fn awards_of(&self, subjects: Vec<Other>) -> Vec<(AwardId, AwardRow)> {
        let of = |(subject, before): (String, Option<u64>)| {
            let marks = list::<AwardsBySubject>(self.state, &subject, AWARDS_MAX);
            let ids = marks
                .into_iter()
                .filter_map(|(key, _)| Some(AwardId(u64::from_be_bytes(*key.last_chunk()?))));
            ids.filter(move |id| before.is_none_or(|before| id.0 < before))
        };
        let ids: BTreeSet<AwardId> = subjects.into_iter().flat_map(of).collect();
        ids.into_iter().filter_map(|id| get::<Awards>(self.state, &id).map(|row| (id, row))).collect()
    }

    /// Whether awards of a measure are among those that an overlap names, one by one or by their document.
    fn bears(&self, overlap: &OverlapSource, measure: &Slug) -> bool {
        if overlap.others_only && *measure == self.measure.file.measure.id {
            return false;
        }
        let named = overlap.measures.as_ref().is_some_and(|measures| measures.contains(measure));
        let document = self.catalogue.measures.get(measure).map(|measure| &measure.file.measure.document);
        let of = |documents: &Vec<Slug>| document.is_some_and(|document| documents.contains(document));
        named || overlap.documents.as_ref().is_some_and(of)
    }

    /// The subject under which other bodies report awards for the same matter.
    pub(crate) fn subject_of(&self, scope: &str) -> Found<Option<String>> {
        match self.fact_behind(scope)? {
            Some(name) => Ok(Some(subject::one_way(&format!("title:{}", plain(&self.need(&name)?))))),
            None if scope == "project" => Ok(self.project_subject().map(str::to_owned)),
            None => Ok(Some(self.enterprise_subject().to_owned())),
        }
    }

    /// Whether an award's application stated the same title, however it was typed.
    pub(crate) fn same_title(&self, row: &AwardRow, title: Option<&(FactValue, Slug)>) -> bool {
        let Some((value, name)) = title else { return true };
        let application = get::<Applications>(self.state, &row.application);
        let stated = application.and_then(|one| one.fact(name.as_str()).map(plain));
        stated.is_some_and(|stated| folded(&stated) == folded(&plain(value)))
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
            let rest = self.stepped(rest)?;
            self.step(&rule, StepKind::TopUp, Exact::ZERO < rest, inputs, Some(rest));
            if rest == Exact::ZERO {
                return Err(Stop::Rejected(refused));
            }
            left = rest;
        }
        Ok(left)
    }
}

/// What a step tells about an award of another level: the event that reported it, and where the rule does not name
/// the programme, which one it is.
pub(crate) fn reported(award: &Reference, row: &ExternalAwardRow, external: &ExternalSource) -> Vec<Input> {
    let award = Input { event: Some(row.sequence), ..input!("award", word(award.as_str())) };
    let mut inputs = vec![award, input!("status", word(row.status.word()))];
    if !matches!(external.programme, Some(Programmes::One(_))) {
        inputs.push(input!("level", word(row.level.word())));
        inputs.push(input!("programme", word(row.programme.as_str())));
    }
    inputs.extend(row.amount.map(|amount| input!("held", FactValue::Money(amount))));
    inputs.push(input!("on", FactValue::Date(row.on)));
    inputs
}
