//! Makes golden lines: reads one JSON object `{"kind": …, "value": …}` per line, writes it again with its bytes.
//!
//! ```sh
//! echo '{"kind":"command","value":{"award.confirm":{"award":"AW-41"}}}' \
//!   | cargo run -p grants-proto --example golden >> services/grants-proto/tests/golden/v1/command.jsonl
//! ```
//!
//! A line that was released is never changed: see `proto/README.md`.

use grants_domain::{commands::Command, events::Event, record::Envelope, wire::Blob, wire::Message};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{error::Error, io};

fn main() -> Result<(), Box<dyn Error>> {
    for line in io::stdin().lines() {
        let line: Value = serde_json::from_str(&line?)?;
        let value = line.get("value").ok_or("there is no value")?;
        let bytes = match line.get("kind").and_then(Value::as_str) {
            Some("command") => bytes_of::<Command>(value)?,
            Some("event") => bytes_of::<Event>(value)?,
            Some("envelope") => bytes_of::<Envelope>(value)?,
            Some(_) | None => return Err("the kind is command, event or envelope".into()),
        };
        println!("{}", json!({ "bytes": String::from(bytes), "value": value }));
    }
    Ok(())
}

fn bytes_of<M: Message + DeserializeOwned>(value: &Value) -> Result<Blob, Box<dyn Error>> {
    let message: M = serde_json::from_value(value.clone())?;
    Ok(Blob(message.encode()))
}
