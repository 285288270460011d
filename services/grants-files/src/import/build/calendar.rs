//! Calendar rows of a year become one command.

use super::{Draft, Findings, each_row};
use crate::{
    grid::Grid,
    import::Row,
    problem::{CellError, Place, Problem},
    workbook::Sheet,
};
use grants_domain::{
    calendar::publish::PublishCalendar,
    values::{Date, DatePeriod, Text},
};
use std::collections::BTreeMap;

struct Year {
    place: Place,
    source: Text<200>,
    off: Vec<DatePeriod>,
    working: Vec<Date>,
}

/// One command for each year, in ascending years.
pub(super) fn drafts(sheet: &'static Sheet, grid: &Grid, findings: &mut Findings) -> Vec<Draft> {
    let mut years: BTreeMap<u32, Year> = BTreeMap::new();
    each_row(sheet, grid, findings, |row| {
        read(row, &mut years);
    });
    let draft = |(year, gathered): (u32, Year)| {
        let Year { place, source, off, working } = gathered;
        let command = PublishCalendar { year, off, working, source }.into();
        Draft { command, place, personal: Vec::new() }
    };
    years.into_iter().map(draft).collect()
}

fn read(row: &mut Row<'_>, years: &mut BTreeMap<u32, Year>) -> Option<()> {
    let (year, kind) = (row.year("year"), row.word("kind"));
    let (from, to) = (row.date("from"), row.date("to"));
    let (year, kind, from, source) = (year?, kind?, from?, row.parse::<Text<200>>("source")?);
    if row.has("to") && to.is_none() {
        return None;
    }
    let period = match DatePeriod::new(from, to.unwrap_or(from)) {
        Ok(period) => period,
        Err(error) => {
            row.wrong(CellError::of_value(row.place_of("to"), &error));
            return None;
        }
    };
    // A holiday may reach over New Year, so one end inside the year is enough.
    let inside = [period.from(), period.to()].iter().any(|day| u32::try_from(day.year()) == Ok(year));
    if !inside {
        row.wrong(CellError::new(row.place_of("from"), Problem::CalendarYear).with("year", year));
        return None;
    }
    let place = row.place();
    let gathered = years.entry(year).or_insert_with(|| Year {
        place,
        source: source.clone(),
        off: Vec::new(),
        working: Vec::new(),
    });
    if gathered.source != source {
        row.wrong(CellError::new(row.place_of("source"), Problem::CalendarSource).with("year", year));
        return None;
    }
    if kind == "off" {
        gathered.off.push(period);
    } else {
        let days = std::iter::successors(Some(period.from()), |day| day.add_days(1).ok());
        gathered.working.extend(days.take_while(|day| *day <= period.to()));
    }
    Some(())
}
