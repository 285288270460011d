//! Other awards for the same matter: of other levels, of other measures, of the other document (§5).

use super::{Case, Parts, known::folded};
use crate::{
    model::{Award, Stop, one_way},
    step::Report,
};

/// What others hold for the same matter, by the rule that counts it.
pub(super) type Held = Vec<(String, i128)>;

/// What two awards must have in common.
#[derive(Clone, Copy)]
pub(super) enum Matter<'m> {
    Project,
    Title(&'m str),
    Enterprise,
}

impl Case<'_> {
    /// Reports of granted awards about a subject, of these levels and, where they are named, programmes.
    pub(super) fn granted(
        &self,
        subject: &str,
        levels: &[&str],
        programmes: Option<&[&str]>,
    ) -> Vec<&Report> {
        let subject = one_way(subject);
        let fits = |one: &&Report| {
            one.status == "granted"
                && self.model.told_of(&one.subject, &subject)
                && levels.contains(&one.level)
                && programmes.is_none_or(|named| named.contains(&one.programme.as_str()))
        };
        self.model.reports.iter().filter(fits).collect()
    }

    fn excluded(&self, rule: &str) -> Stop {
        Stop::no("excluded-by-overlap", &self.rule(rule))
    }

    /// 从优且不重复 with what city or county gave: the difference, or nothing (K-34).
    pub(super) fn elsewhere(
        &self,
        held: &mut Held,
        subject: &str,
        programmes: Option<&[&str]>,
    ) -> Result<(), Stop> {
        let granted = self.granted(subject, &["city", "county"], programmes);
        if self.answer("K-34") != "difference" && !granted.is_empty() {
            return Err(self.excluded("elsewhere"));
        }
        let rule = self.rule("elsewhere");
        let mut sum = 0;
        for one in granted {
            sum += one.amount.ok_or(Stop::Open("fact-missing", Some(rule.clone())))?;
        }
        held.push((rule, sum));
        Ok(())
    }

    /// K-38: whether provincial money stacks or excludes.
    pub(super) fn beside_the_province(&self, subject: &str) -> Result<(), Stop> {
        let excludes = self.answer("K-38") == "exclude";
        match excludes && !self.granted(subject, &["province"], None).is_empty() {
            true => Err(self.excluded("provincial")),
            false => Ok(()),
        }
    }

    /// Standing awards of these measures for the same matter. One that is looked at again has those before it.
    fn standing<'a>(&'a self, measures: &'a [&str], matter: Matter<'a>) -> impl Iterator<Item = &'a Award> {
        let all = self.model.awards.iter().enumerate();
        let earlier = all.filter(|(place, one)| one.stands() && self.again.is_none_or(|own| *place < own));
        let same = move |one: &&Award| match matter {
            Matter::Project => one.project.as_ref() == self.project.map(|own| &own.code),
            Matter::Enterprise => self.is_own(one),
            Matter::Title(title) => self.is_own(one) && self.title_of(one).as_deref() == Some(title),
        };
        earlier.map(|(_, one)| one).filter(|one| measures.contains(&one.measure.as_str())).filter(same)
    }

    /// The title that the application of an award states.
    fn title_of(&self, award: &Award) -> Option<String> {
        let application = self.model.application(&award.name).ok()?;
        let facts = &self.model.applications[application].submit.facts;
        facts.iter().find(|fact| fact.0 == "title").map(|fact| format!("title:{}", folded(&fact.1)))
    }

    /// K-33: where only one measure of document 15 may be had for one matter, another that stands excludes.
    pub(super) fn only_one(&self, measures: &[&str], matter: Matter<'_>) -> Result<(), Stop> {
        let others = || self.standing(measures, matter).filter(|one| one.measure != self.measure);
        match self.answer("K-33") == "exclusive" && others().next().is_some() {
            true => Err(self.excluded("exclusive")),
            false => Ok(()),
        }
    }

    /// The better of both: what stands of these measures is taken off.
    pub(super) fn better_of(&self, held: &mut Held, rule: &str, measures: &[&str], matter: Matter<'_>) {
        held.push((self.rule(rule), self.standing(measures, matter).map(Award::amount).sum()));
    }

    /// The same between the documents (K-34).
    pub(super) fn other_document(&self, held: &mut Held, measures: &[&str]) -> Result<(), Stop> {
        if self.answer("K-34") == "difference" {
            self.better_of(held, "other-document", measures, Matter::Project);
        } else if self.standing(measures, Matter::Project).next().is_some() {
            return Err(self.excluded("other-document"));
        }
        Ok(())
    }

    /// What is left of an amount beside what others hold.
    pub(super) fn beside(&self, mut amount: Parts, held: &Held) -> Result<Parts, Stop> {
        for (rule, sum) in held.iter().filter(|one| 0 < one.1) {
            amount = self.stepped(amount.less(*sum));
            if amount == Parts::NOTHING {
                return Err(Stop::no("excluded-by-overlap", rule));
            }
        }
        Ok(amount)
    }

    /// A right that can be used once, unless another award has used it.
    pub(super) fn once(&self, rule: &str, right: String) -> Result<Option<String>, Stop> {
        match self.others().any(|one| one.right.as_ref() == Some(&right)) {
            true => Err(Stop::no("already-awarded", &self.rule(rule))),
            false => Ok(Some(right)),
        }
    }

    /// What every measure of document 15 about a project has alike.
    pub(super) fn one_for_the_project(&self) -> Result<(), Stop> {
        self.only_one(&["E1.1", "E1.2", "E1.3", "E4.1", "E4.2", "E5.0"], Matter::Project)
    }

    /// What city or county, and document 21, gave for the investment of the project.
    pub(super) fn investment_elsewhere(&self, held: &mut Held) -> Result<(), Stop> {
        let subject = format!("project:{}", self.project().code);
        self.elsewhere(held, &subject, Some(&["investment", "equipment"]))?;
        self.other_document(held, &["T1"])
    }
}
