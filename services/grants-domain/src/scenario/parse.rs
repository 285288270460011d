//! Text into lines of a story.

use super::Failure;
use crate::values::Timestamp;
use serde_json::{Map, Value};

/// Most lines of one story.
const LINES_MAX: usize = 10_000;

/// A story.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its title.
    pub title: String,
    /// Its lines with their numbers, from 1.
    pub lines: Vec<(usize, Line)>,
}

/// Whether a command must be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It must.
    Given,
    /// What follows says how it ends.
    When,
}

/// A command of a story.
#[derive(Clone, Debug)]
pub struct Step {
    /// Given or when.
    pub phase: Phase,
    /// The command's word.
    pub verb: String,
    /// Its fields.
    pub args: Map<String, Value>,
    /// `ROLE:ACTOR`, if the story names one.
    pub actor: Option<String>,
    /// The name under which the command's id is known, if it is used twice.
    pub id: Option<String>,
}

/// One line of a story.
#[derive(Clone, Debug)]
pub enum Line {
    /// Sets the clock.
    On(Timestamp),
    /// A command.
    Step(Step),
    /// Binds a field of the last command's events to a name.
    Let {
        /// The name, without `$`.
        name: String,
        /// Event word and path.
        path: String,
    },
    /// What must be so now: the word, positional words, and fields.
    Then {
        /// `accepted`, `refused`, `says`, `no`, `row`, or the word of an event.
        word: String,
        /// Bare words behind it.
        rest: Vec<String>,
        /// Expected fields by path.
        fields: Map<String, Value>,
    },
}

/// Reads a story.
///
/// # Errors
/// The first line that cannot be read.
pub fn parse(text: &str) -> Result<Scenario, Failure> {
    let mut title = String::new();
    let mut lines = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let number = place + 1;
        if LINES_MAX < number {
            return Err(Failure::at(number, format!("a story has at most {LINES_MAX} lines")));
        }
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(rest) = line.strip_prefix("scenario:") {
            rest.trim().clone_into(&mut title);
            continue;
        }
        lines.push((number, parse_line(line).map_err(|message| Failure::at(number, message))?));
    }
    Ok(Scenario { title, lines })
}

fn parse_line(line: &str) -> Result<Line, String> {
    let (head, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    match head {
        "on" => {
            let zoned = format!("{rest}.000000+08:00");
            zoned.parse().map(Line::On).map_err(|_| format!("{rest} is not a time like 2025-03-01T09:00:00"))
        }
        "given" => step(Phase::Given, rest),
        "when" => step(Phase::When, rest),
        "let" => {
            let (name, path) = rest.split_once('=').ok_or("let NAME = event.word.field")?;
            Ok(Line::Let { name: name.trim().to_owned(), path: path.trim().to_owned() })
        }
        "then" => then(rest),
        _ => Err(format!("a line begins with on, given, when, let or then, not with {head}")),
    }
}

fn step(phase: Phase, text: &str) -> Result<Line, String> {
    let mut tokens = tokens(text)?.into_iter();
    let verb = tokens.next().ok_or("a verb is missing")?;
    let mut step = Step { phase, verb, args: Map::new(), actor: None, id: None };
    while let Some(token) = tokens.next() {
        match token.as_str() {
            "as" => step.actor = Some(tokens.next().ok_or("as ROLE:ACTOR")?),
            "id" => step.id = Some(tokens.next().ok_or("id NAME")?),
            _ => assign(&mut step.args, &token)?,
        }
    }
    Ok(Line::Step(step))
}

fn then(text: &str) -> Result<Line, String> {
    let mut tokens = tokens(text)?.into_iter();
    let word = tokens.next().ok_or("then what?")?;
    let (mut rest, mut fields) = (Vec::new(), Map::new());
    for token in tokens {
        match token.contains('=') && word != "says" {
            true => assign(&mut fields, &token)?,
            false => rest.push(unquote(&token)),
        }
    }
    Ok(Line::Then { word, rest, fields })
}

/// Splits at spaces outside quotes and brackets.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let (mut found, mut token, mut depth, mut quoted) = (Vec::new(), String::new(), 0usize, false);
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.checked_sub(1).ok_or("a ] without its [")?,
            _ => {}
        }
        if letter.is_whitespace() && depth == 0 && !quoted {
            if !token.is_empty() {
                found.push(std::mem::take(&mut token));
            }
        } else {
            token.push(letter);
        }
    }
    if 0 < depth || quoted {
        return Err("a bracket or a quote is not closed".to_owned());
    }
    if !token.is_empty() {
        found.push(token);
    }
    Ok(found)
}

fn assign(into: &mut Map<String, Value>, token: &str) -> Result<(), String> {
    let (name, value) = token.split_once('=').ok_or_else(|| format!("{token} is not name=value"))?;
    let value = read(value)?;
    match name.strip_suffix('+') {
        None => {
            into.insert(name.to_owned(), value);
        }
        Some(name) => {
            let list = into.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().ok_or_else(|| format!("{name} is not a list"))?.push(value);
        }
    }
    Ok(())
}

fn read(text: &str) -> Result<Value, String> {
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let mut object = Map::new();
        for token in tokens(inner)? {
            assign(&mut object, &token)?;
        }
        return Ok(Value::Object(object));
    }
    if let Some(number) = text.strip_prefix('#') {
        let natural = number.parse::<u64>().map(Value::from);
        let number = natural.or_else(|_| number.parse::<i64>().map(Value::from));
        return number.map_err(|_| format!("{text} is not a number"));
    }
    Ok(match text {
        "yes" => Value::Bool(true),
        "no" => Value::Bool(false),
        _ => Value::String(unquote(text)),
    })
}

fn unquote(text: &str) -> String {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).to_owned()
}
