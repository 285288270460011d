//! A file of commands: one JSON object in each line, `{"verb": {fields}}`, in the order in which they are given.
//!
//! Personal fields may stand as clear text; they are sealed like those of a workbook.

use super::{Draft, Findings, ImportError, Personal, unique_json::Unique};
use crate::{
    grid,
    limits::{LINE_BYTES_MAX, ROWS_MAX},
    person::Sealer,
    problem::{At, CellError, CellErrors, Place, Problem},
};
use grants_domain::{commands::Command, people::SEALED_FIELDS};
use serde_json::Value;
use std::path::Path;

pub(super) fn drafts(path: &Path, place: &Place, findings: &mut Findings) -> Result<Vec<Draft>, CellErrors> {
    let bytes = grid::bytes_of(path, place)?;
    let text = grid::utf8(&bytes, place)?;
    let mut drafts = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let place = place.at(At::Line(number));
        if ROWS_MAX <= drafts.len() {
            return Err(CellError::new(place, Problem::RowsTooMany).with("max", ROWS_MAX).into());
        }
        match draft(line, &place) {
            Ok(draft) => drafts.push(draft),
            Err(error) => findings.errors.push(error),
        }
    }
    Ok(drafts)
}

/// Reads one command in JSON and seals its personal fields: a door's way in.
///
/// # Errors
/// The text is no command, or a field could not be sealed.
pub fn command_of_json(text: &str, sealer: &mut dyn Sealer) -> Result<Command, ImportError> {
    let (command, _) = super::sealed(draft(text, &Place::file("command"))?, sealer)?;
    Ok(command)
}

fn draft(line: &str, place: &Place) -> Result<Draft, CellError> {
    if LINE_BYTES_MAX < line.len() {
        return Err(CellError::new(place.clone(), Problem::LineTooLong).with("max", LINE_BYTES_MAX));
    }
    let Unique(mut value) = serde_json::from_str(line)
        .map_err(|fault| CellError::new(place.clone(), Problem::JsonInvalid).with("reason", fault))?;
    let personal = personal(&mut value);
    let command: Command = serde_json::from_value(value)
        .map_err(|fault| CellError::new(place.clone(), Problem::CommandInvalid).with("reason", fault))?;
    Ok(Draft { command, place: place.clone(), personal })
}

/// Takes the clear texts out of the personal fields of a command.
fn personal(value: &mut Value) -> Vec<Personal> {
    let mut found = Vec::new();
    for (verb, field) in SEALED_FIELDS {
        let Some(request) = value.get_mut(*verb).and_then(Value::as_object_mut) else {
            continue;
        };
        let code = request.get("code").or_else(|| request.get("enterprise"));
        let enterprise = code.and_then(Value::as_str).unwrap_or_default().to_owned();
        let slot = request.get_mut(*field);
        if let Some(Value::String(plain)) =
            slot.map(|slot| if slot.is_string() { slot.take() } else { Value::Null })
        {
            found.push(Personal { field, identity: None, enterprise, name: plain.clone(), plain });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_texts_leave_the_command() {
        let line = r#"{"enterprise.register":{"code":"91411700MA40ABCD1G","name":"甲","treasury":"411702000",
            "industry":null,"legal_representative":"张三","contact":null,"payee":null}}"#;
        let draft = draft(line, &Place::file("a.jsonl")).unwrap();
        assert!(!format!("{:?}", draft.command).contains("张三"));
        let one = draft.personal.first().unwrap();
        assert_eq!((one.field, one.plain.as_str()), ("legal_representative", "张三"));
        assert_eq!(one.enterprise, "91411700MA40ABCD1G");
    }

    #[test]
    fn repeated_names_are_refused_at_any_depth() {
        for line in [r#"{"a":1,"a":2}"#, r#"{"a":{"b":[{"c":1,"c":1}]}}"#] {
            let Err(error) = draft(line, &Place::file("a.jsonl")) else {
                panic!("{line} was taken");
            };
            assert_eq!(error.problem, Problem::JsonInvalid);
        }
    }
}
