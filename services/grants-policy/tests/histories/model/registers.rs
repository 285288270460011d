//! What is only written down: artifacts, calendars, rates, enterprises, projects, budget lines.

use super::{Answer, Enterprise, Line, Model, Policy, identity::Account, refuse};
use crate::{step::Project, told::Told};

/// More chunks than an artifact may have.
const CHUNKS: u32 = 256;
/// The most money that a line can count, in 分.
const MOST: i128 = 999_999_999_999_999;

/// Names that enterprises have; all begin with the first.
pub(crate) const NAMES: [&str; 3] = ["示例有限公司", "示例新有限公司", "示例 新有限公司"];

fn recorded(word: &'static str) -> Answer {
    Ok(vec![Told::Recorded(word)])
}

impl Model {
    pub(super) fn chunk(&mut self, artifact: u8, index: u32, count: u32, text: &'static str) -> Answer {
        if count <= index || CHUNKS < count || text.is_empty() {
            return refuse("out-of-range");
        }
        let standing = self.chunks.iter().find(|one| (one.0, one.1) == (artifact, index));
        match standing {
            Some(one) if (one.2, one.3) != (count, text) => return refuse("artifact-chunk-differs"),
            Some(_) => {}
            None => self.chunks.push((artifact, index, count, text)),
        }
        recorded("artifact.chunk_recorded")
    }

    pub(super) fn publish_artifact(&self, artifact: u8) -> Answer {
        let counted =
            |index: u32| self.chunks.iter().find(|one| (one.0, one.1) == (artifact, index)).map(|one| one.2);
        match counted(0) {
            Some(count) if (0..count).all(|index| counted(index) == Some(count)) => {
                refuse("artifact-hash-wrong")
            }
            Some(_) | None => refuse("artifact-incomplete"),
        }
    }

    pub(super) fn calendar(&mut self, year: u32, off: (i64, i64), source: &'static str) -> Answer {
        let latest = self.calendars.iter().rev().find(|one| one.0 == year);
        if latest.is_some_and(|one| one.2 == source && one.1 != off) {
            return refuse("reference-differs");
        }
        self.calendars.push((year, off, source));
        recorded("calendar.published")
    }

    pub(super) fn rate(&mut self, on: i64, rate: i128) -> Answer {
        match self.rates.iter().find(|one| one.0 == on) {
            Some(standing) if standing.1 != rate => return refuse("reference-differs"),
            Some(_) => {}
            None => self.rates.push((on, rate, self.number)),
        }
        recorded("rate.published")
    }

    /// The rate that was published last on or before a day, of those that were known before a command.
    pub(super) fn rate_on(&self, on: i64, before: usize) -> Option<i128> {
        let known = self.rates.iter().filter(|one| one.0 <= on && one.2 < before);
        known.max_by_key(|one| one.0).map(|one| one.1)
    }

    pub(super) fn enterprise(
        &mut self,
        code: &str,
        treasury: &str,
        industry: Option<&'static str>,
        account: bool,
    ) -> Answer {
        if self.enterprises.iter().any(|one| one.code == code) {
            return refuse("enterprise-known");
        }
        let (code, treasury, name) = (code.to_owned(), treasury.to_owned(), NAMES[0].to_owned());
        let account = account.then(|| Account { name: name.clone(), number: 1, by: None });
        self.enterprises.push(Enterprise { code, treasury, industry, name, renamed: false, account });
        recorded("enterprise.registered")
    }

    pub(super) fn project(&mut self, project: &Project) -> Answer {
        if !self.enterprises.iter().any(|one| one.code == project.enterprise) {
            return refuse("enterprise-unknown");
        }
        if self.projects.iter().any(|one| one.code == project.code) {
            return refuse("project-known");
        }
        self.projects.push(project.clone());
        recorded("project.registered")
    }

    pub(super) fn allocate(
        &mut self,
        line: &str,
        treasury: &str,
        year: u32,
        measures: &[&'static str],
        amount: i128,
    ) -> Answer {
        let twice = measures.iter().enumerate().any(|(place, one)| measures[..place].contains(one));
        if measures.is_empty() || twice {
            return refuse("out-of-range");
        }
        if self.lines.iter().any(|one| one.name == line) {
            return refuse("budget-line-known");
        }
        if measures.iter().any(|measure| self.line_for(treasury, year, measure).is_some()) {
            return refuse("budget-line-overlaps");
        }
        self.lines.push(Line {
            name: line.to_owned(),
            treasury: treasury.to_owned(),
            year,
            measures: measures.to_vec(),
            allocated: amount,
        });
        recorded("budget.allocated")
    }

    pub(super) fn line_for(&self, treasury: &str, year: u32, measure: &str) -> Option<&Line> {
        let serves =
            |one: &&Line| one.treasury == treasury && one.year == year && one.measures.contains(&measure);
        self.lines.iter().find(serves)
    }

    pub(super) fn adjust(&mut self, line: &str, up: bool, amount: i128) -> Answer {
        let Some(place) = self.lines.iter().position(|one| one.name == line) else {
            return refuse("budget-line-unknown");
        };
        let allocated = self.lines[place].allocated;
        if up && MOST < allocated + amount {
            return refuse("out-of-range");
        }
        if !up && self.books(line).available < amount {
            return refuse("budget-below-committed");
        }
        self.lines[place].allocated = if up { allocated + amount } else { allocated - amount };
        recorded("budget.adjusted")
    }

    /// The policy that decides now, and its number.
    pub(super) fn policy(&self) -> (&Policy, u32) {
        (&self.policies[self.policies.len() - 1], u32::try_from(self.policies.len()).unwrap())
    }
}
