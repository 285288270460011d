//! `grants copy --to DIR`: the log in another place, batch for batch and byte for byte, read-only: a backup, or a mirror
//! that goes on.

use crate::{
    beside::Beside,
    cli::{Common, Copy},
    failure::Failure,
    hosting::Stop,
    output::Said,
    target::Target,
};
use grants_eventlog::{
    Head,
    files::{Durable, write_whole},
};
use grants_files::Texts;
use grants_ledger::DataDir;
use serde_json::json;
use std::{path::Path, time::Duration};

/// Between two looks at the log of a mirror that goes on.
const LOOK: Duration = Duration::from_millis(500);

/// Performs it: to the end of the log, or until it is told to end.
pub(crate) fn perform(common: &Common, request: &Copy, texts: &Texts) -> Result<Said, Failure> {
    let source = Beside::open(&common.data)?;
    let name = common.data.display().to_string();
    let (to, brokers) = (&request.to, &request.brokers);
    let mut target = Target::open(to, brokers, source.manifest(), source.reader(), &name)?;
    let stop = Stop::default();
    if request.mirror {
        stop.on_signals()?;
    }
    let mut copied = 0_u64;
    loop {
        let end = source.catch_up()?.next_batch;
        copied = copied.saturating_add(target.fill(source.reader(), end)?);
        take_checkpoint(&common.data, &target)?;
        if !request.mirror || stop.wait(LOOK) {
            return Ok(told(&request.to, copied, target.log.head(), texts));
        }
    }
}

/// The newest checkpoint goes with the copy, once everything that it vouches for is there.
fn take_checkpoint(from: &Path, target: &Target) -> Result<(), Failure> {
    let place = DataDir::at(from).checkpoint();
    if !place.exists() {
        return Ok(());
    }
    let note = std::fs::read_to_string(place)?;
    let size = note.lines().nth(1).and_then(|line| line.parse::<u64>().ok());
    if size.is_some_and(|size| size <= target.log.head().next_sequence()) {
        write_whole(&target.dir.checkpoint(), note.as_bytes(), Durable::No)?;
    }
    Ok(())
}

/// What a copy is at its end.
pub(crate) fn told(to: &Path, copied: u64, head: &Head, texts: &Texts) -> Said {
    let (to, events, root) =
        (to.display().to_string(), head.next_sequence().to_string(), head.root().to_string());
    let batches = copied.to_string();
    let args = [
        ("to", to.as_str()),
        ("batches", batches.as_str()),
        ("events", events.as_str()),
        ("root", root.as_str()),
    ];
    let json = json!({ "to": to, "batches": copied, "events": head.next_sequence(), "root": root });
    Said::new(json).line(texts.get("program-copied", &args))
}
