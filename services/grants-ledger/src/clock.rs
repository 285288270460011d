//! Where time comes in: the only place that reads the system's clock, and the rule that recorded times ascend.

use grants_domain::values::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::fault::Fault;

/// Says what time it is. Asked once for each new command, never for a repetition or a follow-up.
pub trait Clock: Send {
    /// The time of the command that is taken now.
    ///
    /// # Errors
    /// The clock is outside the years that a [`Timestamp`] can hold.
    fn now(&mut self) -> Result<Timestamp, Fault>;
}

/// The clock of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&mut self) -> Result<Timestamp, Fault> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place where time enters")]
        let now = SystemTime::now();
        let since = now.duration_since(UNIX_EPOCH).map_err(|fault| Fault::Clock(fault.to_string()))?;
        let micros = i64::try_from(since.as_micros()).map_err(|fault| Fault::Clock(fault.to_string()))?;
        Timestamp::from_micros(micros).map_err(|fault| Fault::Clock(fault.to_string()))
    }
}

/// The clock of a simulated ledger: its times come from a script, one for each new command.
#[derive(Clone, Debug)]
pub struct ScriptedClock {
    listed: std::vec::IntoIter<Timestamp>,
    last: Timestamp,
    step_micros: i64,
}

impl ScriptedClock {
    /// One time per command. After the end of the list the last time repeats, so that recorded times go on in
    /// single microseconds; an empty list stands at the first microsecond of 1970.
    #[must_use]
    pub fn listed(times: Vec<Timestamp>) -> ScriptedClock {
        let epoch = Timestamp::from_micros(0).expect("1970 is between 1900 and 2200");
        ScriptedClock { listed: times.into_iter(), last: epoch, step_micros: 0 }
    }

    /// `start` for the first command, and `step_micros` more for each that follows.
    #[must_use]
    pub fn stepping(start: Timestamp, step_micros: i64) -> ScriptedClock {
        ScriptedClock { listed: vec![start].into_iter(), last: start, step_micros }
    }
}

impl Clock for ScriptedClock {
    fn now(&mut self) -> Result<Timestamp, Fault> {
        self.last = match self.listed.next() {
            Some(time) => time,
            None => later(self.last, self.step_micros)?,
        };
        Ok(self.last)
    }
}

/// Stamps commands: times ascend strictly from command to command, whatever the clock does.
pub(crate) struct Stamps {
    clock: Box<dyn Clock>,
    last: Option<Timestamp>,
}

impl Stamps {
    /// Goes on after the last recorded time of the log.
    pub(crate) fn after(last: Option<Timestamp>, clock: Box<dyn Clock>) -> Stamps {
        Stamps { clock, last }
    }

    /// The time of a new command: max(clock, last + 1 µs).
    pub(crate) fn of_command(&mut self) -> Result<Timestamp, Fault> {
        let now = self.clock.now()?;
        let stamp = match self.last {
            Some(last) => now.max(later(last, 1)?),
            None => now,
        };
        self.last = Some(stamp);
        Ok(stamp)
    }

    /// The time of a follow-up: last + 1 µs, so that it depends on the log alone.
    pub(crate) fn of_follow_up(&mut self) -> Result<Timestamp, Fault> {
        let last = self.last.ok_or_else(|| Fault::Clock("a follow-up came before any command".to_owned()))?;
        let stamp = later(last, 1)?;
        self.last = Some(stamp);
        Ok(stamp)
    }
}

fn later(time: Timestamp, micros: i64) -> Result<Timestamp, Fault> {
    time.add_micros(micros).map_err(|fault| Fault::Clock(fault.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros).unwrap()
    }

    fn stamps(times: &[i64], last: Option<i64>) -> Stamps {
        let times = times.iter().map(|micros| at(*micros)).collect();
        Stamps::after(last.map(at), Box::new(ScriptedClock::listed(times)))
    }

    #[test]
    fn times_ascend_when_the_clock_does_not() {
        let mut stamps = stamps(&[50, 40, 52, 60], Some(49));
        let given: Vec<i64> = (0..6).map(|_| stamps.of_command().unwrap().micros()).collect();
        assert_eq!(given, [50, 51, 52, 60, 61, 62]);
    }

    #[test]
    fn a_follow_up_does_not_ask_the_clock() {
        let mut stamps = stamps(&[100, 200], None);
        assert!(stamps.of_follow_up().is_err(), "nothing can follow before the first command");
        assert_eq!(stamps.of_command().unwrap(), at(100));
        assert_eq!(stamps.of_follow_up().unwrap(), at(101));
        assert_eq!(stamps.of_follow_up().unwrap(), at(102));
        assert_eq!(stamps.of_command().unwrap(), at(200));
    }

    #[test]
    fn a_stepping_clock_steps() {
        let mut clock = ScriptedClock::stepping(at(7), 1_000);
        let given: Vec<i64> = (0..3).map(|_| clock.now().unwrap().micros()).collect();
        assert_eq!(given, [7, 1_007, 2_007]);
    }

    #[test]
    fn the_end_of_time_is_a_fault() {
        let last: Timestamp = "2200-12-31T23:59:59.999999+08:00".parse().unwrap();
        let mut stamps = Stamps::after(Some(last), Box::new(SystemClock));
        assert!(matches!(stamps.of_command(), Err(Fault::Clock(_))));
    }

    #[test]
    fn the_machine_has_a_clock() {
        assert!(at(0) < SystemClock.now().unwrap());
    }
}
