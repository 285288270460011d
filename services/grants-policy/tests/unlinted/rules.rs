//! The rules of the ledger without the lint of what is published: a later version changes an answer, and the worked cases
//! that showed the old one would keep it out. `tests/shipped.rs` holds the lint.

use grants_domain::{
    refusal::{RefusalCode, Refused},
    rules::{Ask, Assessment, MeasureShape, Rules},
    state::StateRead,
    tables::ApplicationRow,
    values::Slug,
};
use grants_policy::{Catalogue, Library, unpack};

/// The rules of the ledger, which take in whatever compiles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unlinted(Library);

impl Rules for Unlinted {
    fn assess(&self, state: &dyn StateRead, ask: &Ask<'_>) -> Assessment {
        self.0.assess(state, ask)
    }
    fn shape(&self, version: u32, measure: &Slug) -> Option<MeasureShape> {
        self.0.shape(version, measure)
    }
    fn kept_after_fraud(&self, version: u32, application: &ApplicationRow) -> Vec<(Slug, Slug)> {
        self.0.kept_after_fraud(version, application)
    }
    fn owed_at_once(&self, version: u32, application: &ApplicationRow) -> Option<Slug> {
        self.0.owed_at_once(version, application)
    }
    fn admit(&self, bytes: &[u8]) -> Result<(), Refused> {
        let sound = unpack(bytes).is_ok_and(|files| Catalogue::compile(&files).is_ok());
        if sound { Ok(()) } else { Err(Refused::of(RefusalCode::CatalogueInvalid)) }
    }
    fn learn(&mut self, version: u32, bytes: &[u8]) {
        self.0.learn(version, bytes);
    }
}
