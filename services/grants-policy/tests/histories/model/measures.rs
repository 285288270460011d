//! The measures, one file each, and what they have in common: facts, the field of document 15, provincial money, caps.
//!
//! A measure that is added is one function in the file of its family, and a line in [`MEASURES`].

mod broker;
mod determined;
mod documents;
mod e4_1;
mod e4_2;
mod e6;
mod invest;
mod known;
mod overlaps;
mod payers;
mod titles;
mod trains;

use super::{Application, Award, Counted, Enterprise, Model, Policy, Stop, day, parts::Parts};
use crate::{
    step::{Piece, Project, Value},
    told::Hold,
};

/// What the clause gives.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) amount: i128,
    pub(crate) payers: payers::Payers,
    pub(crate) holds: Vec<Hold>,
    /// Whether it waits when the line is short.
    pub(crate) waits: bool,
    pub(crate) governing: i64,
    pub(crate) cap: Option<Counted>,
    pub(crate) right: Option<String>,
    pub(crate) bonus: Option<i128>,
    pub(crate) interest: Option<(String, Vec<i64>)>,
    pub(crate) uses: Vec<(String, i128)>,
    /// What else than enterprise and project it rests on: titles, documents, years.
    pub(crate) subjects: Vec<String>,
}

/// A measure.
pub(crate) struct Measure {
    pub(crate) id: &'static str,
    pub(crate) about_project: bool,
    assess: fn(&Case<'_>) -> Result<Due, Stop>,
}

/// A measure about an enterprise, or about a project.
const fn measure(
    id: &'static str,
    about_project: bool,
    assess: fn(&Case<'_>) -> Result<Due, Stop>,
) -> Measure {
    Measure { id, about_project, assess }
}

/// Every measure of this model.
const MEASURES: &[Measure] = &[
    measure("E1.1", true, invest::tax_per_mu),
    measure("E1.2", true, documents::matching),
    measure("E1.3", true, documents::case_by_case),
    measure("E2", false, broker::assess),
    measure("E3.1", false, determined::backbone),
    measure("E3.2", false, determined::growth),
    measure("E3.3", false, titles::champion),
    measure("E3.4", false, titles::specialised),
    measure("E4.1", true, e4_1::assess),
    measure("E4.2", true, e4_2::assess),
    measure("E5.0", true, documents::science),
    measure("E5.1", false, titles::innovation),
    measure("E5.2", false, titles::design),
    measure("E5.3", false, titles::platform),
    measure("E5.4", false, titles::station),
    measure("E5.5", false, titles::quality),
    measure("E5.6", false, titles::software),
    measure("E6", false, e6::assess),
    measure("E7", false, documents::rent),
    measure("T1", true, invest::renewal),
    measure("T5", false, determined::drama),
    measure("T10", false, titles::night),
    measure("T12.1", false, trains::high_speed),
    measure("T12.2", false, trains::ordinary),
];

/// What is recorded and not paid here.
pub(crate) const RECORDED_ONLY: &[&str] = &["E8", "E9", "P1", "P2", "P3", "T4"];

/// The fields of document 15.
const FIELDS: &[&str] = &[
    "optoelectronics",
    "sensors",
    "semiconductors",
    "batteries",
    "electronic-materials",
    "software",
    "artificial-intelligence",
];

/// A measure by its id.
pub(crate) fn of(id: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|one| one.id == id)
}

/// Assesses an application under a version, or looks at its award again.
pub(crate) fn assess(
    model: &Model,
    application: usize,
    version: u32,
    again: Option<usize>,
) -> Result<Due, Stop> {
    let application = &model.applications[application];
    let submit = &application.submit;
    let code =
        again.map_or_else(|| model.current(&submit.enterprise), |own| model.awards[own].enterprise.clone());
    let enterprise = model.enterprises.iter().find(|one| one.code == code).unwrap();
    let project = submit.project.as_ref();
    let project = project.and_then(|code| model.projects.iter().find(|one| one.code == *code));
    let pieces = model.counting(application);
    let policy = &model.policies[version as usize - 1];
    let measure = of(&submit.measure).unwrap();
    let case = Case { model, application, enterprise, project, pieces, policy, again, measure: measure.id };
    (measure.assess)(&case)
}

/// An application under assessment.
pub(crate) struct Case<'a> {
    model: &'a Model,
    application: &'a Application,
    enterprise: &'a Enterprise,
    project: Option<&'a Project>,
    /// What of its evidence counts, under its one text.
    pieces: Vec<(String, Piece)>,
    policy: &'a Policy,
    /// The award that is looked at again.
    again: Option<usize>,
    measure: &'static str,
}

