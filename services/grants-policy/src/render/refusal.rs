//! The sentence of a refusal.

use super::{
    Language,
    teller::people,
    template::{self, Slot},
};
use crate::{
    catalogue::{Catalogue, Measure, Parameter},
    source::measure::FactType,
};
use grants_domain::{refusal::Refused, trace::FactValue};

/// The sentence of a refusal: that of the rule that refused, else that of the code.
pub(super) fn refusal(catalogue: &Catalogue, refused: &Refused, language: Language) -> String {
    let measure = home(catalogue, refused);
    let own = refused.rule.as_ref().and_then(|rule| measure?.lines.get(rule));
    let unmet = own.and_then(|line| language.say(&line.say).unmet.as_ref());
    match unmet {
        Some(template) => fill_details(catalogue, measure, refused, template, language),
        None => of_code(catalogue, measure, refused, language),
    }
}

fn home<'a>(catalogue: &'a Catalogue, refused: &Refused) -> Option<&'a Measure> {
    let id = catalogue.homes.get(refused.rule.as_ref()?)?;
    catalogue.measures.get(id).map(|measure| &**measure)
}

pub(super) fn of_code(
    catalogue: &Catalogue,
    measure: Option<&Measure>,
    refused: &Refused,
    language: Language,
) -> String {
    let code = refused.code.word();
    match catalogue.refusals.iter().find(|(key, _)| key.as_str() == code) {
        Some((_, both)) => fill_details(catalogue, measure, refused, language.of(both), language),
        None => code.to_owned(),
    }
}

fn fill_details(
    catalogue: &Catalogue,
    measure: Option<&Measure>,
    refused: &Refused,
    template: &str,
    language: Language,
) -> String {
    let value = |slot: Slot<'_>| {
        if slot.name == "rule" {
            return refused.rule.as_ref().map(ToString::to_string);
        }
        let text = refused.detail(slot.name)?;
        if slot.name == "fact" {
            return Some(fact_title(catalogue, measure, text, language));
        }
        Some(people(catalogue, &typed(measure, slot.name, text), slot, language))
    };
    template::write(template, &value)
}

/// The name of a fact for people; facts of one name have one meaning in a catalogue.
fn fact_title(catalogue: &Catalogue, measure: Option<&Measure>, name: &str, language: Language) -> String {
    let all = catalogue.measures.values().map(|measure| &**measure);
    let mut facts = measure.into_iter().chain(all).flat_map(|measure| &measure.file.facts);
    let found = facts.find(|fact| fact.name.as_str() == name);
    match (found, catalogue.words.get(name)) {
        (Some(fact), _) => language.of(&fact.title).to_owned(),
        (None, Some(word)) => language.of(word).to_owned(),
        (None, None) => name.to_owned(),
    }
}

/// Details are texts. Those that the catalogue types, and those that look like an amount, are told as such.
fn typed(measure: Option<&Measure>, name: &str, text: &str) -> FactValue {
    let declared =
        measure.and_then(|measure| measure.file.facts.iter().find(|fact| fact.name.as_str() == name));
    let value = measure.and_then(|measure| measure.values.iter().find(|(key, _)| key.as_str() == name));
    let is_money = match (declared, value.and_then(|(_, dated)| dated.all.first())) {
        (Some(fact), _) => fact.kind == FactType::Money,
        (None, Some(held)) => matches!(held.value, Parameter::Money(_)),
        (None, None) => text.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 2),
    };
    match text.parse() {
        Ok(fen) if is_money => FactValue::Money(fen),
        Ok(_) | Err(_) => crate::walk::word(text),
    }
}
