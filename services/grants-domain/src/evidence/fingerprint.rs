//! Fingerprints: the one text of one thing, so that it is paid once however it is typed (A-04, I-06).
//!
//! | kind | text |
//! |---|---|
//! | `invoice` | an [`InvoiceKey`] |
//! | `tickets` | `train:NUMBER:DAY`, the day being that of the tickets |
//! | `loan` | `loan:CONTRACT`, of the contract's number only letters and digits |
//! | `balance`, `document` | `balance:NUMBER`, `document:NUMBER` |
//!
//! All but invoices are written half-width, in capitals and without blanks.

use crate::{
    tables::{Claimed, EvidenceKind},
    values::{Date, InvoiceKey, Reason, Text, ValueError, fold_full_width},
};

/// Most letters before the digits of a train's number, and most digits.
const TRAIN_LETTERS_MAX: usize = 2;
/// See [`TRAIN_LETTERS_MAX`].
const TRAIN_DIGITS_MAX: usize = 5;

/// Whether the key of a piece is the one text of the thing.
#[must_use]
pub fn is_canonical(piece: &Claimed) -> bool {
    let key = piece.key.as_str();
    let number = match piece.kind {
        EvidenceKind::Invoice => return crate::subject::canonical::<InvoiceKey>(key),
        EvidenceKind::Tickets => key.strip_prefix("train:").and_then(|rest| rest.rsplit_once(':')),
        EvidenceKind::Loan | EvidenceKind::Balance | EvidenceKind::Document => key.split_once(':'),
    };
    let number = number.map(|(before, behind)| match piece.kind {
        EvidenceKind::Tickets => before,
        EvidenceKind::Invoice | EvidenceKind::Loan | EvidenceKind::Balance | EvidenceKind::Document => behind,
    });
    number.is_some_and(|number| written(piece.kind, number, piece.date).is_ok_and(|one| one == piece.key))
}

/// The fingerprint of a thing from its number as people write it, and its day.
///
/// # Errors
/// The number has no such form; an invoice is read by [`InvoiceKey`], which knows its parts.
pub fn written(kind: EvidenceKind, number: &str, day: Date) -> Result<Text<60>, ValueError> {
    let folded = fold_full_width(number).split_whitespace().collect::<String>().to_uppercase();
    match kind {
        EvidenceKind::Invoice => number.parse::<InvoiceKey>()?.to_string(),
        EvidenceKind::Tickets if is_train(&folded) => format!("train:{folded}:{day}"),
        EvidenceKind::Tickets => return Err(form("train number", "G1001")),
        EvidenceKind::Loan => {
            let plain: String = folded.chars().filter(|one| one.is_alphanumeric()).collect();
            if plain.is_empty() {
                return Err(form("loan contract", "DK2025001"));
            }
            format!("loan:{plain}")
        }
        EvidenceKind::Balance | EvidenceKind::Document if folded.is_empty() => {
            return Err(form("document", "DK2025001/1"));
        }
        EvidenceKind::Balance | EvidenceKind::Document => format!("{kind}:{folded}"),
    }
    .parse()
}

fn form(what: &'static str, expected: &'static str) -> ValueError {
    ValueError { what, reason: Reason::Form { expected } }
}

/// Letters, then digits that begin with none of zero: `G1001`, `Y401`, `1461`.
fn is_train(number: &str) -> bool {
    let digits = number.trim_start_matches(|one: char| one.is_ascii_uppercase());
    let letters = number.len().saturating_sub(digits.len());
    letters <= TRAIN_LETTERS_MAX
        && (1..=TRAIN_DIGITS_MAX).contains(&digits.len())
        && digits.chars().all(|one| one.is_ascii_digit())
        && !digits.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: &str = "2025-04-05";

    fn of(kind: EvidenceKind, number: &str) -> Result<String, ValueError> {
        written(kind, number, DAY.parse().unwrap()).map(|key| key.to_string())
    }

    #[test]
    fn one_thing_has_one_text() {
        let invoice = "digital:24410000000000000001";
        assert_eq!(of(EvidenceKind::Invoice, invoice).unwrap(), invoice);
        for number in ["G1001", "g1001", "Ｇ１００１", " G 1001 "] {
            assert_eq!(of(EvidenceKind::Tickets, number).unwrap(), "train:G1001:2025-04-05", "{number}");
        }
        for number in ["DK-2025-1", "dk 2025 1", "ＤＫ２０２５１", "DK/2025.1", "dk〔2025〕1"] {
            assert_eq!(of(EvidenceKind::Loan, number).unwrap(), "loan:DK20251", "{number}");
        }
        assert_eq!(of(EvidenceKind::Balance, "dk-1/1").unwrap(), "balance:DK-1/1");
        for number in ["", "G", "G0100", "ABC1", "G123456", "G1001/4"] {
            assert!(of(EvidenceKind::Tickets, number).is_err(), "{number}");
        }
        assert!(of(EvidenceKind::Loan, "—/—").is_err() && of(EvidenceKind::Document, " ").is_err());
    }

    #[test]
    fn another_text_is_no_fingerprint() {
        let piece = |kind: EvidenceKind, key: &str| Claimed {
            kind,
            key: key.parse().unwrap(),
            date: DAY.parse().unwrap(),
            until: None,
            amount: crate::values::Fen::ZERO,
            seller: None,
        };
        let sound = [
            (EvidenceKind::Invoice, "paper:4100194130:01234567"),
            (EvidenceKind::Tickets, "train:G1001:2025-04-05"),
            (EvidenceKind::Loan, "loan:DK20251"),
            (EvidenceKind::Balance, "balance:DK-1/1"),
            (EvidenceKind::Document, "document:豫工信2025-7"),
        ];
        for (kind, key) in sound {
            assert!(is_canonical(&piece(kind, key)), "{key}");
            for (other, _) in sound.iter().filter(|(other, _)| *other != kind) {
                assert!(!is_canonical(&piece(*other, key)), "{key} is no {other}");
            }
        }
        let others = [
            (EvidenceKind::Invoice, "24410000000000000001"),
            (EvidenceKind::Invoice, "inv:24410000000000000001"),
            (EvidenceKind::Invoice, "digital;24410000000000000001"),
            (EvidenceKind::Tickets, "train:G1001:2025-04-06"),
            (EvidenceKind::Tickets, "train:g1001:2025-04-05"),
            (EvidenceKind::Tickets, "tickets:G1001"),
            (EvidenceKind::Loan, "loan:DK-20251"),
            (EvidenceKind::Loan, "LOAN:DK20251"),
            (EvidenceKind::Loan, "loan:dk20251"),
            (EvidenceKind::Balance, "balance:dk-1/1"),
            (EvidenceKind::Document, "document:"),
        ];
        for (kind, key) in others {
            assert!(!is_canonical(&piece(kind, key)), "{key}");
        }
    }
}
