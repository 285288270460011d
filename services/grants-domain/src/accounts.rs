//! Where the money is: a small account tree for each budget line, and the only code that moves amounts.
//!
//! Invariant: Σ debits = Σ credits in every event, and so on every line at every sequence
//! (`accounts::post` asserts it in every build; the auditor checks it again).

use crate::{
    choice, message,
    state::{StateWrite, change},
    tables::{BudgetLineRow, BudgetLines},
    values::{Fen, Reference},
};

choice! {
    /// An account of a budget line. All but the appropriation have debit balances.
    pub enum Account {
        /// 指标下达: the source; the only credit balance besides the recovery claim's counterpart.
        Appropriation = 1 => "appropriation",
        /// 可用: free to be reserved.
        Available = 2 => "available",
        /// 冻结: set aside for proposed awards.
        Reserved = 3 => "reserved",
        /// 应付: confirmed, not yet instructed.
        Payable = 4 => "payable",
        /// 在途: instructed to the bank, no result yet.
        InTransit = 5 => "in-transit",
        /// 已支付: settled on positive bank evidence.
        Paid = 6 => "paid",
        /// 应收追回: owed back by decision.
        Receivable = 7 => "receivable",
        /// The counterpart of what is owed back; it falls as money returns.
        RecoveryClaims = 8 => "recovery-claims",
        /// 已追回: money that came back.
        Recovered = 9 => "recovered",
    }
}

choice! {
    /// The side of an entry.
    pub enum Side {
        /// 借.
        Debit = 1 => "debit",
        /// 贷.
        Credit = 2 => "credit",
    }
}

message! {
    /// One leg of a double entry.
    pub struct Posting {
        1 => line: Reference,
        2 => account: Account,
        3 => side: Side,
        4 => amount: Fen,
    }
}

/// The two legs that carry an amount from one account of a line to another.
#[must_use]
pub fn transfer(line: &Reference, from: Account, to: Account, amount: Fen) -> Vec<Posting> {
    let leg = |account, side| Posting { line: line.clone(), account, side, amount };
    vec![leg(to, Side::Debit), leg(from, Side::Credit)]
}

/// Whether the legs of each line balance.
#[must_use]
pub fn balanced(postings: &[Posting]) -> bool {
    let signed = |posting: &Posting| match posting.side {
        Side::Debit => i128::from(posting.amount.get()),
        Side::Credit => -i128::from(posting.amount.get()),
    };
    postings.iter().all(|one| {
        let same_line = postings.iter().filter(|other| other.line == one.line);
        same_line.map(signed).sum::<i128>() == 0
    })
}

/// Writes the legs into the balances of their lines. History is true, so an imbalance is a bug.
pub fn post(state: &mut dyn StateWrite, postings: &[Posting]) {
    assert!(balanced(postings), "an event's debits and credits differ");
    // The legs of one line stand side by side, so that its row is written once.
    for legs in postings.chunk_by(|one, other| one.line == other.line) {
        let Some(Posting { line, .. }) = legs.first() else {
            continue;
        };
        change::<BudgetLines>(state, line, |row| legs.iter().for_each(|leg| enter(row, leg)));
    }
}

fn enter(row: &mut BudgetLineRow, posting: &Posting) {
    let amount = match posting.side {
        Side::Debit => posting.amount.get(),
        Side::Credit => -posting.amount.get(),
    };
    let balance = row.balance_mut(posting.account);
    *balance = balance.checked_add(amount).unwrap_or_else(|| panic!("a balance leaves its range"));
    let credit_normal = matches!(posting.account, Account::Appropriation | Account::RecoveryClaims);
    let sound = if credit_normal { *balance <= 0 } else { 0 <= *balance };
    assert!(sound, "account {} of line {} turns its sign", posting.account, posting.line);
}
