//! The books by other means: every balance and counter is summed again from the awards, payments and recoveries.

use grants_domain::{
    application::ApplicationStatus,
    award::{AwardStatus, shares::ShareRow},
    ids::AwardId,
    payment::AttemptStatus,
    recovery::RecoveryStatus,
    state::{KeyPart, MemoryState, Table, get, list},
    tables::{
        Applications, Attempts, AwardRow, Awards, BudgetLineRow, BudgetLines, Caps, Claims, Due, Evidence,
        Payables, Queue, Recoveries, RecoveryRow,
    },
    values::Fen,
    wire::Message,
};
use std::{collections::BTreeMap, sync::Arc};

const ALL: usize = usize::MAX;

/// What must hold of each row by itself, for the rows that a command changed (I-02, I-03, I-06, I-20).
pub(crate) fn touched(rows: &BTreeMap<Vec<u8>, Option<Arc<[u8]>>>) {
    for (key, row) in rows.iter().filter_map(|(key, row)| row.as_ref().map(|row| (key, row))) {
        let table = key[0];
        if table == Awards::ID {
            award(&AwardRow::decode(row).unwrap());
        } else if table == BudgetLines::ID {
            line(&BudgetLineRow::decode(row).unwrap());
        } else if table == Recoveries::ID {
            let row = RecoveryRow::decode(row).unwrap();
            let gone = row.received.get() + row.reversed.get();
            assert!(gone <= row.amount.get(), "more came back than was demanded");
            let over = matches!(row.status, RecoveryStatus::Received | RecoveryStatus::Reversed);
            assert_eq!(over, gone == row.amount.get());
        }
    }
}

fn award(row: &AwardRow) {
    assert!(row.settled <= row.instructed, "settled above instructed: {row:?}");
    assert!(row.instructed <= row.amount, "instructed above the award: {row:?}");
    assert!(row.recovering <= row.instructed, "asked back what is not out: {row:?}");
    parts(row);
    match row.status {
        AwardStatus::Queued => assert!(row.instructed.is_zero()),
        // What was raised after payment is confirmed anew, with nothing on its way.
        AwardStatus::Proposed => assert_eq!(row.instructed, row.settled),
        // Paid in full it would be fulfilled.
        AwardStatus::Confirmed => assert!(row.settled < row.amount && row.confirmed_by.is_some()),
        AwardStatus::Fulfilled => assert_eq!(row.settled, row.amount),
        AwardStatus::Revoked | AwardStatus::Recovered => assert!(row.amount.is_zero()),
    }
}

/// Whatever several treasuries pay together sums to the award, part by part (I-22).
fn parts(row: &AwardRow) {
    let parts = row.parts();
    for (of, sum) in [
        (|part: &ShareRow| part.amount, row.amount),
        (|part: &ShareRow| part.instructed, row.instructed),
        (|part: &ShareRow| part.settled, row.settled),
        (|part: &ShareRow| part.recovering, row.recovering),
    ] as [(fn(&ShareRow) -> Fen, Fen); 4]
    {
        assert_eq!(parts.iter().map(|part| of(part).get()).sum::<i64>(), sum.get(), "parts of {row:?}");
    }
    for part in &parts {
        assert!(part.settled <= part.instructed && part.instructed <= part.amount, "a part of {row:?}");
        assert!(part.recovering <= part.instructed, "a part asks back what is not out: {row:?}");
    }
}

fn line(row: &BudgetLineRow) {
    let spent = [row.available, row.reserved, row.payable, row.in_transit, row.paid];
    assert!(spent.iter().all(|one| 0 <= *one), "a balance below zero: {row:?}");
    assert_eq!(spent.iter().sum::<i64>(), -row.appropriation, "allocated is not what its parts are: {row:?}");
    assert!(0 <= row.receivable && 0 <= row.recovered);
    assert_eq!(row.receivable + row.recovered, -row.recovery_claims, "claims do not balance: {row:?}");
}

#[derive(Default)]
struct Sums {
    reserved: i64,
    payable: i64,
    in_transit: i64,
    settled: i64,
    receivable: i64,
    queued: u64,
}

/// Every balance, counter and mark, summed again from what stands (I-03, I-04, I-06, I-15, I-17, I-20, I-25).
pub(crate) fn balance(state: &MemoryState) {
    let awards: Vec<AwardRow> = list::<Awards>(state, &(), ALL).into_iter().map(|(_, row)| row).collect();
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    let mut caps: BTreeMap<Vec<u8>, i128> = BTreeMap::new();
    for row in &awards {
        for part in row.parts() {
            let sum = sums.entry(part.line.to_string()).or_default();
            match row.status {
                AwardStatus::Proposed => sum.reserved += part.unpaid().get(),
                AwardStatus::Queued => sum.queued += 1,
                _ => sum.payable += part.unpaid().get(),
            }
            sum.settled += part.settled.get();
        }
        for cap in &row.caps {
            let key = key(&(cap.cap.clone(), cap.scope.to_string(), cap.window.to_string()));
            *caps.entry(key).or_default() += i128::from(row.room_of(&cap.cap).get());
        }
    }
    for (_, row) in list::<Attempts>(state, &(), ALL) {
        let sum = sums.entry(row.line.to_string()).or_default();
        if row.status == AttemptStatus::Instructed {
            sum.in_transit += row.amount.get();
        }
    }
    for (_, row) in list::<Recoveries>(state, &(), ALL) {
        if row.status == RecoveryStatus::Approved {
            sums.entry(row.line.to_string()).or_default().receivable += row.outstanding().get();
        }
    }
    lines(state, &sums);
    for (key, row) in list::<Caps>(state, &(), ALL) {
        let standing = caps.get(&key).copied().unwrap_or(0);
        assert_eq!(i128::from(row.used.get()), standing, "a cap counts what does not stand");
    }
    rights(state);
    attempts(state);
}

