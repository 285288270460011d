//! `grants run`: commands in JSON lines on standard input, answers in JSON lines on standard output, in any order of
//! completion; each answer names its command. No answer leaves before its command is durable.
//!
//! ```text
//! → {"id":"0192…","as":"reviewer:li","command":{"application.decide":{"application":"A-1"}}}
//! ← {"id":"0192…","sequence":41,"events":1}
//! ← {"id":"0192…","sequence":42,"events":1,"refused":{…},"text":"…"}
//! ← {"id":"0192…","error":"overloaded", …}      nothing was recorded: send it again
//! ```

use crate::{actor::Actors, cli::Common, failure::Failure, house::House, output::Said, sealer::LateVault};
use grants_domain::values::CommandId;
use grants_files::{Texts, command_of_json};
use grants_ledger::{FaultLatch, Outcome, SubmitError};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    io::{self, BufRead, BufWriter, Read, Write},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};

/// Longest line: a command and what stands around it.
const LINE_BYTES_MAX: u64 = 256 * 1_024;
/// A fault ends the process within this time, whatever is still under way.
const FAULT_PATIENCE: Duration = Duration::from_secs(3_600);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: CommandId,
    #[serde(rename = "as")]
    actor: Option<String>,
    command: Box<serde_json::value::RawValue>,
}

/// Performs it, until standard input ends.
pub(crate) fn perform(common: &Common, texts: &Texts) -> Result<Said, Failure> {
    let house = House::open(common, texts)?;
    let simulated = house.manifest().simulated;
    let latch = house.seat.fault();
    std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
        loop {
            if let Some(fault) = latch.wait_for(FAULT_PATIENCE) {
                // What is unanswered stays unanswered: the next process answers from the disk.
                end(&fault);
            }
        }
    })?;
    let (answers, to_write) = channel::<Value>();
    let failed = house.seat.fault();
    let writer = std::thread::Builder::new().name("answers".to_owned()).spawn(move || {
        if let Err(fault) = tell(&to_write, &failed) {
            // Nobody hears answers any more, so nothing more is taken in.
            end(&fault);
        }
    })?;
    let door = Door {
        house: &house,
        vault: LateVault::of(&house)?,
        simulated,
        answers,
        common,
        texts: Arc::new(Texts::new(texts.lang())),
    };
    let read = door.read();
    drop(door);
    // Closing answers what waits; the writer ends when nobody can answer any more.
    let closed = house.close();
    writer.join().map_err(|_| Failure::fault_of("program-answers-ended", &[]))?;
    closed?;
    read?;
    Ok(Said::new(Value::Null).silent())
}

/// Writes answers until nobody can answer any more, or the ledger has failed.
fn tell(answers: &Receiver<Value>, failed: &FaultLatch) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    while let Ok(answer) = answers.recv() {
        if failed.is_latched() {
            return Ok(());
        }
        writeln!(out, "{answer}")?;
        // Everything that waits is written before the flush, so that answers come in groups as batches do.
        while let Ok(answer) = answers.try_recv() {
            writeln!(out, "{answer}")?;
        }
        out.flush()?;
    }
    Ok(())
}

/// Says why and ends the process. Saying so may fail as well, on a full disk: it ends all the same.
fn end(why: &dyn std::fmt::Display) -> ! {
    drop(writeln!(io::stderr(), "{why}"));
    std::process::exit(i32::from(crate::failure::FAULT))
}

/// Where commands come in.
struct Door<'a> {
    house: &'a House,
    vault: LateVault<'a>,
    simulated: bool,
    answers: Sender<Value>,
    common: &'a Common,
    texts: Arc<Texts>,
}

impl Door<'_> {
    fn read(&self) -> Result<(), Failure> {
        let mut input = io::stdin().lock();
        let mut number = 0_u64;
        loop {
            let mut line = Vec::new();
            let read = (&mut input).take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(());
            }
            number = number.saturating_add(1);
            let whole = line.ends_with(b"\n") || u64::try_from(read).unwrap_or(u64::MAX) < LINE_BYTES_MAX;
            if !whole {
                return Err(Failure::usage_of(
                    "program-line-too-long",
                    &[("line", &number), ("max", &LINE_BYTES_MAX)],
                ));
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if let Err(why) = self.take(&line) {
                // Whoever does not read answers any more does not need this one either.
                drop(self.answers.send(json!({ "line": number, "error": "invalid", "text": why })));
            }
        }
    }

    fn take(&self, line: &[u8]) -> Result<(), String> {
        let Line { id, actor, command } = serde_json::from_slice(line).map_err(|fault| fault.to_string())?;
        let command = command_of_json(command.get(), &mut self.vault.sealer())
            .map_err(|why| why.lines(&self.texts).join("; "))?;
        let words = actor.map_or_else(|| self.common.actors.clone(), |word| vec![word]);
        let actors = Actors::parse(&words, self.simulated).map_err(|failure| failure.text(&self.texts))?;
        let actor =
            actors.for_command(&command, &self.texts).map_err(|failure| failure.text(&self.texts))?.clone();
        let (answers, texts) = (self.answers.clone(), Arc::clone(&self.texts));
        self.house.seat.submit_then(command, id, actor, move |outcome| {
            if let Some(answer) = answer(id, outcome, &texts) {
                drop(answers.send(answer));
            }
        });
        Ok(())
    }
}

/// The line of an outcome; none if it is unknown, because that is no answer.
fn answer(id: CommandId, outcome: Outcome, texts: &Texts) -> Option<Value> {
    let error =
        |word: &str, error: &SubmitError| json!({ "id": id, "error": word, "text": error.to_string() });
    Some(match outcome {
        Ok(answer) => match answer.refused {
            None => json!({ "id": id, "sequence": answer.sequence, "events": answer.events }),
            Some(refused) => json!({
                "id": id, "sequence": answer.sequence, "events": answer.events,
                "text": texts.refusal(&refused), "refused": refused,
            }),
        },
        Err(SubmitError::Unknown(_)) => return None,
        Err(fault @ SubmitError::Overloaded) => error("overloaded", &fault),
        Err(fault @ SubmitError::TooLarge { .. }) => error("too-large", &fault),
        Err(fault @ SubmitError::IdConflict) => error("id-conflict", &fault),
        Err(fault @ (SubmitError::Reserved | SubmitError::WrongIdentity)) => error("not-allowed", &fault),
        Err(fault @ SubmitError::Closing) => error("closing", &fault),
    })
}
