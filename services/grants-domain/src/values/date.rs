//! Civil dates, without a clock and without a time zone.

use core::fmt;
use core::str::FromStr;

use super::error::{Reason, ValueError};
use super::plain::{Plain, digit};
use super::serial::serde_as_text;
use super::shape::{Shape, number, text};

/// The first year a date may lie in.
pub const YEAR_MIN: i32 = 1900;

/// The last year a date may lie in.
pub const YEAR_MAX: i32 = 2200;

const SHAPE: Shape = Shape {
    what: "date",
    length: "10 characters, YYYY-MM-DD",
    allowed: |place, character| match place {
        4 | 7 => character == '-',
        _ => character.is_ascii_digit(),
    },
    secret: false,
};

/// A day of the Gregorian calendar, from 1900-01-01 to 2200-12-31.
///
/// Inside it counts days since 1970-01-01, so that comparing and counting are integer arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Whether it is a Saturday or a Sunday.
    #[must_use]
    pub fn is_weekend(self) -> bool {
        matches!(self, Weekday::Saturday | Weekday::Sunday)
    }
}

impl Date {
    /// The first date, 1900-01-01.
    pub const MIN: Date = Date(days_from_civil(YEAR_MIN, 1, 1));

    /// The last date, 2200-12-31.
    pub const MAX: Date = Date(days_from_civil(YEAR_MAX, 12, 31));

    /// The day of the calendar.
    ///
    /// # Errors
    /// [`Reason::OutOfRange`] for another year, [`Reason::NoSuchDate`] for a day the calendar does not have.
    pub const fn new(year: i32, month: u8, day: u8) -> Result<Date, ValueError> {
        if year < YEAR_MIN || YEAR_MAX < year {
            return Err(OUT_OF_RANGE);
        }
        if !is_day_of(year, month, day) {
            return Err(ValueError::new("date", Reason::NoSuchDate));
        }
        let (month, day) = (widen(month), widen(day));
        Ok(Date(days_from_civil(year, month, day)))
    }

    /// The day so many days after 1970-01-01.
    ///
    /// # Errors
    /// [`Reason::OutOfRange`] outside the years 1900 to 2200.
    pub const fn from_days(days: i32) -> Result<Date, ValueError> {
        if days < Date::MIN.0 || Date::MAX.0 < days {
            return Err(OUT_OF_RANGE);
        }
        Ok(Date(days))
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        civil_from_days(self.0).0
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        civil_from_days(self.0).1
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        civil_from_days(self.0).2
    }

    /// The day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match self.0.rem_euclid(7) {
            0 => Weekday::Thursday,
            1 => Weekday::Friday,
            2 => Weekday::Saturday,
            3 => Weekday::Sunday,
            4 => Weekday::Monday,
            5 => Weekday::Tuesday,
            _ => Weekday::Wednesday,
        }
    }

    /// The date so many days later, or earlier if negative.
    ///
    /// # Errors
    /// [`Reason::OutOfRange`] outside the years 1900 to 2200.
    pub fn add_days(self, days: i32) -> Result<Date, ValueError> {
        self.0.checked_add(days).map_or(Err(OUT_OF_RANGE), Date::from_days)
    }

    /// How many days later `other` is; negative if it is earlier.
    #[must_use]
    pub fn days_until(self, other: Date) -> i32 {
        other.0.saturating_sub(self.0)
    }

    /// The same day so many years later. For 29 February in a common year it is the 28th: a period of years
    /// ends in the month it was counted in.
    ///
    /// # Errors
    /// [`Reason::OutOfRange`] outside the years 1900 to 2200.
    pub fn anniversary(self, years: i32) -> Result<Date, ValueError> {
        let (year, month, day) = civil_from_days(self.0);
        let year = year.checked_add(years).ok_or(OUT_OF_RANGE)?;
        match Date::new(year, month, day) {
            Ok(date) => Ok(date),
            Err(ValueError { reason: Reason::NoSuchDate, .. }) => Date::new(year, month, 28),
            Err(error) => Err(error),
        }
    }
}

