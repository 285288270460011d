//! `grants bundle OUT`: everything an auditor needs, in one folder: batches, tree, signed checkpoint. It is read beside
//! whoever writes the ledger.

use crate::{cli::Common, failure::Failure, output::Said, publish};
use grants_eventlog::{LedgerId, RocksReader, write_bundle};
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
    let manifest = dir.manifest()?;
    let scratch = tempfile::tempdir()?;
    let log = RocksReader::open_secondary(dir.root(), scratch.path()).map_err(Failure::fault)?;
    publish::publish_beside(&log, &dir, &manifest)?;
    let end = write_bundle(&log, LedgerId(manifest.ledger.0), out, to, |head, tiles| {
        publish::sign_bundle(&dir, &manifest, head, tiles).map_err(|failure| failure.text(texts))
    })?;
    let (events, root) = (end.head.next_sequence(), end.head.root().to_string());
    let json = json!({ "out": out, "events": events, "root": root, "cut": end.cut });
    let out = out.display().to_string();
    let args = [("out", out.as_str()), ("events", &events.to_string()), ("root", &root)];
    Ok(Said::new(json).line(texts.get("program-bundle-written", &args)))
}
