//! The rows of the decision state, table by table. A table's number is part of stored keys and is never reused.

mod bars;
mod ground;
mod kin;

pub use bars::{Sanction, SanctionEnd, SanctionsRow};
pub use ground::{
    CalendarRow, ChunkRow, EnterpriseRow, ExternalAwardRow, FactRow, LedgerRow, PolicyVersionRow, ProjectRow,
    RateRow, RoundRow,
};
pub use kin::{
    Affiliate, AffiliatesRow, AffiliationEnd, AffiliationKind, LineageRow, Link, ProjectKinRow, ProjectLink,
};

use crate::{
    accounts::Account,
    application::ApplicationStatus,
    award::{
        AwardStatus,
        kept::{Ground, KeptRoom},
        shares::ShareRow,
    },
    choice,
    context::Actor,
    ids::{AttemptId, AwardId, RecoveryId},
    message,
    payment::AttemptStatus,
    people::{Payee, Sealed},
    recovery::RecoveryStatus,
    state::Table,
    trace::{CapStep, Consumed, Fact, Hold, TallyStep},
    values::{CommandId, CreditCode, Date, Fen, ProjectCode, Reference, Sha256Hex, Slug, Text, Treasury},
};

macro_rules! tables {
    ($($(#[$meta:meta])* $id:literal $name:ident($word:literal): $key:ty => $row:ty;)*) => {
        $(
            $(#[$meta])*
            #[derive(Debug)]
            pub struct $name;
            impl Table for $name {
                const ID: u8 = $id;
                const NAME: &'static str = $word;
                type Key = $key;
                type Row = $row;
            }
        )*
        /// Every table: its number and its name.
        pub const TABLES: &[(u8, &str)] = &[ $( ($id, $word) ),* ];
    };
}

tables! {
    /// One row: the ledger itself.
    1 Ledgers("ledger"): () => LedgerRow;
    /// Chunks of artifacts, by hash and index.
    2 Artifacts("artifact"): (Sha256Hex, u32) => ChunkRow;
    /// Published policy versions, by number.
    3 PolicyVersions("policy-version"): u32 => PolicyVersionRow;
    /// Working-day calendars, by year.
    4 Calendars("calendar"): u32 => CalendarRow;
    /// Published rates, by name and day of publication.
    5 Rates("rate"): (Slug, Date) => RateRow;
    /// Enterprises.
    6 Enterprises("enterprise"): CreditCode => EnterpriseRow;
    /// Projects.
    7 Projects("project"): ProjectCode => ProjectRow;
    /// Recorded facts about a subject, by subject, name and day.
    8 Facts("fact"): (String, Slug, Date) => FactRow;
    /// Budget lines.
    9 BudgetLines("budget-line"): Reference => BudgetLineRow;
    /// Which line serves a measure: treasury, fiscal year, measure.
    10 LinesFor("line-for"): (Treasury, u32, Slug) => LineRef;
    /// Rounds of other levels, by programme and number.
    11 Rounds("round"): (Slug, Reference) => RoundRow;
    /// Awards of other levels.
    12 ExternalAwards("external-award"): Reference => ExternalAwardRow;
    /// External awards of a subject.
    13 ExternalBySubject("external-by-subject"): (String, Reference) => Mark;
    /// Applications.
    14 Applications("application"): Reference => ApplicationRow;
    /// Applications that wait for a decision.
    15 OpenApplications("open-application"): Reference => Mark;
    /// Evidence by its fingerprint.
    16 Evidence("evidence"): String => EvidenceRow;
    /// Awards.
    17 Awards("award"): AwardId => AwardRow;
    /// Awards of a subject (`enterprise:…`, `project:…`, `evidence:…`, `title:…`): whom a late fact reaches.
    18 AwardsBySubject("award-by-subject"): (String, AwardId) => Mark;
    /// What a cap has counted, by cap, scope and window.
    19 Caps("cap"): (Slug, String, String) => CapRow;
    /// What a tally has counted, by tally, scope and window.
    20 Tallies("tally"): (Slug, String, String) => TallyRow;
    /// Once-only rights in use.
    21 Claims("claim"): String => ClaimRow;
    /// Awards that wait for money: line, governing date, award.
    22 Queue("queue"): (Reference, Date, AwardId) => Mark;
    /// Attempts to pay.
    23 Attempts("payment"): AttemptId => AttemptRow;
    /// Recoveries.
    24 Recoveries("recovery"): RecoveryId => RecoveryRow;
    /// Work that a command left behind: subject, sequence of the cause.
    25 Due("due"): (String, u64) => DueRow;
    /// Outcomes of commands, for ever.
    26 Commands("command"): CommandId => CommandRow;
    /// Awards that may be worked on by payment: confirmed, with something left to pay.
    27 Payables("payable"): AwardId => Mark;
    /// Bank references of payments that arrived, folded, with the payment of each.
    28 Vouchers("voucher"): String => VoucherRow;
    /// Bank references under which a recovery has received money, folded.
    29 Receipts("receipt"): (RecoveryId, String) => Mark;
    /// What became of enterprises, by credit code; a code of which nothing was told has no row.
    30 Lineages("lineage"): CreditCode => LineageRow;
    /// Affiliates of an enterprise.
    31 Affiliates("affiliates"): CreditCode => AffiliatesRow;
    /// Projects that are parts of one.
    32 ProjectKin("linked-projects"): ProjectCode => ProjectKinRow;
    /// Sanctions, by the code that they were recorded of; a code without any has no row.
    34 Sanctions("sanctions"): CreditCode => SanctionsRow;
    /// Awards that a cap cut and whose part comes back with room: cap and scope, governing date and award.
    38 CutAwards("cut-award"): ((Slug, String), (Date, AwardId)) => Mark;
    /// Awards whose rise waits for money: line, governing date, award.
    39 WaitingRises("waiting-rise"): (Reference, Date, AwardId) => Mark;
}

message! {
    /// A row that says only that its key is there.
    pub struct Mark {}
}

message! {
    /// A budget line with the balances of its accounts, in 分. See `accounts.rs` for the signs.
    pub struct BudgetLineRow {
        1 => treasury: Treasury,
        2 => year: u32,
        3 => document: Text<80>,
        4 => measures: Vec<Slug>,
        5 => appropriation: i64,
        6 => available: i64,
        7 => reserved: i64,
        8 => payable: i64,
        9 => in_transit: i64,
        10 => paid: i64,
        11 => receivable: i64,
        12 => recovery_claims: i64,
        13 => recovered: i64,
        /// How many awards wait for this line.
        14 => queued: u64,
    }
}

impl BudgetLineRow {
    /// The balance of an account.
    pub fn balance_mut(&mut self, account: Account) -> &mut i64 {
        match account {
            Account::Appropriation => &mut self.appropriation,
            Account::Available => &mut self.available,
            Account::Reserved => &mut self.reserved,
            Account::Payable => &mut self.payable,
            Account::InTransit => &mut self.in_transit,
            Account::Paid => &mut self.paid,
            Account::Receivable => &mut self.receivable,
            Account::RecoveryClaims => &mut self.recovery_claims,
            Account::Recovered => &mut self.recovered,
        }
    }
}

message! {
    /// The line that serves a measure.
    pub struct LineRef {
        1 => line: Reference,
    }
}

message! {
    /// An application.
    pub struct ApplicationRow {
        1 => number: Reference,
        2 => enterprise: CreditCode,
        3 => project: Option<ProjectCode>,
        4 => measure: Slug,
        5 => applied_on: Date,
        6 => facts: Vec<Fact>,
        7 => evidence: Vec<Claimed>,
        8 => status: ApplicationStatus,
        9 => submitted_by: Actor,
        10 => payee_person: Option<Sealed>,
        11 => sequence: u64,
        12 => award: Option<AwardId>,
    }
}

choice! {
    /// What a piece of evidence is.
    pub enum EvidenceKind {
        /// An invoice, with its net amount ex tax.
        Invoice = 1 => "invoice",
        /// Railway tickets of one train.
        Tickets = 2 => "tickets",
        /// A loan contract.
        Loan = 3 => "loan",
        /// The balance of a loan between two days; not used up.
        Balance = 4 => "balance",
        /// A decision document.
        Document = 5 => "document",
    }
}

message! {
    /// A piece of evidence as an application brings it.
    pub struct Claimed {
        1 => kind: EvidenceKind,
        /// Fingerprint: the one text of the thing itself, such as `digital:24411…` (`evidence/fingerprint.rs`).
        2 => key: Text<60>,
        3 => date: Date,
        4 => until: Option<Date>,
        /// Ex tax, where tax is separate; the part that counts, where only a part does.
        5 => amount: Fen,
        /// Of an invoice, who sold.
        6 => seller: Option<CreditCode>,
    }
}

message! {
    /// Evidence, and who uses it up.
    pub struct EvidenceRow {
        1 => kind: EvidenceKind,
        2 => date: Date,
        /// What may be used at most: the net amount.
        3 => net: Fen,
        4 => used: Vec<Use>,
        5 => registered_by: Reference,
        /// Whether it was voided, in part or whole. What is voided down to nothing does not count at all.
        6 => voided: bool,
        /// How many applications that wait, or whose award stands, bring it. While none does, and it was never voided,
        /// the next application may describe it anew.
        7 => holders: u64,
    }
}

message! {
    /// A part of a piece of evidence, used by an award.
    pub struct Use {
        1 => award: AwardId,
        2 => application: Reference,
        3 => amount: Fen,
    }
}

message! {
    /// An award.
    pub struct AwardRow {
        1 => application: Reference,
        2 => enterprise: CreditCode,
        3 => project: Option<ProjectCode>,
        4 => measure: Slug,
        5 => line: Reference,
        6 => status: AwardStatus,
        /// What stands: proposed, less reductions; after payment it falls only by recovery.
        7 => amount: Fen,
        /// Instructed or settled, together.
        8 => instructed: Fen,
        9 => settled: Fen,
        /// Of what was settled, how much a recovery has proposed to take back.
        10 => recovering: Fen,
        11 => holds: Vec<Hold>,
        12 => caps: Vec<CapStep>,
        13 => tallies: Vec<TallyStep>,
        14 => claims: Vec<Text<120>>,
        15 => consumed: Vec<Consumed>,
        16 => governing: Date,
        17 => version: u32,
        18 => decided_by: Actor,
        19 => confirmed_by: Option<Actor>,
        20 => recoveries: Vec<RecoveryId>,
        /// As the trace names them: whose late facts reach it, beyond enterprise, project and evidence.
        21 => subjects: Vec<Text<80>>,
        /// Cap room that it had and that stays taken, cap by cap (K-36).
        #[serde(default)]
        22 => kept: Vec<KeptRoom>,
        /// The part of each treasury, where several pay (K-04); empty where one does.
        #[serde(default)]
        23 => shares: Vec<ShareRow>,
    }
}

message! {
    /// What a cap has counted.
    pub struct CapRow {
        1 => used: Fen,
        2 => awards: u64,
    }
}

message! {
    /// What a tally has counted: one entry for each standing award.
    pub struct TallyRow {
        1 => entries: Vec<TallyEntry>,
    }
}

message! {
    /// What one award adds to a tally.
    pub struct TallyEntry {
        1 => award: AwardId,
        2 => count: u64,
        3 => amount: Fen,
        4 => first: Option<Date>,
        5 => last: Option<Date>,
    }
}

message! {
    /// Who holds a once-only right.
    pub struct ClaimRow {
        1 => award: AwardId,
        2 => application: Reference,
    }
}

message! {
    /// One attempt to pay.
    pub struct AttemptRow {
        1 => award: AwardId,
        2 => line: Reference,
        3 => amount: Fen,
        4 => status: AttemptStatus,
        5 => payee: Option<Payee>,
        6 => payee_person: Option<Sealed>,
        7 => instructed_on: Date,
        8 => bank_reference: Option<Text<60>>,
    }
}

message! {
    /// The payment that a bank reference settled.
    pub struct VoucherRow {
        1 => payment: AttemptId,
    }
}

message! {
    /// Money to take back.
    pub struct RecoveryRow {
        1 => award: AwardId,
        2 => line: Reference,
        3 => amount: Fen,
        4 => received: Fen,
        5 => status: RecoveryStatus,
        6 => rule: Slug,
        7 => cause: u64,
        8 => approved_by: Option<Actor>,
        /// What of it is owed no longer, because its reason fell away after the approval.
        9 => reversed: Fen,
        /// On what ground it is owed, if the decision named one.
        10 => ground: Option<Ground>,
    }
}

message! {
    /// Work that waits: the next award to look at because of a cause.
    pub struct DueRow {
        1 => next: AwardId,
        2 => kind: crate::followup::FollowUpKind,
    }
}

message! {
    /// What became of a command.
    pub struct CommandRow {
        1 => hash: Sha256Hex,
        2 => sequence: u64,
        3 => events: u32,
        4 => refused: Option<crate::refusal::Refused>,
    }
}
