//! Conditions: one test each, with what it looked at.

use crate::{
    catalogue::Parameter,
    overlap::reported,
    source::limit::ExternalSource,
    source::measure::{ConditionSource, ProgrammeSource, Span, TestSource, Weight},
    walk::{Found, Reports, Stop, Walk, as_value, count, input, with_inputs, word},
};
use grants_domain::{
    enterprise::lineage,
    external::ExternalStatus,
    refusal::{RefusalCode, Refused},
    state::{get, list},
    tables::{EvidenceKind, ExternalAwardRow, ExternalAwards, ExternalBySubject, RoundRow, Rounds},
    trace::{FactValue, Input, StepKind},
    values::{Date, DatePeriod, Reference, Slug},
};
use std::cmp::Ordering;

/// Awards of other levels about one subject, and rounds of one programme, that are looked at.
const REPORTS_MAX: usize = 1_000;

impl<'a> Walk<'a> {
    /// Checks a condition; an unmet hard one ends the walk. One about a fact that nobody has recorded leaves no step.
    pub(crate) fn condition(&mut self, condition: &'a ConditionSource) -> Found<()> {
        if !self.applies(&condition.when) {
            return Ok(());
        }
        if let Some(fact) = &condition.if_known
            && self.fact(fact)?.is_none()
        {
            return Ok(());
        }
        let weight = match &condition.weight {
            Some(choice) => *self.choose(choice)?,
            None => Weight::Hard,
        };
        self.rests_on_all(&condition.interpretations);
        let mut inputs = Vec::new();
        let met = match self.holds(&condition.rule, &condition.test, &mut inputs) {
            // What is only recorded may also be recorded as not known.
            Err(Stop::Undecidable(_)) if weight == Weight::Note => false,
            found => found?,
        };
        if met || weight == Weight::Note {
            self.step(&condition.rule, StepKind::Condition, met, inputs, None);
            return Ok(());
        }
        let refused = with_inputs(Refused::of(RefusalCode::ConditionNotMet).by(&condition.rule), &inputs);
        self.step(&condition.rule, StepKind::Condition, false, inputs, None);
        Err(Stop::Rejected(refused))
    }

    /// Whether a test holds; what it looked at is added to `inputs`.
    pub(crate) fn holds(
        &mut self,
        rule: &Slug,
        test: &'a TestSource,
        inputs: &mut Vec<Input>,
    ) -> Found<bool> {
        if let Some(tests) = &test.all {
            return self.all(rule, tests, inputs);
        }
        if let Some(tests) = &test.any {
            return self.any(rule, tests, inputs);
        }
        if let Some(kind) = test.evidence {
            let pieces = self.pieces(kind).count();
            inputs.push(input!("pieces", count(pieces)));
            return Ok(0 < pieces);
        }
        if let Some(years) = &test.loan_longer_than {
            let years = self.choose(years)?;
            return self.loan_longer_than(rule, years, inputs);
        }
        if let Some(programme) = &test.applied_above {
            return Ok(self.applied_above(programme, inputs));
        }
        if let Some(external) = &test.granted {
            return Ok(self.granted(external, inputs));
        }
        let name = test.fact.as_ref().ok_or_else(|| self.broken("test"))?;
        if let Some(wanted) = test.present {
            let found = self.fact(name)?;
            inputs.extend(found.iter().map(|known| known.as_input(name)));
            return Ok(found.is_some() == wanted);
        }
        let known = self.known(name)?;
        inputs.push(known.as_input(name));
        if let Some(wanted) = test.known {
            return Ok(wanted);
        }
        self.compare(rule, test, &known.value, inputs)
    }

    /// Every one is looked at, so that the sentence can tell them all; a missing fact counts only if none fails.
    fn all(&mut self, rule: &Slug, tests: &'a [TestSource], inputs: &mut Vec<Input>) -> Found<bool> {
        let (mut met, mut missing) = (true, None);
        for one in tests {
            match self.holds(rule, one, inputs) {
                Ok(held) => met = met && held,
                Err(stop) => missing = missing.or(Some(stop)),
            }
        }
        match missing {
            Some(stop) if met => Err(stop),
            Some(_) | None => Ok(met),
        }
    }

