//! `grants import`: a whole file becomes commands, or none of it does. Importing twice changes nothing.

use crate::{
    cli::Common,
    failure::Failure,
    house::House,
    intake::{Became, Order},
    output::{Said, heads},
    sealer::VaultSealer,
};
use grants_files::{Place, Texts, import};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf};

/// How the commands of one verb went.
#[derive(Default)]
struct Count {
    recorded: u64,
    repeated: u64,
    refused: u64,
}

/// Performs it: every file is checked before the first command of any of them is given.
pub(crate) fn perform(common: &Common, files: &[PathBuf], texts: &Texts) -> Result<Said, Failure> {
    let house = House::open(common, texts)?;
    let vault = house.vault()?;
    let mut orders = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    let mut warnings = Vec::new();
    for file in files {
        let taken = import(file, &mut VaultSealer(&vault))
            .map_err(|errors| Failure::places(refused_whole(&errors.lines(texts), texts)))?;
        warnings.extend(taken.warnings.lines(texts));
        for (id, command, place) in taken.commands {
            let actor = house.actors.for_command(&command, texts)?.clone();
            orders.push(Order { id, command, actor });
            places.push(place);
        }
    }
    let words: Vec<&str> = orders.iter().map(|order| order.command.word()).collect();
    let became = house.give(orders, &texts.get("program-importing", &[]))?;
    let said = told(&words, &places, &became, warnings, texts);
    house.close()?;
    Ok(said)
}

fn refused_whole(lines: &[String], texts: &Texts) -> Vec<String> {
    let mut all = vec![texts.get("program-import-refused", &[("count", &lines.len().to_string())])];
    all.extend_from_slice(lines);
    all
}

fn told(words: &[&str], places: &[Place], became: &[Became], warnings: Vec<String>, texts: &Texts) -> Said {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let (mut refused, mut json_refused) = (Vec::new(), Vec::<Value>::new());
    for ((word, place), outcome) in words.iter().zip(places).zip(became) {
        let count = counts.entry(word).or_default();
        let reason = match outcome {
            Became::Conflict => Some(texts.get("program-id-conflict", &[])),
            Became::Recorded(answer) | Became::Repeated(answer) => {
                answer.refused.as_ref().map(|one| texts.refusal(one))
            }
        };
        match (outcome, &reason) {
            (_, Some(_)) => count.refused = count.refused.saturating_add(1),
            (Became::Recorded(_), None) => count.recorded = count.recorded.saturating_add(1),
            (Became::Repeated(_) | Became::Conflict, None) => {
                count.repeated = count.repeated.saturating_add(1)
            }
        }
        if let Some(reason) = reason {
            json_refused.push(json!({ "place": place.to_string(), "verb": word, "reason": reason }));
            refused.push(format!("{place} {reason}"));
        }
    }
    let sum = |of: fn(&Count) -> u64| counts.values().map(of).sum::<u64>();
    let totals = [sum(|one| one.recorded), sum(|one| one.repeated), sum(|one| one.refused)];
    let json = json!({
        "recorded": totals[0], "repeated": totals[1], "refused": totals[2],
        "refusals": json_refused, "warnings": warnings,
    });
    let rows = counts.iter().map(|(word, count)| {
        vec![
            texts.verb(word),
            count.recorded.to_string(),
            count.repeated.to_string(),
            count.refused.to_string(),
        ]
    });
    let head = heads(texts, &["head-verb", "head-recorded", "head-repeated", "head-refused"]);
    Said::new(json).table(head, rows.collect()).lines(warnings).lines(refused)
}
