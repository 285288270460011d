//! Invoices in other spellings are the same invoice.

use proptest::prelude::*;

use super::*;

#[test]
fn each_kind_has_one_text() {
    let digital = InvoiceKey::digital("25412000000012345678").unwrap();
    assert_eq!(digital.to_string(), "digital:25412000000012345678");
    assert!(digital.is_digital() && digital.code().is_none());
    let paper = InvoiceKey::paper("4100194130", "01234567").unwrap();
    assert_eq!(paper.to_string(), "paper:4100194130:01234567");
    assert_eq!((paper.code(), paper.number()), (Some("4100194130"), "01234567"));
    let roll = InvoiceKey::paper("041001900211", "01234567").unwrap();
    assert_eq!(roll.to_string(), "paper:041001900211:01234567");
}

#[test]
fn other_spellings_are_the_same_invoice() {
    let paper = InvoiceKey::paper("4100194130", "01234567").unwrap();
    assert_eq!(InvoiceKey::paper("４１００194130", "0123 4567"), Ok(paper.clone()));
    assert_eq!(InvoiceKey::paper("004100194130", "01234567"), Ok(paper.clone()));
    assert_eq!(InvoiceKey::paper(" 4100194130\u{3000}", "０1234567"), Ok(paper.clone()));
    assert_eq!(InvoiceKey::normalise("paper：4100194130：01234567").unwrap().value, paper);
    let digital = InvoiceKey::digital("25412000000012345678").unwrap();
    assert_eq!(InvoiceKey::digital("２5412000 0000 1234 5678"), Ok(digital));
    // A code of the central authority begins with five zeros and is no padded one.
    assert_eq!(InvoiceKey::paper("000001900211", "01234567").unwrap().code(), Some("000001900211"));
}

#[test]
fn zeros_before_other_parts_are_refused() {
    let digital = InvoiceKey::digital("0025412000000012345678").unwrap_err();
    assert_eq!(digital.reason, Reason::Length { found: 22, expected: "20 digits" });
    let number = InvoiceKey::paper("4100194130", "0012345678").unwrap_err();
    assert_eq!(number.reason, Reason::Length { found: 10, expected: "8 digits for the number" });
    // A spreadsheet has eaten the leading zero.
    let number = InvoiceKey::paper("4100194130", "1234567").unwrap_err();
    assert_eq!(number.reason, Reason::Length { found: 7, expected: "8 digits for the number" });
}

#[test]
fn only_the_canonical_text_is_parsed() {
    let reason = |text: &str| text.parse::<InvoiceKey>().unwrap_err().reason;
    assert_eq!(reason(""), Reason::Empty);
    for text in ["25412000000012345678", "digital:1:2", "paper:4100194130", "other:1", "Digital:1"] {
        assert_eq!(reason(text), Reason::Form { expected: FORM }, "{text}");
    }
    assert_eq!(reason("digital:２5412000000012345678"), Reason::NotNormalised { at: 9 });
    assert_eq!(reason("paper:004100194130:01234567"), Reason::NotNormalised { at: 7 });
    assert_eq!(reason("digital:2541200000001234567x"), Reason::Character { at: 20, found: Some('x') });
    assert_eq!(reason("paper:41001941300:01234567").code(), "value-length");
    assert!(serde_json::from_str::<InvoiceKey>("25412000000012345678").is_err());
}

proptest! {
    #[test]
    fn text_and_back(text in "digital:[0-9]{20}|paper:[1-9][0-9]{9}:[0-9]{8}|paper:[0-2][1-6][0-9]{10}:[0-9]{8}") {
        let key: InvoiceKey = text.parse().unwrap();
        prop_assert_eq!(key.to_string(), text);
        let json = serde_json::to_string(&key).unwrap();
        prop_assert_eq!(serde_json::from_str::<InvoiceKey>(&json).unwrap(), key);
    }

    #[test]
    fn no_text_panics(code in ".{0,14}", number in "[0-9０-９ ]{0,10}") {
        let _ = InvoiceKey::paper(&code, &number);
        let _ = InvoiceKey::normalise(&format!("paper:{code}:{number}"));
    }
}
