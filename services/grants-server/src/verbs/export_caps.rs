//! `grants export caps`: every cap that counts something, with its limit, use and room.

use crate::{
    cli::Common,
    failure::Failure,
    look::Look,
    output::{Said, heads},
    rows,
    verbs::export_payments::write_whole,
};
use grants_domain::{
    state::{StateRead, get},
    tables::Ledgers,
    values::{Date, Fen},
};
use grants_files::{
    Texts,
    export::{Cell, Table, csv, xlsx},
};
use grants_policy::{Catalogue, Library, catalogue::Parameter};
use serde_json::json;
use std::path::Path;

/// Performs it.
pub(crate) fn perform(common: &Common, out: &Path, texts: &Texts) -> Result<Said, Failure> {
    let look = Look::open(common, texts)?;
    let today = look.today()?;
    let table = look.read(|state| table(state, look.library(), today, texts))?;
    let is_csv = out.extension().is_some_and(|ending| ending == "csv");
    let rows = table.rows.len().to_string();
    let bytes =
        if is_csv { csv(&table) } else { xlsx(std::slice::from_ref(&table)).map_err(Failure::fault)? };
    write_whole(out, &bytes)?;
    let out = out.display().to_string();
    let json = json!({ "out": out, "rows": table.rows.len() });
    Ok(Said::new(json).line(texts.get("program-caps-written", &[("count", &rows), ("out", &out)])))
}

fn table(state: &dyn StateRead, library: &Library, today: Date, texts: &Texts) -> Table {
    let version = get::<Ledgers>(state, &()).map_or(0, |ledger| ledger.version);
    let catalogue = library.catalogue(version);
    let head =
        ["head-cap", "head-scope", "head-window", "head-limit", "head-used", "head-headroom", "head-count"];
    let one = |([cap, scope, window], row): ([String; 3], grants_domain::tables::CapRow)| {
        let limit = catalogue.as_deref().and_then(|catalogue| limit_of(catalogue, &cap, &window, today));
        let room = |limit: Fen| limit.saturating_sub(row.used);
        let money = |amount: Option<Fen>| amount.map_or_else(|| Cell::from("—"), Cell::Money);
        vec![
            Cell::Text(cap),
            Cell::Text(scope),
            Cell::Text(window),
            money(limit),
            Cell::Money(row.used),
            money(limit.map(room)),
            Cell::Count(row.awards),
        ]
    };
    let rows = rows::caps(state).into_iter().map(one).collect();
    Table { name: texts.get("sheet-caps", &[]), head: heads(texts, &head), rows }
}

/// The limit of a cap on a day: of its last day in a past year, else of today.
fn limit_of(catalogue: &Catalogue, cap: &str, window: &str, today: Date) -> Option<Fen> {
    let day = match window.parse::<i32>() {
        Ok(year) => Date::new(year, 12, 31).ok()?.min(today.max(Date::new(year, 1, 1).ok()?)),
        Err(_) => today,
    };
    catalogue.measures().find_map(|measure| {
        let found = measure.caps.iter().find(|one| one.id.as_str() == cap)?;
        match measure.values.get(&found.limit)?.on(day)? {
            Parameter::Money(limit) => Some(*limit),
            Parameter::Rate(_) | Parameter::Count(_) | Parameter::Years(_) | Parameter::Words(_) => None,
        }
    })
}