impl Case<'_> {
    fn applied_on(&self) -> i64 {
        self.application.submit.applied_on
    }
    fn answer(&self, id: &str) -> &'static str {
        self.policy.answer(id, self.applied_on())
    }
    fn amount(&self, place: &str, governing: i64) -> Result<i128, Stop> {
        self.policy.amount(place, governing)
    }
    fn rule(&self, name: &str) -> String {
        format!("{}.{name}", self.measure)
    }
    fn fail(&self, name: &str) -> Stop {
        Stop::no("condition-not-met", &self.rule(name))
    }
    fn project(&self) -> &Project {
        self.project.unwrap_or_else(|| panic!("{} is about a project", self.measure))
    }

    /// What the applicant states.
    fn stated(&self, name: &str) -> Result<&Value, Stop> {
        let found = self.application.submit.facts.iter().find(|fact| fact.0 == name);
        found.map(|fact| &fact.1).ok_or(Stop::open("fact-missing"))
    }
    fn stated_day(&self, name: &str) -> Result<i64, Stop> {
        match self.stated(name)? {
            Value::Day(day) => Ok(*day),
            _ => Err(WRONG_TYPE),
        }
    }
    fn stated_count(&self, name: &str) -> Result<i128, Stop> {
        match self.stated(name)? {
            Value::Count(count) => Ok(i128::from(*count)),
            _ => Err(WRONG_TYPE),
        }
    }
    fn stated_word(&self, name: &str) -> Result<&str, Stop> {
        match self.stated(name)? {
            Value::Word(word) => Ok(word),
            _ => Err(WRONG_TYPE),
        }
    }

    /// A word about the project as it stands today, if anybody recorded one.
    fn word_today(&self, name: &str) -> Result<Option<&str>, Stop> {
        let subject = format!("project:{}", self.project().code);
        match self.model.fact_on(&subject, name, self.model.today, false) {
            None => Ok(None),
            Some(Value::Word(word)) => Ok(Some(word)),
            Some(_) => Err(WRONG_TYPE),
        }
    }

    /// Article 1 of document 15: an enterprise of a listed field, or one that a decision has recognised. Who is on no
    /// list and without a decision cannot be judged.
    fn in_the_field(&self) -> Result<(), Stop> {
        if self.enterprise.industry.is_some_and(|own| FIELDS.contains(&own)) {
            return Ok(());
        }
        let subject = format!("enterprise:{}", self.enterprise.code);
        match (
            self.model.fact_on(&subject, "field_recognised", self.applied_on(), true),
            self.enterprise.industry,
        ) {
            (Some(Value::Flag(true)), _) => Ok(()),
            (Some(Value::Flag(false)), Some(_)) => Err(self.fail("field")),
            // Without a registered field, that comes first.
            (Some(Value::Flag(false)) | None, _) => Err(Stop::open("fact-missing")),
            (Some(_), None) => Err(Stop::open("fact-missing")),
            (Some(_), Some(_)) => Err(WRONG_TYPE),
        }
    }

    /// K-02: the term of document 15.
    fn term_of_15(&self) -> (i64, i64) {
        let begin = match self.answer("K-02") {
            "issued-three-years" | "issued-to-anniversary" => day::day(2024, 6, 11),
            _ => PUBLISHED,
        };
        let whole = ["issued-to-anniversary", "published-to-anniversary"].contains(&self.answer("K-02"));
        (begin, day::anniversary(begin, 3) - i64::from(!whole))
    }

    fn in_force(&self, governing: i64, (from, to): (i64, i64)) -> Result<(), Stop> {
        if from <= governing && governing <= to { Ok(()) } else { Err(Stop::no("not-in-force", "term")) }
    }

    /// Whether an award is one of this enterprise.
    fn is_own(&self, one: &Award) -> bool {
        self.model.codes_up_to(&self.enterprise.code).contains(&one.enterprise)
    }
    /// Whether an award is one of those whose enterprises a cap counts on a day.
    fn counts_enterprise(&self, cap: &str, one: &Award, governing: i64) -> bool {
        match self.policy.is_wide(cap) {
            true => self.model.group(&self.enterprise.code, governing).contains(&one.enterprise),
            false => self.is_own(one),
        }
    }
    /// The same of projects.
    fn counts_project(&self, cap: &str, one: &Award) -> bool {
        let Some(project) = &one.project else { return false };
        let own = &self.project().code;
        project == own || (self.policy.is_wide(cap) && self.model.parts_of_one(own).contains(project))
    }
    /// What tells this enterprise from others, whatever code it has.
    fn own_name(&self) -> String {
        self.model.first(&self.enterprise.code)
    }

    /// Awards but the one that is looked at again, whatever became of them.
    fn others_ever(&self) -> impl Iterator<Item = &Award> {
        let all = self.model.awards.iter().enumerate();
        all.filter(|(place, _)| Some(*place) != self.again).map(|(_, one)| one)
    }
    /// Those that stand.
    fn others(&self) -> impl Iterator<Item = &Award> {
        self.others_ever().filter(|one| one.stands())
    }

    /// Of this award, how much of a cap stands and what it leaves. Looking again cuts nothing anew, but what was cut at
    /// the decision stays lost.
    fn cap(
        &self,
        cap: &'static str,
        limit: i128,
        counts: impl Fn(&Award) -> bool,
        amount: Parts,
    ) -> Result<(Parts, Option<Counted>), Stop> {
        let used = self.others_ever().filter(|one| counts(one)).map(Award::room).sum();
        self.cap_with(cap, limit, used, amount)
    }

    /// The same where so much of the cap stands.
    fn cap_with(
        &self,
        cap: &'static str,
        limit: i128,
        used: i128,
        amount: Parts,
    ) -> Result<(Parts, Option<Counted>), Stop> {
        if amount == Parts::NOTHING {
            return Err(NOTHING_DUE);
        }
        if let Some(own) = self.again {
            let before = self.model.awards[own].cap.as_ref().filter(|one| one.cut);
            return Ok((before.map_or(amount, |one| amount.at_most(one.limit - one.used)), None));
        }
        let left = (limit - used).max(0);
        let cut = amount.exceeds(left);
        if cut && left == 0 {
            return Err(Stop::no("cap-exhausted", cap));
        }
        Ok((amount.at_most(left), Some(Counted { cap, of: None, limit, used, cut })))
    }

    /// Uses up pieces of a kind: each wholly, and none that another award uses.
    fn use_up(
        &self,
        rule: &str,
        counts: impl Fn(&Piece) -> bool,
    ) -> Result<(i128, Vec<(String, i128)>), Stop> {
        let (mut sum, mut uses) = (0, Vec::new());
        for (key, piece) in self.pieces.iter().filter(|(_, one)| one.kind == "invoice" && counts(one)) {
            if self.model.is_used(key, self.again) {
                return Err(Stop::no("evidence-consumed", &self.rule(rule)));
            }
            sum += piece.amount;
            if 0 < piece.amount {
                uses.push((key.clone(), piece.amount));
            }
        }
        Ok((sum, uses))
    }

    /// K-01: to whole 分 once, at the end; nothing is not due.
    fn rounded(&self, amount: Parts) -> Result<i128, Stop> {
        let fen = if self.answer("K-01") == "half-up" { amount.nearest() } else { amount.down() };
        if fen == 0 { Err(NOTHING_DUE) } else { Ok(fen) }
    }

    /// K-01: where each step is rounded down.
    fn stepped(&self, amount: Parts) -> Parts {
        if self.answer("K-01") == "each-step" { Parts::whole(amount.down()) } else { amount }
    }

    /// K-37.
    fn waits(&self) -> bool {
        self.answer("K-37") == "queue"
    }

    /// An award of this measure, still without what is its own.
    fn due(&self, amount: i128, payer: &str, governing: i64, cap: Option<Counted>) -> Result<Due, Stop> {
        Ok(Due {
            amount,
            payers: self.payers(payer, governing)?,
            holds: Vec::new(),
            waits: self.waits(),
            governing,
            cap,
            right: None,
            bonus: None,
            interest: None,
            uses: Vec::new(),
            subjects: Vec::new(),
        })
    }
}

/// The day of publication that an answer to K-02 names: 2024-06-24.
pub(crate) const PUBLISHED: i64 = 19_898;

const WRONG_TYPE: Stop = Stop::Open("fact-type-wrong", None);
const NOTHING_DUE: Stop = Stop::No("nothing-due", None);
