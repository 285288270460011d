//! Working days, by the calendars that were recorded: what is not recorded is not guessed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::date::{Date, DatePeriod};

/// The State Council's arrangement of one year, as it was published.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// The holidays, weekends within them included.
    pub off: Vec<DatePeriod>,
    /// The Saturdays and Sundays that are worked instead.
    pub working: Vec<Date>,
}

/// The calendar of this year has not been recorded, so the question has no answer yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the working-day calendar of {year} has not been recorded")]
pub struct CalendarMissing {
    /// The year.
    pub year: i32,
}

/// Why an arrangement is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CalendarError {
    /// Two arrangements were given for one year.
    #[error("the year {year} was given twice")]
    YearTwice { year: i32 },
    /// A day lies in another year than the arrangement.
    #[error("{date} does not lie in {year}")]
    OutsideYear { year: i32, date: Date },
    /// Two holidays share a day.
    #[error("{date} lies in two holidays")]
    OffTwice { date: Date },
    /// A day is both a holiday and worked.
    #[error("{date} is both a holiday and a working day")]
    OffAndWorking { date: Date },
    /// A day said to be worked instead is no Saturday or Sunday, or was said twice.
    #[error("{date} is given as a working Saturday or Sunday, but is none, or stands twice")]
    NotAWeekend { date: Date },
}

/// Which days are worked in the recorded years.
///
/// Invariant: `days` holds for each year one entry per day, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    days: BTreeMap<i32, Vec<bool>>,
}

impl WorkCalendar {
    /// The calendar of these years.
    ///
    /// # Errors
    /// [`CalendarError`] for the first arrangement that contradicts itself.
    pub fn new<'a>(years: impl IntoIterator<Item = &'a CalendarYear>) -> Result<WorkCalendar, CalendarError> {
        let mut calendar = WorkCalendar::default();
        for arrangement in years {
            let year = arrangement.year;
            if calendar.days.insert(year, working_days(arrangement)?).is_some() {
                return Err(CalendarError::YearTwice { year });
            }
        }
        Ok(calendar)
    }

    /// Whether the day is worked.
    ///
    /// # Errors
    /// [`CalendarMissing`] if its year is not recorded.
    pub fn is_working(&self, date: Date) -> Result<bool, CalendarMissing> {
        let year = date.year();
        let place = Date::new(year, 1, 1).map_or(0, |first| first.days_until(date));
        let working = usize::try_from(place).ok().and_then(|place| self.days.get(&year)?.get(place));
        working.copied().ok_or(CalendarMissing { year })
    }

    /// The day on which `count` working days have passed after the day of posting, which is not counted. With
    /// a count of zero it is the day of posting itself.
    ///
    /// # Errors
    /// [`CalendarMissing`] if the count runs into a year that is not recorded.
    pub fn add_working_days(&self, posted: Date, count: u16) -> Result<Date, CalendarMissing> {
        let (mut date, mut left) = (posted, count);
        while 0 < left {
            date = next(date)?;
            left -= u16::from(self.is_working(date)?);
        }
        Ok(date)
    }

    /// How many working days lie after `from`, up to and including `to`; none if `to` is not later.
    ///
    /// # Errors
    /// [`CalendarMissing`] if a day between lies in a year that is not recorded.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<u32, CalendarMissing> {
        let (mut date, mut count) = (from, 0);
        while date < to {
            date = next(date)?;
            count += u32::from(self.is_working(date)?);
        }
        Ok(count)
    }

    /// How many days of the year are worked.
    ///
    /// # Errors
    /// [`CalendarMissing`] if the year is not recorded.
    pub fn working_days_in(&self, year: i32) -> Result<usize, CalendarMissing> {
        let days = self.days.get(&year).ok_or(CalendarMissing { year })?;
        Ok(days.iter().filter(|working| **working).count())
    }

    /// The recorded years, in order.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.days.keys().copied()
    }
}

impl CalendarYear {
    /// Whether the arrangement is one: for the door, before it is recorded.
    ///
    /// # Errors
    /// [`CalendarError`] for the first contradiction.
    pub fn check(&self) -> Result<(), CalendarError> {
        working_days(self).map(|_| ())
    }
}

fn next(date: Date) -> Result<Date, CalendarMissing> {
    // Only the last day of the last year has no next one.
    date.add_days(1).map_err(|_| CalendarMissing { year: date.year().saturating_add(1) })
}

/// One entry per day of the year. Errors in order: holidays, then days worked instead.
fn working_days(arrangement: &CalendarYear) -> Result<Vec<bool>, CalendarError> {
    let year = arrangement.year;
    let first = Date::new(year, 1, 1).map_err(|_| CalendarError::OutsideYear { year, date: Date::MIN })?;
    let mut days = Days { year, first, off: Vec::new(), working: Vec::new() };
    let mut date = Some(first);
    while let Some(day) = date.filter(|day| day.year() == year) {
        days.working.push(!day.weekday().is_weekend());
        days.off.push(false);
        date = day.add_days(1).ok();
    }
    for period in &arrangement.off {
        days.take_off(*period)?;
    }
    for date in &arrangement.working {
        days.work_on(*date)?;
    }
    Ok(days.working)
}

struct Days {
    year: i32,
    first: Date,
    off: Vec<bool>,
    working: Vec<bool>,
}

impl Days {
    fn take_off(&mut self, period: DatePeriod) -> Result<(), CalendarError> {
        let (from, to) = (self.place(period.from())?, self.place(period.to())?);
        for place in from..=to {
            let (off, working) = (self.off.get_mut(place), self.working.get_mut(place));
            let date = self.first.add_days(i32::try_from(place).unwrap_or(0)).unwrap_or(self.first);
            match (off, working) {
                (Some(off @ false), Some(working)) => (*off, *working) = (true, false),
                (Some(true) | None, _) | (Some(_), None) => return Err(CalendarError::OffTwice { date }),
            }
        }
        Ok(())
    }

    fn work_on(&mut self, date: Date) -> Result<(), CalendarError> {
        let place = self.place(date)?;
        if self.off.get(place) == Some(&true) {
            return Err(CalendarError::OffAndWorking { date });
        }
        match self.working.get_mut(place) {
            Some(working @ false) => *working = true,
            Some(true) | None => return Err(CalendarError::NotAWeekend { date }),
        }
        Ok(())
    }

    fn place(&self, date: Date) -> Result<usize, CalendarError> {
        if date.year() != self.year {
            return Err(CalendarError::OutsideYear { year: self.year, date });
        }
        Ok(usize::try_from(self.first.days_until(date)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests;
