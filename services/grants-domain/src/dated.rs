//! Looking up what was known on a day: the last row of a series that is not after it, however long the series is.

use crate::{
    state::{KeyPart, StateRead, Table, first},
    values::Date,
};

/// Rows that are walked from the front before the search halves what is left; most series are shorter.
const WALKED_MAX: usize = 8;

/// The row of the latest day up to `on` among the rows under a prefix whose keys end with a day.
pub(crate) fn latest<T, P>(state: &dyn StateRead, prefix: &P, on: Date) -> Option<(Date, T::Row)>
where
    T: Table,
    P: KeyPart + Clone,
{
    let not_before = |day: Option<Date>| {
        let (key, row) = match day {
            None => first::<T>(state, prefix, prefix)?,
            Some(day) => first::<T>(state, prefix, &(prefix.clone(), day))?,
        };
        date_at_end(&key).filter(|day| *day <= on).map(|day| (day, row))
    };
    let mut found = not_before(None)?;
    for _ in 1..WALKED_MAX {
        match after(found.0).and_then(|day| not_before(Some(day))) {
            Some(next) => found = next,
            None => return Some(found),
        }
    }
    // Invariant: no row up to `on` lies at or behind `beyond`; `found` is the last row before the middle.
    let mut beyond = i64::from(on.days()).saturating_add(1);
    loop {
        let known = i64::from(found.0.days());
        let middle = known.saturating_add(beyond.saturating_sub(known) / 2);
        if middle <= known {
            return Some(found);
        }
        let day = i32::try_from(middle).ok().and_then(|days| Date::from_days(days).ok());
        match not_before(Some(day?)) {
            Some(next) => found = next,
            None => beyond = middle,
        }
    }
}

fn after(day: Date) -> Option<Date> {
    day.days().checked_add(1).and_then(|days| Date::from_days(days).ok())
}

/// Reads the day at the end of a key, the way `KeyPart` writes it.
pub(crate) fn date_at_end(key: &[u8]) -> Option<Date> {
    let bytes: [u8; 4] = key.get(key.len().checked_sub(4)?..)?.try_into().ok()?;
    Date::from_days((u32::from_be_bytes(bytes) ^ 0x8000_0000).cast_signed()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        rate,
        state::{MemoryState, put},
        tables::{RateRow, Rates},
        values::Slug,
    };

    /// A series far longer than what is walked, with a gap of years in it, against a scan of all its days.
    #[test]
    fn a_long_series_is_searched_to_the_day() {
        let (mut state, name): (_, Slug) = (MemoryState::default(), "LPR-1Y".parse().unwrap());
        let published: Vec<i32> = (0..3_000).map(|n| n * 3 + if 1_500 < n { 5_000 } else { 0 }).collect();
        for days in &published {
            let (rate, source) = ("0.0310".parse().unwrap(), "announcement".parse().unwrap());
            // Every hundredth was recorded late.
            let row = RateRow { rate, source, sequence: if days % 100 == 0 { 9 } else { 1 } };
            put::<Rates>(&mut state, &(name.clone(), Date::from_days(*days).unwrap()), &row);
        }
        for on in (-10..14_100).step_by(7) {
            let expected = published.iter().rfind(|days| **days <= on).copied();
            let found = |before| rate::latest(&state, &name, Date::from_days(on).unwrap(), before);
            assert_eq!(found(10).map(|(day, _)| day.days()), expected, "on day {on}");
            let known = published.iter().rfind(|days| **days <= on && **days % 100 != 0).copied();
            assert_eq!(found(9).map(|(day, _)| day.days()), known, "known on day {on}");
            assert_eq!(found(1), None);
        }
    }
}
