//! A ledger on disk in which everything stands that E4.1 decisions look at, and the decisions to come.

use crate::{Fallible, postgres::Postgres};
use grants_domain::{
    artifact::record_chunk::{CHUNK_BYTES_MAX, RecordChunk},
    commands::Command,
    context::{Actor, AuthMethod},
    policy::publish_version::PublishVersion,
    refusal::Refused,
    state::list,
    tables::BudgetLines,
    values::{CommandId, Sha256Hex},
    wire::Blob,
};
use grants_eventlog::kafka::Partition;
use grants_ledger::{CreateOptions, Ledger, Outcome, ScriptedClock, SubmitError};
use grants_policy::{Library, pack, shipped};
use grants_tests::workload::{Shape, Workload, command_id};
use sha2::{Digest, Sha256};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
};

const ENTERPRISES: u32 = 20_000;
const PROJECTS: u32 = 60_000;
const SEED: u64 = 20_241_001;
/// One project in so many has got provincial money and is excluded.
const EXCLUDED_ONE_IN: usize = 20;
/// Commands on their way at once: eight full batches.
const WINDOW: usize = 8 * 1_024;
/// Budget lines that are looked at; the workload has one for each county.
const LINES_MAX: usize = 100;

/// A command with its id.
pub(crate) type Given = (CommandId, Command);

/// The ledger and its workload.
pub(crate) struct City {
    pub(crate) ledger: Ledger,
    workload: Workload,
    pub(crate) decisions: u32,
    pub(crate) singles: u32,
}

impl City {
    /// Makes a ledger, publishes the shipped catalogue, and brings in everything before the first decision.
    pub(crate) fn found(folder: &Path, decisions: u32, singles: u32) -> Fallible<City> {
        City::with(Ledger::create(&home(folder), &options()?, Library::new(), clock()?)?, decisions, singles)
    }

    /// The same with its log in an empty partition of brokers.
    pub(crate) fn found_on(
        log: Arc<dyn Partition>,
        folder: &Path,
        decisions: u32,
        singles: u32,
    ) -> Fallible<City> {
        let (options, rules) = (options()?, Library::new());
        let ledger = Ledger::create_on_brokers(log, &home(folder), &options, rules, clock()?)?;
        City::with(ledger, decisions, singles)
    }

    fn with(ledger: Ledger, decisions: u32, singles: u32) -> Fallible<City> {
        let applications = decisions.saturating_add(singles);
        let shape = Shape { enterprises: ENTERPRISES, projects: PROJECTS, applications, seed: SEED };
        let city = City { ledger, workload: Workload::of(shape), decisions, singles };
        let founding = catalogue()?.into_iter().chain(city.ground());
        match feed(&city.ledger, founding.chain(city.workload.applications()))? {
            None => Ok(city),
            Some(refused) => Err(format!("a command of the ground was refused: {refused:?}").into()),
        }
    }

    /// Brings the same rows into PostgreSQL.
    pub(crate) fn copy_to(&self, mut postgres: Postgres) -> Fallible<Postgres> {
        postgres.load(self.ground().chain(self.workload.applications()))?;
        Ok(postgres)
    }

    /// The decisions in their order: those in full batches first, then those one at a time.
    pub(crate) fn decisions(&self) -> impl Iterator<Item = Given> + '_ {
        self.workload.decisions()
    }

    /// What the decisions have set aside, in 分.
    pub(crate) fn reserved(&self) -> Fallible<i128> {
        let last = self.ledger.durable().next_sequence.checked_sub(1);
        let lines = self.ledger.read(last, |state| list::<BudgetLines>(state, &(), LINES_MAX))?;
        Ok(lines.iter().map(|(_, line)| i128::from(line.reserved)).sum())
    }

    fn ground(&self) -> impl Iterator<Item = Given> + '_ {
        self.workload.ground().chain(self.results())
    }

    fn results(&self) -> impl Iterator<Item = Given> + '_ {
        let codes = self.workload.ground().filter_map(|(_, command)| {
            if let Command::RegisterProject(request) = command { Some(request.project.code) } else { None }
        });
        codes.step_by(EXCLUDED_ONE_IN).enumerate().map(|(place, code)| {
            let report = serde_json::json!({ "external.report_award": { "award": format!("HN-{place}"),
                "subject": format!("project:{code}"), "level": "province", "programme": "special-fund",
                "status": "granted", "amount": "500000.00", "on": "2024-07-01", "source": "示例公示" } });
            let command = serde_json::from_value(report);
            let command = command.unwrap_or_else(|fault| panic!("a report is no command: {fault}"));
            (command_id(&format!("report {place}")), command)
        })
    }
}