impl Date {
    /// `YYYY-MM-DD`.
    fn letters(self) -> [u8; 10] {
        let (year, month, day) = civil_from_days(self.0);
        let year = u64::from(year.unsigned_abs());
        let (month, day) = (u64::from(month), u64::from(day));
        let [millennia, centuries, decades, years] = [1_000, 100, 10, 1].map(|unit| digit(year / unit));
        let [tens, ones, ten_days, days] = [month / 10, month, day / 10, day].map(digit);
        [millennia, centuries, decades, years, b'-', tens, ones, b'-', ten_days, days]
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(text(&self.letters()))
    }
}

impl Plain for Date {
    fn append_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.letters());
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `YYYY-MM-DD` and nothing else.
impl FromStr for Date {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Date, ValueError> {
        let bytes: [u8; 10] = SHAPE.read(raw)?;
        let month = u8::try_from(number(&bytes[5..7])).unwrap_or(0);
        let day = u8::try_from(number(&bytes[8..10])).unwrap_or(0);
        Date::new(number(&bytes[0..4]), month, day)
    }
}

serde_as_text!(Date, "a date such as \"2026-11-23\"");

/// A period of days; both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatePeriod {
    from: Date,
    to: Date,
}

impl DatePeriod {
    /// The period from the first to the last day.
    ///
    /// # Errors
    /// [`Reason::Backwards`] if the last day is before the first.
    pub fn new(from: Date, to: Date) -> Result<DatePeriod, ValueError> {
        if to < from {
            return Err(ValueError::new("period of days", Reason::Backwards));
        }
        Ok(DatePeriod { from, to })
    }

    /// The first day.
    #[must_use]
    pub fn from(self) -> Date {
        self.from
    }

    /// The last day.
    #[must_use]
    pub fn to(self) -> Date {
        self.to
    }

    /// Whether the day belongs to it.
    #[must_use]
    pub fn contains(self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }

    /// Whether a day belongs to both.
    #[must_use]
    pub fn overlaps(self, other: DatePeriod) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// How many days it has, both ends counted.
    #[must_use]
    pub fn length_days(self) -> i32 {
        self.from.days_until(self.to).saturating_add(1)
    }
}

impl Plain for DatePeriod {
    fn append_to(&self, out: &mut Vec<u8>) {
        self.from.append_to(out);
        out.push(b'/');
        self.to.append_to(out);
    }
}

impl fmt::Display for DatePeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.from, self.to)
    }
}

/// Reads `YYYY-MM-DD/YYYY-MM-DD`.
impl FromStr for DatePeriod {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<DatePeriod, ValueError> {
        let form = ValueError::new("period of days", Reason::Form { expected: "YYYY-MM-DD/YYYY-MM-DD" });
        let (from, to) = raw.split_once('/').ok_or(form)?;
        DatePeriod::new(from.parse()?, to.parse()?)
    }
}

serde_as_text!(DatePeriod, "a period such as \"2026-01-01/2026-01-03\"");

const OUT_OF_RANGE: ValueError =
    ValueError::new("date", Reason::OutOfRange { range: "1900-01-01 to 2200-12-31" });

/// Whether the Gregorian calendar has the day, in any year.
pub(crate) const fn is_day_of(year: i32, month: u8, day: u8) -> bool {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    0 < day && day <= last
}

/// A small number as `i32`, in constants, where `From` cannot be called.
const fn widen(small: u8) -> i32 {
    i32::from_le_bytes([small, 0, 0, 0])
}

/// Days since 1970-01-01. Years begin in March inside, so that the leap day is the last of its year; the
/// constant is the number of days from 0000-03-01 to 1970-01-01.
const fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`] for the days a [`Date`] can hold.
fn civil_from_days(days: i32) -> (i32, u8, u8) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = (shifted + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i32::from(month <= 2);
    (year, u8::try_from(month).unwrap_or(0), u8::try_from(day).unwrap_or(0))
}

#[cfg(test)]
mod tests;
