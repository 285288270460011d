//! What is asked of both sides, in plain numbers and texts: money in 分, days since 1970, seconds of the clock.
//!
//! An award is named by its application, a payment and a recovery by their place among those of the award, because the
//! ledger's own numbers change when commands before them are left out.

/// One command: who gives it, when, under which id, and what it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Number of the command's id. One that was used before repeats it.
    pub(crate) id: u32,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(crate) at: i64,
    pub(crate) role: &'static str,
    pub(crate) actor: String,
    pub(crate) wish: Wish,
}

/// A typed value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Money(i128),
    Count(u64),
    Day(i64),
    Flag(bool),
    /// In parts of ten thousand.
    Rate(i128),
    Word(String),
}

/// A piece of evidence with its number as somebody typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// `invoice`, `tickets`, `loan` or `balance`.
    pub(crate) kind: &'static str,
    pub(crate) typed: String,
    pub(crate) day: i64,
    pub(crate) until: Option<i64>,
    pub(crate) amount: i128,
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Submit {
    pub(crate) application: String,
    pub(crate) enterprise: String,
    pub(crate) project: Option<String>,
    pub(crate) measure: String,
    pub(crate) applied_on: i64,
    pub(crate) facts: Vec<(String, Value)>,
    pub(crate) evidence: Vec<Piece>,
    /// Whether it names a person as payee.
    pub(crate) person: bool,
}

/// A project as it is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Project {
    pub(crate) code: String,
    pub(crate) enterprise: String,
    pub(crate) treasury: String,
    pub(crate) total: i128,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) in_statistics: bool,
}

/// An award of another level as it is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) award: String,
    pub(crate) subject: String,
    pub(crate) level: &'static str,
    pub(crate) programme: String,
    pub(crate) status: &'static str,
    pub(crate) amount: Option<i128>,
    pub(crate) on: i64,
}

/// A sanction as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sanction {
    pub(crate) enterprise: String,
    pub(crate) from: i64,
    pub(crate) until: Option<i64>,
    /// What it bars; nothing named is everything.
    pub(crate) measures: Vec<&'static str>,
    /// `enterprise`, `legal-representative` or `group`.
    pub(crate) reach: &'static str,
    /// The number of the document, and the day it bears.
    pub(crate) document: String,
    pub(crate) dated: i64,
}

/// Two enterprises that are related, in which way, from which day and until which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relation {
    pub(crate) enterprise: String,
    pub(crate) other: String,
    pub(crate) kind: &'static str,
    pub(crate) from: i64,
    pub(crate) until: Option<i64>,
}

/// The payment or recovery of an award, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Nth {
    pub(crate) award: String,
    pub(crate) nth: usize,
}

/// What a new policy version says otherwise, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// An interpretation is answered with another option.
    Answer { id: &'static str, option: &'static str, from: i64 },
    /// A value of a measure or document: its place is `E6/year-limit`.
    Amount { place: &'static str, value: i128, from: i64 },
    /// A cap counts the group or the linked projects as well, or no longer.
    Reach { cap: &'static str, wide: bool },
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    OpenLedger,
    Chunk {
        artifact: u8,
        index: u32,
        count: u32,
        text: &'static str,
    },
    /// A version from an artifact that `Chunk` records; its hash never fits.
    PublishArtifact {
        artifact: u8,
    },
    /// Bytes that are no catalogue, under their own hash.
    PublishNonsense,
    /// The shipped catalogue with these changes, all together.
    Publish {
        changes: Vec<Change>,
    },
    Calendar {
        year: u32,
        off: (i64, i64),
        source: &'static str,
    },
    /// The rate in parts of ten thousand.
    Rate {
        on: i64,
        rate: i128,
    },
    Enterprise {
        code: String,
        treasury: String,
        industry: Option<&'static str>,
        account: bool,
    },
    Project(Project),
    Allocate {
        line: String,
        treasury: String,
        year: u32,
        measures: Vec<&'static str>,
        amount: i128,
    },
    Adjust {
        line: String,
        up: bool,
        amount: i128,
    },
    Round {
        round: String,
        from: i64,
        to: i64,
    },
    Report(Report),
    Fact {
        subject: String,
        name: &'static str,
        value: Value,
        on: i64,
    },
    /// Evidence that another body voids down to `net`.
    Void {
        piece: Piece,
        net: i128,
    },
    Submit(Submit),
    Withdraw {
        application: String,
    },
    Decide {
        application: String,
    },
    Confirm {
        award: String,
    },
    /// Whether it was got by fraud.
    Reduce {
        award: String,
        to: i128,
        fraud: bool,
    },
    Revoke {
        award: String,
        fraud: bool,
    },
    Instruct {
        award: String,
    },
    Settle {
        payment: Nth,
        amount: i128,
        reference: String,
    },
    Reject {
        payment: Nth,
    },
    Return {
        payment: Nth,
    },
    Approve {
        recovery: Nth,
        fraud: bool,
    },
    Receive {
        recovery: Nth,
        amount: i128,
        reference: String,
    },
    Impose(Sanction),
    /// A sanction ends on a day, or never was.
    Lift {
        enterprise: String,
        document: String,
        until: Option<i64>,
        dated: i64,
    },
    /// Another name, and the account that is brought: under which name, and which of several.
    Rename {
        enterprise: String,
        name: &'static str,
        account: Option<(&'static str, u8)>,
        on: i64,
    },
    /// Another credit code.
    Renumber {
        enterprise: String,
        code: &'static str,
        on: i64,
    },
    Relate(Relation),
    /// Two projects are parts of one, or are no longer said to be.
    Link {
        project: String,
        other: String,
    },
    Unlink {
        project: String,
        other: String,
    },
    /// They are related until a day, or never were.
    Unrelate {
        enterprise: String,
        other: String,
        kind: &'static str,
        until: Option<i64>,
    },
    Continue {
        subject: String,
        cause: u64,
    },
}
