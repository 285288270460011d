//! Questions beside a decision, answered by its own walk: what an application still lacks, which room the caps leave it,
//! and by which fact a measure is about a title.

use crate::{
    catalogue::{Catalogue, Measure},
    claim::{Part, evidence_kind, fact_named, parts},
    compile::tests_of,
    evidence::counting,
    render::Language,
    source::{
        benefit::BenefitSource,
        measure::{ConditionSource, FactPlace, TestSource, Weight},
    },
    walk::{Stop, Walk},
};
use grants_domain::{
    rules::Ask,
    state::StateRead,
    tables::EvidenceKind,
    trace::CapStep,
    values::{Exact, Slug},
};

/// What a title's subject begins with.
const TITLE: &str = "title:";

/// One thing that nobody has recorded or brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// The rule that needs it; none for the governing day.
    pub rule: Option<Slug>,
    /// What it is.
    pub what: Lacking,
    /// Another one of the same rule would do instead.
    pub or_another: bool,
}

/// What kind of thing is lacking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// A fact.
    Fact {
        /// The name under which it is recorded or stated.
        name: Slug,
        /// Its name for people.
        title: String,
        /// Where it is looked for, in this order.
        places: Vec<FactPlace>,
    },
    /// Evidence of a kind.
    Evidence(EvidenceKind),
}

/// How a measure is about titles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Titled {
    /// The fact of the application that names the title.
    pub named_by: Slug,
    /// The recorded fact about the title that says whose it is; none if the measure does not ask.
    pub holder: Option<Slug>,
}

impl Measure {
    /// Whether it is about a title (`title:NAME`), and by which facts.
    #[must_use]
    pub fn titled(&self) -> Option<Titled> {
        let facts = &self.file.facts;
        let named_by = facts.iter().find_map(|fact| match parts(fact.about.as_deref()?).as_slice() {
            [Part::Text(TITLE), Part::Name(name)] => name.parse::<Slug>().ok(),
            _ => None,
        })?;
        let tests = self.file.conditions.iter().flat_map(|one| tests_of(&one.test));
        let asked =
            tests.filter(|test| test.is_applicant == Some(true)).filter_map(|test| test.fact.as_ref());
        let of_title = |name: &&Slug| {
            let declared = facts.iter().find(|fact| fact.name == **name);
            declared.and_then(|fact| fact.about.as_deref()).is_some_and(|about| about.starts_with(TITLE))
        };
        Some(Titled { named_by, holder: asked.clone().find(of_title).cloned() })
    }
}

impl Catalogue {
    /// Everything that an application lacks, rule by rule, each rule looked at for itself. A decision stops at the
    /// first; whoever prepares an application wants them all.
    #[must_use]
    pub fn lacking(&self, state: &dyn StateRead, ask: &Ask<'_>, language: Language) -> Vec<Lack> {
        let Some(measure) = self.measure(&ask.application.measure) else {
            return Vec::new();
        };
        let evidence = counting(state, ask.application);
        let walk = Walk::new(self, measure, state, ask, &evidence);
        let mut search = Search { walk, measure, language, found: Vec::new() };
        search.all();
        search.found
    }

    /// Every cap of the measure as an application meets it: whose counter, its limit, and what is used. A cap whose
    /// counter rests on a fact that is lacking has none yet.
    #[must_use]
    pub fn room(&self, state: &dyn StateRead, ask: &Ask<'_>) -> Vec<CapStep> {
        let Some(measure) = self.measure(&ask.application.measure) else {
            return Vec::new();
        };
        let evidence = counting(state, ask.application);
        let mut walk = Walk::new(self, measure, state, ask, &evidence);
        // Only the governing day is wanted: outside the term a counter stands all the same.
        let _ = walk.in_force();
        let _ = walk.take_county();
        for cap in &measure.caps {
            // An amount of nothing is never cut, so that the step tells the room and no refusal comes of it.
            if walk.applies(&cap.when) {
                let _ = walk.cap(cap, Exact::ZERO);
            }
        }
        walk.trace.caps
    }

    /// A catalogue in which the newest answer to every interpretation (口径) holds on every day: what a change would do
    /// to applications from before its day.
    #[must_use]
    pub fn with_newest_answers(mut self) -> Self {
        for one in self.interpretations.values_mut() {
            let newest = one.dated.pop();
            one.dated.clear();
            one.dated.extend(newest);
        }
        self
    }
}

/// A search for what is lacking.
struct Search<'a> {
    walk: Walk<'a>,
    measure: &'a Measure,
    language: Language,
    found: Vec<Lack>,
}

impl<'a> Search<'a> {
    fn all(&mut self) {
        let file = &self.measure.file;
        self.governing();
        file.conditions.iter().for_each(|one| self.condition(one));
        for one in &file.overlaps {
            if self.walk.applies(&one.when) {
                self.scope(&one.rule, &one.scope);
            }
        }
        for one in &file.claims {
            let key = if self.walk.applies(&one.when) { self.walk.choose(&one.key).ok() } else { None };
            key.into_iter().for_each(|key| self.key(&one.rule, key));
        }
        for one in &file.benefits {
            if self.walk.applies(&one.when) {
                self.part(one);
            }
        }
        for one in &file.ceilings {
            if !self.walk.applies(&one.when) {
                continue;
            }
            let cuts = one.weight.as_ref().is_none_or(|weight| self.is_hard(weight));
            one.fact.iter().filter(|_| cuts).for_each(|fact| self.fact(Some(&one.rule), fact, false));
        }
        for cap in &self.measure.caps {
            if !self.walk.applies(&cap.when) {
                continue;
            }
            let scope = cap.scope.as_ref().and_then(|scope| self.walk.choose(scope).ok());
            scope.into_iter().for_each(|scope| self.scope(&cap.id, scope));
        }
    }

