//! Why an award that stands is not paid yet.

use crate::{bars, rows};
use grants_domain::{award::AwardStatus, state::StateRead, tables::AwardRow, values::Date};
use grants_files::Texts;

/// What an award waits for on a day, as the id of a sentence and what the sentence names: a hold, a sanction, the queue, or
/// a confirmation. None if nothing keeps it, or if it does not stand.
pub(crate) fn reason(
    state: &dyn StateRead,
    row: &AwardRow,
    today: Date,
    texts: &Texts,
) -> Option<(&'static str, String)> {
    if !row.stands() {
        return None;
    }
    if let Some(hold) = row.holds.first() {
        return Some(("program-held", format!("{} {}", hold.rule, hold.waits_for)));
    }
    if let Some(bar) = bars::of_award(state, row, today) {
        return Some(("program-held", bars::told(&bar, &row.enterprise, texts)));
    }
    match row.status {
        AwardStatus::Queued => Some(("program-queued", rows::paid_from(row))),
        AwardStatus::Proposed => Some(("program-unconfirmed", row.decided_by.id.to_string())),
        AwardStatus::Confirmed | AwardStatus::Fulfilled | AwardStatus::Revoked | AwardStatus::Recovered => {
            None
        }
    }
}
