//! `grants bundle OUT`: everything an auditor needs, in one folder: batches, tree, signed checkpoint.

use crate::{cli::Common, failure::Failure, house::House, output::Said, publish};
use grants_eventlog::{LedgerId, write_bundle};
use grants_files::Texts;
use serde_json::json;
use std::path::Path;

/// Performs it. The live log is first signed to its end.
pub(crate) fn perform(common: &Common, out: &Path, to: Option<u64>, texts: &Texts) -> Result<Said, Failure> {
    if out.exists() {
        return Err(Failure::usage(format!("{}: it exists; a bundle is never changed", out.display())));
    }
    let house = House::open(common)?;
    let log = house.log();
    let (dir, manifest) = (house.dir().clone(), house.manifest().clone());
    // Closing signs what the head file vouches for; the reader goes on.
    house.close()?;
    let end = write_bundle(&*log, LedgerId(manifest.ledger.0), out, to, |head, tiles| {
        publish::sign_bundle(&dir, &manifest, head, tiles).map_err(|failure| failure.text())
    })?;
    let (events, root) = (end.head.next_sequence(), end.head.root().to_string());
    let json = json!({ "out": out, "events": events, "root": root, "cut": end.cut });
    let out = out.display().to_string();
    let args = [("out", out.as_str()), ("events", &events.to_string()), ("root", &root)];
    Ok(Said::new(json).line(texts.get("program-bundle-written", &args)))
}
