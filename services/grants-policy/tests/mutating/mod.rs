//! The mutants of one file, as tables of TOML.

use toml::{Table, Value};

/// One change of one file.
pub(crate) struct Mutant {
    pub(crate) path: String,
    /// Where, and what.
    pub(crate) what: String,
    pub(crate) table: Table,
}

/// Keys that are for people, or say what must come out.
const NOT_RULES: &[&str] = &[
    "case",
    "case-base",
    "say",
    "title",
    "text",
    "article",
    "sentence",
    "source",
    "id",
    "rule",
    "number",
    "issued",
    "semantics",
    "interpretations",
    "unit",
    "name",
    "type",
    "document",
    "exhaustion",
];

/// Comparisons, each with the one that differs from it only where both are equal.
const FLIPS: &[(&str, &str)] =
    &[("at-least", "above"), ("above", "at-least"), ("at-most", "below"), ("below", "at-most")];

/// Words of one kind, one of which could stand for another.
const SWAPS: &[(&str, &str)] = &[
    ("yes", "no"),
    ("no", "yes"),
    ("province", "city"),
    ("state", "province"),
    ("city", "state"),
    ("county", "province"),
    ("project", "enterprise"),
    ("enterprise", "project"),
    ("policy-life", "calendar-year"),
    ("calendar-year", "policy-life"),
    ("hard", "note"),
    ("note", "hard"),
    ("exclude", "stack"),
    ("stack", "exclude"),
    ("best-of", "stack"),
    ("hold", "ignore"),
    ("ignore", "hold"),
    ("down", "half-up"),
    ("term", "validity"),
    ("daily-balance", "original"),
    ("joined", "separate"),
];

/// Every mutant of a file.
pub(crate) fn mutants(path: &str, table: &Table) -> Vec<Mutant> {
    let mut all = Vec::new();
    let root = Value::Table(table.clone());
    let mut place = Vec::new();
    walk(&root, &mut place, &mut |place, change| {
        let mut mutated = root.clone();
        let what = apply(&mut mutated, place, change);
        if let (Some(what), Value::Table(table)) = (what, mutated) {
            let at: Vec<String> = place.iter().map(Step::to_string).collect();
            let named = name_of(&root, place);
            let what = format!("{named}{}: {what}", at.join("."));
            all.push(Mutant { path: path.to_owned(), what, table });
        }
    });
    all
}

/// A step into a value.
#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Index(usize),
}

impl std::fmt::Display for Step {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Step::Key(key) => out.write_str(key),
            Step::Index(index) => write!(out, "{index}"),
        }
    }
}

#[derive(Clone, Copy)]
enum Change {
    /// The entry is taken out of its table or list.
    Drop,
    /// A comparison becomes its neighbour.
    Flip,
    /// A number becomes the next higher or lower one.
    Up,
    Down,
    /// A word becomes another of its kind.
    Swap,
}

/// The rule that the place lies in, for people.
fn name_of(root: &Value, place: &[Step]) -> String {
    let (mut value, mut name) = (root, String::new());
    for step in place {
        for key in ["rule", "id", "name"] {
            if let Some(text) = value.get(key).and_then(Value::as_str) {
                name = format!("{text} ");
            }
        }
        let next = match step {
            Step::Key(key) => value.get(key.as_str()),
            Step::Index(index) => value.get(*index),
        };
        let Some(next) = next else { break };
        value = next;
    }
    name
}

fn walk(value: &Value, place: &mut Vec<Step>, found: &mut dyn FnMut(&[Step], Change)) {
    match value {
        Value::Table(table) => {
            for (key, inner) in table {
                if NOT_RULES.contains(&key.as_str()) {
                    continue;
                }
                place.push(Step::Key(key.clone()));
                if droppable(key) {
                    found(place, Change::Drop);
                }
                if FLIPS.iter().any(|(from, _)| from == key) {
                    found(place, Change::Flip);
                }
                walk(inner, place, found);
                place.pop();
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                place.push(Step::Index(index));
                // A list of values with their days would lose its beginning; the others lose a member.
                if !matches!(place.iter().rev().nth(1), Some(Step::Key(key)) if key == "dated") {
                    found(place, Change::Drop);
                }
                walk(inner, place, found);
                place.pop();
            }
        }
        Value::String(text) => {
            if number(text).is_some() {
                found(place, Change::Up);
                found(place, Change::Down);
            }
            if SWAPS.iter().any(|(from, _)| from == text) {
                found(place, Change::Swap);
            }
        }
        Value::Integer(_) => {
            found(place, Change::Up);
            found(place, Change::Down);
        }
        Value::Boolean(_) => found(place, Change::Swap),
        Value::Datetime(_) if matches!(place.last(), Some(Step::Key(key)) if key == "to") => {
            found(place, Change::Up);
            found(place, Change::Down);
        }
        Value::Float(_) | Value::Datetime(_) => {}
    }
}

