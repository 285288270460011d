//! `grants bundle OUT`: everything an auditor needs, in one folder: batches, tree, signed checkpoint. It is read beside
//! whoever writes the ledger.

use crate::{
    beside::Beside,
    cli::Common,
    failure::Failure,
    output::{self, Said},
    publish,
};
use grants_eventlog::{LedgerId, LogEnd, LogReader, ReadError, write_bundle};
use grants_files::Texts;
use grants_ledger::DataDir;
use serde_json::json;
use std::path::Path;

/// Performs it. The log is first signed to where its head file vouches for it.
pub(crate) fn perform(common: &Common, out: &Path, to: Option<u64>, texts: &Texts) -> Result<Said, Failure> {
    if out.exists() {
        return Err(Failure::usage_of("program-bundle-exists", &[("file", &out.display())]));
    }
    let dir = DataDir::at(&common.data);
    let log = Beside::open(&common.data)?;
    let manifest = log.manifest().clone();
    publish::publish_beside(&log, &dir, &manifest)?;
    let log = log.reader();
    let shown = Shown { log, bar: output::bar(length(log)?, &texts.get("program-bundling", &[])) };
    let end = write_bundle(&shown, LedgerId(manifest.ledger.0), out, to, |head, tiles| {
        publish::sign_bundle(&dir, &manifest, head, tiles).map_err(|failure| failure.text(texts))
    })?;
    shown.bar.finish_and_clear();
    let (events, root) = (end.head.next_sequence(), end.head.root().to_string());
    let json = json!({ "out": out, "events": events, "root": root, "cut": end.cut });
    let out = out.display().to_string();
    let args = [("out", out.as_str()), ("events", &events.to_string()), ("root", &root)];
    Ok(Said::new(json).line(texts.get("program-bundle-written", &args)))
}

/// How many batches there are to copy.
fn length(log: &dyn LogReader) -> Result<usize, Failure> {
    Ok(usize::try_from(log.end()?.next_batch).unwrap_or(usize::MAX))
}

/// A log that shows how far it was read.
struct Shown<'a> {
    log: &'a dyn LogReader,
    bar: indicatif::ProgressBar,
}

impl LogReader for Shown<'_> {
    fn end(&self) -> Result<LogEnd, ReadError> {
        self.log.end()
    }

    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        self.bar.set_position(from_batch);
        self.log.read(from_batch, max_bytes)
    }
}
