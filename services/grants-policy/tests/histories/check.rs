//! After every command the ledger's rows are what the lists say. Each check names the invariants that would break.
//!
//! What hangs together inside the rows alone (I-02, I-03, I-20 of each row, I-25 between queue and line) is held by
//! `grants-domain/tests/suite/books.rs`; here the rows are compared with what the model sums up by itself.

use crate::{
    model::{Award, Counted, Model, Part, PaymentIs, RecoveryIs},
    real::{World, money},
};
use grants_domain::{
    award::AwardStatus,
    payment::AttemptStatus,
    recovery::RecoveryStatus,
    state::{get, has, list},
    tables::{
        Attempts, AwardRow, Awards, BudgetLineRow, BudgetLines, Caps, Claims, Due, Evidence, Payables, Queue,
        Recoveries, Tallies,
    },
    values::{Fen, Reference},
};
use std::fmt::Debug;

/// Every cap of the catalogue.
const CAPS: [&str; 8] = [
    "E1.1.project",
    "E2.limit",
    "E4.1.enterprise",
    "E4.2.project",
    "E5.6.enterprise",
    "E6.year",
    "T1.project",
    "T12.agency-year",
];

const ALL: usize = usize::MAX;

/// What is found, against what the model says.
fn same<T: PartialEq + Debug>(what: impl Fn() -> String, real: &T, model: &T) -> Result<(), String> {
    if real == model {
        return Ok(());
    }
    Err(format!("{}: the ledger has {real:?}, the model {model:?}", what()))
}

/// Everything that can be compared.
pub(crate) fn check(model: &Model, world: &World) -> Result<(), String> {
    for (place, award) in model.awards.iter().enumerate() {
        self::award(model, world, place, award)?;
    }
    let count = list::<Awards>(&world.state, &(), ALL).len();
    same(|| "awards".to_owned(), &count, &model.awards.len())?;
    lines(model, world)?;
    payments(model, world)?;
    recoveries(model, world)?;
    evidence(model, world)?;
    rights(model, world)?;
    caps(model, world)?;
    let due = list::<Due>(&world.state, &(), ALL).len();
    same(|| "work left over".to_owned(), &due, &0)
}

fn status(model: &Model, place: usize, award: &Award) -> AwardStatus {
    match (award.gone, &award.confirmed_by) {
        (Some(crate::model::Gone::Revoked), _) => AwardStatus::Revoked,
        (Some(crate::model::Gone::Recovered), _) => AwardStatus::Recovered,
        (None, _) if award.queued => AwardStatus::Queued,
        (None, None) => AwardStatus::Proposed,
        (None, Some(_)) if model.settled(place) == award.amount() => AwardStatus::Fulfilled,
        (None, Some(_)) => AwardStatus::Confirmed,
    }
}

/// I-01, I-02, I-08, I-10, I-22: amounts, whole and in parts that sum to it, what is out of them, who confirmed which amount, what holds it, under which version.
fn award(model: &Model, world: &World, place: usize, award: &Award) -> Result<(), String> {
    let name = |what: &str| format!("{what} of the award of {}", award.name);
    let id = world.names.award(&award.name);
    let Some(row) = get::<Awards>(&world.state, &id) else { return Err(name("the row")) };
    let part = |one: &Part| {
        let sums = (model.instructed_of(place, &one.line), model.settled_of(place, &one.line));
        let sums = [one.amount, sums.0, sums.1, model.demanded_of(place, &one.line)];
        (one.line.clone(), sums.map(money))
    };
    let parts: Vec<_> = award.parts.iter().map(part).collect();
    let real = row.parts().into_iter();
    let real =
        real.map(|one| (one.line.to_string(), [one.amount, one.instructed, one.settled, one.recovering]));
    same(|| name("amount, instructed, settled, demanded of each part"), &real.collect::<Vec<_>>(), &parts)?;
    let sum: i128 = award.parts.iter().map(|one| one.amount).sum();
    same(|| name("sum of the parts"), &money(sum), &row.amount)?;
    let AwardRow { amount, instructed, settled, recovering, .. } = row;
    let sums = [award.amount(), model.instructed(place), model.settled(place), model.demanded(place)];
    same(
        || name("amount, instructed, settled, demanded"),
        &[amount, instructed, settled, recovering],
        &sums.map(money),
    )?;
    same(|| name("status"), &row.status, &status(model, place, award))?;
    let confirmer = row.confirmed_by.as_ref().map(|actor| actor.id.to_string());
    if award.stands() {
        same(|| name("confirmation"), &confirmer, &award.confirmed_by)?;
        same(|| name("holds"), &crate::real::holds(&row.holds), &award.holds)?;
    }
    same(|| name("governing day"), &i64::from(row.governing.days()), &award.governing)?;
    same(|| name("version"), &row.version, &award.version)?;
    let payable = award.stands() && award.confirmed_by.is_some() && 0 < model.unpaid(place);
    same(|| name("payment list"), &has::<Payables>(&world.state, &id), &payable)
}

