//! Rights that can be used once: a train, a title, a centre.

use crate::{
    source::measure::ClaimSource,
    walk::{Found, Stop, Walk, plain},
};
use grants_domain::{
    refusal::{RefusalCode, Refused},
    state::get,
    subject,
    tables::{ClaimRow, Claims, EvidenceKind},
    values::{CreditCode, Slug},
};

impl<'a> Walk<'a> {
    /// Takes a once-only right, or refuses because another award has it.
    pub(crate) fn claim(&mut self, claim: &'a ClaimSource) -> Found<()> {
        if !self.applies(&claim.when) {
            return Ok(());
        }
        let template = self.choose(&claim.key)?;
        let key = self.filled(template)?;
        let holder = get::<Claims>(self.state, &key).filter(|row| Some(row.award) != self.ask.reviewing);
        if let Some(holder) = holder.map_or_else(|| self.held_before(template), |row| Ok(Some(row)))? {
            let refused = Refused::of(RefusalCode::AlreadyAwarded).by(&claim.rule).with("claim", &key);
            let refused = refused.with("award", holder.award).with("application", holder.application);
            return Err(Stop::Rejected(refused));
        }
        let Ok(key) = key.parse() else {
            return Err(Stop::Undecidable(Refused::of(RefusalCode::OutOfRange).by(&claim.rule)));
        };
        self.trace.claims.push(key);
        Ok(())
    }

    /// The right of an enterprise, if one that it came from holds it.
    fn held_before(&self, template: &str) -> Found<Option<ClaimRow>> {
        if !parts(template).contains(&Part::Name("enterprise")) {
            return Ok(None);
        }
        for one in &self.carried {
            let key = self.filled_for(template, &one.code)?;
            let holder = get::<Claims>(self.state, &key).filter(|row| Some(row.award) != self.ask.reviewing);
            if let Some(holder) = holder.filter(|row| one.before.is_none_or(|before| row.award.0 < before)) {
                return Ok(Some(holder));
            }
        }
        Ok(None)
    }

    /// A key with its names filled in. What people write in several ways has one text.
    pub(crate) fn filled(&self, template: &str) -> Found<String> {
        self.filled_for(template, &self.ask.enterprise.code)
    }

    fn filled_for(&self, template: &str, enterprise: &CreditCode) -> Found<String> {
        let mut key = String::new();
        for part in parts(template) {
            match part {
                Part::Text(text) => key.push_str(text),
                Part::Name("enterprise") => key.push_str(enterprise.as_str()),
                Part::Name("project") => {
                    let project = self.ask.project.ok_or_else(|| self.broken("project"))?;
                    key.push_str(&project.code.to_string());
                }
                Part::Name("year") => key.push_str(&self.governing.year().to_string()),
                Part::Name(name) if name.starts_with(EVIDENCE) => key.push_str(&self.piece_key(name)?),
                Part::Name(name) => {
                    let name: Slug = name.parse().map_err(|_| self.broken(name))?;
                    key.push_str(&folded(&plain(&self.need(&name)?)));
                }
            }
        }
        Ok(key)
    }

    /// The key of the one piece of evidence of a kind: the thing itself is the right.
    fn piece_key(&self, name: &str) -> Found<String> {
        let kind = evidence_kind(name).ok_or_else(|| self.broken(name))?;
        let mut pieces = self.pieces(kind);
        match (pieces.next(), pieces.next()) {
            (Some(piece), None) => Ok(folded(piece.key.as_str())),
            (None, _) => Err(self.none_of(kind, None)),
            (Some(_), Some(second)) => {
                Err(Stop::Rejected(Refused::of(RefusalCode::OutOfRange).with("evidence", &second.key)))
            }
        }
    }
}

/// Begins a name that stands for the key of a piece of evidence.
const EVIDENCE: &str = "evidence:";

/// The name behind `fact:`; nothing if the text is something else.
pub(crate) fn fact_named(text: &str) -> Option<&str> {
    text.strip_prefix("fact:")
}

/// The kind of evidence that `evidence:KIND` names.
pub(crate) fn evidence_kind(name: &str) -> Option<EvidenceKind> {
    name.strip_prefix(EVIDENCE)?.parse().ok()
}

/// One text for what people write in several ways: half-width, upper case, without blanks.
pub(crate) fn folded(text: &str) -> String {
    subject::folded(text)
}

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part<'t> {
    /// Text as it is.
    Text(&'t str),
    /// The name between braces.
    Name(&'t str),
}

/// Splits `T12.train:{train}:{arrival}` into texts and names. A brace without its partner is text.
pub(crate) fn parts(template: &str) -> Vec<Part<'_>> {
    let (mut parts, mut rest) = (Vec::new(), template);
    while let Some((text, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else {
            break;
        };
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        parts.push(Part::Name(name));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_has_one_text() {
        for text in ["G1234", "g1234", "Ｇ１２３４", " G 1234 "] {
            assert_eq!(folded(text), "G1234", "{text}");
        }
    }

    #[test]
    fn templates_are_texts_and_names() {
        let split = [Part::Text("T:"), Part::Name("a"), Part::Text(":"), Part::Name("b")];
        assert_eq!(parts("T:{a}:{b}"), split);
        assert_eq!(parts("T:{a"), [Part::Text("T:{a")]);
    }
}
