//! Canonical texts as bytes, put together without the machinery of formatting: events and rows are full of them.

use std::{fmt, io::Write as _};

/// A value whose text is made when it is needed.
///
/// Invariant: the bytes are those of its `Display`. (tests::bytes_are_those_of_the_text)
pub(crate) trait Plain: fmt::Display {
    /// Appends the bytes of the text.
    fn append_to(&self, out: &mut Vec<u8>) {
        // A vector takes every byte.
        drop(write!(out, "{self}"));
    }
}

/// A digit, of which the last decimal place counts.
pub(crate) fn digit(number: u64) -> u8 {
    b'0' + u8::try_from(number % 10).unwrap_or(0)
}

/// Appends a number in decimal digits.
pub(crate) fn append_number(number: u64, out: &mut Vec<u8>) {
    let start = out.len();
    let mut rest = number;
    loop {
        out.push(digit(rest));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if let Some(written) = out.get_mut(start..) {
        written.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        trace::FactValue,
        values::{Date, DatePeriod, Fen, Rate},
    };
    use proptest::prelude::*;

    fn same(value: &impl Plain) {
        let mut bytes = b"before ".to_vec();
        value.append_to(&mut bytes);
        assert_eq!(String::from_utf8(bytes).unwrap(), format!("before {value}"));
    }

    proptest! {
        #[test]
        fn bytes_are_those_of_the_text(
            fen in 0..=Fen::MAX.get(),
            days in Date::MIN.days()..=Date::MAX.days(),
            count in any::<u64>(),
        ) {
            let (fen, day) = (Fen::new(fen).unwrap(), Date::from_days(days).unwrap());
            same(&fen);
            same(&day);
            same(&DatePeriod::new(day, Date::MAX).unwrap());
            let rate: Rate = "3.1%".parse().unwrap();
            same(&rate);
            let word = "驻 马:店".parse().unwrap();
            for value in [
                FactValue::Money(fen),
                FactValue::Count(count),
                FactValue::Date(day),
                FactValue::Rate(rate),
                FactValue::Flag(count % 2 == 0),
                FactValue::Word(word),
                FactValue::Exact("1/300".parse().unwrap()),
            ] {
                same(&value);
            }
        }
    }

    #[test]
    fn ends_of_the_range() {
        for fen in [Fen::ZERO, Fen::new(9).unwrap(), Fen::new(100).unwrap(), Fen::MAX] {
            same(&fen);
        }
        same(&FactValue::Count(0));
        same(&FactValue::Count(u64::MAX));
    }
}
