//! Policy versions: a catalogue by its hash, in force for decisions from its event on.

pub mod publish_version;
