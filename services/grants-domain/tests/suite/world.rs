//! A ledger in memory that is driven command by command, with the log it would have.
//!
//! Each command is decided twice, replayed from its events on a copy, and weighed as the log would store it.

use crate::books;
use grants_domain::{
    asked::{Asked, command_hash},
    commands::{COMMAND_BYTES_MAX, Command},
    context::{Actor, Context},
    events::Event,
    followup::ContinueFollowUp,
    ledger::{self, Earlier, Executed, Told},
    record::{ENVELOPE_BYTES_MAX, envelopes},
    rules::Rules,
    state::{Draft, MemoryState, StateWrite, list},
    tables::Due,
    testing::{self, TinyRules},
    values::Timestamp,
    wire::Message,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// What the events of one command may weigh together.
const COMMAND_EVENTS_BYTES_MAX: usize = 800 * 1024;

/// A ledger with its rules.
pub(crate) struct World {
    pub(crate) state: MemoryState,
    pub(crate) rules: TinyRules,
    /// The state as a reader of the log folds it.
    pub(crate) folded: MemoryState,
    reader: TinyRules,
    pub(crate) sequence: u64,
    pub(crate) clock: Timestamp,
    told: u64,
    /// Words of the events so far.
    pub(crate) words: BTreeSet<&'static str>,
}

impl World {
    /// An open ledger under a cap of so many 元.
    pub(crate) fn new(limit: &str) -> Self {
        let mut world = Self::closed();
        world.ok("ledger.open", r#"{"name":"示例市","simulated":true}"#);
        world.publish(limit);
        world
    }

    /// A ledger that is not open yet.
    pub(crate) fn closed() -> Self {
        Self {
            state: MemoryState::default(),
            rules: TinyRules::new(),
            folded: MemoryState::default(),
            reader: TinyRules::new(),
            sequence: 0,
            clock: "2025-01-02T09:00:00.000000+08:00".parse().unwrap(),
            told: 0,
            words: BTreeSet::new(),
        }
    }

    /// Publishes another limit of the cap.
    pub(crate) fn publish(&mut self, limit: &str) {
        let hash: String = Sha256::digest(limit).iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes: String = limit.bytes().map(|byte| format!("{byte:02x}")).collect();
        let chunk = format!(r#"{{"artifact":"{hash}","index":0,"count":1,"bytes":"{bytes}"}}"#);
        self.ok("artifact.record_chunk", &chunk);
        self.ok("policy.publish_version", &format!(r#"{{"catalogue":"{hash}","title":"limit"}}"#));
    }

    /// A command that must be accepted, by the first role that has it.
    pub(crate) fn ok(&mut self, verb: &str, fields: &str) -> Vec<Event> {
        let command = command(verb, fields);
        let executed = self.give(&command, None);
        assert_eq!(executed.answer.refused, None, "{verb} {fields}");
        executed.events
    }

    /// A command that must be refused; the code.
    pub(crate) fn no(&mut self, verb: &str, fields: &str) -> &'static str {
        let command = command(verb, fields);
        let refused = self.give(&command, None).answer.refused;
        refused.unwrap_or_else(|| panic!("{verb} {fields} was accepted")).code.word()
    }

    /// Works off everything that is due.
    pub(crate) fn drain(&mut self) -> usize {
        let mut steps = 0;
        while let Some((key, _)) = list::<Due>(&self.state, &(), 1).pop() {
            let subject = std::str::from_utf8(&key[..key.len() - 9]).unwrap().parse().unwrap();
            let cause = u64::from_be_bytes(key[key.len() - 8..].try_into().unwrap());
            let executed = self.give(&ContinueFollowUp { subject, cause }.into(), None);
            assert_eq!(executed.answer.refused, None);
            steps += 1;
            assert!(steps < 10_000, "the due list never ends");
        }
        steps
    }

    /// The context of the next command.
    pub(crate) fn context(&mut self, command: &Command, actor: Option<Actor>) -> Context {
        let mut context = testing::context(self.sequence, command);
        self.clock = self.clock.add_micros(1_000_000).unwrap();
        self.told += 1;
        context.recorded_at = self.clock;
        context.command = testing::id(&format!("told-{}", self.told));
        context.actor = actor.unwrap_or(context.actor);
        context
    }

    /// Gives a command and holds everything that must hold of any command.
    pub(crate) fn give(&mut self, command: &Command, actor: Option<Actor>) -> Executed {
        let context = self.context(command, actor);
        let asked = Asked::of(command.clone());
        let hash = asked.hash();
        assert_eq!(ledger::earlier(&self.state, context.command, hash), Earlier::New);
        let before = self.rules.clone();
        let executed = ledger::execute(&self.state, &mut self.rules, &asked, &context);
        let again = ledger::execute(&self.state, &mut before.clone(), &asked, &context);
        assert_eq!(executed.events, again.events, "the same question has two answers");
        assert_eq!(executed.rows, again.rows);
        self.weigh(command, &context, &executed);
        self.replay(&context, command, &executed);
        for (key, row) in &executed.rows {
            self.state.write(key.clone(), row.clone());
        }
        self.sequence += u64::from(executed.answer.events);
        assert_eq!(
            ledger::earlier(&self.state, context.command, hash),
            Earlier::Same(executed.answer.clone())
        );
        if executed.answer.refused.is_some() {
            assert_eq!(executed.events.len(), 1, "a refusal is the only event");
            assert_eq!(executed.rows.len(), 1, "a refusal changes nothing but its own outcome");
        }
        self.words.extend(executed.events.iter().map(Event::word));
        books::touched(&executed.rows);
        executed
    }

    /// The log stores it, and reads it again to the same bytes.
    fn weigh(&self, command: &Command, context: &Context, executed: &Executed) {
        assert!(!executed.events.is_empty());
        assert!(command.encode().len() <= COMMAND_BYTES_MAX, "the door refuses this");
        let stored = envelopes(context, 1, &Asked::of(command.clone()), &executed.events);
        let heaviest = stored.iter().map(Vec::len).max().unwrap();
        assert!(heaviest <= ENVELOPE_BYTES_MAX, "an envelope of {} has {heaviest} bytes", command.word());
        assert!(stored.iter().map(Vec::len).sum::<usize>() <= COMMAND_EVENTS_BYTES_MAX);
        for event in &executed.events {
            assert_eq!(Event::decode(&event.encode()).as_ref(), Ok(event));
        }
        assert_eq!(Command::decode(&command.encode()).as_ref(), Ok(command));
    }

    /// A reader of the log comes to the same rows.
    fn replay(&mut self, context: &Context, command: &Command, executed: &Executed) {
        let told = Told {
            command: context.command,
            hash: command_hash(command),
            sequence: context.sequence,
            recorded_at: context.recorded_at,
            events: &executed.events,
        };
        let mut draft = Draft::on(&self.folded);
        let reader: &mut dyn Rules = &mut self.reader;
        ledger::replay(&mut draft, reader, &told);
        let rows = draft.into_rows();
        assert_eq!(rows, executed.rows, "a reader of the log folds other rows");
        for (key, row) in rows {
            self.folded.write(key, row);
        }
    }
}

/// A command from its word and the JSON of its fields.
pub(crate) fn command(verb: &str, fields: &str) -> Command {
    let fields: Value = serde_json::from_str(fields).unwrap_or_else(|fault| panic!("{fields}: {fault}"));
    serde_json::from_value(serde_json::json!({ verb: fields }))
        .unwrap_or_else(|fault| panic!("{verb} {fields}: {fault}"))
}
