//! Exact amounts against worked examples and against plain integer arithmetic.

use proptest::prelude::*;

use super::*;

fn yuan(text: &str) -> Exact {
    Exact::from(text.parse::<Fen>().unwrap())
}

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

#[test]
fn five_percent_keeps_the_last_digit_until_it_is_rounded() {
    let exact = yuan("199999999.99").checked_mul_rate(rate("5%")).unwrap();
    assert_eq!(exact.to_string(), "9999999.9995");
    assert_eq!(exact.floor().unwrap().to_string(), "9999999.99");
    assert_eq!(exact.half_up().unwrap().to_string(), "10000000.00");
    assert_eq!(exact.ceil().unwrap().to_string(), "10000000.00");
    assert!(exact < "10000000.00".parse::<Fen>().unwrap());
    let above = yuan("200000000.01").checked_mul_rate(rate("5%")).unwrap();
    assert_eq!(above.to_string(), "10000000.0005");
    assert!("10000000.00".parse::<Fen>().map(|cap| above > cap).unwrap());
}

#[test]
fn interest_of_ninety_two_days() {
    // 10,000,000.00 at 3.10 %, half subsidised, 92 days; the year has 360 or 365 days.
    let on = |days| {
        yuan("10000000.00")
            .checked_mul_rate(rate("3.10%"))
            .and_then(|amount| amount.checked_mul_rate(rate("50%")))
            .and_then(|amount| amount.checked_mul(92))
            .and_then(|amount| amount.checked_div(days))
            .unwrap()
    };
    assert_eq!(on(360).to_string(), "39611.1111111111…");
    assert_eq!(on(360).floor().unwrap().to_string(), "39611.11");
    assert_eq!(on(365).half_up().unwrap().to_string(), "39068.49");
}

#[test]
fn the_text_for_people_has_two_to_ten_decimals() {
    let show = |numerator, denominator| Exact::new(numerator, denominator).unwrap().to_string();
    assert_eq!(show(0, 5), "0.00");
    assert_eq!(show(990_062_500, 9), "1100069.4444444444…");
    assert_eq!(show(1, 2), "0.005");
    assert_eq!(show(1, 100_000_000), "0.0000000001");
    assert_eq!(show(1, 1_000_000_000), "0.0000000000…");
    assert_eq!(show(EXACT_PART_MAX - 1, EXACT_PART_MAX), "0.0099999999…");
}

#[test]
fn there_is_no_answer_outside_the_range() {
    assert_eq!(Exact::new(1, 0), Err(ExactError::DivisionByZero));
    assert_eq!(Exact::new(-1, 1), Err(ExactError::Negative));
    assert_eq!(Exact::new(1, -1), Err(ExactError::Negative));
    assert_eq!(Exact::new(i128::MAX, 1), Err(ExactError::Overflow));
    assert_eq!(Exact::new(1, i128::MAX), Err(ExactError::Overflow));
    let large = Exact::new(EXACT_PART_MAX, 1).unwrap();
    assert_eq!(large.checked_mul(2), Err(ExactError::Overflow));
    assert_eq!(large.checked_mul(u64::MAX), Err(ExactError::Overflow));
    assert_eq!(large.checked_add(large), Err(ExactError::Overflow));
    assert_eq!(large.floor(), Err(ExactError::Overflow));
    assert_eq!(large.ceil(), Err(ExactError::Overflow));
    assert_eq!(large.half_up(), Err(ExactError::Overflow));
    assert_eq!(Exact::ZERO.checked_div(0), Err(ExactError::DivisionByZero));
    assert_eq!(Exact::ZERO.checked_sub(yuan("0.01")), Err(ExactError::Negative));
    let fine = Exact::new(1, EXACT_PART_MAX).unwrap();
    let other = Exact::new(1, EXACT_PART_MAX - 1).unwrap();
    assert_eq!(fine.checked_add(other), Err(ExactError::Overflow));
    assert_eq!(fine.checked_div(2), Err(ExactError::Overflow));
}

#[test]
fn comparing_cannot_overflow() {
    let fine = Exact::new(EXACT_PART_MAX - 1, EXACT_PART_MAX).unwrap();
    let finer = Exact::new(EXACT_PART_MAX - 2, EXACT_PART_MAX - 1).unwrap();
    assert!(finer < fine);
    assert!(fine < Exact::new(1, 1).unwrap());
    assert!(Exact::ZERO < Exact::new(1, EXACT_PART_MAX).unwrap());
    assert_eq!(Exact::new(2, 6).unwrap(), Exact::new(1, 3).unwrap());
    assert!(Exact::new(300, 3).unwrap() == Fen::new(100).unwrap());
}

#[test]
fn the_canonical_text_is_the_fraction() {
    let third = Exact::new(2, 6).unwrap();
    assert_eq!(third.fraction(), "1/3");
    assert_eq!(serde_json::to_string(&third).unwrap(), "\"1/3\"");
    assert_eq!(serde_json::from_str::<Exact>("\"1/3\"").unwrap(), third);
    assert!(serde_json::from_str::<Exact>("0.3").is_err());
    for text in ["2/6", "+1/3", "01/3", "1", "1/0", "-1/3", "1/3/3", "1.5/1", "a/b", "１/3"] {
        assert_eq!(text.parse::<Exact>().unwrap_err().code(), "value-form", "{text}");
    }
    assert_eq!("".parse::<Exact>().unwrap_err().code(), "value-empty");
}

fn small() -> impl Strategy<Value = (i128, i128)> {
    (0_i128..1_000_000_000_000, 1_i128..1_000_000)
}

proptest! {
    #[test]
    fn order_is_that_of_cross_products((a, b) in small(), (c, d) in small()) {
        let (left, right) = (Exact::new(a, b).unwrap(), Exact::new(c, d).unwrap());
        prop_assert_eq!(left.cmp(&right), (a * d).cmp(&(c * b)));
    }

    #[test]
    fn adding_and_taking_away((a, b) in small(), (c, d) in small()) {
        let (left, right) = (Exact::new(a, b).unwrap(), Exact::new(c, d).unwrap());
        let sum = left.checked_add(right).unwrap();
        prop_assert_eq!(sum, Exact::new(a * d + c * b, b * d).unwrap());
        prop_assert_eq!(sum.checked_sub(right).unwrap(), left);
    }

    #[test]
    fn rounding_modes_are_next_to_each_other((a, b) in small()) {
        let exact = Exact::new(a, b).unwrap();
        let (floor, ceil, half) = (exact.floor().unwrap(), exact.ceil().unwrap(), exact.half_up().unwrap());
        prop_assert_eq!(i128::from(floor.get()), a / b);
        prop_assert_eq!(i128::from(ceil.get()), (a + b - 1) / b);
        prop_assert_eq!(i128::from(half.get()), (2 * a + b) / (2 * b));
    }

    #[test]
    fn multiplying_and_dividing((a, b) in small(), factor in 1_u64..1_000_000) {
        let exact = Exact::new(a, b).unwrap();
        prop_assert_eq!(exact.checked_mul(factor).unwrap().checked_div(factor).unwrap(), exact);
    }

    #[test]
    fn text_and_back((a, b) in small()) {
        let exact = Exact::new(a, b).unwrap();
        prop_assert_eq!(exact.fraction().parse::<Exact>(), Ok(exact));
    }
}