/// I-03, I-17, I-18, I-25: where the money of each line is, and who waits for it in which order.
fn lines(model: &Model, world: &World) -> Result<(), String> {
    for line in &model.lines {
        let name = |what: &str| format!("{what} of line {}", line.name);
        let reference: Reference = line.name.parse().unwrap();
        let Some(row) = get::<BudgetLines>(&world.state, &reference) else { return Err(name("the row")) };
        let books = model.books(&line.name);
        let BudgetLineRow { appropriation, available, reserved, payable, in_transit, paid, .. } = row;
        let BudgetLineRow { receivable, recovered, queued, .. } = row;
        let real = [-appropriation, available, reserved, payable, in_transit, paid, receivable, recovered];
        let found = [
            books.allocated,
            books.available,
            books.reserved,
            books.payable,
            books.in_transit,
            books.paid,
            books.receivable,
            books.recovered,
        ];
        let what = "allocated, available, reserved, payable, in transit, paid, receivable, recovered";
        same(|| name(what), &real.map(i128::from), &found)?;
        if found.iter().any(|one| *one < 0) {
            return Err(format!("{}: {found:?}", name("a sum below zero")));
        }
        same(|| name("number in the queue"), &queued, &books.queued)?;
        let waiting = list::<Queue>(&world.state, &reference, ALL);
        let waiting: Vec<String> = waiting
            .iter()
            .map(|(key, _)| u64::from_be_bytes(*key.last_chunk().unwrap()))
            .map(|id| world.name(grants_domain::ids::AwardId(id)))
            .collect();
        let queue: Vec<String> =
            model.queue(&line.name).iter().map(|one| model.awards[*one].name.clone()).collect();
        same(|| name("queue"), &waiting, &queue)?;
    }
    Ok(())
}

/// I-15, I-16: each attempt, and never two on their way for one part of an award.
fn payments(model: &Model, world: &World) -> Result<(), String> {
    let rows = list::<Attempts>(&world.state, &(), ALL);
    same(|| "payments".to_owned(), &rows.len(), &model.payments.len())?;
    let mut on_their_way = Vec::new();
    for (place, payment) in model.payments.iter().enumerate() {
        let name = model.name_of_payment(place);
        let Some(row) = get::<Attempts>(&world.state, &world.names.payment(&name)) else {
            return Err(format!("there is no payment {name:?}"));
        };
        let is = match payment.is {
            PaymentIs::OnItsWay => AttemptStatus::Instructed,
            PaymentIs::Settled => AttemptStatus::Settled,
            PaymentIs::Rejected => AttemptStatus::Rejected,
            PaymentIs::Returned => AttemptStatus::Returned,
        };
        let line = row.line.to_string();
        let expected = (money(payment.amount), is, payment.line.clone());
        same(|| format!("payment {name:?}"), &(row.amount, row.status, line), &expected)?;
        if matches!(is, AttemptStatus::Settled | AttemptStatus::Returned) && row.bank_reference.is_none() {
            return Err(format!("{name:?} arrived without a word of the bank"));
        }
        if is == AttemptStatus::Instructed {
            if on_their_way.contains(&(payment.award, &payment.line)) {
                return Err(format!("{name:?} is on its way beside another"));
            }
            on_their_way.push((payment.award, &payment.line));
        }
    }
    Ok(())
}

