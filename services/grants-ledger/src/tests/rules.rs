//! A policy of a few lines: pay what is asked for, at most the room of a cap, no invoice twice, nothing while a
//! stop stands.
//!
//! The measure `bug` panics. Measures that begin with `cap` have a cap of their own for each enterprise; the catalogue is its limit in 元.

use std::collections::BTreeMap;

use grants_domain::{
    fact::latest,
    refusal::{RefusalCode, Refused},
    rules::{Ask, Assessment, Exhaustion, MeasureShape, Outcome, Rules},
    state::{StateRead, get},
    tables::{ApplicationRow, Caps, Evidence},
    trace::{CapStep, Consumed, FactValue, Trace},
    values::{Fen, Slug},
};

#[derive(Clone, Debug, Default)]
pub(super) struct TinyRules {
    limits: BTreeMap<u32, Fen>,
}

impl Rules for TinyRules {
    fn assess(&self, state: &dyn StateRead, ask: &Ask<'_>) -> Assessment {
        let mut trace = Trace {
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
        };
        let found = self.amount(state, ask, &mut trace);
        let outcome = found.map_or_else(Outcome::Rejected, |amount| Outcome::Due {
            amount,
            payers: grants_domain::award::shares::Payers::one(ask.enterprise.treasury.clone()),
            holds: Vec::new(),
            exhaustion: Exhaustion::Queue,
        });
        Assessment { trace, outcome }
    }

    fn shape(&self, _version: u32, _measure: &Slug) -> Option<MeasureShape> {
        Some(MeasureShape { payable: true, needs_project: false, person_payee: true })
    }

    fn kept_after_fraud(&self, _version: u32, _application: &ApplicationRow) -> Vec<(Slug, Slug)> {
        Vec::new()
    }

    fn owed_at_once(&self, _version: u32, _application: &ApplicationRow) -> Option<Slug> {
        None
    }

    fn admit(&self, catalogue: &[u8]) -> Result<(), Refused> {
        limit(catalogue).map(|_| ()).ok_or_else(|| Refused::of(RefusalCode::CatalogueInvalid))
    }

    fn learn(&mut self, version: u32, catalogue: &[u8]) {
        self.limits.insert(version, limit(catalogue).expect("the catalogue was admitted"));
    }
}

impl TinyRules {
    fn amount(&self, state: &dyn StateRead, ask: &Ask<'_>, trace: &mut Trace) -> Result<Fen, Refused> {
        let enterprise = format!("enterprise:{}", ask.enterprise.code);
        let stop = latest(state, &enterprise, &"stop".parse().unwrap(), ask.today);
        if stop.is_some_and(|fact| fact.value == FactValue::Flag(true)) {
            return Err(Refused::of(RefusalCode::ConditionNotMet));
        }
        consume(state, ask, trace)?;
        let Some(FactValue::Money(asked)) = ask.application.fact("amount") else {
            return Err(Refused::of(RefusalCode::FactMissing));
        };
        let measure = &ask.application.measure;
        assert!(measure.as_str() != "bug", "a bug in a rule, made for a test");
        if !measure.as_str().starts_with("cap") {
            return Ok(*asked);
        }
        let limit = self.limits[&ask.version];
        let key = (measure.clone(), enterprise.clone(), "ever".to_owned());
        let used = get::<Caps>(state, &key).map_or(Fen::ZERO, |row| row.used);
        let room = limit.saturating_sub(used);
        // Whoever is looked at again is not cut again.
        let amount = if ask.reviewing.is_some() { *asked } else { room.min(*asked) };
        if amount.is_zero() {
            let refused = Refused::of(RefusalCode::CapExhausted).by(measure);
            return Err(refused.with("limit", limit).with("used", used).with("headroom", room));
        }
        let (scope, window) = (enterprise.parse().unwrap(), "ever".parse().unwrap());
        trace.caps.push(CapStep {
            cap: measure.clone(),
            scope,
            window,
            limit,
            used,
            cut: amount < *asked,
            carried: None,
            revives: None,
        });
        Ok(amount)
    }
}

/// Every invoice whole, and only once.
fn consume(state: &dyn StateRead, ask: &Ask<'_>, trace: &mut Trace) -> Result<(), Refused> {
    for claimed in &ask.application.evidence {
        let row = get::<Evidence>(state, &claimed.key.to_string()).expect("the application registered it");
        if let Some(other) = row.used.iter().find(|one| Some(one.award) != ask.reviewing) {
            let refused = Refused::of(RefusalCode::EvidenceConsumed).with("evidence", &claimed.key);
            return Err(refused.with("application", &other.application));
        }
        trace.consumed.push(Consumed { evidence: claimed.key.clone(), amount: claimed.amount });
    }
    Ok(())
}

fn limit(catalogue: &[u8]) -> Option<Fen> {
    std::str::from_utf8(catalogue).ok()?.parse().ok()
}
