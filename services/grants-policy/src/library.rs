//! The catalogues of a ledger by version, as the rules that the ledger decides with.

use crate::{Catalogue, lint, pack, walk::empty_trace};
use grants_domain::{
    refusal::{RefusalCode, Refused},
    rules::{Ask, Assessment, MeasureShape, Outcome, Rules},
    state::StateRead,
    tables::ApplicationRow,
    values::Slug,
};
use std::{collections::BTreeMap, sync::Arc};

/// Every version that was published, compiled. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Library {
    versions: Arc<BTreeMap<u32, Arc<Catalogue>>>,
}

impl Library {
    /// No version yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A version that was published.
    #[must_use]
    pub fn catalogue(&self, version: u32) -> Option<Arc<Catalogue>> {
        self.versions.get(&version).cloned()
    }

    /// Puts a catalogue in under a number: one that was published, or one to try in its place.
    pub fn insert(&mut self, version: u32, catalogue: Arc<Catalogue>) {
        Arc::make_mut(&mut self.versions).insert(version, catalogue);
    }
}

impl Rules for Library {
    fn assess(&self, state: &dyn StateRead, ask: &Ask<'_>) -> Assessment {
        match self.versions.get(&ask.version) {
            Some(catalogue) => catalogue.assess(state, ask),
            None => Assessment {
                trace: empty_trace(ask),
                outcome: Outcome::Undecidable(
                    Refused::of(RefusalCode::PolicyMissing).with("version", ask.version),
                ),
            },
        }
    }

    fn shape(&self, version: u32, measure: &Slug) -> Option<MeasureShape> {
        let measure = self.versions.get(&version)?.measure(measure)?;
        let source = &measure.file.measure;
        let (payable, needs_project, person_payee) =
            (source.payable, source.needs_project, source.person_payee);
        Some(MeasureShape { payable, needs_project, person_payee })
    }

    fn kept_after_fraud(&self, version: u32, application: &ApplicationRow) -> Vec<(Slug, Slug)> {
        self.versions
            .get(&version)
            .map(|catalogue| catalogue.kept_after_fraud(application))
            .unwrap_or_default()
    }

    fn owed_at_once(&self, version: u32, application: &ApplicationRow) -> Option<Slug> {
        self.versions.get(&version)?.owed_at_once(application)
    }

    fn admit(&self, catalogue: &[u8]) -> Result<(), Refused> {
        let invalid = |why: String| Refused::of(RefusalCode::CatalogueInvalid).with("reason", why);
        let files = pack::unpack(catalogue).map_err(|fault| invalid(fault.to_string()))?;
        match lint::admission(&files).first() {
            None => Ok(()),
            Some(finding) => Err(invalid(finding.to_string())),
        }
    }

    fn learn(&mut self, version: u32, catalogue: &[u8]) {
        // Invariant: the bytes were admitted before the version was published. (grants_domain::policy)
        let files =
            pack::unpack(catalogue).unwrap_or_else(|fault| panic!("policy version {version}: {fault}"));
        let compiled = Catalogue::compile(&files).unwrap_or_else(|findings| {
            let first = findings.first().map(ToString::to_string).unwrap_or_default();
            panic!("policy version {version} does not compile: {first}")
        });
        self.insert(version, Arc::new(compiled));
    }
}
