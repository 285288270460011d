//! `grants erase PERSON`: the person's key is destroyed. The log does not change, and stays provable.

use crate::{cli::Common, failure::Failure, house::House, output::Said};
use grants_domain::{context::Role, ids::PersonId};
use grants_files::Texts;
use grants_ledger::vault::{self, Erased};
use serde_json::json;

/// Performs it.
pub(crate) fn perform(common: &Common, person: PersonId, texts: &Texts) -> Result<Said, Failure> {
    let house = House::open(common, texts)?;
    house.actors.need(Role::Registrar, texts)?;
    let erased = house
        .vault()?
        .erase(vault::PersonId(person.0))
        .map_err(|fault| Failure::found(vec![fault.to_string()]))?;
    house.close()?;
    let (now, id) = match erased {
        Erased::Now => (true, "program-erase-now"),
        Erased::Before => (false, "program-erase-before"),
    };
    let json = json!({ "person": person, "erased_now": now });
    Ok(Said::new(json).line(texts.get(id, &[("person", &person.to_string())])))
}
