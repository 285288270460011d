//! `grants template`: the empty workbook to fill in, or one filled from csv files.

use crate::{failure::Failure, output::Said};
use grants_files::{Texts, workbook};
use serde_json::json;
use std::path::Path;

/// Performs it.
pub(crate) fn perform(out: &Path, from: Option<&Path>, texts: &Texts) -> Result<Said, Failure> {
    if out.exists() {
        return Err(Failure::usage_of("program-exists", &[("file", &out.display())]));
    }
    let bytes = match from {
        None => workbook::template().map_err(Failure::fault)?,
        Some(folder) => workbook::fill(folder).map_err(|errors| Failure::places(errors.lines(texts)))?,
    };
    std::fs::write(out, bytes)?;
    let out = out.display().to_string();
    Ok(Said::new(json!({ "out": out })).line(texts.get("program-written", &[("out", &out)])))
}
