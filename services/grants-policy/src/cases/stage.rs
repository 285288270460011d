//! The small ledger that a worked case is played on: one enterprise, one project, one application.

use crate::{
    catalogue::{Catalogue, Measure},
    interest,
    source::case::{About, CaseSource, EvidenceCase, StandingCase},
    walk::Walk,
};
use grants_domain::{
    application::ApplicationStatus,
    award::AwardStatus,
    context::{Actor, AuthMethod, Role},
    ids::AwardId,
    people::Sealed,
    rules::Ask,
    state::{MemoryState, get, put},
    subject,
    tables::{
        ApplicationRow, Applications, AwardRow, Awards, AwardsBySubject, CapRow, Caps, ClaimRow, Claimed,
        Claims, EnterpriseRow, Evidence, EvidenceKind, EvidenceRow, ExternalAwardRow, ExternalAwards,
        ExternalBySubject, FactRow, Facts, Mark, ProjectRow, RateRow, Rates, RoundRow, Rounds, Tallies,
        TallyEntry, TallyRow, Use,
    },
    trace::{CapStep, Fact, FactValue},
    values::{Fen, Reference, Slug},
    wire::Blob,
};
use std::{collections::BTreeMap, fmt::Display, str::FromStr};

const PROJECT: &str = "2403-411702-04-01-100000";
const ENTERPRISE: &str = "91411702MA000100X4";
const TREASURY: &str = "411702000";

/// The award that everything belongs to which stands before the case.
const EARLIER: AwardId = AwardId(1);

/// A sample that a case is played with. Its codes are made up and valid.
fn sample<T: FromStr>(text: &str) -> T
where
    T::Err: Display,
{
    text.parse().unwrap_or_else(|fault| panic!("the sample {text} is wrong: {fault}"))
}

fn actor() -> Actor {
    Actor { id: sample("case"), role: Role::Intake, auth: AuthMethod::Simulated }
}

/// The rows that a case is about.
pub(super) struct Stage {
    case: CaseSource,
    enterprise: EnterpriseRow,
    project: Option<ProjectRow>,
    application: ApplicationRow,
}

impl Stage {
    /// Builds the rows. `case` has taken from its base what it does not say.
    pub(super) fn new(measure: &Measure, case: CaseSource) -> Self {
        let source = &measure.file.measure;
        let applied_on = case.applied_on.unwrap_or(measure.document.issued).0;
        let treasury = case.treasury.clone().unwrap_or_else(|| sample(TREASURY));
        let enterprise = EnterpriseRow {
            code: sample(ENTERPRISE),
            name: sample("示例电子有限公司"),
            treasury: treasury.clone(),
            industry: case.industry.clone(),
            legal_representative: None,
            contact: None,
            payee: None,
            registered_by: actor(),
        };
        let project = case.project.unwrap_or(source.needs_project).then(|| ProjectRow {
            code: sample(PROJECT),
            enterprise: enterprise.code.clone(),
            name: sample("示例项目"),
            treasury: case.project_treasury.clone().unwrap_or(treasury),
            total_investment: case.total_investment.unwrap_or(Fen::ZERO),
            validity: case.validity.unwrap_or_else(|| sample("2024-01-01/2026-12-31")),
            in_statistics: case.in_statistics.unwrap_or(false),
        });
        let application = ApplicationRow {
            number: sample("A-1"),
            enterprise: enterprise.code.clone(),
            project: project.as_ref().map(|project| project.code.clone()),
            measure: source.id.clone(),
            applied_on,
            facts: facts(&case.facts),
            evidence: case.evidence.iter().flatten().zip(1..).map(piece).collect(),
            status: ApplicationStatus::Submitted,
            submitted_by: actor(),
            payee_person: case.person.map(|person| Sealed { person, bytes: Blob(Vec::new()) }),
            sequence: 1,
            award: None,
        };
        Self { case, enterprise, project, application }
    }

