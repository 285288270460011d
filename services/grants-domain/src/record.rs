//! The envelope of one event: the bytes that the log stores and that the Merkle tree has as a leaf.

use crate::{
    asked::Asked,
    commands::{COMMAND_ENCODING, Command},
    context::Actor,
    events::Event,
    ids::LedgerId,
    message,
    values::{CommandId, Timestamp},
    wire::{ENCODED_BYTES_USUAL, Value, put_bytes, put_nested},
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

/// The envelopes of one command's events: the bytes of [`Envelope`], written without putting one together.
#[must_use]
pub fn envelopes(
    context: &crate::context::Context,
    version: u32,
    asked: &Asked,
    events: &[Event],
) -> Vec<Vec<u8>> {
    let places = events.iter().zip(context.sequence..);
    let one = |(event, sequence): (&Event, u64)| {
        let first = sequence == context.sequence;
        let mut out = Vec::with_capacity(ENCODED_BYTES_USUAL.saturating_add(asked.bytes().len()));
        context.ledger.put(1, &mut out);
        sequence.put(2, &mut out);
        context.command.put(3, &mut out);
        context.recorded_at.put(4, &mut out);
        if first {
            context.actor.put(5, &mut out);
        }
        version.put(6, &mut out);
        if first {
            put_nested(7, &mut out, |given| {
                COMMAND_ENCODING.put(1, given);
                put_bytes(2, asked.bytes(), given);
            });
        }
        event.put(8, &mut out);
        out
    };
    places.map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        application::decide::DecideApplication,
        commands::COMMAND_ENCODING,
        events::CommandRefused,
        refusal::{RefusalCode, Refused},
        testing,
        wire::Message,
    };

    #[test]
    fn envelopes_are_the_bytes_of_the_message() {
        for number in ["A-1", &"x".repeat(40)] {
            let command = Command::from(DecideApplication { application: number.parse().unwrap() });
            let context = testing::context(300, &command);
            let refused = Refused::of(RefusalCode::OutOfRange).with("limit", number.repeat(40));
            let events = vec![Event::from(CommandRefused { refused }); 2];
            let stored = envelopes(&context, 7, &Asked::of(command.clone()), &events);
            let given = Given { encoding: COMMAND_ENCODING, command };
            let (actor, event) = (context.actor.clone(), events[0].clone());
            let first = Envelope {
                ledger: context.ledger,
                sequence: 300,
                command_id: context.command,
                recorded_at: context.recorded_at,
                actor: Some(actor),
                version: 7,
                given: Some(given),
                event,
            };
            let second = Envelope { sequence: 301, actor: None, given: None, ..first.clone() };
            assert_eq!(stored, [first.encode(), second.encode()]);
        }
    }
}
