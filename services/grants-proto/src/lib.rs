//! The schema of everything the ledger stores, for programs in any language.
//!
//! The domain encodes itself (`grants_domain::wire`), so there is nothing to convert here. This crate compiles
//! `proto/` and its tests hold the schema and the code together: every command, every event and the envelope are
//! decoded by the schema alone, and compared with what the domain says (`tests/`).

/// The compiled schema of what is stored: a `google.protobuf.FileDescriptorSet`, comments left out.
///
/// Any protobuf library reads stored events with it. It must not write them again: the stored bytes are hashed,
/// and a library may leave out fields that are zero.
#[must_use]
pub const fn descriptor_set() -> &'static [u8] {
    include_bytes!(concat!(env!("OUT_DIR"), "/descriptor_set.binpb"))
}

/// The compiled schema of the public feed (`docs/reference/feed.md`), likewise. The declarations that it describes, and the
/// test that holds the two together, are in `grants-files`.
#[must_use]
pub const fn public_descriptor_set() -> &'static [u8] {
    include_bytes!(concat!(env!("OUT_DIR"), "/public_descriptor_set.binpb"))
}