fn lines(state: &MemoryState, sums: &BTreeMap<String, Sums>) {
    for (key, row) in list::<BudgetLines>(state, &(), ALL) {
        let name = std::str::from_utf8(&key[..key.len() - 1]).unwrap();
        let none = Sums::default();
        let sum = sums.get(name).unwrap_or(&none);
        assert_eq!(row.reserved, sum.reserved, "reserved on {name}");
        assert_eq!(row.payable, sum.payable, "payable on {name}");
        assert_eq!(row.in_transit, sum.in_transit, "in transit on {name}");
        assert_eq!(row.paid, sum.settled + row.recovered, "paid on {name}");
        assert_eq!(row.receivable, sum.receivable, "receivable on {name}");
        assert_eq!(row.queued, sum.queued, "queued on {name}");
        let waiting = list::<Queue>(state, &name.parse::<grants_domain::values::Reference>().unwrap(), ALL);
        assert_eq!(u64::try_from(waiting.len()).unwrap(), sum.queued, "the queue of {name}");
        let served_later = list::<Due>(state, &name.to_owned(), 1);
        if let (Some((key, _)), true) = (waiting.first(), served_later.is_empty()) {
            let head = u64::from_be_bytes(key[key.len() - 8..].try_into().unwrap());
            let head = AwardId(head);
            let served = |part: &ShareRow| {
                let line = get::<BudgetLines>(state, &part.line).unwrap();
                let (first, _) = list::<Queue>(state, &part.line, 1).pop().unwrap();
                part.amount.get() <= line.available && first.ends_with(&head.0.to_be_bytes())
            };
            let parts = get::<Awards>(state, &head).unwrap().parts();
            assert!(!parts.iter().all(served), "the head of {name} waits beside its money");
        }
    }
}

/// Claims and evidence are held by awards that stand, and only once.
fn rights(state: &MemoryState) {
    for (_, row) in list::<Claims>(state, &(), ALL) {
        assert!(get::<Awards>(state, &row.award).unwrap().stands(), "a right of an award that is gone");
    }
    let mut holders: BTreeMap<String, u64> = BTreeMap::new();
    for (_, row) in list::<Applications>(state, &(), ALL) {
        let award = row.award.and_then(|id| get::<Awards>(state, &id));
        if row.status == ApplicationStatus::Submitted || award.is_some_and(|award| award.stands()) {
            row.evidence.iter().for_each(|one| *holders.entry(one.key.to_string()).or_default() += 1);
        }
    }
    for (key, row) in list::<Evidence>(state, &(), ALL) {
        let name = std::str::from_utf8(&key[..key.len() - 1]).unwrap();
        assert_eq!(row.holders, holders.get(name).copied().unwrap_or(0), "who rests on {name}");
        for one in &row.used {
            let award = get::<Awards>(state, &one.award).unwrap();
            assert!(award.stands(), "evidence {key:?} is used by an award that is gone");
            assert!(award.consumed.iter().any(|other| other.amount == one.amount));
        }
    }
}

/// At most one attempt of a line is on its way, and it covers all that is instructed of the part beyond what is settled.
fn attempts(state: &MemoryState) {
    let mut on_their_way: BTreeMap<(u64, String), i64> = BTreeMap::new();
    for (_, row) in list::<Attempts>(state, &(), ALL) {
        if row.status == AttemptStatus::Instructed {
            let earlier = on_their_way.insert((row.award.0, row.line.to_string()), row.amount.get());
            assert_eq!(earlier, None, "{} has two live attempts", row.award);
        }
    }
    for (key, row) in list::<Awards>(state, &(), ALL) {
        let id = u64::from_be_bytes(key.try_into().unwrap());
        for part in row.parts() {
            let live = on_their_way.get(&(id, part.line.to_string())).copied().unwrap_or(0);
            assert_eq!(part.instructed.get() - part.settled.get(), live, "AW-{id} is covered otherwise");
            let of_line = row.recoveries.iter().map(|one| get::<Recoveries>(state, one).unwrap());
            let of_line = of_line.filter(|one| one.line == part.line);
            let asked: i64 = of_line.map(|one| one.outstanding().get()).sum();
            assert_eq!(part.recovering.get(), asked, "AW-{id} is asked for something else");
        }
        let payable = get::<Payables>(state, &AwardId(id)).is_some();
        let open = matches!(row.status, AwardStatus::Confirmed | AwardStatus::Fulfilled);
        assert_eq!(payable, open && !row.unpaid().is_zero(), "AW-{id} on the payment list");
    }
}

fn key(part: &impl KeyPart) -> Vec<u8> {
    let mut bytes = Vec::new();
    part.append(&mut bytes);
    bytes
}
