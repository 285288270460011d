//! Who may get nothing today: every sanction is asked whom it reaches, over whoever is related on that day (I-33, I-14).

use super::{Answer, Model, Stop, measures, refuse};
use crate::{
    step::{Relation, Sanction},
    told::Told,
};

/// A sanction as it was recorded, by whom, and how it was lifted: on which last day, or as one that never was.
#[derive(Clone, Debug)]
pub(crate) struct Sanctioned {
    pub(crate) sanction: Sanction,
    by: String,
    pub(crate) lifted: Option<Option<i64>>,
}

/// Two enterprises that are related, by whom it was recorded, and how it ended: on which last day, or as never so.
#[derive(Clone, Debug)]
pub(crate) struct Related {
    pub(crate) relation: Relation,
    by: String,
    pub(crate) ended: Option<Option<i64>>,
}

/// Whether a day lies in a time that is open to its end, or that was ended otherwise than it was recorded.
fn lasts(day: i64, from: i64, until: Option<i64>, ended: Option<Option<i64>>) -> bool {
    let last = match ended {
        Some(None) => return false,
        Some(Some(last)) => Some(last),
        None => until,
    };
    from <= day && last.is_none_or(|last| day <= last)
}

impl Sanctioned {
    fn in_force(&self, day: i64) -> bool {
        lasts(day, self.sanction.from, self.sanction.until, self.lifted)
    }
    /// Its last day; nothing is later than no end.
    fn last(&self) -> i64 {
        self.lifted.flatten().or(self.sanction.until).unwrap_or(i64::MAX)
    }
}

impl Related {
    fn is(&self, one: &str, other: &str, kind: &str) -> bool {
        let Relation { enterprise, other: end, kind: own, .. } = &self.relation;
        self.ended.is_none()
            && *own == kind
            && ((enterprise == one && end == other) || (enterprise == other && end == one))
    }
    fn holds(&self, day: i64, reach: &str) -> bool {
        let of_kind = reach == "group" || self.relation.kind == reach;
        of_kind && lasts(day, self.relation.from, self.relation.until, self.ended)
    }
}

fn recorded(word: &'static str) -> Answer {
    Ok(vec![Told::Recorded(word)])
}

impl Model {
    /// The sanction of a document that was recorded and not lifted.
    fn sanction_of(&self, enterprise: &str, document: &str) -> Option<usize> {
        self.sanctions.iter().position(|one| {
            one.lifted.is_none()
                && self.first(&one.sanction.enterprise) == self.first(enterprise)
                && one.sanction.document == document
        })
    }

    pub(super) fn impose(&mut self, sanction: &Sanction, actor: &str) -> Answer {
        let Sanction { enterprise, from, until, measures, document, dated, .. } = sanction;
        let twice = measures.iter().enumerate().any(|(place, one)| measures[..place].contains(one));
        if twice || until.is_some_and(|until| until < *from) {
            return refuse("out-of-range");
        }
        let known = |id: &str| measures::of(id).is_some() || measures::RECORDED_ONLY.contains(&id);
        if !measures.iter().all(|one| known(one)) {
            return refuse("measure-unknown");
        }
        if self.sanction_of(enterprise, document).is_some() {
            return refuse("sanction-known");
        }
        if self.today < *dated {
            return refuse("day-ahead");
        }
        let (sanction, by, lifted) = (sanction.clone(), actor.to_owned(), None);
        self.sanctions.push(Sanctioned { sanction, by, lifted });
        recorded("sanction.imposed")
    }

    pub(super) fn lift(
        &mut self,
        enterprise: &str,
        document: &str,
        until: Option<i64>,
        dated: i64,
        actor: &str,
    ) -> Answer {
        let Some(place) = self.sanction_of(enterprise, document) else {
            return refuse("sanction-unknown");
        };
        let Sanctioned { sanction, by, .. } = &self.sanctions[place];
        if by == actor {
            return refuse("same-actor");
        }
        let longer = |day: i64| sanction.until.is_some_and(|last| last <= day);
        if until.is_some_and(|day| day < sanction.from || longer(day)) {
            return refuse("out-of-range");
        }
        if self.today < dated {
            return refuse("day-ahead");
        }
        self.sanctions[place].lifted = Some(until);
        recorded("sanction.lifted")
    }

    pub(super) fn relate(&mut self, relation: &Relation, actor: &str) -> Answer {
        let Relation { enterprise, other, kind, from, until } = relation;
        if enterprise == other || until.is_some_and(|until| until < *from) {
            return refuse("out-of-range");
        }
        if [enterprise, other].into_iter().any(|code| !self.enterprises.iter().any(|one| one.code == *code)) {
            return refuse("enterprise-unknown");
        }
        if self.relations.iter().any(|one| one.is(enterprise, other, kind)) {
            return refuse("affiliation-known");
        }
        if self.today < *from {
            return refuse("day-ahead");
        }
        let (relation, by, ended) = (relation.clone(), actor.to_owned(), None);
        self.relations.push(Related { relation, by, ended });
        Ok(self.related_anew("enterprise.affiliated", [enterprise, other]))
    }

