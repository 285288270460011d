//! The measures of the tiny policy, walked in the order of a real one: conditions, other awards, once-only
//! rights, evidence, amount, cap.

use crate::{
    award::shares::Payers,
    enterprise::lineage,
    external::ExternalStatus,
    fact,
    refusal::{RefusalCode, Refused},
    rules::{Ask, Assessment, Exhaustion, MeasureShape, Outcome, Rules},
    state::{StateRead, get, list},
    tables::{
        ApplicationRow, AwardRow, Awards, Caps, Claims, Evidence, ExternalAwards, ExternalBySubject, FactRow,
    },
    trace::{CapStep, Consumed, FactValue, Hold, TallyStep, Trace},
    values::{Date, Fen, Slug, Text},
};
use std::collections::BTreeMap;

/// Score that the measure `fact` asks for.
const SCORE_MIN: u64 = 60;
/// Records of one fact that are looked at.
const RECORDS_MAX: usize = 1_000;
/// Awards of other levels that `hold` looks at.
const EXTERNAL_MAX: usize = 100;

/// The bytes of a catalogue with this limit.
#[must_use]
pub fn catalogue(limit: Fen) -> Vec<u8> {
    limit.to_string().into_bytes()
}

/// The tiny policy; see the module.
#[derive(Clone, Debug, Default)]
pub struct TinyRules {
    limits: BTreeMap<u32, Fen>,
}

impl TinyRules {
    /// No version yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Rules for TinyRules {
    fn assess(&self, state: &dyn StateRead, ask: &Ask<'_>) -> Assessment {
        let mut walk = Walk {
            limit: self.limits.get(&ask.version).copied().unwrap_or(Fen::ZERO),
            state,
            ask,
            trace: bare(ask),
            holds: Vec::new(),
        };
        let found = walk.through();
        let Walk { mut trace, holds, .. } = walk;
        let outcome = match found {
            Ok(amount) => Outcome::Due {
                amount,
                payers: payers(ask),
                holds,
                exhaustion: match ask.application.measure.as_str() {
                    "refuse" => Exhaustion::Refuse,
                    _ => Exhaustion::Queue,
                },
            },
            Err(stop) => {
                // What was not awarded takes nothing.
                (trace.caps, trace.tallies) = (Vec::new(), Vec::new());
                (trace.claims, trace.consumed) = (Vec::new(), Vec::new());
                stop
            }
        };
        Assessment { trace, outcome }
    }

    fn shape(&self, _version: u32, measure: &Slug) -> Option<MeasureShape> {
        let measure = measure.as_str();
        let others =
            ["plain", "claim", "own", "invoice", "train", "fact", "hold", "refuse", "record", "owed"];
        let known = measure.starts_with("cap") || others.contains(&measure);
        known.then_some(MeasureShape {
            payable: measure != "record",
            needs_project: measure == "hold",
            person_payee: measure == "plain",
        })
    }

    fn kept_after_fraud(&self, _version: u32, application: &ApplicationRow) -> Vec<(Slug, Slug)> {
        let measure = &application.measure;
        let keeps = measure.as_str().starts_with("capkept");
        keeps.then(|| (measure.clone(), slug("room-kept"))).into_iter().collect()
    }

    fn owed_at_once(&self, _version: u32, application: &ApplicationRow) -> Option<Slug> {
        (application.measure.as_str() == "owed").then(|| slug("owed-at-once"))
    }

    fn admit(&self, catalogue: &[u8]) -> Result<(), Refused> {
        limit_of(catalogue)
            .map(|_| ())
            .ok_or_else(|| Refused::of(RefusalCode::CatalogueInvalid).with("bytes", catalogue.len()))
    }

    fn learn(&mut self, version: u32, catalogue: &[u8]) {
        let limit = limit_of(catalogue).unwrap_or_else(|| panic!("version {version} was never admitted"));
        self.limits.insert(version, limit);
    }
}

fn limit_of(catalogue: &[u8]) -> Option<Fen> {
    std::str::from_utf8(catalogue).ok()?.parse().ok()
}

/// Who pays: as the application says, else the treasury of the enterprise.
fn payers(ask: &Ask<'_>) -> Payers {
    let stated = match ask.application.fact("payers") {
        Some(FactValue::Word(text)) => text.as_str().parse().ok(),
        _ => None,
    };
    stated.unwrap_or_else(|| Payers::one(ask.enterprise.treasury.clone()))
}

fn bare(ask: &Ask<'_>) -> Trace {
    Trace {
        version: ask.version,
        measure: ask.application.measure.clone(),
        semantics: 1,
        governing: ask.application.applied_on,
        steps: Vec::new(),
        caps: Vec::new(),
        tallies: Vec::new(),
        claims: Vec::new(),
        consumed: Vec::new(),
        interpretations: Vec::new(),
        computed: None,
        subjects: Vec::new(),
    }
}

