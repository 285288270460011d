//! The worked example of `docs/reference/log-format.md` is the stored one, to the byte.

use crate::golden;

#[test]
fn the_envelope_on_the_page_is_the_golden_one() {
    let page = include_str!("../../../../docs/reference/log-format.md");
    let (_, section) = page.split_once("## The envelope").unwrap();
    let block = section.split("```").nth(1).unwrap();
    let is_byte = |word: &&str| word.len() == 2 && word.bytes().all(|letter| letter.is_ascii_hexdigit());
    // A line is bytes and then, behind two spaces or more, what they mean.
    let hex = block.lines().map(|line| line.split("  ").next().unwrap());
    let shown: Vec<u8> = hex
        .flat_map(str::split_whitespace)
        .filter(is_byte)
        .map(|word| u8::from_str_radix(word, 16).unwrap())
        .collect();
    let stored = golden::envelopes();
    let stored = &stored.first().unwrap().bytes.0;
    assert!(100 < shown.len());
    assert_eq!(stored.get(..shown.len()), Some(shown.as_slice()));
}
