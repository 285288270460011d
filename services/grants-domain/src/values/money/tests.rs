//! Amounts as people and files write them.

use proptest::prelude::*;

use super::*;

fn fen(text: &str) -> i64 {
    text.parse::<Fen>().unwrap().get()
}

fn reason(text: &str) -> Reason {
    text.parse::<Fen>().unwrap_err().reason
}

/// The fault of a character that may not stand there.
fn character(at: usize, found: char) -> Reason {
    Reason::Character { at, found: Some(found) }
}

#[test]
fn amounts_are_read_in_yuan() {
    assert_eq!(fen("3000000.00"), 300_000_000);
    assert_eq!(fen("3000000"), 300_000_000);
    assert_eq!(fen("0.5"), 50);
    assert_eq!(fen("0.05"), 5);
    assert_eq!(fen("0"), 0);
    assert_eq!(fen("9999999999999.99"), Fen::MAX.get());
}

#[test]
fn what_is_not_an_amount_says_why_and_where() {
    assert_eq!(reason(""), Reason::Empty);
    assert_eq!(reason("-1.00"), character(1, '-'));
    assert_eq!(reason("+1.00"), character(1, '+'));
    assert_eq!(reason("1,000.00"), character(2, ','));
    assert_eq!(reason("1e6"), character(2, 'e'));
    assert_eq!(reason("1.0.0"), character(4, '.'));
    assert_eq!(reason(".50"), character(1, '.'));
    assert_eq!(reason(" 1"), character(1, ' '));
    assert_eq!(reason("¥1"), character(1, '¥'));
    assert_eq!(reason("1０.00"), Reason::FullWidth { at: 2 });
    assert_eq!(reason("1．00"), Reason::FullWidth { at: 2 });
    assert_eq!(reason("1."), Reason::Form { expected: "3000000.00" });
    assert_eq!(reason("01.00"), Reason::Form { expected: "3000000.00" });
    assert_eq!(reason("1.001"), Reason::Decimals { max: 2 });
    assert_eq!(reason("1.000"), Reason::Decimals { max: 2 });
    assert_eq!(reason("12345678901234.56"), Reason::Digits { max: 15 });
    assert_eq!(reason("100000000000000"), Reason::OutOfRange { range: "0.00 to 9999999999999.99" });
    assert_eq!(reason(&"9".repeat(100)), Reason::Digits { max: 15 });
}

#[test]
fn amounts_are_written_with_two_decimals() {
    let three_million = Fen::new(300_000_000).unwrap();
    assert_eq!(three_million.to_string(), "3000000.00");
    assert_eq!(three_million.grouped(), "3,000,000.00");
    assert_eq!(Fen::new(7).unwrap().to_string(), "0.07");
    assert_eq!(Fen::new(99_999).unwrap().grouped(), "999.99");
    assert_eq!(Fen::new(100_000).unwrap().grouped(), "1,000.00");
    assert_eq!(Fen::MAX.grouped(), "9,999,999,999,999.99");
}

#[test]
fn arithmetic_stops_at_both_ends() {
    let one = Fen::new(1).unwrap();
    assert_eq!(Fen::MAX.checked_add(one), None);
    assert_eq!(Fen::ZERO.checked_sub(one), None);
    assert_eq!(Fen::ZERO.saturating_sub(one), Fen::ZERO);
    assert_eq!(Fen::new(-1).unwrap_err().code(), "value-out-of-range");
    assert_eq!(Fen::new(i64::MAX).unwrap_err().code(), "value-out-of-range");
    assert_eq!(Fen::sum([Fen::MAX; 20_000]), 20_000 * 999_999_999_999_999);
    assert_eq!(Fen::from_i128(i128::MAX).unwrap_err().code(), "value-out-of-range");
    assert_eq!(Fen::from_i128(12), Fen::new(12));
}

#[test]
fn differences_have_a_sign() {
    let less = SignedFen::difference(Fen::ZERO, Fen::new(300_000_000).unwrap());
    assert_eq!(less.to_string(), "-3000000.00");
    assert_eq!(less.grouped(), "-3,000,000.00");
    assert_eq!("-3000000.00".parse::<SignedFen>(), Ok(less));
    assert_eq!("3.00".parse::<SignedFen>().unwrap().get(), 300);
    assert_eq!("-0.00".parse::<SignedFen>().unwrap_err().code(), "value-form");
    assert_eq!("--1".parse::<SignedFen>().unwrap_err().position(), Some(2));
    assert_eq!(less.checked_add(SignedFen::new(300_000_001).unwrap()), SignedFen::new(1).ok());
    assert_eq!(SignedFen::new(i64::MIN).unwrap_err().code(), "value-out-of-range");
}

#[test]
fn json_takes_text_and_no_number() {
    assert_eq!(serde_json::to_string(&Fen::new(5).unwrap()).unwrap(), "\"0.05\"");
    assert_eq!(serde_json::from_str::<Fen>("\"0.05\"").unwrap().get(), 5);
    for json in ["5", "0.05", "3000000.00", "null", "[]"] {
        assert!(serde_json::from_str::<Fen>(json).is_err(), "{json}");
    }
}

proptest! {
    #[test]
    fn text_and_back(amount in 0..=Fen::MAX.get()) {
        let amount = Fen::new(amount).unwrap();
        prop_assert_eq!(amount.to_string().parse::<Fen>(), Ok(amount));
        prop_assert_eq!(amount.grouped().replace(',', ""), amount.to_string());
    }

    #[test]
    fn signed_text_and_back(amount in -Fen::MAX.get()..=Fen::MAX.get()) {
        let amount = SignedFen::new(amount).unwrap();
        prop_assert_eq!(amount.to_string().parse::<SignedFen>(), Ok(amount));
    }

    #[test]
    fn what_is_read_is_what_was_written(whole in 0_i64..=99_999_999_999, cents in 0_i64..=99) {
        let text = format!("{whole}.{cents:02}");
        prop_assert_eq!(text.parse::<Fen>().unwrap().get(), whole * 100 + cents);
    }

    #[test]
    fn no_text_panics(text in "[0-9.０-９eE+,-]{0,40}") {
        let _ = text.parse::<Fen>();
    }
}
