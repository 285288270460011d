//! What other bodies say: rounds, awards of other levels, facts. Whatever our awards rest on is looked at again.

use super::{Answer, Model, Recorded, Stop, refuse};
use crate::{
    step::{Report, Value},
    told::Told,
};

/// Refuses a subject whose code is written in another way than awards write it, or that the ledger keeps for itself.
fn sound(subject: &str) -> Result<(), Stop> {
    let (kind, code) = subject.split_once(':').unwrap_or((subject, ""));
    match kind {
        "enterprise" if code.len() != 18 || code.chars().any(|one| one.is_lowercase()) => {
            refuse("enterprise-unknown")
        }
        "project" if code.len() != 24 || !code.chars().all(|one| one.is_ascii_digit() || one == '-') => {
            refuse("project-unknown")
        }
        "award" | "evidence" => refuse("subject-reserved"),
        _ => Ok(()),
    }
}

/// The one text of a subject: what stands behind the colon is half-width, in capitals and without blanks, but codes and
/// keys have a text of their own.
pub(crate) fn one_way(subject: &str) -> String {
    match subject.split_once(':') {
        Some((kind, name)) if !["enterprise", "project", "evidence", "award"].contains(&kind) => {
            let narrow = name.chars().map(super::pieces::half_width).filter(|one| !one.is_whitespace());
            format!("{kind}:{}", narrow.collect::<String>().to_uppercase())
        }
        _ => subject.to_owned(),
    }
}

impl Model {
    pub(super) fn round(&mut self, round: &str, from: i64, to: i64) -> Answer {
        match self.rounds.iter().find(|one| one.0 == round) {
            Some(standing) if (standing.1, standing.2) != (from, to) => return refuse("reference-differs"),
            Some(_) => {}
            None => self.rounds.push((round.to_owned(), from, to, self.number)),
        }
        Ok(vec![Told::Recorded("external.round_opened")])
    }

    /// Whether a round was open in the validity of a project and on or before the day of application, as far as was
    /// known before a command.
    pub(super) fn round_was_open(&self, validity: (i64, i64), applied_on: i64, before: usize) -> bool {
        let open = |one: &&(String, i64, i64, usize)| {
            // A day that lies in both, and had come when it was applied for.
            let first = one.1.max(validity.0);
            first <= one.2.min(validity.1) && first <= applied_on && one.3 < before
        };
        self.rounds.iter().any(|one| open(&one))
    }

    pub(super) fn report(&mut self, report: &Report) -> Answer {
        if !["enterprise:", "project:", "title:"].iter().any(|kind| report.subject.starts_with(kind)) {
            return refuse("project-unknown");
        }
        sound(&report.subject)?;
        if let Some(place) = self.reports.iter().position(|one| one.award == report.award) {
            let standing = &self.reports[place];
            let same = |one: &Report| (one_way(&one.subject), one.level, one.programme.clone());
            if same(standing) != same(report) {
                return refuse("external-award-differs");
            }
            self.reports.remove(place);
        }
        self.reports.push(Report { subject: one_way(&report.subject), ..report.clone() });
        let mut told = vec![Told::Recorded("external.award_reported")];
        self.look_again_at(&one_way(&report.subject), &mut told);
        Ok(told)
    }

    /// Whether what is told of one subject is told of another: of an enterprise also what was told of its codes before.
    pub(super) fn told_of(&self, one: &str, subject: &str) -> bool {
        match (one.strip_prefix("enterprise:"), subject.strip_prefix("enterprise:")) {
            (Some(code), Some(own)) => self.codes_up_to(own).iter().any(|known| known == code),
            _ => one == subject,
        }
    }

    /// Awards of the province about a subject, by their name.
    pub(super) fn provincial(&self, subject: &str, programme: &str) -> Vec<&Report> {
        let about = |one: &&Report| {
            self.told_of(&one.subject, subject) && one.level == "province" && one.programme == programme
        };
        let mut found: Vec<&Report> = self.reports.iter().filter(about).collect();
        found.sort_by(|one, other| one.award.cmp(&other.award));
        found
    }

    pub(super) fn fact(&mut self, subject: &str, name: &'static str, value: &Value, on: i64) -> Answer {
        sound(subject)?;
        let subject = &one_way(subject);
        let same = |one: &Recorded| one.subject == *subject && one.name == name && one.on == on;
        self.facts.retain(|one| !same(one));
        self.facts.push(Recorded { subject: subject.to_owned(), name, value: value.clone(), on });
        let mut told = vec![Told::Recorded("fact.recorded")];
        self.look_again_at(subject, &mut told);
        Ok(told)
    }

    /// The latest record of a fact up to a day; with `or_later`, else the first that came behind it.
    pub(crate) fn fact_on(&self, subject: &str, name: &str, day: i64, or_later: bool) -> Option<&Value> {
        let of: Vec<_> = self
            .facts
            .iter()
            .filter(|one| one.name == name && self.same_subject(&one.subject, subject))
            .collect();
        let before = of.iter().filter(|one| one.on <= day).max_by_key(|one| one.on);
        let behind = of.iter().filter(|one| or_later && day < one.on).min_by_key(|one| one.on);
        before.or(behind).map(|one| &one.value)
    }

    /// Every award that rests on an enterprise, a project, a title or a document, in the order of the decisions.
    pub(super) fn look_again_at(&mut self, subject: &str, told: &mut Vec<Told>) {
        for award in 0..self.awards.len() {
            let one = &self.awards[award];
            let project = one.project.as_ref().map(|code| format!("project:{code}"));
            let named = one.subjects.iter().any(|own| own == subject);
            if self.same_subject(&format!("enterprise:{}", one.enterprise), subject)
                || project.as_deref() == Some(subject)
                || named
            {
                self.look_again(award, told);
            }
        }
    }
}
