//! Publish a policy version: from the next command on, decisions are made under this catalogue and pin it.

use crate::{
    artifact,
    context::Recorded,
    events::Event,
    message,
    refusal::Refused,
    rules::Rules,
    state::{StateRead, StateWrite, change, get, put},
    tables::{Ledgers, PolicyVersionRow, PolicyVersions},
    values::{Sha256Hex, Text},
};

message! {
    /// The request: every chunk of the catalogue stands already.
    pub struct PublishVersion {
        1 => catalogue: Sha256Hex,
        2 => title: Text<100>,
    }
}

message! {
    /// The fact. `version` counts from 1.
    pub struct VersionPublished {
        1 => version: u32,
        2 => catalogue: Sha256Hex,
        3 => title: Text<100>,
    }
}

/// Refuses: `ArtifactIncomplete`, `ArtifactHashWrong`, `CatalogueInvalid`.
pub(crate) fn decide(
    state: &dyn StateRead,
    rules: &dyn Rules,
    request: &PublishVersion,
) -> Result<Vec<Event>, Refused> {
    let bytes = artifact::assemble(state, request.catalogue)?;
    rules.admit(&bytes)?;
    let version = get::<Ledgers>(state, &()).map_or(0, |ledger| ledger.version).saturating_add(1);
    let PublishVersion { catalogue, title } = request.clone();
    Ok(vec![VersionPublished { version, catalogue, title }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &VersionPublished, recorded: Recorded) {
    let row = PolicyVersionRow { hash: fact.catalogue, sequence: recorded.sequence };
    put::<PolicyVersions>(state, &fact.version, &row);
    change::<Ledgers>(state, &(), |ledger| ledger.version = fact.version);
}
