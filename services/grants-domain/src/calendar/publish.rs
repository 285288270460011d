//! Publish the working-day calendar of a year, as the State Council announced it.

use crate::{
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get, put},
    tables::{CalendarRow, Calendars},
    values::{Date, DatePeriod, Text},
};

/// Most periods without work of one year.
pub const CALENDAR_PERIODS_MAX: usize = 64;
/// Most weekend days of one year that are worked.
pub const CALENDAR_WORKING_MAX: usize = 64;

message! {
    /// The request. A year may be published again when the announcement is amended: name the new source.
    pub struct PublishCalendar {
        1 => year: u32,
        2 => off: Vec<DatePeriod>,
        3 => working: Vec<Date>,
        4 => source: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct CalendarPublished {
        1 => year: u32,
        2 => off: Vec<DatePeriod>,
        3 => working: Vec<Date>,
        4 => source: Text<200>,
    }
}

/// Refuses: `OutOfRange` (too many days), `ReferenceDiffers` if the same source said something else before.
pub(crate) fn decide(state: &dyn StateRead, request: &PublishCalendar) -> Result<Vec<Event>, Refused> {
    let PublishCalendar { year, off, working, source } = request.clone();
    if CALENDAR_PERIODS_MAX < off.len() || CALENDAR_WORKING_MAX < working.len() {
        let refused = Refused::of(RefusalCode::OutOfRange).with("year", year);
        return Err(refused
            .with("count", off.len().max(working.len()))
            .with("maximum", CALENDAR_PERIODS_MAX));
    }
    let row = CalendarRow { off: off.clone(), working: working.clone(), source: source.clone() };
    let standing = get::<Calendars>(state, &year);
    if standing.is_some_and(|standing| standing.source == row.source && standing != row) {
        return Err(Refused::of(RefusalCode::ReferenceDiffers).with("year", year).with("source", &source));
    }
    Ok(vec![CalendarPublished { year, off, working, source }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &CalendarPublished) {
    let CalendarPublished { year, off, working, source } = fact.clone();
    put::<Calendars>(state, &year, &CalendarRow { off, working, source });
}
