//! Explanations as a person reads them: what the text says, then what is interpretation, never mixed.

use crate::output::Said;
use grants_audit::explain::as_json;
use grants_domain::{refusal::Refused, trace::Trace};
use grants_files::{Lang, Texts};
use grants_policy::{Catalogue, End, Explanation, Language, Library};
use serde_json::json;

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
    let said = Said::new(json!({ "trace": trace, "told": as_json(&told) }));
    said.line(&told.title).lines(lines(&told, texts))
}

/// What the text says, step by step, then what is interpretation (口径).
pub(crate) fn lines(told: &Explanation, texts: &Texts) -> Vec<String> {
    let numbered = told.sentences.iter().zip(1_u32..).map(|(sentence, number)| {
        let mark = if sentence.met { ' ' } else { '×' };
        let clause = sentence.clause.as_ref().map(|clause| format!("  〔{clause}〕")).unwrap_or_default();
        format!("{number:>3}.{mark}{}{clause}", sentence.text)
    });
    let heading = (!told.interpretations.is_empty()).then(|| texts.get("program-interpretations", &[]));
    let answers = told.interpretations.iter();
    let answers =
        answers.map(|one| format!("     {} {} → {}（{}）", one.id, one.question, one.answer, one.source));
    numbered.chain(heading).chain(answers).collect()
}
