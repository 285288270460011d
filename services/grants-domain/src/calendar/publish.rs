//! Publish the working-day calendar of a year, as the State Council announced it.

use crate::{
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get, put},
    tables::{CalendarRow, Calendars},
    values::{Date, DatePeriod, Text},
};

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

/// Refuses: `ReferenceDiffers` if the same source said something else before.
pub(crate) fn decide(state: &dyn StateRead, request: &PublishCalendar) -> Result<Vec<Event>, Refused> {
    let PublishCalendar { year, off, working, source } = request.clone();
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
