//! Days by counting: years and months one after another, without a formula.

/// Lengths of the months of a common year.
const MONTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

fn leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn length(year: i64, month: i64) -> i64 {
    MONTHS[month as usize - 1] + i64::from(month == 2 && leap(year))
}

fn year_length(year: i64) -> i64 {
    if leap(year) { 366 } else { 365 }
}

/// Days since 1970-01-01 of a day from then on.
pub(crate) fn day(year: i64, month: i64, day: i64) -> i64 {
    let years: i64 = (1970..year).map(year_length).sum();
    let months: i64 = (1..month).map(|one| length(year, one)).sum();
    years + months + day - 1
}

/// Year, month and day.
pub(crate) fn civil(mut days: i64) -> (i64, i64, i64) {
    let (mut year, mut month) = (1970, 1);
    while year_length(year) <= days {
        days -= year_length(year);
        year += 1;
    }
    while length(year, month) <= days {
        days -= length(year, month);
        month += 1;
    }
    (year, month, days + 1)
}

/// The calendar year.
pub(crate) fn year(days: i64) -> i64 {
    civil(days).0
}

/// The same day so many years later; of 29 February the 28th, where there is none.
pub(crate) fn anniversary(days: i64, years: i64) -> i64 {
    let (from, month, of_month) = civil(days);
    day(from + years, month, of_month.min(length(from + years, month)))
}

/// The day in China, eight hours ahead, at so many seconds since 1970.
pub(crate) fn of_instant(seconds: i64) -> i64 {
    (seconds + 8 * 3_600).div_euclid(86_400)
}

/// `YYYY-MM-DD`.
pub(crate) fn text(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}