/// Keys without which a rule says less.
fn droppable(key: &str) -> bool {
    [
        "within",
        "less",
        "when",
        "if-known",
        "at-least",
        "at-most",
        "programme",
        "weight",
        "pending",
        "counts-if",
        "most",
        "as-of",
        "others-only",
    ]
    .contains(&key)
}

/// A text that is an amount, a rate or a count: the next higher and the next lower one.
fn number(text: &str) -> Option<(String, String)> {
    let (digits, end, step) = match text.strip_suffix('%') {
        Some(digits) => (digits, "%", "0.01"),
        None if text.contains('.') => (text, "", "0.01"),
        None => (text, "", "1"),
    };
    if !digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.') || digits.is_empty() {
        return None;
    }
    let (value, step): (i128, i128) = (hundredths(digits)?, hundredths(step)?);
    let write = |value: i128| match (end, digits.contains('.'), step) {
        ("", false, _) => format!("{}", value / 100),
        (_, _, _) => format!("{}.{:02}{end}", value / 100, value % 100),
    };
    Some((write(value + step), write((value - step).max(0))))
}

fn hundredths(digits: &str) -> Option<i128> {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if 2 < part.len() {
        return None;
    }
    format!("{whole}{part:0<2}").parse().ok()
}

fn parent<'v>(root: &'v mut Value, place: &[Step]) -> &'v mut Value {
    let (_, before) = place.split_last().unwrap();
    before.iter().fold(root, |value, step| match step {
        Step::Key(key) => value.get_mut(key.as_str()).unwrap(),
        Step::Index(index) => value.get_mut(*index).unwrap(),
    })
}

fn apply(root: &mut Value, place: &[Step], change: Change) -> Option<String> {
    let last = place.last()?.clone();
    let parent = parent(root, place);
    match (change, last) {
        (Change::Drop, Step::Key(key)) => {
            parent.as_table_mut()?.remove(&key)?;
            Some("dropped".to_owned())
        }
        (Change::Drop, Step::Index(index)) => {
            let gone = parent.as_array_mut()?.remove(index);
            let named =
                ["rule", "id", "name"].iter().find_map(|key| gone.get(*key)?.as_str().map(str::to_owned));
            Some(format!("dropped {}", named.or(gone.as_str().map(str::to_owned)).unwrap_or_default()))
        }
        (Change::Flip, Step::Key(key)) => {
            let (_, to) = FLIPS.iter().find(|(from, _)| *from == key)?;
            let value = parent.as_table_mut()?.remove(&key)?;
            parent.as_table_mut()?.insert((*to).to_owned(), value);
            Some(format!("became {to}"))
        }
        (Change::Flip, Step::Index(_)) => None,
        (Change::Up | Change::Down | Change::Swap, step) => {
            let value = match &step {
                Step::Key(key) => parent.get_mut(key.as_str())?,
                Step::Index(index) => parent.get_mut(*index)?,
            };
            let changed = other(value, change)?;
            *value = changed;
            Some(format!("became {value}"))
        }
    }
}

fn other(value: &Value, change: Change) -> Option<Value> {
    match (value, change) {
        (Value::String(text), Change::Swap) => {
            SWAPS.iter().find(|(from, _)| from == text).map(|(_, to)| Value::String((*to).to_owned()))
        }
        (Value::String(text), _) => {
            let (up, down) = number(text)?;
            let changed = if matches!(change, Change::Up) { up } else { down };
            (changed != *text).then_some(Value::String(changed))
        }
        (Value::Integer(number), _) => {
            Some(Value::Integer(if matches!(change, Change::Up) { number + 1 } else { number - 1 }))
        }
        (Value::Boolean(flag), _) => Some(Value::Boolean(!flag)),
        (Value::Datetime(day), _) => {
            let day: grants_domain::values::Date = day.to_string().parse().ok()?;
            let step = if matches!(change, Change::Up) { 1 } else { -1 };
            Some(Value::String(day.add_days(step).ok()?.to_string()))
        }
        (Value::Float(_) | Value::Array(_) | Value::Table(_), _) => None,
    }
}
