//! K-04: who pays, by the proportion that stands recorded on the governing day, or the one treasury that benefits.

use super::{Case, WRONG_TYPE};
use crate::{model::Stop, step::Value};

/// Treasuries with their weights.
pub(crate) type Payers = Vec<(String, i128)>;

/// The most treasuries of one award, and the largest weight.
const MOST: (usize, i128) = (8, 10_000);

/// One treasury, of nine digits.
pub(super) fn one(treasury: &str) -> Result<Payers, Stop> {
    let sound = treasury.len() == 9 && treasury.chars().all(|one| one.is_ascii_digit());
    if sound { Ok(vec![(treasury.to_owned(), 1)]) } else { Err(WRONG_TYPE) }
}

/// `411702000:5 411700000:5`, each treasury once and each weight written in one way.
fn proportion(text: &str) -> Result<Payers, Stop> {
    let mut payers = Payers::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let (treasury, weight) = word.split_once(':').ok_or(WRONG_TYPE)?;
        let number: i128 = weight.parse().map_err(|_| WRONG_TYPE)?;
        let twice = payers.iter().any(|known| known.0 == treasury);
        if twice || number.to_string() != weight || !(1..=MOST.1).contains(&number) {
            return Err(WRONG_TYPE);
        }
        payers.extend(one(treasury)?.into_iter().map(|(treasury, _)| (treasury, number)));
    }
    if (1..=MOST.0).contains(&payers.len()) { Ok(payers) } else { Err(WRONG_TYPE) }
}

impl Case<'_> {
    /// Who pays, where the one who benefits is this.
    pub(super) fn payers(&self, treasury: &str, governing: i64) -> Result<Payers, Stop> {
        self.shares(governing)?.map_or_else(|| one(treasury), Ok)
    }

    /// The recorded proportion of a measure of document 15; its rents are the park's own.
    pub(super) fn shares(&self, governing: i64) -> Result<Option<Payers>, Stop> {
        let by_document = self.measure.starts_with('E') && self.measure != "E7";
        if !by_document || self.answer("K-04") == "one-treasury" {
            return Ok(None);
        }
        let about = |subject: String| self.model.fact_on(&subject, "benefiting_shares", governing, false);
        // An intermediary's is the one of the project that it brought.
        let found = match self.measure {
            "E2" => about(format!("project:{}", self.named("project_code")?)),
            _ => {
                let project = self.project.and_then(|own| about(format!("project:{}", own.code)));
                project.or_else(|| about(format!("enterprise:{}", self.enterprise.code)))
            }
        };
        match found {
            None => Ok(None),
            Some(Value::Word(text)) => proportion(text).map(Some),
            Some(_) => Err(WRONG_TYPE),
        }
    }
}