struct Walk<'a> {
    limit: Fen,
    state: &'a dyn StateRead,
    ask: &'a Ask<'a>,
    trace: Trace,
    holds: Vec<Hold>,
}

impl Walk<'_> {
    fn through(&mut self) -> Result<Fen, Outcome> {
        let measure = self.ask.application.measure.clone();
        if self.recorded("stop") == Some(FactValue::Flag(true)) {
            return Err(Outcome::Rejected(Refused::of(RefusalCode::ConditionNotMet).by(&slug("stop"))));
        }
        match measure.as_str() {
            "fact" => self.score()?,
            "hold" => self.other_levels()?,
            "claim" => self.claim()?,
            "own" => self.own_claim()?,
            "train" => self.tally()?,
            _ => {}
        }
        let Some(FactValue::Money(asked)) = self.ask.application.fact("amount") else {
            return Err(lacks("amount"));
        };
        let mut amount = *asked;
        if let Some(FactValue::Money(ceiling)) = self.recorded("ceiling") {
            amount = amount.min(ceiling);
        }
        if measure.as_str() == "invoice" {
            amount = amount.min(self.invoices()?);
        }
        if amount.is_zero() {
            return Err(Outcome::Rejected(Refused::of(RefusalCode::NothingDue)));
        }
        if measure.as_str().starts_with("cap") {
            amount = self.cap(&measure, amount)?;
        }
        Ok(amount)
    }

    fn subject(&self) -> String {
        format!("enterprise:{}", self.ask.enterprise.code)
    }

    /// What an award is judged by when it is looked at again: links recorded before its decision.
    fn known_before(&self) -> u64 {
        self.ask.reviewing.map_or(u64::MAX, |award| award.0)
    }

    /// A fact about the enterprise as it is known today.
    fn recorded(&self, name: &str) -> Option<FactValue> {
        let (code, today) = (&self.ask.enterprise.code, self.ask.today);
        let records = fact::of_enterprise(self.state, code, &slug(name), self.known_before(), RECORDS_MAX);
        let latest = |rows: &Vec<(Date, FactRow)>| rows.iter().rfind(|(day, _)| *day <= today).cloned();
        records.iter().find_map(latest).map(|(_, row)| row.value)
    }

    fn score(&self) -> Result<(), Outcome> {
        match self.recorded("score") {
            Some(FactValue::Count(score)) if SCORE_MIN <= score => Ok(()),
            Some(FactValue::Count(_)) => {
                let refused = Refused::of(RefusalCode::ConditionNotMet).by(&slug("score"));
                Err(Outcome::Rejected(refused.with("needed", SCORE_MIN)))
            }
            Some(_) => {
                Err(Outcome::Undecidable(Refused::of(RefusalCode::FactTypeWrong).with("fact", "score")))
            }
            None => Err(lacks("score")),
        }
    }

    fn other_levels(&mut self) -> Result<(), Outcome> {
        let Some(project) = self.ask.project else {
            return Err(Outcome::Rejected(Refused::of(RefusalCode::ProjectMissing)));
        };
        let subject = format!("project:{}", project.code);
        for (key, _) in list::<ExternalBySubject>(self.state, &subject, EXTERNAL_MAX) {
            // Behind the subject and its closing zero stands the reference, with a zero of its own.
            let name = key.get(subject.len() + 1..).and_then(|rest| rest.strip_suffix(&[0]));
            let name = name.and_then(|bytes| std::str::from_utf8(bytes).ok()?.parse().ok());
            let Some(row) = name.and_then(|name| get::<ExternalAwards>(self.state, &name)) else {
                continue;
            };
            match row.status {
                ExternalStatus::Pending => {
                    self.holds.push(Hold { rule: slug("pending"), waits_for: text(row.programme.as_str()) })
                }
                ExternalStatus::Granted => {
                    let refused = Refused::of(RefusalCode::ExcludedByOverlap).by(&slug("granted"));
                    return Err(Outcome::Rejected(refused.with("programme", row.programme)));
                }
                ExternalStatus::Refused | ExternalStatus::Withdrawn => {}
            }
        }
        Ok(())
    }

    fn claim(&mut self) -> Result<(), Outcome> {
        let Some(FactValue::Word(title)) = self.ask.application.fact("title") else {
            return Err(lacks("title"));
        };
        let key: String = format!("title:{title}").chars().take(120).collect();
        self.take(key)
    }

    /// Once for each enterprise, whatever it was or became.
    fn own_claim(&mut self) -> Result<(), Outcome> {
        let code = &self.ask.enterprise.code;
        for one in lineage::carried(self.state, code, self.known_before()) {
            let holder = get::<Claims>(self.state, &format!("own:{}", one.code));
            let counts = |award: u64| one.before.is_none_or(|before| award < before);
            if let Some(holder) = holder.filter(|row| counts(row.award.0)) {
                let refused = Refused::of(RefusalCode::AlreadyAwarded).with("award", holder.award);
                return Err(Outcome::Rejected(refused));
            }
        }
        self.take(format!("own:{code}"))
    }

    fn take(&mut self, key: String) -> Result<(), Outcome> {
        let holder = get::<Claims>(self.state, &key).filter(|row| Some(row.award) != self.ask.reviewing);
        if let Some(holder) = holder {
            let refused = Refused::of(RefusalCode::AlreadyAwarded).with("award", holder.award);
            return Err(Outcome::Rejected(refused));
        }
        self.trace.claims.push(text(&key));
        Ok(())
    }

    fn tally(&mut self) -> Result<(), Outcome> {
        let Some(FactValue::Money(amount)) = self.ask.application.fact("amount") else {
            return Err(lacks("amount"));
        };
        let day = Some(self.ask.application.applied_on);
        self.trace.tallies.push(TallyStep {
            tally: slug("train"),
            scope: text(&self.subject()),
            window: text("ever"),
            count: 1,
            amount: *amount,
            first: day,
            last: day,
        });
        Ok(())
    }

    /// What the invoices leave; it is used up.
    fn invoices(&mut self) -> Result<Fen, Outcome> {
        let mut sum = Fen::ZERO;
        for claimed in &self.ask.application.evidence {
            let Some(row) = get::<Evidence>(self.state, &claimed.key.to_string()) else {
                return Err(lacks("evidence"));
            };
            let by_others: i128 = row
                .used
                .iter()
                .filter(|one| Some(one.award) != self.ask.reviewing)
                .map(|one| i128::from(one.amount.get()))
                .sum();
            let free = Fen::from_i128(i128::from(row.net.get()) - by_others).unwrap_or(Fen::ZERO);
            let amount = free.min(claimed.amount);
            sum = sum
                .checked_add(amount)
                .ok_or_else(|| Outcome::Undecidable(Refused::of(RefusalCode::OutOfRange)))?;
            self.trace.consumed.push(Consumed { evidence: claimed.key.clone(), amount });
        }
        match sum.is_zero() {
            true => Err(Outcome::Rejected(Refused::of(RefusalCode::EvidenceConsumed))),
            false => Ok(sum),
        }
    }

    fn cap(&mut self, measure: &Slug, amount: Fen) -> Result<Fen, Outcome> {
        let (scope, window) = (self.subject(), "ever".to_owned());
        let key = (measure.clone(), scope.clone(), window.clone());
        let own = get::<Caps>(self.state, &key).map_or(Fen::ZERO, |row| row.used);
        let codes = lineage::carried(self.state, &self.ask.enterprise.code, self.known_before());
        let carried = lineage::cap_use(self.state, measure, &window, &codes);
        let used = own
            .checked_add(carried)
            .ok_or_else(|| Outcome::Undecidable(Refused::of(RefusalCode::OutOfRange)))?;
        let room = self.limit.saturating_sub(used);
        let reviewing = self.ask.reviewing.is_some();
        if room.is_zero() && !reviewing {
            let refused = Refused::of(RefusalCode::CapExhausted).by(measure);
            let refused = refused.with("limit", self.limit).with("used", used);
            return Err(Outcome::Rejected(refused.with("headroom", room)));
        }
        let own = self.ask.reviewing.and_then(|id| get::<Awards>(self.state, &id));
        let revives = measure.as_str().starts_with("caprevives");
        let (used, room) = match &own {
            Some(row) if revives => (used.saturating_sub(row.amount), self.left(row, used)),
            Some(_) | None => (used, room),
        };
        // Whoever is looked at again is not cut again; where the part comes back, the room decides.
        let given = if reviewing && !revives { amount } else { room.min(amount) };
        self.trace.caps.push(CapStep {
            cap: measure.clone(),
            scope: text(&scope),
            window: text(&window),
            limit: self.limit,
            used,
            cut: given < amount,
            carried: Some(carried).filter(|carried| !carried.is_zero()),
            revives: Some(slug("room-revives")).filter(|_| revives && given < amount),
        });
        Ok(given)
    }

    /// What a cap leaves to an award whose part comes back: now, or as its last decision found it.
    fn left(&self, row: &AwardRow, used: Fen) -> Fen {
        let others = used.saturating_sub(row.amount);
        match row.caps.iter().find(|step| !self.ask.reviving && step.revives.is_some()) {
            Some(step) => step.limit.saturating_sub(step.used),
            None if self.ask.reviving => self.limit.saturating_sub(others).max(row.amount),
            None => Fen::MAX,
        }
    }
}

fn lacks(fact: &str) -> Outcome {
    Outcome::Undecidable(Refused::of(RefusalCode::FactMissing).with("fact", fact))
}

fn slug(word: &str) -> Slug {
    word.parse().unwrap_or_else(|fault| panic!("{word} is not a slug: {fault}"))
}

fn text<const MAX: usize>(words: &str) -> Text<MAX> {
    words.parse().unwrap_or_else(|fault| panic!("{words} is not a text: {fault}"))
}
