//! The rules of the changed ledger: whatever version history published, the one catalogue answers under its number.

use grants_domain::{
    refusal::Refused,
    rules::{Ask, Assessment, MeasureShape, Rules},
    state::StateRead,
    tables::ApplicationRow,
    values::Slug,
};
use grants_policy::{Catalogue, Library};
use std::sync::Arc;

/// One catalogue in the place of every version.
pub(super) struct Changed {
    catalogue: Arc<Catalogue>,
    library: Library,
}

impl Changed {
    /// Before any version is published.
    pub(super) fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue, library: Library::new() }
    }
}

impl Rules for Changed {
    fn assess(&self, state: &dyn StateRead, ask: &Ask<'_>) -> Assessment {
        self.library.assess(state, ask)
    }

    fn shape(&self, version: u32, measure: &Slug) -> Option<MeasureShape> {
        self.library.shape(version, measure)
    }

    fn kept_after_fraud(&self, version: u32, application: &ApplicationRow) -> Vec<(Slug, Slug)> {
        self.library.kept_after_fraud(version, application)
    }

    fn owed_at_once(&self, version: u32, application: &ApplicationRow) -> Option<Slug> {
        self.library.owed_at_once(version, application)
    }

    fn admit(&self, _catalogue: &[u8]) -> Result<(), Refused> {
        // It was admitted when it was published, and what it says is not asked for.
        Ok(())
    }

    fn learn(&mut self, version: u32, _catalogue: &[u8]) {
        self.library.insert(version, Arc::clone(&self.catalogue));
    }
}
