//! One honest story as the writer would record it, in a form that can be tampered with before it is sealed.

use grants_domain::{
    commands::{COMMAND_ENCODING, Command},
    context::Context,
    events::Event,
    record::{Envelope, Given},
    scenario::{Stage, parse},
    wire::Message,
};
use grants_eventlog::{BatchBuilder, Checkpoint, EventLog, LedgerId, LogReader, MemoryLog, Signer, WriterId};
use grants_policy::{Library, pack, shipped};

/// Everything a lie can be about: thresholds, caps, evidence, overlaps, holds, queues, payments, late facts.
const STORY: &str = include_str!("story.scenario");

/// One command as it will be recorded.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) context: Context,
    pub(super) version: u32,
    pub(super) command: Command,
    pub(super) events: Vec<Event>,
}

/// A log before it is cut into batches.
#[derive(Clone, Debug)]
pub(super) struct Log {
    pub(super) told: Vec<Told>,
}

impl Log {
    /// What an honest ledger records of the story.
    pub(super) fn honest() -> Self {
        Self::of(STORY)
    }

    /// The same of another story.
    pub(super) fn of(story: &str) -> Self {
        let mut library = Library::new();
        let catalogue = pack(&shipped());
        let mut stage = Stage::new(&mut library, Some(&catalogue)).unwrap();
        stage.play(&parse(story).unwrap(), &|_, _| Vec::new()).unwrap();
        let (mut version, mut told) = (0, Vec::new());
        for one in stage.played().iter().filter(|one| !one.events.is_empty()) {
            let (context, command, events) = (one.context.clone(), one.command.clone(), one.events.clone());
            told.push(Told { context, version, command, events });
            if let Some(Event::VersionPublished(fact)) = one.events.first() {
                version = fact.version;
            }
        }
        Self { told }
    }

    /// The place of the `nth` command (from 0) that has an event of this word.
    pub(super) fn place(&self, word: &str, nth: usize) -> usize {
        let has = |one: &&(usize, &Told)| one.1.events.iter().any(|event| event.word() == word);
        let places: Vec<(usize, &Told)> = self.told.iter().enumerate().collect();
        places.iter().filter(has).nth(nth).unwrap_or_else(|| panic!("no {word} number {nth}")).0
    }

    /// The bytes of every event. Sequences follow from the places, as a lying writer would have them.
    fn envelopes(&self) -> Vec<Vec<Vec<u8>>> {
        let mut next = 0_u64;
        let one = |told: &Told| {
            let first = next;
            let events = told.events.iter().map(|event| {
                let sequence = next;
                next += 1;
                let begins = sequence == first;
                let given = Given { encoding: COMMAND_ENCODING, command: told.command.clone() };
                Envelope {
                    ledger: told.context.ledger,
                    sequence,
                    command_id: told.context.command,
                    recorded_at: told.context.recorded_at,
                    actor: begins.then(|| told.context.actor.clone()),
                    version: told.version,
                    given: begins.then_some(given),
                    event: event.clone(),
                }
                .encode()
            });
            events.collect()
        };
        self.told.iter().map(one).collect()
    }

    /// A valid log of these events with a signed checkpoint, and the verifier key.
    pub(super) fn sealed(&self) -> (Box<dyn LogReader>, String, String) {
        let ledger = LedgerId(self.told[0].context.ledger.0);
        let mut log = MemoryLog::create(ledger, WriterId([7; 16]), "").unwrap();
        for events in self.envelopes() {
            let mut batch = BatchBuilder::new(log.head());
            for event in &events {
                batch.push(event).unwrap();
            }
            log.append(&batch.seal()).unwrap();
        }
        let signer = Signer::from_seed("audit.example/story", &[9; 32]).unwrap();
        let head = log.head();
        let (origin, size, root) = (signer.name().to_owned(), head.next_sequence(), head.root());
        let note = signer.sign(&Checkpoint { origin, size, root }.text()).unwrap();
        (Box::new(log), note, signer.verifier_key().to_string())
    }
}
