//! `grants backtest`: history under a changed catalogue, on a copy in memory. The engine is the auditor's, so that an
//! audit office gets the same answer from a bundle.

use crate::{
    cli::{self, Common},
    failure::Failure,
    output::{self, Said},
    verbs::export_payments::write_whole,
};
use grants_audit::{backtest::backtest, catalogue, source::Source, verify::keep_contradictions_quiet};
use grants_files::{Texts, export::xlsx};

/// Performs it.
pub(crate) fn perform(common: &Common, request: &cli::Backtest, texts: &Texts) -> Result<Said, Failure> {
    let changed = catalogue::to_try(&request.catalogue, request.newest_answers, texts);
    let changed = changed.map_err(Failure::places)?;
    let source = Source::open(&common.data).map_err(Failure::usage)?;
    keep_contradictions_quiet();
    let waiting = output::waiting(&texts.get("program-backtesting", &[]));
    let tested = backtest(&source, changed, &mut |_| ());
    waiting.finish_and_clear();
    let tested = tested.map_err(|finding| Failure::found(vec![finding.sentence(texts)]))?;
    let json = tested.json(texts);
    if let Some(out) = &request.xlsx {
        write_whole(out, &xlsx(&tested.tables(texts)).map_err(Failure::fault)?)?;
    }
    if let Some(out) = &request.json_out {
        write_whole(out, format!("{json}\n").as_bytes())?;
    }
    let written = [&request.xlsx, &request.json_out].into_iter().flatten();
    let written = written
        .map(|out| texts.get("program-written", &[("out", &out.display().to_string())]))
        .collect::<Vec<_>>();
    Ok(Said::new(json).lines(tested.lines(texts)).lines(written))
}
