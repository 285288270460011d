//! Applications and what is decided about them: submitted, withdrawn, decided, confirmed, reduced, revoked.

use super::{
    Answer, Application, ApplicationIs, Award, Model, Stop, day,
    measures::{self, Due},
    refuse,
    shares::{Part, divided, divided_between},
};
use crate::{
    step::{Submit, Value},
    told::Told,
};

fn told(word: &'static str) -> Answer {
    Ok(vec![Told::Recorded(word)])
}

impl Model {
    pub(super) fn submit(&mut self, submit: &Submit, actor: &str) -> Answer {
        let texts: Vec<String> = submit
            .evidence
            .iter()
            .map(|piece| super::one_text(piece).unwrap_or_else(|| piece.typed.clone()))
            .collect();
        let names: Vec<&String> = submit.facts.iter().map(|fact| &fact.0).collect();
        let twice = |place: usize| texts[..place].contains(&texts[place]);
        let named_twice = |place: usize| names[..place].contains(&names[place]);
        if (0..texts.len()).any(twice) || (0..names.len()).any(named_twice) {
            return refuse("out-of-range");
        }
        let stated = submit.facts.iter().filter_map(|fact| match fact.1 {
            Value::Day(day) => Some(day),
            _ => None,
        });
        let mut days = stated.chain(submit.evidence.iter().map(|piece| piece.day));
        if self.today < submit.applied_on || days.any(|day| self.today < day) {
            return refuse("day-ahead");
        }
        if self.application(&submit.application).is_ok() {
            return refuse("application-known");
        }
        if !self.enterprises.iter().any(|one| one.code == submit.enterprise) {
            return refuse("enterprise-unknown");
        }
        self.fits(submit)?;
        let keys = self.described(submit)?;
        self.describe(submit, &keys);
        let (by, is) = (actor.to_owned(), ApplicationIs::Waiting);
        self.applications.push(Application { submit: submit.clone(), by, is, keys });
        told("application.submitted")
    }

    /// The measure is one that is paid, and it gets the project and the payee that it is about.
    fn fits(&self, submit: &Submit) -> Result<(), Stop> {
        let Some(measure) = measures::of(&submit.measure) else {
            let recorded = measures::RECORDED_ONLY.contains(&submit.measure.as_str());
            return refuse(if recorded { "measure-not-payable" } else { "measure-unknown" });
        };
        // Article 2 alone names persons among those who are paid.
        if submit.person && measure.id != "E2" {
            return refuse("payee-not-allowed");
        }
        let Some(code) = &submit.project else {
            return if measure.about_project { refuse("project-missing") } else { Ok(()) };
        };
        let applicant = self.codes_up_to(&self.current(&submit.enterprise));
        let owned = |code: &String| applicant.contains(code);
        match self.projects.iter().find(|one| one.code == *code) {
            None => refuse("project-unknown"),
            Some(project) if !owned(&project.enterprise) => refuse("project-of-another"),
            Some(_) => Ok(()),
        }
    }

    fn waiting(&self, number: &str) -> Result<usize, Stop> {
        let application = self.application(number)?;
        match self.applications[application].is {
            ApplicationIs::Waiting => Ok(application),
            _ => refuse("application-not-open"),
        }
    }

    pub(super) fn withdraw(&mut self, number: &str) -> Answer {
        let application = self.waiting(number)?;
        self.applications[application].is = ApplicationIs::Withdrawn;
        told("application.withdrawn")
    }

    pub(super) fn decide(&mut self, number: &str, actor: &str) -> Answer {
        let place = self.waiting(number)?;
        if self.applications[place].by == actor {
            return refuse("same-actor");
        }
        let Submit { enterprise, measure, .. } = &self.applications[place].submit;
        self.free(enterprise, measure)?;
        let version = self.policy().1;
        let due = match measures::assess(self, place, version, None) {
            Err(Stop::Open(code, rule)) => return Err(Stop::Open(code, rule)),
            Err(Stop::No(code, rule)) => return self.turn_down(place, code, rule),
            Ok(due) => due,
        };
        let submit = self.applications[place].submit.clone();
        let year = u32::try_from(day::year(self.today)).unwrap();
        let weights: Vec<i128> = due.payers.iter().map(|payer| payer.1).collect();
        let mut parts = Vec::new();
        for ((treasury, weight), amount) in due.payers.iter().zip(divided(due.amount, &weights)) {
            let Some(line) = self.line_for(treasury, year, &submit.measure) else {
                return refuse("budget-line-missing");
            };
            parts.push(Part { line: line.name.clone(), weight: *weight, amount });
        }
        let short = parts.iter().any(|part| {
            let books = self.books(&part.line);
            books.available < part.amount || 0 < books.queued
        });
        if short && !due.waits {
            return self.turn_down(place, "budget-short", None);
        }
        Ok(self.propose(place, parts, due, short, actor))
    }