/// Where the ledger lies.
pub(crate) fn home(folder: &Path) -> PathBuf {
    folder.join("ledger")
}

/// A second for each command, so that the year does not end while budget lines of 2024 are in use.
pub(crate) fn clock() -> Fallible<Box<ScriptedClock>> {
    let start = "2024-10-01T09:00:00.000000+08:00".parse()?;
    Ok(Box::new(ScriptedClock::stepping(start, 1_000_000)))
}

fn options() -> Fallible<CreateOptions> {
    Ok(CreateOptions {
        id: "00112233445566778899aabbccddeeff".parse()?,
        name: "示例市".parse()?,
        origin: "example.org/bench".to_owned(),
        simulated: true,
        opened_by: actor("policy".parse()?)?,
        address: String::new(),
    })
}

fn actor(role: grants_domain::context::Role) -> Fallible<Actor> {
    Ok(Actor { id: format!("{role}-1").parse()?, role, auth: AuthMethod::Simulated })
}

fn catalogue() -> Fallible<Vec<Given>> {
    let bytes = pack(&shipped());
    let artifact = Sha256Hex(Sha256::digest(&bytes).into());
    let chunks: Vec<_> = bytes.chunks(CHUNK_BYTES_MAX).collect();
    let count = u32::try_from(chunks.len())?;
    let mut commands = Vec::new();
    for (index, bytes) in (0..count).zip(chunks) {
        let chunk = RecordChunk { artifact, index, count, bytes: Blob(bytes.to_vec()) };
        commands.push((command_id(&format!("chunk {index}")), chunk.into()));
    }
    let publish = PublishVersion { catalogue: artifact, title: "shipped".parse()? };
    commands.push((command_id("publish"), publish.into()));
    Ok(commands)
}

/// Gives a command as somebody who has the role for it.
fn submit(
    ledger: &Ledger,
    (id, command): Given,
    reply: impl FnOnce(Outcome) + Send + 'static,
) -> Fallible<()> {
    let role = command.roles().first().copied().ok_or("a verb has no role")?;
    ledger.submit_then(command, id, actor(role)?, reply);
    Ok(())
}

/// Gives one command and waits for its answer. A refusal is an answer.
pub(crate) fn ask(ledger: &Ledger, given: Given) -> Fallible<()> {
    let (sender, receiver) = std::sync::mpsc::sync_channel(1);
    submit(ledger, given, move |outcome| drop(sender.send(outcome)))?;
    receiver.recv()??;
    Ok(())
}

/// Gives commands as fast as they are taken and waits for all answers; gives the first refusal.
pub(crate) fn feed(ledger: &Ledger, commands: impl IntoIterator<Item = Given>) -> Fallible<Option<Refused>> {
    let window = Arc::new(Window::default());
    for given in commands {
        window.enter()?;
        let window = Arc::clone(&window);
        submit(ledger, given, move |outcome| window.leave(outcome))?;
    }
    window.end()
}

/// How many commands are on their way, and what came back.
#[derive(Default)]
struct Window {
    tally: Mutex<Tally>,
    room: Condvar,
}

#[derive(Default)]
struct Tally {
    waiting: usize,
    refused: Option<Refused>,
    failed: Option<SubmitError>,
}

impl Window {
    /// Waits until the window has room, half of it at once, so that the giver is not woken for each answer.
    fn enter(&self) -> Fallible<()> {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        if WINDOW <= tally.waiting {
            let full = |tally: &mut Tally| WINDOW / 2 < tally.waiting;
            tally = self.room.wait_while(tally, full).unwrap_or_else(PoisonError::into_inner);
        }
        tally.waiting += 1;
        tally.failed.take().map_or(Ok(()), |fault| Err(fault.into()))
    }

    fn leave(&self, outcome: Outcome) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.waiting -= 1;
        match outcome {
            Ok(answer) => tally.refused = tally.refused.take().or(answer.refused),
            Err(fault) => tally.failed = Some(fault),
        }
        if tally.waiting == 0 || tally.waiting == WINDOW / 2 {
            self.room.notify_all();
        }
    }

    fn end(&self) -> Fallible<Option<Refused>> {
        let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |tally: &mut Tally| 0 < tally.waiting;
        let mut tally = self.room.wait_while(tally, waits).unwrap_or_else(PoisonError::into_inner);
        let refused = tally.refused.take();
        tally.failed.take().map_or(Ok(refused), |fault| Err(fault.into()))
    }
}
