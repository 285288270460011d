//! The envelope of one event: the bytes that the log stores and that the Merkle tree has as a leaf.

use crate::{
    commands::{COMMAND_ENCODING, Command},
    context::Actor,
    events::Event,
    ids::LedgerId,
    message,
    values::{CommandId, Timestamp},
    wire::Message,
};

/// Largest envelope.
pub const ENVELOPE_BYTES_MAX: usize = 60 * 1024;

message! {
    /// The command as it was given, in the first envelope of its events.
    pub struct Given {
        1 => encoding: u32,
        2 => command: Command,
    }
}

message! {
    /// An event with everything that makes it checkable alone.
    pub struct Envelope {
        1 => ledger: LedgerId,
        /// Place in the log and index of the leaf.
        2 => sequence: u64,
        3 => command_id: CommandId,
        4 => recorded_at: Timestamp,
        /// In the first envelope of a command.
        5 => actor: Option<Actor>,
        /// Number of the policy version in use when the command was decided; 0 before the first.
        6 => version: u32,
        /// In the first envelope of a command.
        7 => given: Option<Given>,
        8 => event: Event,
    }
}

/// The envelopes of one command's events.
#[must_use]
pub fn envelopes(
    context: &crate::context::Context,
    version: u32,
    command: &Command,
    events: &[Event],
) -> Vec<Vec<u8>> {
    let places = events.iter().zip(context.sequence..);
    let one = |(event, sequence): (&Event, u64)| {
        let first = sequence == context.sequence;
        let envelope = Envelope {
            ledger: context.ledger,
            sequence,
            command_id: context.command,
            recorded_at: context.recorded_at,
            actor: first.then(|| context.actor.clone()),
            version,
            given: first.then(|| Given { encoding: COMMAND_ENCODING, command: command.clone() }),
            event: event.clone(),
        };
        envelope.encode()
    };
    places.map(one).collect()
}