    /// One that holds is enough; a missing fact counts only if none holds.
    fn any(&mut self, rule: &Slug, tests: &'a [TestSource], inputs: &mut Vec<Input>) -> Found<bool> {
        let mut missing = None;
        for one in tests {
            match self.holds(rule, one, inputs) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(stop) => missing = missing.or(Some(stop)),
            }
        }
        missing.map_or(Ok(false), Err)
    }

    fn compare(
        &mut self,
        rule: &Slug,
        test: &'a TestSource,
        value: &FactValue,
        inputs: &mut Vec<Input>,
    ) -> Found<bool> {
        if let Some(wanted) = &test.is {
            return Ok(is(value, wanted));
        }
        if let Some(wanted) = test.is_applicant {
            return Ok(wanted == self.recipients().iter().any(|one| is(value, one)));
        }
        if let Some(list) = &test.one_of {
            let Parameter::Words(words) = self.value(list)? else {
                return Err(self.broken(list.as_str()));
            };
            return Ok(words.iter().any(|one| is(value, one)));
        }
        if let Some(span) = test.within {
            let FactValue::Date(day) = value else {
                return Ok(false);
            };
            return Ok(self.spans(span, *day));
        }
        if let Some(kind) = test.day_of {
            let other = self.pieces(kind).find(|piece| FactValue::Date(piece.date) != *value);
            let day = other.or_else(|| self.pieces(kind).next()).map(|piece| piece.date);
            inputs.extend(day.map(|day| input!("evidence_day", FactValue::Date(day))));
            return Ok(other.is_none() && day.is_some());
        }
        let limits: [(&Option<Slug>, Fits); 4] = [
            (&test.at_least, Ordering::is_ge),
            (&test.above, Ordering::is_gt),
            (&test.at_most, Ordering::is_le),
            (&test.below, Ordering::is_lt),
        ];
        let mut met = true;
        for (limit, fits) in limits {
            let Some(name) = limit else { continue };
            let limit = self.value(name)?;
            inputs.push(input!("limit", as_value(limit)));
            let order = order(value, limit).ok_or_else(|| self.broken(name.as_str()))?;
            self.meets(rule, name.as_str(), order);
            met = met && fits(order);
        }
        Ok(met)
    }

    /// Who is to get the money: the person whom the application names as payee, else the enterprise that applies, under
    /// any code that it has or that became part of it.
    fn recipients(&self) -> Vec<String> {
        if let Some(person) = self.person() {
            return vec![person];
        }
        let own = lineage::same(self.state, &self.ask.enterprise.code);
        let joined = self.carried.iter().filter(|one| one.before.is_none()).map(|one| &one.code);
        own.iter().chain(joined).map(ToString::to_string).collect()
    }

    /// Whether a day lies in the term of the policy, or in the construction validity of the project.
    pub(crate) fn spans(&self, span: Span, day: Date) -> bool {
        match span {
            Span::Term => self.term.contains(day),
            Span::Validity => self.ask.project.is_some_and(|project| project.validity.contains(day)),
        }
    }

    fn loan_longer_than(&mut self, rule: &Slug, years: &Slug, inputs: &mut Vec<Input>) -> Found<bool> {
        let Parameter::Years(years) = *self.value(years)? else {
            return Err(self.broken(years.as_str()));
        };
        let loan = self.loan(rule)?;
        let until = loan.until.unwrap_or(loan.date);
        let limit = loan.date.anniversary(years).map_err(|_| self.broken("years"))?;
        inputs.push(input!("loan_from", FactValue::Date(loan.date)));
        inputs.push(input!("loan_until", FactValue::Date(until)));
        inputs.push(input!("limit", FactValue::Date(limit)));
        self.meets(rule, "loan", until.cmp(&limit));
        Ok(limit < until)
    }

    /// The loan that the application is about: one contract each.
    pub(crate) fn loan(&self, rule: &Slug) -> Found<&'a grants_domain::tables::Claimed> {
        let mut loans = self.pieces(EvidenceKind::Loan);
        match (loans.next(), loans.next()) {
            (Some(loan), None) => Ok(loan),
            (None, _) => Err(self.none_of(EvidenceKind::Loan, Some(rule))),
            (Some(_), Some(second)) => {
                let refused = Refused::of(RefusalCode::OutOfRange).by(rule).with("evidence", &second.key);
                Err(Stop::Undecidable(refused.with("limit", 1)))
            }
        }
    }

    /// K-11: an award of the other level was applied for, or could not be because no round was open on or before the
    /// day of application.
    fn applied_above(&mut self, programme: &ProgrammeSource, inputs: &mut Vec<Input>) -> bool {
        let subject = self.project_subject().map(str::to_owned);
        let reports = subject.map(|subject| self.reports(&subject));
        let mut found = reports.iter().flat_map(|reports| of_programme(reports, programme));
        if let Some((award, row)) = found.next() {
            inputs.push(Input { event: Some(row.sequence), ..input!("applied_for", word(award.as_str())) });
            inputs.push(input!("status", word(row.status.word())));
            return true;
        }
        let round = self.ask.project.and_then(|project| self.open_round(programme, project.validity));
        match round {
            Some(round) => {
                inputs.push(input!("round", word(&round)));
                false
            }
            None => true,
        }
    }

    /// An award of another body for the project, or else for the enterprise, was granted and stands.
    pub(crate) fn granted(&mut self, external: &ExternalSource, inputs: &mut Vec<Input>) -> bool {
        let subject = self.project_subject().unwrap_or_else(|| self.enterprise_subject()).to_owned();
        let reports = self.reports(&subject);
        let stands = |row: &ExternalAwardRow| row.status == ExternalStatus::Granted && external.covers(row);
        let found = reports.iter().find(|(_, row)| stands(row));
        inputs.extend(found.into_iter().flat_map(|(award, row)| reported(award, row, external)));
        found.is_some()
    }

    fn open_round(&self, programme: &ProgrammeSource, validity: DatePeriod) -> Option<String> {
        let rounds = list::<Rounds>(self.state, &programme.programme, REPORTS_MAX);
        // One that had not opened, or that nobody had heard of, could not be used.
        let counts = |round: &RoundRow| {
            round.open.overlaps(validity)
                && round.open.from().max(validity.from()) <= self.ask.application.applied_on
                && round.sequence < self.known_before()
        };
        let (key, _) = rounds.into_iter().find(|(_, round)| counts(round))?;
        let mut parts = key.split(|byte| *byte == 0);
        String::from_utf8(parts.nth(1)?.to_vec()).ok()
    }

    /// Awards of other levels that were reported about a subject. They are read once in a walk.
    pub(crate) fn reports(&mut self, subject: &str) -> Reports {
        if let Some((_, reports)) = self.reported.iter().find(|(known, _)| known == subject) {
            return Reports::clone(reports);
        }
        // What other bodies gave to those that the enterprise came from, it has.
        let subjects = self.with_those_before(subject).into_iter();
        let marks: Vec<_> = subjects
            .flat_map(|(subject, _)| list::<ExternalBySubject>(self.state, &subject, REPORTS_MAX))
            .collect();
        let names = marks.iter().filter_map(|(key, _)| {
            let name = key.split(|byte| *byte == 0).nth(1)?;
            std::str::from_utf8(name).ok()?.parse::<Reference>().ok()
        });
        let rows = names.filter_map(|name| get::<ExternalAwards>(self.state, &name).map(|row| (name, row)));
        let reports: Reports = rows.collect();
        self.reported.push((subject.to_owned(), Reports::clone(&reports)));
        reports
    }
}

