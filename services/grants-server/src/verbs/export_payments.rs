//! `grants export payments`: what may be paid today is instructed, and the list for the bank is written, with what is
//! held and why. A list that was lost is written again: the same day gives the same list, and nothing is paid twice.
//! What the bank rejected is payable again, and the next list instructs it anew.

use crate::{
    bars,
    cli::{Common, Format},
    failure::Failure,
    house::House,
    intake::Order,
    look::Look,
    output::{Said, heads},
    rows, waiting,
};
use grants_domain::{
    commands::Command,
    context::Role,
    ids::{AttemptId, AwardId},
    payment::{AttemptStatus, instruct::InstructPayment},
    people::Sealed,
    state::{StateRead, get},
    tables::{Applications, AttemptRow, AwardRow, Awards, BudgetLines, Enterprises},
    values::{Date, Fen},
};
use grants_files::{
    PersonPayee, Texts,
    export::{Cell, Table, csv, xlsx},
};
use grants_ledger::vault::{self, SealedBytes, Vault};
use serde_json::json;
use std::path::Path;

/// Performs it.
pub(crate) fn perform(
    common: &Common,
    format: Format,
    out: &Path,
    preview: bool,
    texts: &Texts,
) -> Result<Said, Failure> {
    if preview {
        return previewed(common, texts);
    }
    let house = House::open(common, texts)?;
    let actor = house.actors.need(Role::Finance, texts)?.clone();
    let moment = house.moment()?;
    let today = moment.day;
    let payable = house.read(|state| ready(state, today))?;
    let library = house.library()?;
    let orders = house.read(|state| {
        let order = |award: &AwardId| {
            let command = Command::from(InstructPayment { award: *award });
            let id = moment.id(state, &library, &award.to_string(), &command, &actor);
            Order { id, command, actor: actor.clone() }
        };
        payable.iter().map(order).collect()
    })?;
    let became = house.give(orders, &texts.get("program-paying", &[]))?;
    let mut refusals = Vec::new();
    for (award, became) in payable.iter().zip(&became) {
        let refused = became.answer().and_then(|answer| answer.refused.as_ref());
        refusals.extend(refused.map(|refused| vec![award.to_string(), texts.refusal(refused)]));
    }
    let vault = house.vault()?;
    let (list, total) = house.read(|state| list(state, &vault, today, texts))??;
    let held = house.read(|state| held(state, today, texts))?;
    house.close()?;
    let count = list.rows.len();
    let bytes = match format {
        Format::Csv => csv(&list),
        Format::Xlsx => xlsx(&[list, held_table(&held, texts)]).map_err(Failure::fault)?,
    };
    write_whole(out, &bytes)?;
    let out = out.display().to_string();
    let json = json!({ "out": out, "payments": count, "total": total, "held": held, "refused": refusals });
    let said = match count {
        0 => Said::new(json).line(texts.get("program-nothing-to-pay", &[])),
        _ => {
            let args = [("count", count.to_string()), ("total", total.grouped()), ("out", out)];
            let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Said::new(json).line(texts.get("program-payments-written", &args))
        }
    };
    let mut waiting = held;
    waiting.extend(refusals);
    Ok(said.table(heads(texts, &["head-held", "head-reason"]), waiting))
}

/// What would be instructed, and what is held. Nothing is recorded.
fn previewed(common: &Common, texts: &Texts) -> Result<Said, Failure> {
    let look = Look::open(common, texts)?;
    look.actors.need(Role::Finance, texts)?;
    let today = look.day()?;
    let (payable, held) = look.read(|state| (ready(state, today), held(state, today, texts)))?;
    let rows: Vec<Vec<String>> = payable.iter().map(|award| vec![award.to_string()]).collect();
    let json = json!({ "payable": payable, "held": held });
    Ok(Said::new(json)
        .table(heads(texts, &["head-award"]), rows)
        .table(heads(texts, &["head-held", "head-reason"]), held))
}

/// Awards that nothing keeps from being paid, as far as a look can tell; the ledger checks again.
fn ready(state: &dyn StateRead, today: Date) -> Vec<AwardId> {
    let free = |id: &AwardId| {
        get::<Awards>(state, id).is_some_and(|row| {
            row.holds.is_empty() && Fen::ZERO < row.unpaid() && bars::of_award(state, &row, today).is_none()
        })
    };
    rows::payables(state).into_iter().filter(free).collect()
}