    fn governing(&mut self) {
        let governing = self.walk.choose(&self.measure.file.measure.governing).ok();
        governing.into_iter().for_each(|of| self.fact_of(None, of));
        let _ = self.walk.in_force();
    }

    fn is_hard(&mut self, weight: &'a crate::source::Choice<Weight>) -> bool {
        matches!(self.walk.choose(weight), Ok(Weight::Hard))
    }

    /// Only what would change the answer is asked for: not what a note would like to know, nor a record that counts
    /// only if somebody made it, nor the alternatives of what holds already.
    fn condition(&mut self, one: &'a ConditionSource) {
        let unknown = one.if_known.as_ref().is_some_and(|fact| !matches!(self.walk.fact(fact), Ok(Some(_))));
        let hard = one.weight.as_ref().is_none_or(|weight| self.is_hard(weight));
        if !unknown && hard && self.walk.applies(&one.when) {
            self.test(&one.rule, &one.test, false);
        }
    }

    fn test(&mut self, rule: &Slug, test: &'a TestSource, or_another: bool) {
        if matches!(self.walk.holds(rule, test, &mut Vec::new()), Ok(true)) {
            return;
        }
        test.all.iter().flatten().for_each(|inner| self.test(rule, inner, or_another));
        test.any.iter().flatten().for_each(|inner| self.test(rule, inner, true));
        if test.present.is_none() {
            test.fact.iter().for_each(|fact| self.fact(Some(rule), fact, or_another));
        }
        let loan = test.loan_longer_than.as_ref().map(|_| EvidenceKind::Loan);
        for kind in [test.evidence, test.day_of, loan].into_iter().flatten() {
            self.evidence(rule, kind, or_another);
        }
    }

    fn part(&mut self, part: &'a BenefitSource) {
        let rule = &part.rule;
        facts_of(part).into_iter().for_each(|fact| self.fact(Some(rule), fact, false));
        if let Some(based) = part.rate_of.as_ref().and_then(|rate_of| rate_of.evidence.as_ref()) {
            let rules = &self.measure.file.evidence;
            let kind = rules.iter().find(|one| one.rule == *based).map(|one| one.kind);
            kind.into_iter().for_each(|kind| self.evidence(rule, kind, false));
        }
        if part.interest.is_some() {
            [EvidenceKind::Loan, EvidenceKind::Balance]
                .iter()
                .for_each(|kind| self.evidence(rule, *kind, false));
        }
    }

    fn scope(&mut self, rule: &Slug, scope: &str) {
        self.fact_of(Some(rule), scope);
    }

    fn key(&mut self, rule: &Slug, key: &str) {
        for part in parts(key) {
            if let Part::Name(name) = part {
                match (evidence_kind(name), name.parse()) {
                    (Some(kind), _) => self.evidence(rule, kind, false),
                    (None, Ok(fact)) => self.fact(Some(rule), &fact, false),
                    (None, Err(_)) => {}
                }
            }
        }
    }

    /// `fact:NAME` rests on a fact, anything else on none.
    fn fact_of(&mut self, rule: Option<&Slug>, text: &str) {
        let named = fact_named(text).and_then(|name| name.parse().ok());
        named.into_iter().for_each(|fact| self.fact(rule, &fact, false));
    }

    /// Notes a fact that is declared and not known.
    fn fact(&mut self, rule: Option<&Slug>, name: &Slug, or_another: bool) {
        let declared = self.measure.file.facts.iter().find(|fact| fact.name == *name);
        let missing = match self.walk.fact(name) {
            Ok(known) => known.is_none(),
            Err(Stop::Undecidable(_)) => true,
            Err(Stop::Rejected(_)) => false,
        };
        if let Some(declared) = declared.filter(|_| missing) {
            let title = self.language.of(&declared.title).to_owned();
            let places = declared.from.clone();
            // As it is to be recorded: a figure that is taken in several ways has a name for each.
            let name = self.walk.called(declared).unwrap_or_else(|_| name.clone());
            self.note(rule, Lacking::Fact { name, title, places }, or_another);
        }
    }

    /// Notes a kind of which the application brings nothing. What was voided was brought: then the clause speaks.
    fn evidence(&mut self, rule: &Slug, kind: EvidenceKind, or_another: bool) {
        if self.walk.ask.application.evidence.iter().all(|piece| piece.kind != kind) {
            self.note(Some(rule), Lacking::Evidence(kind), or_another);
        }
    }

    /// Each thing once, under the first rule that needs it; what one rule needs outright is no alternative.
    fn note(&mut self, rule: Option<&Slug>, what: Lacking, or_another: bool) {
        match self.found.iter_mut().find(|known| known.what == what) {
            Some(known) => known.or_another = known.or_another && or_another,
            None => self.found.push(Lack { rule: rule.cloned(), what, or_another }),
        }
    }
}

/// The facts that a part of an amount is made of. A most that a document may name is none of them.
fn facts_of(part: &BenefitSource) -> Vec<&Slug> {
    let variants = part.fixed_by.iter().chain(part.rate_of.iter().filter_map(|one| one.rate_by.as_ref()));
    let bases = part.rate_of.iter().filter_map(|one| one.fact.as_ref());
    let counts = part.per_unit.iter().map(|one| &one.count);
    let determined = part.determined.iter().map(|one| &one.fact);
    let documented = part.documented.iter().flat_map(|one| [&one.amount, &one.ratio, &one.of]).flatten();
    variants.map(|one| &one.fact).chain(bases).chain(counts).chain(determined).chain(documented).collect()
}
