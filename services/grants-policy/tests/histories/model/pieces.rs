//! Evidence: the one text of a thing however it is typed, who brings it, what is left of it and who uses it.

use super::{Answer, ApplicationIs, Model, refuse};
use crate::{
    step::{Piece, Submit},
    told::Told,
};

/// A thing that was described at least once.
#[derive(Clone, Debug)]
pub(crate) struct Registered {
    pub(crate) key: String,
    kind: &'static str,
    day: i64,
    pub(crate) net: i128,
    pub(crate) voided: bool,
}

/// The one text of a thing, or nothing if no such number exists.
pub(crate) fn one_text(piece: &Piece) -> Option<String> {
    let plain: String = piece.typed.chars().map(half_width).filter(|one| !one.is_whitespace()).collect();
    match piece.kind {
        "invoice" => invoice(&plain),
        "tickets" => {
            let number = plain.to_uppercase();
            let letters = number.chars().take_while(char::is_ascii_uppercase).count();
            let digits = &number[letters..];
            let sound = letters <= 2
                && (1..=5).contains(&digits.len())
                && digits.chars().all(|one| one.is_ascii_digit())
                && !digits.starts_with('0');
            sound.then(|| format!("train:{number}:{}", super::day::text(piece.day)))
        }
        "loan" => {
            let number: String = plain.to_uppercase().chars().filter(|one| one.is_alphanumeric()).collect();
            (!number.is_empty()).then(|| format!("loan:{number}"))
        }
        kind => (!plain.is_empty()).then(|| format!("{kind}:{}", plain.to_uppercase())),
    }
}

/// Twenty digits, or a code of ten or twelve and a number of eight; `00` before a code of ten is dropped.
fn invoice(plain: &str) -> Option<String> {
    let digits = |text: &str| text.chars().all(|one| one.is_ascii_digit());
    match plain.split(':').collect::<Vec<_>>()[..] {
        ["digital", number] if number.len() == 20 && digits(number) => Some(plain.to_owned()),
        ["paper", code, number] if number.len() == 8 && digits(number) && digits(code) => {
            let padded = code.len() == 12 && code.starts_with("00") && !code.starts_with("0000");
            let code = if padded { &code[2..] } else { code };
            matches!(code.len(), 10 | 12).then(|| format!("paper:{code}:{number}"))
        }
        _ => None,
    }
}

/// Full-width letters, digits and signs have half-width ones beside them.
pub(super) fn half_width(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        '\u{3000}' => ' ',
        _ => letter,
    }
}

impl Model {
    fn registered(&self, key: &str) -> Option<&Registered> {
        self.pieces.iter().find(|one| one.key == key)
    }

    /// How many applications that wait, or whose award stands, bring it.
    pub(crate) fn holders(&self, key: &str) -> usize {
        let rests = |one: &&super::Application| match one.is {
            ApplicationIs::Waiting => true,
            ApplicationIs::Awarded => {
                self.award(&one.submit.application).is_ok_and(|award| self.awards[award].stands())
            }
            ApplicationIs::TurnedDown | ApplicationIs::Withdrawn => false,
        };
        let brings = |one: &&super::Application| one.keys.iter().any(|own| own == key);
        self.applications.iter().filter(brings).filter(rests).count()
    }

    /// Whether another description may take its place.
    fn is_free(&self, one: &Registered) -> bool {
        !one.voided && self.holders(&one.key) == 0
    }

    /// The keys of what an application brings; refuses what has no such number, or is described otherwise.
    pub(super) fn described(&self, submit: &Submit) -> Result<Vec<String>, super::Stop> {
        let mut keys = Vec::new();
        for piece in &submit.evidence {
            let Some(key) = one_text(piece) else {
                return refuse("evidence-unknown");
            };
            let standing = self.registered(&key).filter(|one| !self.is_free(one));
            let same =
                |one: &Registered| one.kind == piece.kind && one.day == piece.day && piece.amount <= one.net;
            if standing.is_some_and(|one| !same(one)) {
                return refuse("evidence-differs");
            }
            keys.push(key);
        }
        Ok(keys)
    }

    /// Writes down what an application brings.
    pub(super) fn describe(&mut self, submit: &Submit, keys: &[String]) {
        for (piece, key) in submit.evidence.iter().zip(keys) {
            if let Some(place) = self.pieces.iter().position(|one| one.key == *key) {
                if !self.is_free(&self.pieces[place]) {
                    continue;
                }
                self.pieces.remove(place);
            }
            let Piece { kind, day, amount, .. } = piece.clone();
            self.pieces.push(Registered { key: key.clone(), kind, day, net: amount, voided: false });
        }
    }

    /// What of an application's pieces counts: not what was voided whole, and never more than is left.
    pub(super) fn counting(&self, application: &super::Application) -> Vec<(String, Piece)> {
        let mut counting = Vec::new();
        for (piece, key) in application.submit.evidence.iter().zip(&application.keys) {
            let left = self.registered(key).map_or((piece.amount, false), |one| (one.net, one.voided));
            if left != (0, true) {
                counting.push((key.clone(), Piece { amount: piece.amount.min(left.0), ..piece.clone() }));
            }
        }
        counting
    }

    /// Whether a standing award other than this one uses a piece.
    pub(super) fn is_used(&self, key: &str, but: Option<usize>) -> bool {
        let others = self.awards.iter().enumerate().filter(|(place, _)| Some(*place) != but);
        others.filter(|(_, award)| award.stands()).any(|(_, award)| award.uses.iter().any(|one| one.0 == key))
    }

    pub(super) fn void(&mut self, piece: &Piece, net: i128) -> Answer {
        let key = one_text(piece).unwrap_or_else(|| piece.typed.clone());
        let Some(place) = self.pieces.iter().position(|one| one.key == key) else {
            return refuse("evidence-unknown");
        };
        let one = &mut self.pieces[place];
        if !(net < one.net || (net == 0 && !one.voided)) {
            return refuse("amount-not-less");
        }
        (one.net, one.voided) = (net, true);
        let mut told = vec![Told::Recorded("evidence.voided")];
        for award in 0..self.awards.len() {
            let application = self.application(&self.awards[award].name).unwrap();
            if self.applications[application].keys.contains(&key) {
                self.look_again(award, &mut told);
            }
        }
        Ok(told)
    }
}