/// Whatever stands and is not paid: award, and amount with the reason.
fn held(state: &dyn StateRead, today: Date, texts: &Texts) -> Vec<Vec<String>> {
    let told = |(id, row): (AwardId, AwardRow)| {
        let (sentence, what) = waiting::reason(state, &row, today, texts)?;
        let reason = texts.get(sentence, &[("what", &what)]);
        Some(vec![id.to_string(), format!("{}  {reason}", row.amount.grouped())])
    };
    rows::awards(state).into_iter().filter_map(told).collect()
}

fn held_table(held: &[Vec<String>], texts: &Texts) -> Table {
    Table {
        name: texts.get("sheet-held", &[]),
        head: heads(texts, &["head-held", "head-reason"]),
        rows: held.iter().map(|row| row.iter().map(|cell| Cell::from(cell.as_str())).collect()).collect(),
    }
}

const HEADS: [&str; 11] = [
    "head-payment",
    "head-award",
    "head-application",
    "head-measure",
    "head-enterprise",
    "head-payee",
    "head-account-number",
    "head-bank",
    "head-amount",
    "head-line",
    "head-treasury",
];

/// The payments of a day that the bank has not answered yet or has, in the order of their numbers, and their sum.
fn list(state: &dyn StateRead, vault: &Vault, day: Date, texts: &Texts) -> Result<(Table, Fen), Failure> {
    let mut table =
        Table { name: texts.get("sheet-payments", &[]), head: heads(texts, &HEADS), rows: Vec::new() };
    let mut total = Fen::ZERO;
    for (id, row) in rows::attempts(state) {
        let of_day = row.instructed_on == day
            && matches!(row.status, AttemptStatus::Instructed | AttemptStatus::Settled);
        if of_day {
            table.rows.push(line(state, vault, id, &row)?);
            total = total
                .checked_add(row.amount)
                .ok_or_else(|| Failure::fault_of("program-total-too-large", &[]))?;
        }
    }
    Ok((table, total))
}

fn line(state: &dyn StateRead, vault: &Vault, id: AttemptId, row: &AttemptRow) -> Result<Vec<Cell>, Failure> {
    let lost = || Failure::fault_of("program-payment-lost", &[("payment", &id)]);
    let award = get::<Awards>(state, &row.award).ok_or_else(lost)?;
    let application = get::<Applications>(state, &award.application).ok_or_else(lost)?;
    let enterprise = get::<Enterprises>(state, &award.enterprise).ok_or_else(lost)?;
    let budget = get::<BudgetLines>(state, &row.line).ok_or_else(lost)?;
    let [name, account, bank] = payee(vault, row)?;
    Ok(vec![
        id.to_string().into(),
        row.award.to_string().into(),
        application.number.to_string().into(),
        award.measure.to_string().into(),
        enterprise.code.to_string().into(),
        name.into(),
        account.into(),
        bank.into(),
        Cell::Money(row.amount),
        row.line.to_string().into(),
        budget.treasury.to_string().into(),
    ])
}

/// Whom to pay: an enterprise's account as it stands, a person's through the vault. An erased person's is empty.
fn payee(vault: &Vault, row: &AttemptRow) -> Result<[String; 3], Failure> {
    if let Some(payee) = &row.payee {
        return Ok([payee.name.to_string(), payee.account.to_string(), payee.bank.to_string()]);
    }
    let Some(Sealed { person, bytes }) = &row.payee_person else {
        return Ok(Default::default());
    };
    let sealed = SealedBytes { person: vault::PersonId(person.0), bytes: bytes.0.clone() };
    let plain = vault.unseal(&sealed, "payee_person").map_err(Failure::fault)?;
    let payee = plain.as_deref().and_then(PersonPayee::read);
    Ok(payee.map_or_else(Default::default, |payee| {
        [payee.name.to_string(), payee.account.to_string(), payee.bank.to_string()]
    }))
}

/// Writes a file whole or not at all.
pub(crate) fn write_whole(out: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut fresh = out.as_os_str().to_owned();
    fresh.push(".part");
    let fresh = std::path::PathBuf::from(fresh);
    let wrong = |fault: std::io::Error| Failure::usage(format!("{}: {fault}", out.display()));
    std::fs::write(&fresh, bytes).map_err(wrong)?;
    std::fs::rename(&fresh, out).map_err(wrong)
}