/// I-19, I-20: what is demanded is received, reversed or outstanding.
fn recoveries(model: &Model, world: &World) -> Result<(), String> {
    let rows = list::<Recoveries>(&world.state, &(), ALL);
    same(|| "recoveries".to_owned(), &rows.len(), &model.recoveries.len())?;
    for (place, recovery) in model.recoveries.iter().enumerate() {
        let name = model.name_of_recovery(place);
        let Some(row) = get::<Recoveries>(&world.state, &world.names.recovery(&name)) else {
            return Err(format!("there is no recovery {name:?}"));
        };
        let sums = [recovery.amount, model.received(place), recovery.reversed].map(money);
        same(|| format!("recovery {name:?}"), &[row.amount, row.received, row.reversed], &sums)?;
        same(|| format!("line of recovery {name:?}"), &row.line.to_string(), &recovery.line)?;
        let is = match recovery.is {
            RecoveryIs::Proposed => RecoveryStatus::Proposed,
            RecoveryIs::Owed => RecoveryStatus::Approved,
            RecoveryIs::Withdrawn => RecoveryStatus::Withdrawn,
            RecoveryIs::Done if 0 < model.received(place) => RecoveryStatus::Received,
            RecoveryIs::Done => RecoveryStatus::Reversed,
        };
        same(|| format!("status of recovery {name:?}"), &row.status, &is)?;
    }
    Ok(())
}

/// I-06: what is left of each piece and who uses it; never more than there was when it was taken.
fn evidence(model: &Model, world: &World) -> Result<(), String> {
    let rows = list::<Evidence>(&world.state, &(), ALL);
    same(|| "pieces of evidence".to_owned(), &rows.len(), &model.pieces.len())?;
    for piece in &model.pieces {
        let Some(row) = get::<Evidence>(&world.state, &piece.key) else {
            return Err(format!("there is no {}", piece.key));
        };
        let real = (row.net, row.voided, usize::try_from(row.holders).unwrap());
        let holders = model.holders(&piece.key);
        same(|| piece.key.clone(), &real, &(money(piece.net), piece.voided, holders))?;
        let mut used: Vec<(String, Fen)> =
            row.used.iter().map(|one| (one.application.to_string(), one.amount)).collect();
        let mut uses: Vec<(String, Fen)> = Vec::new();
        for award in model.awards.iter().filter(|one| one.stands()) {
            let of_piece = award.uses.iter().filter(|one| one.0 == piece.key);
            uses.extend(of_piece.map(|one| (award.name.clone(), money(one.1))));
        }
        used.sort();
        uses.sort();
        same(|| format!("who uses {}", piece.key), &used, &uses)?;
        if 1 < uses.len() {
            return Err(format!("{} is used up twice: {uses:?}", piece.key));
        }
    }
    Ok(())
}

/// Rights that can be used once, and the trains that count together.
fn rights(model: &Model, world: &World) -> Result<(), String> {
    let rows = list::<Claims>(&world.state, &(), ALL);
    let mut real: Vec<String> = rows.iter().map(|(_, row)| row.application.to_string()).collect();
    let standing = || model.awards.iter().filter(|one| one.stands());
    let mut holders: Vec<String> =
        standing().filter(|one| one.right.is_some()).map(|one| one.name.clone()).collect();
    real.sort();
    holders.sort();
    same(|| "holders of rights".to_owned(), &real, &holders)?;
    let tallies = list::<Tallies>(&world.state, &(), ALL).into_iter();
    let of_trains = tallies.filter(|(key, _)| key.starts_with(b"T12."));
    let entries = of_trains.flat_map(|(_, row)| row.entries);
    let trains: Vec<i128> = entries.map(|one| i128::from(one.amount.get())).collect();
    let bonuses: Vec<i128> = standing().filter_map(|one| one.bonus).collect();
    let sum = |all: &[i128]| (all.len(), all.iter().sum::<i128>());
    same(|| "trains that count".to_owned(), &sum(&trains), &sum(&bonuses))
}

/// I-04: every counter together is what stands, and no decision took one above its limit.
fn caps(model: &Model, world: &World) -> Result<(), String> {
    let rows = list::<Caps>(&world.state, &(), ALL);
    for cap in CAPS {
        let of_cap = rows.iter().filter(|(key, _)| key.starts_with(format!("{cap}\0").as_bytes()));
        let used: i128 = of_cap.map(|(_, row)| i128::from(row.used.get())).sum();
        let counts = |one: &&Award| one.cap.as_ref().is_some_and(|own| own.cap == cap);
        let standing: i128 = model.awards.iter().filter(counts).map(Award::room).sum();
        same(|| format!("cap {cap}"), &used, &standing)?;
    }
    for award in &model.awards {
        let Some(Counted { cap, limit, used, .. }) = &award.cap else { continue };
        if (*limit).max(*used) < used + award.proposed {
            return Err(format!("{} took {cap} above its limit", award.name));
        }
    }
    Ok(())
}