    fn turn_down(&mut self, place: usize, code: &str, rule: Option<String>) -> Answer {
        self.applications[place].is = ApplicationIs::TurnedDown;
        let application = self.applications[place].submit.application.clone();
        Ok(vec![Told::Rejected { application, code: code.to_owned(), rule }])
    }

    fn propose(&mut self, place: usize, parts: Vec<Part>, due: Due, short: bool, actor: &str) -> Vec<Told> {
        self.applications[place].is = ApplicationIs::Awarded;
        let Submit { application: name, enterprise, project, measure, .. } =
            self.applications[place].submit.clone();
        let (version, enterprise) = (self.policy().1, self.current(&enterprise));
        let Due { amount, payers, holds, governing, cap, right, bonus, interest, uses, subjects, .. } = due;
        let cut = cap.iter().filter(|one| one.cut).map(|one| one.cap.to_owned()).collect();
        let (award, holding) = (name.clone(), holds.clone());
        self.awards.push(Award {
            name: name.clone(),
            enterprise,
            project,
            measure,
            parts: parts.clone(),
            governing,
            version,
            decided_by: actor.to_owned(),
            confirmed_by: None,
            proposed: amount,
            lowered: Vec::new(),
            kept: 0,
            queued: short,
            gone: None,
            holds,
            cap,
            right,
            bonus,
            interest,
            uses,
            subjects,
            decided: self.number,
        });
        let told_parts = payers.into_iter().zip(&parts);
        let proposed = Told::Proposed {
            award: name,
            parts: told_parts.map(|(payer, part)| (payer.0, part.line.clone(), part.amount)).collect(),
            amount,
            holds: holding,
            cut,
            governing,
            version,
        };
        let mut told = vec![proposed];
        for Part { line, amount, .. } in parts.into_iter().filter(|_| short) {
            let queue = self.queue(&line);
            let before = queue.iter().take_while(|one| **one + 1 != self.awards.len()).count();
            told.push(Told::Queued { award: award.clone(), line, position: before as u64 + 1, amount });
        }
        told
    }

    /// Another person than those who submitted and decided.
    pub(super) fn another_person(&self, award: usize, actor: &str) -> Result<(), Stop> {
        let one = &self.awards[award];
        let application = &self.applications[self.application(&one.name)?];
        if one.decided_by == actor || application.by == actor { refuse("same-actor") } else { Ok(()) }
    }

    pub(super) fn confirm(&mut self, name: &str, actor: &str) -> Answer {
        let place = self.standing(name)?;
        if self.awards[place].queued || self.awards[place].confirmed_by.is_some() {
            return refuse("award-not-open");
        }
        self.another_person(place, actor)?;
        self.free(&self.awards[place].enterprise, &self.awards[place].measure)?;
        self.awards[place].confirmed_by = Some(actor.to_owned());
        Ok(vec![Told::Confirmed { award: name.to_owned(), amount: self.unpaid(place) }])
    }

    pub(super) fn reduce(&mut self, name: &str, to: i128, fraud: bool, actor: &str) -> Answer {
        let place = self.standing(name)?;
        self.another_person(place, actor)?;
        let by = self.awards[place].amount() - to;
        if by <= 0 || to == 0 {
            return refuse("amount-not-less");
        }
        let instructed = self.instructed(place);
        // Nobody knows what becomes of a part that is on its way.
        if self.unpaid(place) < by || self.settled(place) != instructed {
            return refuse("amount-already-paid");
        }
        let parts = self.awards[place].parts.clone();
        let bound = |part: &Part| (self.instructed_of(place, &part.line), part.amount);
        let left = divided_between(to, &parts, &parts.iter().map(bound).collect::<Vec<_>>());
        let mut told = Vec::new();
        self.lower(place, &left, &mut told);
        self.keep_room(place, fraud, by);
        // Who confirmed said yes to another amount; of what is paid nobody is asked again.
        if instructed < to && self.awards[place].confirmed_by.take().is_some() {
            told.push(Told::Unconfirmed { award: name.to_owned(), amount: to - instructed });
        }
        Ok(told)
    }

    pub(super) fn revoke(&mut self, name: &str, fraud: bool, actor: &str) -> Answer {
        let place = self.standing(name)?;
        self.another_person(place, actor)?;
        if 0 < self.instructed(place) {
            return refuse("amount-already-paid");
        }
        let (mut told, nothing) = (Vec::new(), vec![0; self.awards[place].parts.len()]);
        self.keep_room(place, fraud, self.awards[place].amount());
        self.lower(place, &nothing, &mut told);
        Ok(told)
    }
}
