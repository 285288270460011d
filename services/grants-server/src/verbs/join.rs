//! `grants join`: a folder for one more process of a ledger on brokers. It has read the log to its end, and witnesses it
//! from now on.

use crate::{
    cli::{Common, Join},
    failure::Failure,
    house,
    output::Said,
    place::{self, LogPlace},
};
use grants_eventlog::Head;
use grants_files::Texts;
use grants_ledger::{DataDir, join};
use serde_json::json;

/// Performs it: what all processes have alike is copied from the folder of another one.
pub(crate) fn perform(common: &Common, request: &Join, texts: &Texts) -> Result<Said, Failure> {
    let (other, dir) = (DataDir::at(&request.from), DataDir::at(&common.data));
    let manifest = other.manifest()?;
    let not_on_brokers = || Failure::usage_of("program-not-on-brokers", &[("data", &request.from.display())]);
    let place = LogPlace::of(&other)?.ok_or_else(not_on_brokers)?;
    let token = place::token(&other)?;
    let [log, _] = place.connect()?;
    let head = join(&dir, &manifest, log)?;
    place.write(&dir)?;
    house::copy_belongings(&other, &dir, request.key.as_ref())?;
    place::write_token(&dir, &token)?;
    Ok(told(common, &head, texts))
}

fn told(common: &Common, head: &Head, texts: &Texts) -> Said {
    let (data, events, root) =
        (common.data.display().to_string(), head.next_sequence().to_string(), head.root().to_string());
    let args = [("data", data.as_str()), ("events", &events), ("root", &root)];
    let json = json!({ "events": head.next_sequence(), "root": root, "epoch": head.epoch() });
    Said::new(json).line(texts.get("program-joined", &args))
}
