//! Plays a story in memory and looks whether it holds.

mod expect;

use super::{Failure, Line, Phase, Scenario, Step};
use crate::{
    artifact::record_chunk::{CHUNK_BYTES_MAX, RecordChunk},
    asked::Asked,
    commands::Command,
    context::{Actor, AuthMethod, Context},
    events::Event,
    ids::LedgerId,
    ledger::{self, Answer, Earlier},
    people::SEALED_FIELDS,
    policy::publish_version::PublishVersion,
    rules::Rules,
    state::{MemoryState, StateRead, StateWrite},
    values::{CommandId, Sha256Hex, Timestamp},
    wire::Blob,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Renders the sentences of an event, all languages together.
pub type Voice<'a> = &'a dyn Fn(&dyn StateRead, &Event) -> Vec<String>;

/// The ledger id of every story.
const STORY: LedgerId = LedgerId([0x51; 16]);

/// A command that was played, for reports.
#[derive(Clone, Debug)]
pub struct Played {
    /// Line of the story.
    pub line: usize,
    /// Who gave it and when, and the sequence of its first event.
    pub context: Context,
    /// The command.
    pub command: Command,
    /// Its events; none for a repeated command or a conflict.
    pub events: Vec<Event>,
    /// Its answer; `None` if the id was used for something else.
    pub answer: Option<Answer>,
}

/// A ledger in memory on which a story is played.
pub struct Stage<'r> {
    state: MemoryState,
    rules: &'r mut dyn Rules,
    sequence: u64,
    clock: Timestamp,
    names: BTreeMap<String, Value>,
    played: Vec<Played>,
}

impl<'r> Stage<'r> {
    /// An open ledger with this catalogue in force, or with none.
    ///
    /// # Errors
    /// The catalogue was refused.
    pub fn new(rules: &'r mut dyn Rules, catalogue: Option<&[u8]>) -> Result<Self, Failure> {
        Self::on(MemoryState::default(), 0, rules, catalogue)
    }

    /// Continues on a copy of a state; a ledger is opened only if none is.
    ///
    /// # Errors
    /// The catalogue was refused.
    pub fn on(
        state: MemoryState,
        sequence: u64,
        rules: &'r mut dyn Rules,
        catalogue: Option<&[u8]>,
    ) -> Result<Self, Failure> {
        let clock = "2024-06-01T09:00:00.000000+08:00".parse().map_err(|_| Failure::at(0, "clock"))?;
        let mut stage = Self { state, rules, sequence, clock, names: BTreeMap::new(), played: Vec::new() };
        if !crate::state::has::<crate::tables::Ledgers>(&stage.state, &()) {
            stage.command("ledger.open", serde_json::json!({ "name": "示例市", "simulated": true }))?;
        }
        if let Some(bytes) = catalogue {
            stage.publish(bytes)?;
        }
        Ok(stage)
    }

    /// Plays a whole story.
    ///
    /// # Errors
    /// The first line that does not hold.
    pub fn play(&mut self, scenario: &Scenario, voice: Voice<'_>) -> Result<(), Failure> {
        for (number, line) in &scenario.lines {
            self.line(*number, line, voice).map_err(|message| Failure::at(*number, message))?;
        }
        Ok(())
    }

    /// What was played so far.
    #[must_use]
    pub fn played(&self) -> &[Played] {
        &self.played
    }

    /// The state as it stands.
    #[must_use]
    pub fn state(&self) -> &MemoryState {
        &self.state
    }

    fn publish(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let artifact = Sha256Hex(Sha256::digest(bytes).into());
        let chunks: Vec<&[u8]> = bytes.chunks(CHUNK_BYTES_MAX).collect();
        let count = u32::try_from(chunks.len()).unwrap_or(u32::MAX);
        for (index, chunk) in (0u32..).zip(chunks) {
            let bytes = Blob(chunk.to_vec());
            self.run_setup(RecordChunk { artifact, index, count, bytes }.into())?;
        }
        let title = "catalogue".parse().map_err(|_| Failure::at(0, "title"))?;
        self.run_setup(PublishVersion { catalogue: artifact, title }.into())
    }

    fn command(&mut self, verb: &str, args: Value) -> Result<(), Failure> {
        let command = serde_json::from_value(serde_json::json!({ verb: args }));
        self.run_setup(command.map_err(|fault| Failure::at(0, fault))?)
    }

