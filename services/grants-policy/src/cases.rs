//! Worked cases: a small ledger in memory as the case says, one assessment, and what must come out.
//!
//! They are part of the catalogue and of its hash. Nobody publishes a clause that does not do what its cases say.

mod stage;

use crate::{
    catalogue::{Catalogue, Measure},
    lint::Finding,
    render::{End, Language},
    source::case::CaseSource,
    walk::Reached,
};
use grants_domain::{
    award::shares::Payers,
    rules::{Assessment, Outcome},
    values::Slug,
};
use stage::Stage;
use std::{borrow::Cow, collections::BTreeSet};

/// Most worked cases of one measure.
pub const CASES_MAX: usize = 200;

/// Plays every case of a measure. Returns the limits that the cases met, and from which side.
pub(crate) fn play(catalogue: &Catalogue, measure: &Measure, findings: &mut Vec<Finding>) -> Reached {
    let mut reached = Reached::new();
    let mut names = BTreeSet::new();
    if CASES_MAX < measure.file.cases.len() {
        let what = format!("the measure has more than {CASES_MAX} worked cases");
        findings.push(Finding::new(&measure.path, measure.file.measure.id.as_str(), what));
    }
    for case in measure.file.cases.iter().take(CASES_MAX) {
        let name = case.name.as_deref().unwrap_or_default();
        let mut say = |what: &str| findings.push(Finding::new(&measure.path, name, what));
        if name.trim().is_empty() || !names.insert(name) {
            say("a worked case has no name of its own");
        }
        if case.due.is_some() == case.refused.is_some() {
            say("a worked case says either what is due or how it is refused");
            continue;
        }
        let whole = case.on(&measure.file.case_base);
        if let Err(what) = answers(catalogue, &whole) {
            say(&what);
            continue;
        }
        let answered = under(catalogue, &whole);
        let (assessment, met) = run(&answered, measure, whole, reached);
        reached = met;
        if let Err(difference) = compare(&answered, case, &assessment) {
            say(&format!("the worked case does not hold: {difference}"));
        }
    }
    reached
}

/// What is wrong with the cases of a measure: those that do not hold, and those that say nothing.
#[must_use]
pub fn failures(catalogue: &Catalogue, measure: &Measure) -> Vec<Finding> {
    let mut findings = Vec::new();
    play(catalogue, measure, &mut findings);
    findings
}

/// Plays one case of a measure: the state as the case says, and one assessment under the answers of the catalogue,
/// whatever answers the case itself is played under ([`answered`]).
#[must_use]
pub fn assess(catalogue: &Catalogue, measure: &Measure, case: &CaseSource) -> Assessment {
    run(catalogue, measure, case.on(&measure.file.case_base), Reached::new()).0
}

/// The catalogue with the answers that a case is played under.
#[must_use]
pub fn answered<'c>(catalogue: &'c Catalogue, measure: &Measure, case: &CaseSource) -> Cow<'c, Catalogue> {
    under(catalogue, &case.on(&measure.file.case_base))
}

/// The same for a case that has taken from its base what it does not say.
fn under<'c>(catalogue: &'c Catalogue, whole: &CaseSource) -> Cow<'c, Catalogue> {
    match whole.under.is_empty() {
        true => Cow::Borrowed(catalogue),
        false => Cow::Owned(catalogue.answered(&whole.under, &whole.under_days)),
    }
}

/// Every answer that a case is played under is offered, and can be followed.
fn answers(catalogue: &Catalogue, case: &CaseSource) -> Result<(), String> {
    for (id, answer) in &case.under {
        let options = catalogue.interpretations.get(id).map(|one| &one.options);
        let Some(options) = options else {
            return Err(format!("there is no interpretation {id}"));
        };
        if !options.iter().any(|option| option.id == *answer && option.selectable) {
            return Err(format!("{id} has no answer {answer} that can be followed"));
        }
        let rests_on_day = options.iter().any(|option| option.id == *answer && option.needs_day);
        if rests_on_day != case.under_days.contains_key(id) {
            return Err(format!(
                "{id} {answer}: under-days gives the day of an answer that rests on one, and only then"
            ));
        }
    }
    Ok(())
}

fn run(
    catalogue: &Catalogue,
    measure: &Measure,
    whole: CaseSource,
    reached: Reached,
) -> (Assessment, Reached) {
    let stage = Stage::new(measure, whole);
    let state = stage.state(catalogue, measure);
    let (assessment, reached) = catalogue.walk(&state, &stage.ask(), Some(reached));
    (assessment, reached.unwrap_or_default())
}

