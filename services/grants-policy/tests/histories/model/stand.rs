//! What stands of awards, payments and recoveries, and where the money of a line is: all of it summed from the lists.

use super::{Model, Stop, refuse, shares::Part};
use crate::{step::Nth, told::Hold};

/// A running cap as the decision met it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) cap: &'static str,
    /// Whose it is, where that is what somebody recorded.
    pub(crate) of: Option<String>,
    pub(crate) limit: i128,
    /// What stood before.
    pub(crate) used: i128,
    pub(crate) cut: bool,
}

/// How an award ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gone {
    Revoked,
    Recovered,
}

/// An award, as it was decided, and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Award {
    /// The number of its application.
    pub(crate) name: String,
    pub(crate) enterprise: String,
    pub(crate) project: Option<String>,
    pub(crate) measure: String,
    /// What each line pays of it.
    pub(crate) parts: Vec<Part>,
    pub(crate) governing: i64,
    pub(crate) version: u32,
    pub(crate) decided_by: String,
    pub(crate) confirmed_by: Option<String>,
    pub(crate) proposed: i128,
    /// What was taken from it since, one by one.
    pub(crate) lowered: Vec<i128>,
    /// What fraud had got and stays taken of its cap.
    pub(crate) kept: i128,
    pub(crate) queued: bool,
    pub(crate) gone: Option<Gone>,
    pub(crate) holds: Vec<Hold>,
    pub(crate) cap: Option<Counted>,
    /// The right that can be used once.
    pub(crate) right: Option<String>,
    /// The cumulative part of a train that counts.
    pub(crate) bonus: Option<i128>,
    /// Days for which interest was paid, and the loan.
    pub(crate) interest: Option<(String, Vec<i64>)>,
    /// Pieces that it uses up, and how much of each.
    pub(crate) uses: Vec<(String, i128)>,
    /// What else it rests on.
    pub(crate) subjects: Vec<String>,
    /// The number of the command that decided it.
    pub(crate) decided: usize,
}

impl Award {
    pub(crate) fn amount(&self) -> i128 {
        self.proposed - self.lowered.iter().sum::<i128>()
    }
    /// What it takes of its cap.
    pub(crate) fn room(&self) -> i128 {
        self.amount() + self.kept
    }
    /// Whether a line pays a part of it.
    pub(crate) fn is_of(&self, line: &str) -> bool {
        self.parts.iter().any(|part| part.line == line)
    }
    pub(crate) fn stands(&self) -> bool {
        self.gone.is_none()
    }
}

/// Where an attempt to pay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaymentIs {
    OnItsWay,
    Settled,
    Rejected,
    Returned,
}

/// An attempt to pay.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) award: usize,
    pub(crate) line: String,
    pub(crate) amount: i128,
    pub(crate) is: PaymentIs,
    pub(crate) reference: Option<String>,
}

/// Where a recovery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecoveryIs {
    Proposed,
    Owed,
    Withdrawn,
    Done,
}

/// Money to take back.
#[derive(Clone, Debug)]
pub(crate) struct Recovery {
    pub(crate) award: usize,
    pub(crate) line: String,
    pub(crate) amount: i128,
    pub(crate) reversed: i128,
    /// Whether it was approved because of fraud.
    pub(crate) fraud: bool,
    pub(crate) is: RecoveryIs,
}

/// Where the money of a line is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Books {
    pub(crate) allocated: i128,
    pub(crate) available: i128,
    pub(crate) reserved: i128,
    pub(crate) payable: i128,
    pub(crate) in_transit: i128,
    pub(crate) paid: i128,
    pub(crate) receivable: i128,
    pub(crate) recovered: i128,
    pub(crate) queued: u64,
}

impl Model {
    pub(crate) fn application(&self, number: &str) -> Result<usize, Stop> {
        let found = self.applications.iter().position(|one| one.submit.application == number);
        found.ok_or(Stop::open("application-unknown"))
    }

    pub(crate) fn award(&self, name: &str) -> Result<usize, Stop> {
        self.awards.iter().position(|one| one.name == name).ok_or(Stop::open("award-unknown"))
    }

    pub(super) fn standing(&self, name: &str) -> Result<usize, Stop> {
        let award = self.award(name)?;
        if self.awards[award].stands() { Ok(award) } else { refuse("award-not-open") }
    }

    pub(crate) fn payment(&self, name: &Nth) -> Result<usize, Stop> {
        let award = self.award(&name.award).map_err(|_| Stop::open("payment-unknown"))?;
        let of_award = self.payments.iter().enumerate().filter(|(_, one)| one.award == award);
        of_award.map(|(place, _)| place).nth(name.nth).ok_or(Stop::open("payment-unknown"))
    }

    pub(crate) fn recovery(&self, name: &Nth) -> Result<usize, Stop> {
        let award = self.award(&name.award).map_err(|_| Stop::open("recovery-unknown"))?;
        let of_award = self.recoveries.iter().enumerate().filter(|(_, one)| one.award == award);
        of_award.map(|(place, _)| place).nth(name.nth).ok_or(Stop::open("recovery-unknown"))
    }