    fn run_setup(&mut self, command: Command) -> Result<(), Failure> {
        let id = self.fresh_id(&format!("setup-{}", self.sequence));
        let played = self.run(0, command, None, id).map_err(|message| Failure::at(0, message))?;
        match played.answer.and_then(|answer| answer.refused) {
            None => Ok(()),
            Some(refused) => Err(Failure::at(0, format!("{refused:?}"))),
        }
    }

    fn fresh_id(&self, name: &str) -> CommandId {
        let digest: [u8; 32] = Sha256::digest(name.as_bytes()).into();
        let mut id = [0; 16];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        CommandId(id)
    }

    fn run(
        &mut self,
        line: usize,
        command: Command,
        actor: Option<&str>,
        id: CommandId,
    ) -> Result<Played, String> {
        let actor = actor_of(&command, actor)?;
        self.clock =
            Timestamp::from_micros(self.clock.micros() + 1_000_000).map_err(|fault| fault.to_string())?;
        let context =
            Context { ledger: STORY, actor, recorded_at: self.clock, sequence: self.sequence, command: id };
        let asked = Asked::of(command);
        let (events, answer) = match ledger::earlier(&self.state, id, asked.hash()) {
            Earlier::Same(answer) => (Vec::new(), Some(answer)),
            Earlier::Conflict => (Vec::new(), None),
            Earlier::New => {
                let executed = ledger::execute(&self.state, self.rules, &asked, &context);
                for (key, row) in executed.rows {
                    self.state.write(key, row);
                }
                self.sequence += u64::from(executed.answer.events);
                (executed.events, Some(executed.answer))
            }
        };
        let played = Played { line, context, command: asked.command().clone(), events, answer };
        self.played.push(played.clone());
        Ok(played)
    }

    fn line(&mut self, number: usize, line: &Line, voice: Voice<'_>) -> Result<(), String> {
        match line {
            Line::On(time) => self.clock = *time,
            Line::Step(step) => self.step(number, step)?,
            Line::Let { name, path } => {
                let value = self.field_of_last(path)?;
                self.names.insert(name.clone(), value);
            }
            Line::Then { word, rest, fields } => self.then(word, rest, fields, voice)?,
        }
        Ok(())
    }

    fn step(&mut self, number: usize, step: &Step) -> Result<(), String> {
        let mut args = self.bound(&Value::Object(step.args.clone()));
        seal(&step.verb, &mut args);
        let json = serde_json::json!({ step.verb.as_str(): args });
        let command: Command = serde_json::from_value(json).map_err(|fault| fault.to_string())?;
        let id = self.fresh_id(step.id.as_deref().unwrap_or(&format!("line-{number}")));
        let played = self.run(number, command, step.actor.as_deref(), id)?;
        let refused = played.answer.as_ref().and_then(|answer| answer.refused.clone());
        match refused {
            Some(refused) if step.phase == Phase::Given => Err(format!("refused: {refused:?}")),
            Some(_) | None => Ok(()),
        }
    }
}

fn actor_of(command: &Command, named: Option<&str>) -> Result<Actor, String> {
    let default = command.roles().first().map(|role| format!("{role}:{role}-1")).unwrap_or_default();
    let text = named.unwrap_or(&default);
    let (role, id) = text.split_once(':').ok_or("as ROLE:ACTOR")?;
    let role = role.parse().map_err(|_| format!("{role} is not a role"))?;
    let id = id.parse().map_err(|_| format!("{id} is not an account"))?;
    Ok(Actor { id, role, auth: AuthMethod::Simulated })
}

/// Stories have no vault: a personal text becomes a person and bytes that are made from its hash.
fn seal(verb: &str, args: &mut Value) {
    for (_, field) in SEALED_FIELDS.iter().filter(|(of, _)| *of == verb) {
        if let Some(Value::String(text)) = args.get(*field) {
            let digest = Sha256Hex(Sha256::digest(text.as_bytes()).into()).to_string();
            let person: String = digest.chars().take(32).collect();
            if let Some(fields) = args.as_object_mut() {
                fields.insert((*field).to_owned(), serde_json::json!({ "person": person, "bytes": digest }));
            }
        }
    }
}