/// Of the awards of other levels, those of one programme.
fn of_programme<'r>(
    reports: &'r [(Reference, ExternalAwardRow)],
    programme: &'r ProgrammeSource,
) -> impl Iterator<Item = &'r (Reference, ExternalAwardRow)> {
    reports.iter().filter(|(_, row)| row.level == programme.level && row.programme == programme.programme)
}

/// Whether a value is this flag or word.
fn is(value: &FactValue, wanted: &str) -> bool {
    match value {
        FactValue::Flag(flag) => wanted == if *flag { "yes" } else { "no" },
        FactValue::Word(word) => word.as_str() == wanted,
        FactValue::Money(_)
        | FactValue::Count(_)
        | FactValue::Date(_)
        | FactValue::Rate(_)
        | FactValue::Exact(_) => false,
    }
}

/// Whether an order is the one that a limit asks for.
type Fits = fn(Ordering) -> bool;

/// How a fact compares with a value of the same type.
fn order(value: &FactValue, limit: &Parameter) -> Option<Ordering> {
    match (value, limit) {
        (FactValue::Money(one), Parameter::Money(other)) => Some(one.cmp(other)),
        (FactValue::Count(one), Parameter::Count(other)) => Some(one.cmp(other)),
        (FactValue::Rate(one), Parameter::Rate(other)) => Some(one.cmp(other)),
        _ => None,
    }
}
