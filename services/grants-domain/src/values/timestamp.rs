//! Instants in microseconds, shown in China Standard Time.

use core::fmt;
use core::str::FromStr;

use super::date::Date;
use super::error::{Reason, ValueError};
use super::serial::serde_as_text;
use super::shape::{Shape, number};

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// China Standard Time is eight hours ahead of UTC.
const OFFSET_MICROS: i64 = 8 * 3_600 * MICROS_PER_SECOND;

const SHAPE: Shape = Shape {
    what: "instant",
    length: "32 characters, YYYY-MM-DDThh:mm:ss.ffffff+08:00",
    allowed: |place, character| match place {
        4 | 7 => character == '-',
        10 => character == 'T',
        13 | 16 | 29 => character == ':',
        19 => character == '.',
        26 => character == '+',
        27 | 30 | 31 => character == '0',
        28 => character == '8',
        _ => character.is_ascii_digit(),
    },
    secret: false,
};

/// An instant: microseconds since 1970-01-01T00:00:00Z, within the years a [`Date`] can hold.
///
/// Texts and dates are in China Standard Time, fixed at +08:00. That is exact from 15 September 1991 on, when
/// summer time had ended for good; for earlier instants it is our convention and not what clocks showed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant so many microseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`Reason::OutOfRange`] if its date in China lies outside the years 1900 to 2200.
    pub fn from_micros(micros: i64) -> Result<Timestamp, ValueError> {
        let local = micros.checked_add(OFFSET_MICROS).ok_or(OUT_OF_RANGE)?;
        match date_of(local) {
            Some(_) => Ok(Timestamp(micros)),
            None => Err(OUT_OF_RANGE),
        }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The instant so many microseconds later.
    ///
    /// # Errors
    /// [`Reason::OutOfRange`] as for [`Timestamp::from_micros`].
    pub fn add_micros(self, micros: i64) -> Result<Timestamp, ValueError> {
        self.0.checked_add(micros).map_or(Err(OUT_OF_RANGE), Timestamp::from_micros)
    }

    /// The date in China.
    #[must_use]
    pub fn civil_date(self) -> Date {
        date_of(self.local()).expect("the constructor has checked the date")
    }

    /// The first instant of a day in China.
    #[must_use]
    pub fn start_of(date: Date) -> Timestamp {
        // A date has at most six digits of days: the product stays far inside i64.
        Timestamp(i64::from(date.days()) * MICROS_PER_DAY - OFFSET_MICROS)
    }

    fn local(self) -> i64 {
        self.0.saturating_add(OFFSET_MICROS)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.local().rem_euclid(MICROS_PER_DAY);
        let (seconds, micros) = (micros / MICROS_PER_SECOND, micros % MICROS_PER_SECOND);
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}.{micros:06}+08:00", self.civil_date())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `YYYY-MM-DDThh:mm:ss.ffffff+08:00` (RFC 3339, always this offset and six decimals).
impl FromStr for Timestamp {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Timestamp, ValueError> {
        let bytes: [u8; 32] = SHAPE.read(raw)?;
        // The shape has let only ASCII through, so that the first ten bytes are ten characters.
        let date: Date = raw.get(..10).unwrap_or_default().parse()?;
        let (hour, minute, second) = (number(&bytes[11..13]), number(&bytes[14..16]), number(&bytes[17..19]));
        if 23 < hour || 59 < minute || 59 < second {
            return Err(ValueError::new("instant", Reason::OutOfRange { range: "00:00:00 to 23:59:59" }));
        }
        let seconds = i64::from(hour * 3_600 + minute * 60 + second);
        let micros = i64::from(number(&bytes[20..26]));
        Timestamp::start_of(date).add_micros(seconds * MICROS_PER_SECOND + micros)
    }
}

serde_as_text!(Timestamp, "an instant such as \"2026-11-23T09:30:00.000000+08:00\"");

const OUT_OF_RANGE: ValueError =
    ValueError::new("instant", Reason::OutOfRange { range: "the years 1900 to 2200" });

fn date_of(local_micros: i64) -> Option<Date> {
    let days = i32::try_from(local_micros.div_euclid(MICROS_PER_DAY)).ok()?;
    Date::from_days(days).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn instants_are_shown_in_china() {
        let epoch = Timestamp::from_micros(0).unwrap();
        assert_eq!(epoch.to_string(), "1970-01-01T08:00:00.000000+08:00");
        assert_eq!(Timestamp::from_micros(-1).unwrap().to_string(), "1970-01-01T07:59:59.999999+08:00");
        let evening: Timestamp = "2026-11-23T23:59:59.999999+08:00".parse().unwrap();
        assert_eq!(evening.civil_date().to_string(), "2026-11-23");
        assert_eq!(evening.add_micros(1).unwrap().civil_date().to_string(), "2026-11-24");
        assert_eq!(evening.add_micros(1).unwrap(), Timestamp::start_of("2026-11-24".parse().unwrap()));
        assert_eq!(format!("{evening:?}"), "2026-11-23T23:59:59.999999+08:00");
    }

    #[test]
    fn an_instant_agrees_with_an_independent_library() {
        let theirs: jiff::Timestamp = "2026-11-23T09:30:00.123456+08:00".parse().unwrap();
        let ours: Timestamp = "2026-11-23T09:30:00.123456+08:00".parse().unwrap();
        assert_eq!(ours.micros(), theirs.as_microsecond());
    }

    #[test]
    fn only_one_form_is_read() {
        let code = |text: &str| text.parse::<Timestamp>().unwrap_err().code();
        assert_eq!(code(""), "value-empty");
        assert_eq!(code("2026-11-23T09:30:00Z"), "value-length");
        assert_eq!(code("2026-11-23T09:30:00.000000+09:00"), "value-character");
        assert_eq!(code("2026-11-23t09:30:00.000000+08:00"), "value-not-normalised");
        assert_eq!(code("2026-11-23T24:00:00.000000+08:00"), "value-out-of-range");
        assert_eq!(code("2026-11-23T23:59:60.000000+08:00"), "value-out-of-range");
        assert_eq!(code("2026-11-31T23:59:00.000000+08:00"), "value-no-such-date");
        assert!(serde_json::from_str::<Timestamp>("0").is_err());
    }

    #[test]
    fn instants_end_with_the_dates() {
        let last: Timestamp = "2200-12-31T23:59:59.999999+08:00".parse().unwrap();
        assert_eq!(last.add_micros(1).unwrap_err().code(), "value-out-of-range");
        assert_eq!(Timestamp::from_micros(i64::MAX).unwrap_err().code(), "value-out-of-range");
        assert_eq!(Timestamp::from_micros(i64::MIN).unwrap_err().code(), "value-out-of-range");
        let first = Timestamp::start_of(Date::MIN);
        assert_eq!(first.to_string(), "1900-01-01T00:00:00.000000+08:00");
        assert_eq!(first.add_micros(-1).unwrap_err().code(), "value-out-of-range");
    }

    proptest! {
        #[test]
        fn text_and_back(micros in -2_000_000_000_000_000_i64..=7_000_000_000_000_000) {
            let instant = Timestamp::from_micros(micros).unwrap();
            prop_assert_eq!(instant.to_string().parse::<Timestamp>(), Ok(instant));
            let json = serde_json::to_string(&instant).unwrap();
            prop_assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), instant);
        }
    }
}
