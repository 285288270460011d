//! The rule's own examples, other forms, and amounts and texts of every zero pattern.

use proptest::prelude::*;

use super::*;

fn fen(text: &str) -> Fen {
    text.parse().unwrap()
}

/// Amount, the form we write, and other forms we read.
const FORMS: [(&str, &str, &[&str]); 21] = [
    ("1409.50", "壹仟肆佰零玖元伍角", &["壹仟肆佰零玖元伍角整", "壹仟肆佰零玖元伍角正"]),
    ("6007.14", "陆仟零柒元壹角肆分", &["陸仟零柒圓壹角肆分"]),
    ("1680.32", "壹仟陆佰捌拾元零叁角贰分", &["壹仟陆佰捌拾元叁角贰分", "壹仟陸佰捌拾圆叁角貳分"]),
    (
        "107000.53",
        "壹拾万柒仟元零伍角叁分",
        &["壹拾万零柒仟元伍角叁分", "壹拾万零柒仟元零伍角叁分", "壹拾万柒仟元伍角叁分"],
    ),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分", &[]),
    ("325.04", "叁佰贰拾伍元零肆分", &[]),
    ("0.00", "零元整", &["零元正"]),
    ("0.05", "伍分", &[]),
    ("0.50", "伍角", &["伍角整", "伍角正"]),
    ("0.55", "伍角伍分", &[]),
    ("10.00", "壹拾元整", &["壹拾元正", "壹拾圆整"]),
    ("10.01", "壹拾元零壹分", &[]),
    ("3000000.00", "叁佰万元整", &["叁佰萬元整"]),
    ("10000500.00", "壹仟万零伍佰元整", &[]),
    ("100050.10", "壹拾万零伍拾元零壹角", &["壹拾万零伍拾元壹角整"]),
    ("100005000.00", "壹亿零伍仟元整", &["壹亿伍仟元整", "壹億零伍仟元正"]),
    ("100000005.00", "壹亿零伍元整", &[]),
    (
        "1010101010.10",
        "壹拾亿壹仟零壹拾万壹仟零壹拾元零壹角",
        &["壹拾亿零壹仟零壹拾万零壹仟零壹拾元零壹角", "壹拾亿壹仟零壹拾万零壹仟零壹拾元壹角"],
    ),
    ("1000000000000.00", "壹万亿元整", &[]),
    ("1000500000000.00", "壹万零伍亿元整", &[]),
    ("9999999999999.99", "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分", &[]),
];

#[test]
fn the_canonical_form_and_the_others() {
    for (amount, canonical, others) in FORMS {
        assert_eq!(in_capitals(fen(amount)), format!("人民币{canonical}"), "{amount}");
        for form in others.iter().chain([&canonical]) {
            assert_eq!(parse_capitals(&format!("人民币{form}")), Ok(fen(amount)), "{form}");
        }
    }
}

/// Text, and the position of the first fault.
const FAULTS: [(&str, usize); 28] = [
    ("壹元整", 1),
    ("人民币 壹元整", 4),
    ("人民币", 4),
    ("人民币：壹元整", 4),
    ("￥1.00", 1),
    ("人民币壹元", 6),
    ("人民币拾元整", 4),
    ("人民币一元整", 4),
    ("人民币两元整", 4),
    ("人民币壹元伍分", 6),
    ("人民币壹元零伍角", 6),
    ("人民币壹元零伍分整", 9),
    ("人民币壹元壹分整", 6),
    ("人民币壹仟零玖拾零元整", 9),
    ("人民币壹仟玖元整", 6),
    ("人民币壹仟零零玖元整", 7),
    ("人民币壹佰壹仟元整", 5),
    ("人民币壹元壹元整", 4),
    ("人民币壹角壹元", 5),
    ("人民币壹万零壹", 8),
    ("人民币壹壹元整", 5),
    ("人民币零元伍角", 4),
    ("人民币零", 5),
    ("人民币元整", 4),
    ("人民币壹亿壹亿元整", 4),
    ("人民币壹元整整", 7),
    ("人民币壹拾万柒仟元零零伍角", 11),
    ("人民币壹百元整", 5),
];

#[test]
fn what_is_not_by_the_rules_says_where() {
    let found = FAULTS.map(|(text, _)| (text, parse_capitals(text).unwrap_err().position().unwrap_or(0)));
    assert_eq!(found, FAULTS);
}

#[test]
fn limits_are_named() {
    assert_eq!(parse_capitals("").unwrap_err().reason, Reason::Empty);
    assert_eq!(parse_capitals(&"壹".repeat(61)).unwrap_err().reason, Reason::TooLong { max: 60 });
    assert_eq!(parse_capitals("人民币壹拾万亿元整").unwrap_err().code(), "value-out-of-range");
    assert_eq!(
        parse_capitals(&format!("人民币玖{}", "亿".repeat(50))).unwrap_err().reason,
        Reason::Reading { at: 6 }
    );
    assert_eq!(
        parse_capitals(&format!("人民币{}", "玖仟万万万亿".repeat(9))).unwrap_err().code(),
        "value-out-of-range"
    );
    let longest = in_capitals(Fen::MAX).chars().count();
    assert!(longest < CAPITALS_CHARACTERS_MAX, "{longest}");
}

/// Amounts with many zeros: each digit is zero half of the time.
fn sparse() -> impl Strategy<Value = Fen> {
    proptest::collection::vec(prop_oneof![Just(0_i64), 1_i64..=9], 1..=15)
        .prop_map(|digits| Fen::new(digits.into_iter().fold(0, |sum, digit| sum * 10 + digit)).unwrap())
}

#[test]
fn every_amount_up_to_ten_thousand_yuan_reads_back() {
    for amount in (0..1_000_000).step_by(7).chain(0..20_000) {
        let amount = Fen::new(amount).unwrap();
        assert_eq!(parse_capitals(&in_capitals(amount)), Ok(amount));
    }
}

#[test]
fn every_pattern_of_zeros_has_forms_of_its_own() {
    let mut seen = std::collections::BTreeMap::new();
    for pattern in 0_u32..1 << 15 {
        let digits = (0..15).rev().map(|place| i64::from(pattern >> place & 1) * (i64::from(place) % 9 + 1));
        let amount = Fen::new(digits.fold(0, |sum, digit| sum * 10 + digit)).unwrap();
        for form in accepted_forms(amount) {
            let earlier = seen.insert(form, amount);
            assert!(earlier.is_none_or(|earlier| earlier == amount), "{amount} is written like another");
        }
    }
}

proptest! {
    #[test]
    fn every_form_of_a_sparse_amount_reads_back(amount in sparse()) {
        for form in accepted_forms(amount) {
            prop_assert_eq!(parse_capitals(&form), Ok(amount), "{}", form);
        }
    }

    #[test]
    fn any_amount_reads_back(amount in 0..=Fen::MAX.get()) {
        let amount = Fen::new(amount).unwrap();
        prop_assert_eq!(parse_capitals(&in_capitals(amount)), Ok(amount));
    }

    #[test]
    fn no_two_zeros_stand_together(amount in sparse()) {
        prop_assert!(!in_capitals(amount).contains("零零"));
        prop_assert_eq!(in_capitals(amount).ends_with('整'), amount.get() % 100 == 0);
    }

    #[test]
    fn no_text_panics(text in "(人民币)?[零壹贰玖拾佰仟万亿元角分整正]{0,57}") {
        if let Ok(amount) = parse_capitals(&text) {
            prop_assert!(accepted_forms(amount).any(|form| form == text));
        }
    }
}