/// Whether an assessment is what the case says; else the first difference, in words.
fn compare(catalogue: &Catalogue, case: &CaseSource, found: &Assessment) -> Result<(), String> {
    let mut holding: Vec<&Slug> = Vec::new();
    match (&found.outcome, case.due, &case.refused) {
        (Outcome::Due { amount, holds, payers, exhaustion }, Some(due), _) if *amount == due => {
            if case.short.is_some_and(|wanted| wanted != *exhaustion) {
                return Err(format!("if the line is short: {}", exhaustion.word()));
            }
            holding.extend(holds.iter().map(|hold| &hold.rule));
            let one = case.payer.clone().map(Payers::one);
            let several =
                case.payers.as_ref().map(|text| text.parse().map_err(|fault| format!("payers: {fault}")));
            if one.or(several.transpose()?).is_some_and(|wanted| wanted != *payers) {
                return Err(format!("{payers} pays"));
            }
        }
        (Outcome::Rejected(refused) | Outcome::Undecidable(refused), _, Some(code))
            if refused.code.word() == code =>
        {
            if case.rule.is_some() && refused.rule != case.rule {
                return Err(format!(
                    "it is refused by {}",
                    refused.rule.as_ref().map_or("no rule", Slug::as_str)
                ));
            }
        }
        (outcome, _, _) => return Err(told(outcome)),
    }
    let cut: Vec<&Slug> = found.trace.caps.iter().filter(|step| step.cut).map(|step| &step.cap).collect();
    if case.cut.as_ref().is_some_and(|wanted| cut != wanted.iter().collect::<Vec<_>>()) {
        return Err(format!("the caps that cut are {cut:?}"));
    }
    if case.holds.as_ref().is_some_and(|wanted| holding != wanted.iter().collect::<Vec<_>>()) {
        return Err(format!("the payment is held by {holding:?}"));
    }
    sentences(catalogue, case, found)
}

/// Every sentence of the explanation can be told, and one of them says what the case wants.
fn sentences(catalogue: &Catalogue, case: &CaseSource, found: &Assessment) -> Result<(), String> {
    let end = End::of(&found.outcome);
    let mut said = case.says.is_none();
    for language in Language::ALL {
        let explanation = catalogue.explain(&found.trace, &end, language);
        if let Some(name) = explanation.unfilled.first() {
            return Err(format!("a sentence needs {name}, and nothing supplies it"));
        }
        let wanted = case.says.as_deref().unwrap_or_default();
        said = said || explanation.sentences.iter().any(|sentence| sentence.text.contains(wanted));
    }
    if said {
        Ok(())
    } else {
        Err(format!("no sentence says {:?}", case.says.as_deref().unwrap_or_default()))
    }
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Due { amount, .. } => format!("{amount} is due"),
        Outcome::Rejected(refused) | Outcome::Undecidable(refused) => {
            let rule = refused.rule.as_ref().map_or("no rule", Slug::as_str);
            let details = refused.details.iter().map(|one| format!(" {}={}", one.name, one.value));
            format!("it is refused with {} by {rule}:{}", refused.code.word(), details.collect::<String>())
        }
    }
}

impl CaseSource {
    /// The case with everything that it takes from the base.
    #[must_use]
    pub fn on(&self, base: &CaseSource) -> CaseSource {
        let mut case = self.clone();
        let mut facts = base.facts.clone();
        facts.extend(std::mem::take(&mut case.facts));
        case.facts = facts;
        case.facts.retain(|name, _| !self.without.contains(name));
        let mut recorded = case.recorded.take().or_else(|| base.recorded.clone()).unwrap_or_default();
        recorded.retain(|one| !self.without.contains(&one.name));
        for also in base.also_recorded.iter().chain(&self.also_recorded) {
            recorded.retain(|one| one.about != also.about || one.name != also.name);
            recorded.push(also.clone());
        }
        if let Some(day) = self.recorded_on {
            recorded.iter_mut().for_each(|one| one.on = day);
        }
        let mut under = base.under.clone();
        under.extend(std::mem::take(&mut case.under));
        let mut under_days = base.under_days.clone();
        under_days.extend(std::mem::take(&mut case.under_days));
        let mut used = base.used.clone();
        used.extend(std::mem::take(&mut case.used));
        let mut tallied = base.tallied.clone();
        tallied.extend(std::mem::take(&mut case.tallied));
        CaseSource {
            under,
            under_days,
            used,
            tallied,
            applied_on: case.applied_on.or(base.applied_on),
            today: case.today.or(base.today),
            project_treasury: case.project_treasury.or_else(|| base.project_treasury.clone()),
            person: case.person.or(base.person),
            treasury: case.treasury.or_else(|| base.treasury.clone()),
            industry: case.industry.or_else(|| base.industry.clone()),
            project: case.project.or(base.project),
            total_investment: case.total_investment.or(base.total_investment),
            validity: case.validity.or(base.validity),
            in_statistics: case.in_statistics.or(base.in_statistics),
            recorded: Some(recorded),
            external: case.external.or_else(|| base.external.clone()),
            rounds: case.rounds.or_else(|| base.rounds.clone()),
            rates: case.rates.or_else(|| base.rates.clone()),
            evidence: case.evidence.or_else(|| base.evidence.clone()),
            ..case
        }
    }
}