    /// The question.
    pub(super) fn ask(&self) -> Ask<'_> {
        Ask {
            version: 1,
            application: &self.application,
            enterprise: &self.enterprise,
            project: self.project.as_ref(),
            today: self.case.today.map_or(self.application.applied_on, |day| day.0),
            reviewing: None,
            reviving: false,
        }
    }

    /// The state before the application is decided.
    pub(super) fn state(&self, catalogue: &Catalogue, measure: &Measure) -> MemoryState {
        let mut state = MemoryState::default();
        self.reports(&mut state);
        self.rights(&mut state);
        self.standing(&mut state);
        let counters = self.counters(catalogue, measure, &state);
        for (cap, key) in counters.caps {
            let Some(used) = self.case.used.get(&cap) else {
                continue;
            };
            put::<Caps>(&mut state, &key, &CapRow { used: *used, awards: 1 });
        }
        self.counted(&mut state);
        for (tally, key) in counters.tallies {
            let Some(tallied) = self.case.tallied.get(&tally) else {
                continue;
            };
            let entry = TallyEntry {
                award: EARLIER,
                count: tallied.count,
                amount: tallied.amount,
                first: tallied.first.map(|day| day.0),
                last: tallied.last.map(|day| day.0),
            };
            put::<Tallies>(&mut state, &key, &TallyRow { entries: vec![entry] });
        }
        state
    }

    /// Counters that are named by their own keys.
    fn counted(&self, state: &mut MemoryState) {
        for one in &self.case.counted {
            let Some(scope) = self.subject(&one.scope) else { continue };
            let window = one.window.to_string();
            if let Some(cap) = &one.cap {
                put::<Caps>(
                    state,
                    &(cap.clone(), scope.clone(), window.clone()),
                    &CapRow { used: one.amount, awards: 1 },
                );
            }
            if let Some(tally) = &one.tally {
                let day = one.on.map(|day| day.0);
                let entry = TallyEntry {
                    award: EARLIER,
                    count: one.count,
                    amount: one.amount,
                    first: day,
                    last: day,
                };
                let key = (tally.clone(), scope, window);
                let mut row = get::<Tallies>(state, &key).unwrap_or(TallyRow { entries: Vec::new() });
                row.entries.push(entry);
                put::<Tallies>(state, &key, &row);
            }
        }
    }

    fn subject(&self, about: &About) -> Option<String> {
        match about {
            About::Named(subject) => Some(subject::one_way(subject)),
            About::Project => self.project.as_ref().map(|project| format!("project:{}", project.code)),
            About::Enterprise => Some(format!("enterprise:{}", self.enterprise.code)),
        }
    }

    /// What other bodies reported: facts, awards, rounds and rates.
    fn reports(&self, state: &mut MemoryState) {
        for fact in self.case.recorded.iter().flatten() {
            let Some(subject) = self.subject(&fact.about) else {
                continue;
            };
            let row = FactRow { value: fact.value.clone(), source: sample("case"), sequence: 0 };
            put::<Facts>(state, &(subject, fact.name.clone(), fact.on.0), &row);
        }
        for (one, number) in self.case.external.iter().flatten().zip(1..) {
            let Some(subject) = self.subject(&one.about) else {
                continue;
            };
            let award: Reference = sample(&format!("HN-{number}"));
            let row = ExternalAwardRow {
                subject: sample(&subject),
                level: one.level,
                programme: one.programme.clone(),
                status: one.status,
                amount: one.amount,
                on: one.on.map_or(self.application.applied_on, |day| day.0),
                source: sample("case"),
                sequence: 0,
            };
            put::<ExternalAwards>(state, &award, &row);
            put::<ExternalBySubject>(state, &(subject, award), &Mark {});
        }
        for (one, number) in self.case.rounds.iter().flatten().zip(1..) {
            let row = RoundRow { open: one.open, source: sample("case"), sequence: 0 };
            put::<Rounds>(state, &(one.programme.clone(), sample(&format!("R-{number}"))), &row);
        }
        for one in self.case.rates.iter().flatten() {
            let row = RateRow { rate: one.rate, source: sample("case"), sequence: 0 };
            put::<Rates>(state, &(one.name.clone(), one.on.0), &row);
        }
    }

    /// Rights and evidence that another award has.
    fn rights(&self, state: &mut MemoryState) {
        let application: Reference = sample("A-0");
        for claim in &self.case.claimed {
            put::<Claims>(state, claim, &ClaimRow { award: EARLIER, application: application.clone() });
        }
        let pieces = &self.application.evidence;
        for piece in pieces.iter().filter(|piece| self.case.consumed.contains(&piece.key.to_string())) {
            let used = vec![Use { award: EARLIER, application: application.clone(), amount: piece.amount }];
            let (kind, date, net, registered_by) =
                (piece.kind, piece.date, piece.amount, application.clone());
            let row = EvidenceRow { kind, date, net, used, registered_by, voided: false, holders: 1 };
            put::<Evidence>(state, &piece.key.to_string(), &row);
        }
    }

    /// Awards of other measures for the same enterprise and project.
    fn standing(&self, state: &mut MemoryState) {
        for (one, number) in self.case.standing.iter().zip(1..) {
            let id = AwardId(number);
            let number: Reference = sample(&format!("A-0-{number}"));
            let number = one.application.clone().unwrap_or(number);
            let application = ApplicationRow {
                number: number.clone(),
                measure: one.measure.clone(),
                facts: facts(&one.facts),
                status: ApplicationStatus::Approved,
                award: Some(id),
                ..self.application.clone()
            };
            put::<Applications>(state, &number, &application);
            put::<Awards>(state, &id, &self.award(number, one));
            let reached: &[About] =
                if one.elsewhere { &[About::Enterprise] } else { &[About::Project, About::Enterprise] };
            for about in reached {
                let Some(subject) = self.subject(about) else {
                    continue;
                };
                put::<AwardsBySubject>(state, &(subject, id), &Mark {});
            }
        }
    }

    fn award(&self, application: Reference, standing: &StandingCase) -> AwardRow {
        let counts_under = |cap: &Slug| CapStep {
            cap: cap.clone(),
            scope: sample("case"),
            window: sample("case"),
            limit: standing.amount,
            used: Fen::ZERO,
            cut: false,
            carried: None,
            revives: None,
        };
        AwardRow {
            application,
            enterprise: self.enterprise.code.clone(),
            project: self.project.as_ref().map(|project| project.code.clone()),
            measure: standing.measure.clone(),
            line: sample("L-0"),
            status: AwardStatus::Confirmed,
            amount: standing.amount,
            instructed: Fen::ZERO,
            settled: Fen::ZERO,
            recovering: Fen::ZERO,
            holds: Vec::new(),
            caps: standing.caps.iter().map(counts_under).collect(),
            tallies: Vec::new(),
            claims: Vec::new(),
            consumed: Vec::new(),
            governing: standing.on.map_or(self.application.applied_on, |day| day.0),
            version: 1,
            decided_by: actor(),
            confirmed_by: None,
            recoveries: Vec::new(),
            subjects: Vec::new(),
            kept: Vec::new(),
            shares: Vec::new(),
        }
    }

    /// The counters that the measure would look at for this application.
    fn counters(&self, catalogue: &Catalogue, measure: &Measure, state: &MemoryState) -> Counters {
        let ask = self.ask();
        let mut walk = Walk::new(catalogue, measure, state, &ask, &self.application.evidence);
        let mut counters = Counters { caps: Vec::new(), tallies: Vec::new() };
        // A day outside the term still has its counters; the case itself will say that it is outside.
        let _outside = walk.in_force().is_err();
        for cap in &measure.caps {
            if let Ok((_, scope, window, _)) = walk.counter_of(cap) {
                counters.caps.push((cap.id.clone(), (cap.id.clone(), scope.to_string(), window.to_string())));
            }
        }
        for part in &measure.file.benefits {
            let found = match (&part.tier, &part.interest) {
                (Some(tier), _) => {
                    let found = walk.tally_of(tier).into_iter();
                    found
                        .map(|(tally, scope, window)| (tally, scope.to_string(), window.to_string()))
                        .collect()
                }
                (None, Some(interest)) => {
                    let loan = walk.pieces(EvidenceKind::Loan).next().map(interest::loan_scope);
                    let scopes =
                        [Some(walk.scope("project")), loan].into_iter().flatten().filter_map(Result::ok);
                    let window = measure.document.id.to_string();
                    scopes.map(|scope| (interest.tally.clone(), scope.to_string(), window.clone())).collect()
                }
                (None, None) => Vec::new(),
            };
            let named = part.tier.as_ref().map(|tier| tier.scale.clone());
            let named = named.or_else(|| part.interest.as_ref().map(|interest| interest.tally.clone()));
            counters
                .tallies
                .extend(named.iter().flat_map(|name| found.iter().map(|key| (name.clone(), key.clone()))));
        }
        counters
    }
}

/// Keys of counters, by the name that a case calls them.
struct Counters {
    caps: Vec<(Slug, CounterKey)>,
    tallies: Vec<(Slug, CounterKey)>,
}

type CounterKey = (Slug, String, String);

fn facts(named: &BTreeMap<Slug, FactValue>) -> Vec<Fact> {
    named.iter().map(|(name, value)| Fact { name: name.clone(), value: value.clone() }).collect()
}

fn piece((piece, number): (&EvidenceCase, u32)) -> Claimed {
    Claimed {
        kind: piece.kind,
        key: piece.key.clone().unwrap_or_else(|| sample(&format!("case:{number}"))),
        date: piece.date.0,
        until: piece.until.map(|day| day.0),
        amount: piece.amount,
        seller: piece.seller.clone(),
    }
}
