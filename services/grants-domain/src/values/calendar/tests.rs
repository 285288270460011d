//! The calendar of 2026 as the State Council published it, and what contradicts itself.

use proptest::prelude::*;

use super::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn published_2026() -> CalendarYear {
    let off = [
        "2026-01-01/2026-01-03",
        "2026-02-15/2026-02-23",
        "2026-04-04/2026-04-06",
        "2026-05-01/2026-05-05",
        "2026-06-19/2026-06-21",
        "2026-09-25/2026-09-27",
        "2026-10-01/2026-10-07",
    ];
    let working = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"];
    CalendarYear {
        year: 2026,
        off: off.iter().map(|text| text.parse().unwrap()).collect(),
        working: working.iter().map(|text| date(text)).collect(),
    }
}

fn calendar() -> WorkCalendar {
    WorkCalendar::new([&published_2026()]).unwrap()
}

#[test]
fn the_year_2026_has_248_working_days() {
    assert_eq!(calendar().working_days_in(2026), Ok(248));
    assert_eq!(calendar().years().collect::<Vec<_>>(), [2026]);
}

/// a deadline falls on a Saturday that is worked instead of another day.
#[test]
fn publicity_periods_of_2026() {
    let vectors = [
        ("2026-02-11", "2026-02-25", "2026-02-27"),
        ("2026-02-13", "2026-02-27", "2026-03-02"),
        ("2026-04-29", "2026-05-09", "2026-05-12"),
        ("2026-09-18", "2026-09-24", "2026-09-29"),
        ("2026-09-29", "2026-10-12", "2026-10-14"),
    ];
    for (posted, five, seven) in vectors {
        assert_eq!(calendar().add_working_days(date(posted), 5), Ok(date(five)), "5 days from {posted}");
        assert_eq!(calendar().add_working_days(date(posted), 7), Ok(date(seven)), "7 days from {posted}");
        assert_eq!(calendar().working_days_between(date(posted), date(seven)), Ok(7));
    }
    assert_eq!(calendar().add_working_days(date("2026-10-01"), 0), Ok(date("2026-10-01")));
    assert_eq!(calendar().working_days_between(date("2026-10-08"), date("2026-10-08")), Ok(0));
    assert_eq!(calendar().working_days_between(date("2026-10-09"), date("2026-10-08")), Ok(0));
}

#[test]
fn ordinary_and_moved_days() {
    let working = |text| calendar().is_working(date(text)).unwrap();
    assert!(working("2026-05-09"), "a Saturday worked instead");
    assert!(!working("2026-05-10"), "an ordinary Sunday");
    assert!(!working("2026-05-01"), "a Friday off");
    assert!(working("2026-12-31"), "an ordinary Thursday");
}

#[test]
fn a_year_that_is_not_recorded_has_no_answer() {
    let missing = |year| Err(CalendarMissing { year });
    assert_eq!(calendar().is_working(date("2027-01-04")).map(|_| ()), missing(2027));
    assert_eq!(calendar().add_working_days(date("2026-12-30"), 2).map(|_| ()), missing(2027));
    assert_eq!(calendar().add_working_days(date("2026-12-30"), 1), Ok(date("2026-12-31")));
    assert_eq!(calendar().working_days_in(2025).map(|_| ()), missing(2025));
    assert_eq!(WorkCalendar::default().add_working_days(Date::MAX, 1).map(|_| ()), missing(2201));
    let error = calendar().is_working(date("2027-01-04")).unwrap_err();
    assert_eq!(error.to_string(), "the working-day calendar of 2027 has not been recorded");
}

#[test]
fn counting_goes_on_from_year_to_year() {
    let bare = |year| CalendarYear { year, off: Vec::new(), working: Vec::new() };
    let both = WorkCalendar::new([&bare(2028), &bare(2027)]).unwrap();
    assert_eq!(both.add_working_days(date("2027-12-31"), 1), Ok(date("2028-01-03")));
    assert_eq!(both.is_working(date("2028-02-29")), Ok(true));
    assert_eq!(both.is_working(date("2028-12-31")), Ok(false));
    assert_eq!(both.years().collect::<Vec<_>>(), [2027, 2028]);
}

#[test]
fn a_contradiction_is_named() {
    let check = |change: fn(&mut CalendarYear)| {
        let mut year = published_2026();
        change(&mut year);
        assert_eq!(WorkCalendar::new([&year]).map(|_| ()), year.check());
        year.check()
    };
    assert_eq!(check(|_| ()), Ok(()));
    let outside = CalendarError::OutsideYear { year: 2026, date: date("2027-01-01") };
    assert_eq!(check(|year| year.off.push("2026-12-31/2027-01-01".parse().unwrap())), Err(outside));
    assert_eq!(check(|year| year.working.push(date("2027-01-01"))), Err(outside));
    let twice = CalendarError::OffTwice { date: date("2026-10-07") };
    assert_eq!(check(|year| year.off.push("2026-10-07/2026-10-08".parse().unwrap())), Err(twice));
    let both = CalendarError::OffAndWorking { date: date("2026-10-03") };
    assert_eq!(check(|year| year.working.push(date("2026-10-03"))), Err(both));
    let weekday = CalendarError::NotAWeekend { date: date("2026-10-09") };
    assert_eq!(check(|year| year.working.push(date("2026-10-09"))), Err(weekday));
    let again = CalendarError::NotAWeekend { date: date("2026-01-04") };
    assert_eq!(check(|year| year.working.push(date("2026-01-04"))), Err(again));
    let outside = CalendarError::OutsideYear { year: 1800, date: Date::MIN };
    assert_eq!(check(|year| year.year = 1800), Err(outside));
    let year = published_2026();
    assert_eq!(WorkCalendar::new([&year, &year]), Err(CalendarError::YearTwice { year: 2026 }));
}

proptest! {
    #[test]
    fn counting_and_adding_agree(start in 0_i32..300, count in 1_u16..40) {
        let posted = date("2026-01-01").add_days(start).unwrap();
        let end = calendar().add_working_days(posted, count).unwrap();
        prop_assert!(calendar().is_working(end).unwrap());
        prop_assert_eq!(calendar().working_days_between(posted, end), Ok(u32::from(count)));
    }
}
