//! What was recorded under a name, and how tests about it go together: nobody is asked for what does not matter, and what
//! nobody has recorded counts only where the rest does not settle it.

use super::{Case, WRONG_TYPE, day};
use crate::{
    model::{Stop, one_way},
    step::Value,
};

/// What a test found.
pub(super) type Test = Result<bool, Stop>;

const MISSING: Stop = Stop::Open("fact-missing", None);

/// Every one of them. What is missing counts only if none fails.
pub(super) fn all(tests: &[Test]) -> Test {
    if tests.contains(&Ok(false)) {
        return Ok(false);
    }
    tests.iter().find(|one| one.is_err()).cloned().unwrap_or(Ok(true))
}

/// One of them. What is missing counts only if none holds.
pub(super) fn any(tests: &[Test]) -> Test {
    if tests.contains(&Ok(true)) {
        return Ok(true);
    }
    tests.iter().find(|one| one.is_err()).cloned().unwrap_or(Ok(false))
}

/// A value as it is written into a name.
fn written(value: &Value) -> String {
    match value {
        Value::Money(fen) => format!("{}.{:02}", fen / 100, fen % 100),
        Value::Count(count) => count.to_string(),
        Value::Day(days) => day::text(*days),
        Value::Flag(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Rate(rate) => format!("{}.{:02}%", rate / 100, rate % 100),
        Value::Word(word) => word.clone(),
    }
}

/// The one text of a name, however it is typed.
pub(super) fn folded(value: &Value) -> String {
    one_way(&format!("name:{}", written(value))).replacen("name:", "", 1)
}

impl Case<'_> {
    /// What stands recorded today under a name, or was stated.
    pub(super) fn under(&self, subject: &str, name: &str) -> Option<&Value> {
        self.model.fact_on(&one_way(subject), name, self.model.today, false)
    }
    /// About the project.
    pub(super) fn of_project(&self, name: &str) -> Option<&Value> {
        self.under(&format!("project:{}", self.project().code), name)
    }
    /// A word that the applicant states and that stands in the names of other things, in its one text.
    pub(super) fn named(&self, name: &str) -> Result<String, Stop> {
        match self.stated(name)? {
            Value::Word(_) => Ok(folded(self.stated(name)?)),
            _ => Err(WRONG_TYPE),
        }
    }
    /// What the title of the application is recorded under.
    pub(super) fn title(&self) -> Result<String, Stop> {
        Ok(format!("title:{}", self.named("title")?))
    }
    /// The year that the application is about.
    pub(super) fn award_year(&self) -> Result<i128, Stop> {
        self.stated_count("award_year")
    }
    /// A fact under a name that may itself not be there.
    pub(super) fn about(&self, subject: &Result<String, Stop>, name: &str) -> Result<Option<&Value>, Stop> {
        subject.clone().map(|subject| self.under(&subject, name))
    }

    /// Fails a rule if its test does not hold.
    pub(super) fn require(&self, rule: &str, test: Test) -> Result<(), Stop> {
        if test? { Ok(()) } else { Err(self.fail(rule)) }
    }
    /// Whether a recorded holder or recipient is who is to get the money.
    pub(super) fn is_applicant(&self, word: &str) -> bool {
        match self.application.submit.person {
            true => word == format!("person:{}", "07".repeat(16)),
            false => self.model.first(word) == self.model.first(&self.enterprise.code),
        }
    }

    /// The decision document of the application: its issuer, day and file are recorded.
    pub(super) fn decided(&self) -> Result<String, Stop> {
        let document = self.named("decision").map(|name| format!("document:{name}"));
        self.require(
            "decision",
            all(&[
                document.clone().map(|_| true),
                known(word(self.about(&document, "decision_issuer"))),
                known(date(self.about(&document, "decision_date"))),
                known(word(self.about(&document, "decision_file"))),
            ]),
        )?;
        document
    }
    /// What the document decides for an enterprise, a project or a work.
    pub(super) fn decided_for(&self, code: &str) -> Result<String, Stop> {
        Ok(format!("decided:{}:{code}", self.named("decision")?))
    }
}

type Found<'v> = Result<Option<&'v Value>, Stop>;

/// Whether something of the right type is there.
pub(super) fn known<T>(found: Result<T, Stop>) -> Test {
    found.map(|_| true)
}
pub(super) fn flag(found: Found<'_>) -> Test {
    match found?.ok_or(MISSING)? {
        Value::Flag(yes) => Ok(*yes),
        _ => Err(WRONG_TYPE),
    }
}
pub(super) fn word(found: Found<'_>) -> Result<&str, Stop> {
    match found?.ok_or(MISSING)? {
        Value::Word(word) => Ok(word),
        _ => Err(WRONG_TYPE),
    }
}
pub(super) fn money(found: Found<'_>) -> Result<i128, Stop> {
    match found?.ok_or(MISSING)? {
        Value::Money(fen) => Ok(*fen),
        _ => Err(WRONG_TYPE),
    }
}
pub(super) fn counted(found: Found<'_>) -> Result<i128, Stop> {
    match found?.ok_or(MISSING)? {
        Value::Count(count) => Ok(i128::from(*count)),
        _ => Err(WRONG_TYPE),
    }
}
pub(super) fn date(found: Found<'_>) -> Result<i64, Stop> {
    match found?.ok_or(MISSING)? {
        Value::Day(day) => Ok(*day),
        _ => Err(WRONG_TYPE),
    }
}
/// In parts of ten thousand.
pub(super) fn rate(found: Found<'_>) -> Result<i128, Stop> {
    match found?.ok_or(MISSING)? {
        Value::Rate(rate) => Ok(*rate),
        _ => Err(WRONG_TYPE),
    }
}
/// A flag that nobody needs to have recorded.
pub(super) fn if_known(found: Found<'_>) -> Result<Option<bool>, Stop> {
    match found {
        Ok(None) => Ok(None),
        found => flag(found).map(Some),
    }
}
