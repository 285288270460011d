//! Names the first difference of two events, so that an auditor sees a field and two values instead of bytes.

use grants_domain::events::Event;
use serde_json::Value;

/// Where two events differ first: path, recorded value, decided value. `None` if they are the same.
pub(crate) fn first(recorded: &Event, decided: &Event) -> Option<(String, String, String)> {
    if recorded == decided {
        return None;
    }
    let (Ok(left), Ok(right)) = (serde_json::to_value(recorded), serde_json::to_value(decided)) else {
        return Some((recorded.word().to_owned(), "one value".to_owned(), "another".to_owned()));
    };
    if recorded.word() != decided.word() {
        return Some(("event".to_owned(), named(recorded), named(decided)));
    }
    let word = recorded.word();
    walk(word, left.get(word).unwrap_or(&Value::Null), right.get(word).unwrap_or(&Value::Null))
}

/// The word of an event, and for a refusal the reason and the rule as well.
pub(crate) fn named(event: &Event) -> String {
    let refused = if let Event::CommandRefused(fact) = event {
        &fact.refused
    } else if let Event::ApplicationRejected(fact) = event {
        &fact.refused
    } else {
        return event.word().to_owned();
    };
    let rule = refused.rule.as_ref().map(|rule| format!(" by {rule}")).unwrap_or_default();
    format!("{} ({}{rule})", event.word(), refused.code)
}

fn walk(path: &str, left: &Value, right: &Value) -> Option<(String, String, String)> {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => left.iter().find_map(|(name, value)| {
            let other = right.get(name).unwrap_or(&Value::Null);
            walk(&format!("{path}.{name}"), value, other)
        }),
        (Value::Array(left), Value::Array(right)) => {
            let longest = left.len().max(right.len());
            (0..longest).find_map(|place| {
                let (one, other) = (left.get(place), right.get(place));
                walk(&format!("{path}[{place}]"), one.unwrap_or(&Value::Null), other.unwrap_or(&Value::Null))
            })
        }
        (left, right) if left == right => None,
        (left, right) => Some((path.to_owned(), shown(left), shown(right))),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}
