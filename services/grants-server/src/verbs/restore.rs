//! `grants restore BUNDLE --to DIR`: a ledger from the files of a backup, verified from the first byte to the last before
//! anything is made.

use crate::{
    cli::{Common, Restore},
    failure::Failure,
    journal,
    output::{self, Said},
    place::read_small,
    target::Target,
    verbs::copy,
};
use grants_audit::{
    source::Source,
    verify::{Against, keep_contradictions_quiet, verify},
};
use grants_domain::{commands::Command, ids::LedgerId};
use grants_eventlog::{BundleReader, LogReader};
use grants_files::Texts;
use grants_ledger::{FORMAT, Manifest};
use grants_policy::Library;

/// Performs it.
pub(crate) fn perform(_: &Common, request: &Restore, texts: &Texts) -> Result<Said, Failure> {
    let key = read_small(&request.vkey)?;
    let key: grants_audit::note::Key = key.trim().parse().map_err(Failure::usage)?;
    let origin = key.name().to_owned();
    let source = Source::open(&request.bundle).map_err(Failure::usage)?;
    keep_contradictions_quiet();
    let waiting = output::waiting(&texts.get("program-verifying", &[]));
    let against = Against { key: Some(key), since: None };
    let report = verify(&source, &mut Library::new(), &against, &mut |_| {});
    waiting.finish_and_clear();
    let report = report?;
    if report.exit_code() != 0 {
        return Err(Failure::found(report.text(texts).lines().map(str::to_owned).collect()));
    }
    let bundle = BundleReader::open(&request.bundle)?;
    let manifest = manifest(&bundle, origin)?;
    let name = request.bundle.display().to_string();
    let mut target = Target::open(&request.to, &request.brokers, &manifest, &bundle, &name)?;
    let copied = target.fill(&bundle, bundle.end()?.next_batch)?;
    let (found, wanted) = (target.log.head().root(), bundle.manifest().root);
    if found != wanted {
        return Err(Failure::fault_of("program-restored-differs", &[("found", &found), ("wanted", &wanted)]));
    }
    let said = copy::told(&request.to, copied, target.log.head(), texts);
    if request.instead_of_lost {
        target.becomes_the_ledger()?;
    }
    Ok(said)
}

/// What the first event and the key say about the ledger.
fn manifest(bundle: &BundleReader, origin: String) -> Result<Manifest, Failure> {
    let nothing = || Failure::usage_of("program-bundle-empty", &[]);
    let first = journal::envelope(bundle, 0)?.ok_or_else(nothing)?;
    let given = first.given.ok_or_else(nothing)?;
    let Command::OpenLedger(opened) = given.command else { return Err(nothing()) };
    Ok(Manifest {
        format: FORMAT,
        ledger: LedgerId(bundle.manifest().ledger.0),
        origin,
        name: opened.name,
        simulated: opened.simulated,
        opened_by: first.actor.ok_or_else(nothing)?,
    })
}
