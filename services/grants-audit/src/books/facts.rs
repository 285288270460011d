//! Catalogues as their chunks hold them, and applications with their evidence.

use super::{Books, Entry};
use crate::{code::Code, walk::hex};
use grants_domain::{
    application::{decide::ApplicationRejected, submit::ApplicationSubmitted},
    artifact::record_chunk::ChunkRecorded,
    policy::publish_version::VersionPublished,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The chunks of an artifact by index, and how many there should be.
#[derive(Default)]
pub(super) struct Artifact {
    count: u32,
    chunks: BTreeMap<u32, Vec<u8>>,
}

/// An application.
pub(super) struct Application {
    pub(super) submitter: String,
    pub(super) open: bool,
    /// Fingerprints of what it brings.
    pub(super) brought: Vec<String>,
}

impl Books {
    pub(super) fn chunk(&mut self, fact: &ChunkRecorded) {
        let artifact = self.artifacts.entry(fact.artifact.0).or_default();
        artifact.count = fact.count;
        artifact.chunks.insert(fact.index, fact.bytes.0.clone());
    }

    pub(super) fn version(&mut self, entry: &mut Entry<'_>, fact: &VersionPublished) {
        let next = self.version.saturating_add(1);
        if fact.version != next {
            entry.wrong(Code::PolicyNumberWrong, "version", fact.version, next);
        }
        self.version = fact.version;
        let none = Artifact::default();
        let artifact = self.artifacts.get(&fact.catalogue.0).unwrap_or(&none);
        let whole = (0..artifact.count).all(|index| artifact.chunks.contains_key(&index));
        let found: [u8; 32] = artifact
            .chunks
            .range(..artifact.count)
            .fold(Sha256::new(), |sha, (_, bytes)| sha.chain_update(bytes))
            .finalize()
            .into();
        if !whole || found != fact.catalogue.0 {
            entry.wrong(Code::CatalogueHashWrong, "catalogue", fact.catalogue, hex(&found));
        }
    }

    pub(super) fn submitted(&mut self, entry: &mut Entry<'_>, fact: &ApplicationSubmitted) {
        entry.given_by("submitted_by", &fact.submitted_by);
        for claimed in &fact.evidence {
            self.limits.bring(claimed);
        }
        let brought = fact.evidence.iter().map(|claimed| claimed.key.to_string()).collect();
        let application = Application { submitter: fact.submitted_by.id.to_string(), open: true, brought };
        if self.applications.insert(fact.application.to_string(), application).is_some() {
            entry.wrong(Code::ApplicationNotOpen, "application", &fact.application, "a new number");
        }
    }

    pub(super) fn rejected(&mut self, entry: &mut Entry<'_>, fact: &ApplicationRejected) {
        self.ended(entry, fact.application.as_str());
        let submitter = self.applications.get(fact.application.as_str()).map(|one| one.submitter.as_str());
        entry.another_than("actor", entry.actor, submitter.as_slice());
    }

    /// An application ends without an award.
    pub(super) fn ended(&mut self, entry: &mut Entry<'_>, number: &str) {
        self.close(entry, number);
        if let Some(application) = self.applications.get(number) {
            self.limits.release(&application.brought);
        }
    }

    /// An application ends: it must have been waiting.
    pub(super) fn close(&mut self, entry: &mut Entry<'_>, number: &str) {
        let application = self.applications.get_mut(number).filter(|one| one.open);
        match application {
            Some(application) => application.open = false,
            None => entry.wrong(Code::ApplicationNotOpen, "application", number, "an application that waits"),
        }
    }
}
