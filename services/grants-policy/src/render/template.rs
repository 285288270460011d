//! Templates of sentences: text with `{name}`, `{name|fallback}` and `{name:wan}`.

use crate::number;
use crate::render::Language;
use grants_domain::trace::FactValue;

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// Text as it is.
    Text(&'t str),
    /// A value.
    Slot(Slot<'t>),
}

/// The place of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot<'t> {
    /// Its name.
    pub(crate) name: &'t str,
    /// Whether an amount is told in 万元.
    pub(crate) wan: bool,
    /// What stands there if there is no such value.
    pub(crate) fallback: Option<&'t str>,
}

/// Splits a template.
///
/// # Errors
/// A brace without its partner, or a style that is not known.
pub(crate) fn parse(template: &str) -> Result<Vec<Piece<'_>>, String> {
    let (mut pieces, mut rest) = (Vec::new(), template);
    while let Some((text, behind)) = rest.split_once('{') {
        let (inside, after) = behind.split_once('}').ok_or("a { has no }")?;
        if text.contains('}') || inside.contains('{') {
            return Err("a } has no {".to_owned());
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        let (head, fallback) = match inside.split_once('|') {
            Some((head, fallback)) => (head, Some(fallback)),
            None => (inside, None),
        };
        let (name, wan) = match head.split_once(':') {
            None => (head, false),
            Some((name, "wan")) => (name, true),
            Some((_, style)) => return Err(format!("there is no style {style}")),
        };
        pieces.push(Piece::Slot(Slot { name, wan, fallback }));
        rest = after;
    }
    if rest.contains('}') {
        return Err("a } has no {".to_owned());
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

/// Writes a template. A value that is missing and has no fallback is a dash; a template that cannot be read stands
/// as it is (neither gets past the lint).
pub(crate) fn write(template: &str, value: &dyn Fn(Slot<'_>) -> Option<String>) -> String {
    let Ok(pieces) = parse(template) else {
        return template.to_owned();
    };
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Slot(slot) => match value(slot) {
                Some(text) => out.push_str(&text),
                None => out.push_str(slot.fallback.unwrap_or("—")),
            },
        }
    }
    out
}

/// A value as people read it; words are looked up by the caller.
pub(crate) fn people(value: &FactValue, slot: Slot<'_>, language: Language) -> String {
    match value {
        FactValue::Money(fen) if slot.wan => number::in_wan(*fen, language),
        FactValue::Money(fen) => fen.grouped(),
        FactValue::Count(count) => count.to_string(),
        FactValue::Date(day) => day.to_string(),
        FactValue::Rate(rate) => number::percent(*rate),
        FactValue::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        FactValue::Word(text) => text.to_string(),
        FactValue::Exact(text) => number::read_yuan(text.as_str()).map_or(text.to_string(), number::grouped),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_text_and_values() {
        let value = |slot: Slot<'_>| (slot.name == "limit").then(|| "100.00".to_owned());
        assert_eq!(write("上限 {limit} 元（{used|无}）", &value), "上限 100.00 元（无）");
        assert_eq!(write("{unknown}", &value), "—");
        assert_eq!(write("{used|}.", &value), ".");
        for broken in ["{limit", "limit}", "{a{b}}", "{a:b}"] {
            assert!(parse(broken).is_err(), "{broken}");
        }
    }
}