    pub(super) fn unrelate(
        &mut self,
        (enterprise, other): (&str, &str),
        kind: &str,
        until: Option<i64>,
        actor: &str,
    ) -> Answer {
        let Some(place) = self.relations.iter().position(|one| one.is(enterprise, other, kind)) else {
            return refuse("affiliation-unknown");
        };
        let Related { relation, by, .. } = &self.relations[place];
        if by == actor {
            return refuse("same-actor");
        }
        if until.is_some_and(|until| until < relation.from) {
            return refuse("out-of-range");
        }
        self.relations[place].ended = Some(until);
        Ok(self.related_anew("enterprise.disaffiliated", [enterprise, other]))
    }

    /// What affiliates bought of each other may not count, so that everybody who ever was related is looked at again.
    fn related_anew(&mut self, word: &'static str, ends: [&str; 2]) -> Vec<Told> {
        let mut told = vec![Told::Recorded(word)];
        for code in self.joined(ends.map(str::to_owned).into(), |_| true) {
            self.look_again_at(&format!("enterprise:{code}"), &mut told);
        }
        told
    }

    /// Everybody who is of one group with an enterprise on a day.
    pub(super) fn group(&self, code: &str, day: i64) -> Vec<String> {
        self.joined(vec![code.to_owned()], |one| one.holds(day, "group"))
    }

    pub(super) fn link(&mut self, ends: (&str, &str), actor: &str) -> Answer {
        if ends.0 == ends.1 {
            return refuse("out-of-range");
        }
        if [ends.0, ends.1].into_iter().any(|code| !self.projects.iter().any(|one| one.code == code)) {
            return refuse("project-unknown");
        }
        if self.linked_at(ends).is_some() {
            return refuse("link-known");
        }
        self.links.push((ends.0.to_owned(), ends.1.to_owned(), actor.to_owned()));
        recorded("project.linked")
    }

    pub(super) fn unlink(&mut self, ends: (&str, &str), actor: &str) -> Answer {
        match self.linked_at(ends) {
            None => refuse("link-unknown"),
            Some(place) if self.links[place].2 == actor => refuse("same-actor"),
            Some(place) => {
                self.links.remove(place);
                recorded("project.unlinked")
            }
        }
    }

    fn linked_at(&self, (one, other): (&str, &str)) -> Option<usize> {
        let is = |(left, right, _): &(String, String, String)| {
            (left == one && right == other) || (left == other && right == one)
        };
        self.links.iter().position(is)
    }

    /// A project, and those that are parts of one with it.
    pub(super) fn parts_of_one(&self, project: &str) -> Vec<String> {
        let mut all = vec![project.to_owned()];
        while let Some((one, other, _)) =
            self.links.iter().find(|(one, other, _)| all.contains(one) != all.contains(other))
        {
            let next = if all.contains(one) { other } else { one };
            all.push(next.clone());
        }
        all
    }

    /// These, and whoever is related to one of them, or to one who is.
    fn joined(&self, mut all: Vec<String>, counts: impl Fn(&Related) -> bool) -> Vec<String> {
        while let Some(next) = self.joined_to(&all, &counts) {
            all.push(next);
        }
        all.sort();
        all
    }

    fn joined_to(&self, all: &[String], counts: &impl Fn(&Related) -> bool) -> Option<String> {
        let related = self.relations.iter().filter(|one| counts(one));
        let related = related.map(|one| (&one.relation.enterprise, &one.relation.other));
        let mut pairs = related.chain(self.renumbered.iter().map(|one| (&one.0, &one.1)));
        pairs.find_map(|(one, other)| match (all.contains(one), all.contains(other)) {
            (true, false) => Some(other.clone()),
            (false, true) => Some(one.clone()),
            _ => None,
        })
    }

    /// Whom a sanction reaches today.
    fn reached(&self, one: &Sanctioned) -> Vec<String> {
        let own = vec![one.sanction.enterprise.clone()];
        match one.sanction.reach {
            "enterprise" => own,
            reach => self.joined(own, |related| related.holds(self.today, reach)),
        }
    }

    /// Refuses whoever is barred from a measure today, by the sanction that lasts longest, of several the first.
    pub(super) fn free(&self, enterprise: &str, measure: &str) -> Result<(), Stop> {
        let mut barring: Vec<&Sanctioned> = self
            .sanctions
            .iter()
            .filter(|one| one.in_force(self.today))
            .filter(|one| one.sanction.measures.is_empty() || one.sanction.measures.contains(&measure))
            .filter(|one| self.reached(one).iter().any(|code| self.first(code) == self.first(enterprise)))
            .collect();
        barring.sort_by_key(|one| -i128::from(one.last()));
        match barring.first() {
            None => Ok(()),
            Some(one) => {
                let Sanction { enterprise, document, .. } = &one.sanction;
                Err(Stop::Open("enterprise-barred", Some(format!("{enterprise} {document}"))))
            }
        }
    }
}
