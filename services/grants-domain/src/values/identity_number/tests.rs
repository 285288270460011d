//! Identity numbers: samples of the standard, synthetic numbers, and what must not be shown.

use proptest::prelude::*;

use super::*;

const VALID: [&str; 5] = [
    "11010519491231002X",
    "440524188001010014",
    "34052419800101001X",
    "411702199001010016",
    "411729200002290027",
];

fn identity(number: &str) -> IdentityNumber {
    number.parse().unwrap()
}

fn reason(number: &str) -> Reason {
    number.parse::<IdentityNumber>().unwrap_err().reason
}

#[test]
fn known_numbers_are_valid() {
    for number in VALID {
        assert_eq!(identity(number).reveal(), number);
        assert!(!identity(number).is_legacy());
    }
    assert_eq!(identity("411729200002290027").birth_date(), Date::new(2000, 2, 29).ok());
    assert_eq!(identity("440524188001010014").birth(), (1880, 1, 1));
    assert_eq!(identity("440524188001010014").birth_date(), None);
    assert_eq!(identity("411702199001010016").first_region(), "411702");
}

#[test]
fn one_wrong_digit_never_passes() {
    for number in VALID {
        for place in 0..18 {
            for other in "0123456789X".chars() {
                let changed = format!("{}{other}{}", &number[..place], &number[place + 1..]);
                assert_eq!(changed.parse::<IdentityNumber>().is_ok(), changed == number, "{changed}");
            }
        }
    }
}

#[test]
fn old_papers_carry_fifteen_digits() {
    let legacy = identity("412825491231002");
    assert!(legacy.is_legacy());
    assert_eq!(legacy.birth(), (1949, 12, 31));
    assert_eq!(identity("110105491231002").current_form(), identity("11010519491231002X"));
    // Sequence numbers from 996 on were kept for people born in the 19th century.
    assert_eq!(identity("412825991231998").birth(), (1899, 12, 31));
    assert_eq!(reason("412825490230002"), Reason::NoSuchDate);
    assert_eq!(reason("41282549123100X"), Reason::Character { at: 15, found: None });
}

#[test]
fn lower_case_is_normalised_on_request_only() {
    assert_eq!(reason("11010519491231002x"), Reason::NotNormalised { at: 18 });
    let read = IdentityNumber::normalise(" １1010519491231002x").unwrap();
    assert_eq!(read.value.reveal(), "11010519491231002X");
    assert_eq!(read.raw, " １1010519491231002x");
}

#[test]
fn other_faults_say_why() {
    assert_eq!(reason(""), Reason::Empty);
    assert_eq!(reason("1101051949123100").code(), "value-length");
    assert_eq!(reason("110105194912310020"), Reason::CheckFailed { standard: "GB 11643" });
    assert_eq!(reason("110105194902300023"), Reason::NoSuchDate);
    assert_eq!(reason("110105174912310020").code(), "value-out-of-range");
    assert_eq!(reason("1101051949123100２X"), Reason::FullWidth { at: 17 });
    assert_eq!(reason("110105X9491231002X"), Reason::Character { at: 7, found: None });
}

#[test]
fn nothing_shows_the_number_by_accident() {
    let number = identity("411702199001010016");
    for shown in [format!("{number:?}"), format!("{:?}", Some(&number)), format!("{number:#?}")] {
        assert!(!shown.contains("4117") && !shown.contains("1990") && !shown.contains("0016"), "{shown}");
    }
    assert_eq!(number.masked(), "4117************16");
    assert_eq!(identity("412825491231002").masked(), "4128*********02");
    for json in ["411702199001010016", "-411702199001010016", "4117021990010100160000000", "4.1e17"] {
        let error = serde_json::from_str::<IdentityNumber>(json).unwrap_err().to_string();
        assert!(error.contains("a number was given") && !error.contains("41170"), "{error}");
    }
    let error = serde_json::from_str::<IdentityNumber>("\"41170219900101001X\"").unwrap_err().to_string();
    assert!(error.contains("GB 11643") && !error.contains("4117"), "{error}");
}

proptest! {
    #[test]
    fn text_and_back(region in "[1-9][0-9]{5}", days in Date::MIN.days()..=Date::MAX.days(), last in 0..1000) {
        let birth = Date::from_days(days).unwrap();
        let most = format!("{region}{}{last:03}", birth.to_string().replace('-', ""));
        let whole = format!("{most}{}", char::from(check_character(most.as_bytes())));
        let number = identity(&whole);
        prop_assert_eq!(number.reveal(), whole);
        prop_assert_eq!(number.birth_date(), Some(birth));
        let json = serde_json::to_string(&number).unwrap();
        prop_assert_eq!(serde_json::from_str::<IdentityNumber>(&json).unwrap(), number);
    }

    #[test]
    fn no_text_panics(text in "[0-9Xx０]{14,19}") {
        let _ = text.parse::<IdentityNumber>();
        let _ = IdentityNumber::normalise(&text);
    }
}
