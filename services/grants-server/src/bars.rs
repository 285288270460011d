//! Sanctions as an officer meets them: what waits because of one, and which are recorded of an enterprise.

use grants_domain::{
    award::AwardStatus,
    sanction::{self, Bar},
    state::StateRead,
    tables::{AwardRow, Sanction},
    values::{CreditCode, Date, Fen, Slug},
};
use grants_files::Texts;
use serde_json::{Value, json};

/// The sanction that keeps the unpaid part of an award from being confirmed or paid on a day.
pub(crate) fn of_award(state: &dyn StateRead, row: &AwardRow, today: Date) -> Option<Bar> {
    let waits = row.stands() && row.status != AwardStatus::Queued && Fen::ZERO < row.unpaid();
    if waits { sanction::bar(state, &row.enterprise, &row.measure, today) } else { None }
}

/// The sentence that names it, with its document and days.
pub(crate) fn told(bar: &Bar, enterprise: &CreditCode, texts: &Texts) -> String {
    texts.refusal(&bar.refusal(enterprise))
}

/// The same as data.
pub(crate) fn as_data(bar: &Bar) -> Value {
    let until = bar.sanction.last().ok().flatten();
    json!({ "recorded_of": bar.code, "until": until, "sanction": bar.sanction })
}

/// The sanction that bars a measure, of those that are in force.
pub(crate) fn barring<'b>(bars: &'b [Bar], measure: &Slug) -> Option<&'b Bar> {
    bars.iter().find(|bar| bar.sanction.bars(measure))
}

/// The columns of a list of sanctions.
pub(crate) const HEADS: [&str; 6] =
    ["head-sanction", "head-enterprise", "head-ground", "head-from", "head-until", "head-reach"];

/// One line of a list of sanctions. One that was taken back has no days.
pub(crate) fn row(code: &CreditCode, one: &Sanction, texts: &Texts) -> Vec<String> {
    let days = match one.last() {
        Ok(last) => [one.from.to_string(), last.map_or_else(|| "—".to_owned(), |last| last.to_string())],
        Err(sanction::Never) => [texts.get("program-taken-back", &[]), String::new()],
    };
    let [from, until] = days;
    let document = format!("{} {} {}", one.document.issuer, one.document.on, one.document.number);
    let ground = texts.word("sanction-ground", one.ground.word());
    vec![document, code.to_string(), ground, from, until, texts.word("sanction-reach", one.reach.word())]
}
