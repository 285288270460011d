//! Explanations as a person reads them: what the text says, then what is interpretation, never mixed.

use crate::output::Said;
use grants_domain::{refusal::Refused, trace::Trace};
use grants_files::{Lang, Texts};
use grants_policy::{Catalogue, End, Explanation, Language, Library};
use serde_json::{Value, json};

/// The language of the catalogue's sentences.
pub(crate) fn language(texts: &Texts) -> Language {
    match texts.lang() {
        Lang::Zh => Language::Zh,
        Lang::En => Language::En,
    }
}

/// Tells a trace and its end with the templates of the version that it pins.
pub(crate) fn explain(
    library: &Library,
    version: u32,
    trace: &Trace,
    end: &End<'_>,
    texts: &Texts,
) -> Option<Explanation> {
    Some(library.catalogue(version)?.explain(trace, end, language(texts)))
}

/// The sentence that says no: the one of the rule that refused.
pub(crate) fn last_sentence(
    catalogue: &Catalogue,
    trace: &Trace,
    refused: &Refused,
    texts: &Texts,
) -> String {
    let told = catalogue.explain(trace, &End::Refused(refused), language(texts));
    let of_rule =
        told.sentences.iter().find(|one| !one.met && one.rule.is_some() && one.rule == refused.rule);
    let sentence = of_rule.or(told.sentences.last()).map(|one| one.text.clone());
    sentence.unwrap_or_else(|| texts.refusal(refused))
}

/// The same as something to say.
pub(crate) fn explanation(
    library: &Library,
    version: u32,
    trace: &Trace,
    end: &End<'_>,
    texts: &Texts,
) -> Said {
    let Some(told) = explain(library, version, trace, end, texts) else {
        return Said::new(json!({ "trace": trace })).line(texts.get("program-no-catalogue", &[]));
    };
    let mut said = Said::new(json!({ "trace": trace, "told": as_json(&told) })).line(&told.title);
    for (sentence, number) in told.sentences.iter().zip(1_u32..) {
        let mark = if sentence.met { ' ' } else { '×' };
        let clause = sentence.clause.as_ref().map(|clause| format!("  〔{clause}〕")).unwrap_or_default();
        said = said.line(format!("{number:>3}.{mark}{}{clause}", sentence.text));
    }
    if !told.interpretations.is_empty() {
        said = said.line(texts.get("program-interpretations", &[]));
    }
    said.lines(
        told.interpretations
            .iter()
            .map(|one| format!("     {} {} → {}（{}）", one.id, one.question, one.answer, one.source)),
    )
}

fn as_json(told: &Explanation) -> Value {
    let sentences: Vec<Value> = told
        .sentences
        .iter()
        .map(|one| json!({ "rule": one.rule, "text": one.text, "clause": one.clause.as_ref().map(ToString::to_string),
                "interpretations": one.interpretations, "met": one.met }))
        .collect();
    let interpretations: Vec<Value> = told
        .interpretations
        .iter()
        .map(|one| json!({ "id": one.id, "question": one.question, "answer": one.answer, "source": one.source }))
        .collect();
    json!({ "title": told.title, "sentences": sentences, "interpretations": interpretations })
}
