//! Dates against an independent calendar, day by day.

use proptest::prelude::*;

use super::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn every_day_agrees_with_an_independent_calendar() {
    let mut other = jiff::civil::date(1900, 1, 1);
    let mut count = 0;
    for days in Date::MIN.days()..=Date::MAX.days() {
        let ours = Date::from_days(days).unwrap();
        let theirs = (i32::from(other.year()), other.month(), other.day());
        assert_eq!(theirs.1, i8::try_from(ours.month()).unwrap(), "{other}");
        assert_eq!(theirs.2, i8::try_from(ours.day()).unwrap(), "{other}");
        assert_eq!(theirs.0, ours.year(), "{other}");
        assert_eq!(ours.weekday().is_weekend(), other.weekday().to_monday_one_offset() > 5, "{other}");
        assert_eq!(format!("{:?}", ours.weekday()), format!("{:?}", other.weekday()), "{other}");
        assert_eq!(Date::new(ours.year(), ours.month(), ours.day()), Ok(ours));
        assert_eq!(ours.to_string(), other.to_string());
        other = other.tomorrow().unwrap();
        count += 1;
    }
    assert_eq!(count, 109_938);
    assert_eq!(other, jiff::civil::date(2201, 1, 1));
}

#[test]
fn known_days() {
    assert_eq!(date("1970-01-01").days(), 0);
    assert_eq!(date("2026-11-23").weekday(), Weekday::Monday);
    assert_eq!(date("2025-03-01").days_until(date("2025-06-01")), 92);
    assert_eq!(date("2025-06-01").days_until(date("2025-03-01")), -92);
    assert_eq!(date("2024-02-28").add_days(1), Ok(date("2024-02-29")));
    assert_eq!(format!("{:?}", date("2024-02-29")), "2024-02-29");
}

/// a leap day is a day like others, and so is its anniversary in a year without one.
#[test]
fn a_leap_day_has_its_anniversary_on_the_28th() {
    assert_eq!(date("2024-02-29").anniversary(1), Ok(date("2025-02-28")));
    assert_eq!(date("2024-02-29").anniversary(4), Ok(date("2028-02-29")));
    assert_eq!(date("2024-02-28").anniversary(4), Ok(date("2028-02-28")));
    assert_eq!(date("2024-06-11").anniversary(3), Ok(date("2027-06-11")));
    assert_eq!(date("2024-06-11").anniversary(-3), Ok(date("2021-06-11")));
    assert_eq!(date("2024-06-11").anniversary(177).unwrap_err().code(), "value-out-of-range");
    assert_eq!(date("2024-06-11").anniversary(i32::MAX).unwrap_err().code(), "value-out-of-range");
}

#[test]
fn only_one_form_is_read() {
    let reason = |text: &str| text.parse::<Date>().unwrap_err().reason;
    assert_eq!(reason(""), Reason::Empty);
    assert_eq!(reason("2026-1-1"), Reason::Length { found: 8, expected: "10 characters, YYYY-MM-DD" });
    assert_eq!(reason("2026/01/01"), Reason::Character { at: 5, found: Some('/') });
    assert_eq!(reason("２026-01-01"), Reason::FullWidth { at: 1 });
    assert_eq!(reason("2026-02-29"), Reason::NoSuchDate);
    assert_eq!(reason("2026-13-01"), Reason::NoSuchDate);
    assert_eq!(reason("2026-00-01"), Reason::NoSuchDate);
    assert_eq!(reason("2026-01-00"), Reason::NoSuchDate);
    assert_eq!(reason("2100-02-29"), Reason::NoSuchDate);
    assert_eq!(reason("1899-12-31"), Reason::OutOfRange { range: "1900-01-01 to 2200-12-31" });
    assert_eq!(reason("2201-01-01"), Reason::OutOfRange { range: "1900-01-01 to 2200-12-31" });
    assert!(serde_json::from_str::<Date>("20260101").is_err());
    assert_eq!(serde_json::to_string(&date("2026-01-01")).unwrap(), "\"2026-01-01\"");
    assert_eq!(serde_json::from_str::<Date>("\"2026-01-01\"").unwrap(), date("2026-01-01"));
}

#[test]
fn dates_end_at_both_ends() {
    assert_eq!(Date::MAX.add_days(1).unwrap_err().code(), "value-out-of-range");
    assert_eq!(Date::MIN.add_days(-1).unwrap_err().code(), "value-out-of-range");
    assert_eq!(Date::MAX.add_days(i32::MAX).unwrap_err().code(), "value-out-of-range");
}

#[test]
fn a_period_has_both_its_ends() {
    let period: DatePeriod = "2026-02-15/2026-02-23".parse().unwrap();
    assert_eq!(period.length_days(), 9);
    assert!(period.contains(date("2026-02-15")) && period.contains(date("2026-02-23")));
    assert!(!period.contains(date("2026-02-14")) && !period.contains(date("2026-02-24")));
    assert!(period.overlaps("2026-02-23/2026-02-23".parse().unwrap()));
    assert!(!period.overlaps("2026-02-24/2026-03-01".parse().unwrap()));
    assert_eq!(period.to_string(), "2026-02-15/2026-02-23");
    assert_eq!("2026-02-23/2026-02-15".parse::<DatePeriod>().unwrap_err().code(), "value-backwards");
    assert_eq!("2026-02-23".parse::<DatePeriod>().unwrap_err().code(), "value-form");
    assert_eq!("2026-02-23/".parse::<DatePeriod>().unwrap_err().code(), "value-empty");
    assert_eq!(serde_json::from_str::<DatePeriod>("\"2026-02-15/2026-02-23\"").unwrap(), period);
}

proptest! {
    #[test]
    fn text_and_back(days in Date::MIN.days()..=Date::MAX.days()) {
        let date = Date::from_days(days).unwrap();
        prop_assert_eq!(date.to_string().parse::<Date>(), Ok(date));
    }

    #[test]
    fn no_text_panics(text in "[0-9-]{8,11}") {
        if let Ok(date) = text.parse::<Date>() {
            prop_assert_eq!(date.to_string(), text);
        }
    }

    #[test]
    fn adding_days_is_undone_by_counting(days in Date::MIN.days()..=Date::MAX.days(), more in -100_000..100_000) {
        let date = Date::from_days(days).unwrap();
        if let Ok(later) = date.add_days(more) {
            prop_assert_eq!(date.days_until(later), more);
        }
    }
}
