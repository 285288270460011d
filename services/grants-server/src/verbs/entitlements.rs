//! `grants entitlements`: what an enterprise could receive, measure by measure, as an application of the day would be
//! decided. The catalogue in force assesses a row that is made up here and stored nowhere; there is no second logic.

mod ground; // what the ledger knows of the enterprise
mod page; // as text and as data
mod prospect; // one measure, and what would come of it

use crate::{
    cli::{self, Common},
    failure::Failure,
    look::Look,
    output::Said,
    verbs::export_payments::write_whole,
};
use grants_domain::{
    state::{StateRead, get},
    tables::Ledgers,
    values::Date,
};
use grants_files::Texts;
use grants_policy::Library;
use ground::Ground;
use prospect::Prospect;

/// Performs it.
pub(crate) fn perform(common: &Common, request: &cli::Entitlements, texts: &Texts) -> Result<Said, Failure> {
    let look = Look::open(common, texts)?;
    let on = request.on.map_or_else(|| look.today(), Ok)?;
    let said = look.read(|state| page(state, look.library(), request, on, texts))??;
    let Some(out) = &request.json_out else {
        return Ok(said);
    };
    write_whole(out, format!("{}\n", said.json()).as_bytes())?;
    Ok(said.line(texts.get("program-written", &[("out", &out.display().to_string())])))
}

fn page(
    state: &dyn StateRead,
    library: &Library,
    request: &cli::Entitlements,
    on: Date,
    texts: &Texts,
) -> Result<Said, Failure> {
    let unknown = |id: &dyn std::fmt::Display| Failure::usage_of("program-unknown", &[("id", id)]);
    let version = get::<Ledgers>(state, &()).map_or(0, |ledger| ledger.version);
    let catalogue =
        library.catalogue(version).ok_or_else(|| Failure::usage_of("program-no-catalogue", &[]))?;
    let ground = Ground::of(state, &catalogue, &request.enterprise, on);
    let ground = ground.ok_or_else(|| unknown(&request.enterprise))?;
    let projects: Vec<_> = match &request.project {
        Some(code) => ground.projects.iter().filter(|project| project.code == *code).collect(),
        None => ground.projects.iter().collect(),
    };
    if let (Some(code), true) = (&request.project, projects.is_empty()) {
        return Err(unknown(code));
    }
    let payable = catalogue.measures().filter(|measure| measure.file.measure.payable);
    let prospects: Vec<Prospect> = payable
        .flat_map(|measure| prospect::of_measure(state, &catalogue, measure, version, &ground, &projects))
        .collect();
    Ok(page::said(&catalogue, &ground, &prospects, on, version, texts))
}
