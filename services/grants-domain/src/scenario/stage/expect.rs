//! What a story expects: outcomes, events, rows and sentences.

use super::{Played, Stage, Voice};
use crate::{
    events::Event,
    state::get,
    tables::{Applications, Awards, BudgetLines, Caps, Enterprises, Evidence, Recoveries},
};
use serde_json::{Map, Value};

/// The tables that a story may look into.
const TABLES: &str = "award, application, budget-line, recovery, evidence, enterprise and cap";

impl Stage<'_> {
    fn last(&self) -> Result<&Played, String> {
        self.played.last().ok_or_else(|| "nothing was played yet".to_owned())
    }

    pub(super) fn then(
        &self,
        word: &str,
        rest: &[String],
        fields: &Map<String, Value>,
        voice: Voice<'_>,
    ) -> Result<(), String> {
        let last = self.last()?;
        let refused = last.answer.as_ref().and_then(|answer| answer.refused.clone());
        let rejected = last.events.iter().find_map(|event| {
            let Event::ApplicationRejected(fact) = event else {
                return None;
            };
            Some(fact.refused.clone())
        });
        match word {
            "accepted" => match refused.or(rejected) {
                None if last.answer.is_some() => Ok(()),
                found => Err(format!("not accepted: {found:?}")),
            },
            "conflict" => last.answer.is_none().then_some(()).ok_or_else(|| "no conflict".to_owned()),
            "repeated" => (last.events.is_empty() && last.answer.is_some())
                .then_some(())
                .ok_or_else(|| "the command was decided anew".to_owned()),
            "refused" => {
                let found = refused.or(rejected).ok_or("it was not refused")?;
                let code = rest.first().map_or("", String::as_str);
                if found.code.word() != code {
                    return Err(format!("refused with {found:?}"));
                }
                let mut json = Map::new();
                json.insert(
                    "rule".to_owned(),
                    found.rule.map_or(Value::Null, |rule| rule.to_string().into()),
                );
                for detail in &found.details {
                    json.insert(detail.name.to_string(), Value::String(detail.value.to_string()));
                }
                self.compare(&Value::Object(json), fields)
            }
            "says" => {
                let wanted = rest.join(" ");
                let said: Vec<String> =
                    last.events.iter().flat_map(|event| voice(&self.state, event)).collect();
                let found = said.iter().any(|sentence| sentence.contains(&wanted));
                found.then_some(()).ok_or_else(|| format!("nobody says {wanted}; said: {said:#?}"))
            }
            "no" => {
                let word = rest.first().map_or("", String::as_str);
                // A word that is no event never happens, and would hold for ever.
                if !Event::WORDS.iter().any(|(_, known)| *known == word) {
                    return Err(format!("{word} is not the word of an event"));
                }
                let found = last.events.iter().any(|event| event.word() == word);
                (!found).then_some(()).ok_or_else(|| format!("there is {word}"))
            }
            "row" => self.compare(&self.table_row(rest)?, fields),
            event => self.event(last, event, fields),
        }
    }

    fn event(&self, last: &Played, word: &str, fields: &Map<String, Value>) -> Result<(), String> {
        let mut misses = Vec::new();
        for event in last.events.iter().filter(|event| event.word() == word) {
            let json = serde_json::to_value(event).map_err(|fault| fault.to_string())?;
            match self.compare(json.get(word).unwrap_or(&Value::Null), fields) {
                Ok(()) => return Ok(()),
                Err(miss) => misses.push(miss),
            }
        }
        let words: Vec<&str> = last.events.iter().map(Event::word).collect();
        Err(format!("no {word} like that among {words:?}: {misses:?}; answer {:?}", last.answer))
    }

    fn table_row(&self, rest: &[String]) -> Result<Value, String> {
        let [table, key] = rest else {
            return Err("row TABLE KEY field=value".to_owned());
        };
        let bound = self.bound(&Value::String(key.clone()));
        let key = bound.as_str().map_or_else(|| bound.to_string(), str::to_owned);
        let bad = || format!("{key} is not a key of {table}");
        let row = match table.as_str() {
            "award" => {
                let row = get::<Awards>(&self.state, &key.parse().map_err(|_| bad())?);
                row.map(serde_json::to_value)
            }
            "application" => {
                let row = get::<Applications>(&self.state, &key.parse().map_err(|_| bad())?);
                row.map(serde_json::to_value)
            }
            "budget-line" => {
                let row = get::<BudgetLines>(&self.state, &key.parse().map_err(|_| bad())?);
                row.map(serde_json::to_value)
            }
            "recovery" => {
                let row = get::<Recoveries>(&self.state, &key.parse().map_err(|_| bad())?);
                row.map(serde_json::to_value)
            }
            "evidence" => get::<Evidence>(&self.state, &key).map(serde_json::to_value),
            "enterprise" => {
                let row = get::<Enterprises>(&self.state, &key.parse().map_err(|_| bad())?);
                row.map(serde_json::to_value)
            }
            // Cap, scope and window, of which none has a slash.
            "cap" => {
                let [cap, scope, window] = key.split('/').collect::<Vec<_>>()[..] else { return Err(bad()) };
                let cap = cap.parse().map_err(|_| bad())?;
                get::<Caps>(&self.state, &(cap, scope.to_owned(), window.to_owned()))
                    .map(serde_json::to_value)
            }
            _ => return Err(format!("row knows {TABLES}, not {table}")),
        };
        row.ok_or_else(|| format!("there is no {table} {key}"))?.map_err(|fault| fault.to_string())
    }

    fn compare(&self, json: &Value, fields: &Map<String, Value>) -> Result<(), String> {
        for (path, wanted) in fields {
            let wanted = self.bound(wanted);
            let found = walk(json, path).cloned().unwrap_or(Value::Null);
            if found != wanted {
                return Err(format!("{path} is {found}, not {wanted}"));
            }
        }
        Ok(())
    }

    /// `event.word.path` of the last command's first event with that word.
    pub(super) fn field_of_last(&self, path: &str) -> Result<Value, String> {
        // Of several events of one word, `[1]` behind it is the second.
        let mut behind = 0;
        for event in &self.last()?.events {
            let Some(rest) = path.strip_prefix(event.word()) else { continue };
            let place = format!("[{behind}]");
            behind += 1;
            let rest = rest
                .strip_prefix(place.as_str())
                .or_else(|| rest.strip_prefix("[").is_none().then_some(rest));
            if let Some(rest) = rest.and_then(|rest| rest.strip_prefix('.')) {
                let json = serde_json::to_value(event).map_err(|fault| fault.to_string())?;
                let inner = json.get(event.word()).unwrap_or(&Value::Null);
                return walk(inner, rest).cloned().ok_or_else(|| format!("there is no {path}"));
            }
        }
        Err(format!("the last command has no event for {path}"))
    }

    pub(super) fn bound(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match text.strip_prefix('$').and_then(|name| self.names.get(name)) {
                Some(bound) => bound.clone(),
                None => value.clone(),
            },
            Value::Array(list) => Value::Array(list.iter().map(|one| self.bound(one)).collect()),
            Value::Object(map) => {
                Value::Object(map.iter().map(|(key, one)| (key.clone(), self.bound(one))).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }
}

/// A field like `trace.caps[0].cut`.
fn walk<'a>(json: &'a Value, path: &str) -> Option<&'a Value> {
    let mut here = json;
    for part in path.split('.') {
        let (name, index) = part.split_once('[').unwrap_or((part, ""));
        here = here.get(name)?;
        if let Some(index) = index.strip_suffix(']') {
            here = here.get(index.parse::<usize>().ok()?)?;
        }
    }
    Some(here)
}