    /// The name of a payment, from its place.
    pub(crate) fn name_of_payment(&self, place: usize) -> Nth {
        let award = self.payments[place].award;
        let nth = self.payments[..place].iter().filter(|one| one.award == award).count();
        Nth { award: self.awards[award].name.clone(), nth }
    }

    /// The name of a recovery, from its place.
    pub(crate) fn name_of_recovery(&self, place: usize) -> Nth {
        let award = self.recoveries[place].award;
        let nth = self.recoveries[..place].iter().filter(|one| one.award == award).count();
        Nth { award: self.awards[award].name.clone(), nth }
    }

    fn paid_out(&self, award: usize, line: &str, is: PaymentIs) -> i128 {
        let of_part = |one: &&Payment| one.award == award && one.line == line && one.is == is;
        self.payments.iter().filter(of_part).map(|one| one.amount).sum()
    }

    /// What a recovery has received, in whichever way.
    pub(crate) fn received(&self, recovery: usize) -> i128 {
        self.receipts.iter().filter(|one| one.0 == recovery).map(|one| one.2).sum()
    }

    /// What is still demanded.
    pub(crate) fn outstanding(&self, recovery: usize) -> i128 {
        let one = &self.recoveries[recovery];
        match one.is {
            RecoveryIs::Proposed | RecoveryIs::Owed => one.amount - one.reversed - self.received(recovery),
            RecoveryIs::Withdrawn | RecoveryIs::Done => 0,
        }
    }

    /// What a line paid of an award that arrived and did not come back.
    pub(crate) fn settled_of(&self, award: usize, line: &str) -> i128 {
        // What was received out of a returned payment went with that payment.
        let back = |one: &&(usize, String, i128, bool)| {
            let recovery = &self.recoveries[one.0];
            recovery.award == award && recovery.line == line && !one.3
        };
        self.paid_out(award, line, PaymentIs::Settled)
            - self.receipts.iter().filter(back).map(|one| one.2).sum::<i128>()
    }

    /// What arrived or is on its way from a line.
    pub(crate) fn instructed_of(&self, award: usize, line: &str) -> i128 {
        self.settled_of(award, line) + self.paid_out(award, line, PaymentIs::OnItsWay)
    }

    /// What is proposed and owed back of what a line pays of an award.
    pub(crate) fn demanded_of(&self, award: usize, line: &str) -> i128 {
        let of_part = |one: &usize| {
            let recovery = &self.recoveries[*one];
            recovery.award == award && recovery.line == line
        };
        (0..self.recoveries.len()).filter(of_part).map(|one| self.outstanding(one)).sum()
    }

    /// Of all its lines.
    pub(crate) fn settled(&self, award: usize) -> i128 {
        self.awards[award].parts.iter().map(|part| self.settled_of(award, &part.line)).sum()
    }
    /// Likewise.
    pub(crate) fn instructed(&self, award: usize) -> i128 {
        self.awards[award].parts.iter().map(|part| self.instructed_of(award, &part.line)).sum()
    }
    /// Likewise.
    pub(crate) fn demanded(&self, award: usize) -> i128 {
        self.awards[award].parts.iter().map(|part| self.demanded_of(award, &part.line)).sum()
    }

    /// What is neither paid nor on its way.
    pub(crate) fn unpaid(&self, award: usize) -> i128 {
        self.awards[award].amount() - self.instructed(award)
    }

    /// Where the money of a line is.
    pub(crate) fn books(&self, line: &str) -> Books {
        let mut books = Books::default();
        let found = self.lines.iter().find(|one| one.name == line);
        books.allocated = found.map_or(0, |one| one.allocated);
        for (place, award) in self.awards.iter().enumerate() {
            let Some(part) = award.parts.iter().find(|part| part.line == line) else { continue };
            let unpaid = part.amount - self.instructed_of(place, line);
            books.in_transit += self.paid_out(place, line, PaymentIs::OnItsWay);
            books.paid += self.paid_out(place, line, PaymentIs::Settled);
            if award.queued {
                books.queued += 1;
            } else if award.confirmed_by.is_some() {
                books.payable += unpaid;
            } else {
                books.reserved += unpaid;
            }
        }
        for (place, recovery) in self.recoveries.iter().enumerate() {
            if recovery.line == line {
                books.recovered += self.received(place);
                if recovery.is == RecoveryIs::Owed {
                    books.receivable += self.outstanding(place);
                }
            }
        }
        // What came out of a returned payment was paid and is recovered; the payment itself is paid no longer.
        let out_of_returns = self.receipts.iter().filter(|one| one.3);
        let of_line = out_of_returns.filter(|one| self.recoveries[one.0].line == line);
        books.paid += of_line.map(|one| one.2).sum::<i128>();
        books.available = books.allocated - books.reserved - books.payable - books.in_transit - books.paid;
        books
    }

    /// Those who wait for a line: by governing day, then by decision.
    pub(crate) fn queue(&self, line: &str) -> Vec<usize> {
        let waits = |one: &usize| self.awards[*one].queued && self.awards[*one].is_of(line);
        let mut queue: Vec<usize> = (0..self.awards.len()).filter(waits).collect();
        queue.sort_by_key(|one| (self.awards[*one].governing, self.awards[*one].decided));
        queue
    }
}
