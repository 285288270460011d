//! Who asks and when: everything a decision may know besides the state, the rules and the request.

use crate::{
    choice,
    ids::LedgerId,
    message,
    values::{CommandId, Date, Reference, Timestamp},
};

choice! {
    /// What an actor may do. The verbs say which roles they accept (`commands.rs`).
    pub enum Role {
        /// 窗口受理: registers enterprises, projects and applications.
        Intake = 1 => "intake",
        /// 行业主管部门审核岗: decides applications.
        Reviewer = 2 => "reviewer",
        /// 核定审批: confirms, reduces and revokes awards; approves recoveries.
        Approver = 3 => "approver",
        /// 财政拨付岗: budget lines, payments, bank results.
        Finance = 4 => "finance",
        /// 政策管理: catalogue, calendars, rates.
        Policy = 5 => "policy",
        /// 外部数据: awards, rounds and facts reported by other bodies.
        Registrar = 6 => "registrar",
        /// The ledger itself: continues work that a command left behind.
        System = 7 => "system",
    }
}

choice! {
    /// How the actor's identity was established.
    pub enum AuthMethod {
        /// The operating system's user ran the program.
        Local = 1 => "local",
        /// A `--simulated` ledger: nobody was authenticated.
        Simulated = 2 => "simulated",
        /// The ledger's own continuation of an earlier command.
        Internal = 3 => "internal",
    }
}

message! {
    /// Who gave the command. The id is a work account, never a person's name.
    pub struct Actor {
        1 => id: Reference,
        2 => role: Role,
        3 => auth: AuthMethod,
    }
}

/// What comes with a command.
#[derive(Clone, Debug)]
pub struct Context {
    /// The ledger.
    pub ledger: LedgerId,
    /// Who asks.
    pub actor: Actor,
    /// When the sequencer took the command; all its events share it.
    pub recorded_at: Timestamp,
    /// Sequence of the first event that this command will produce.
    pub sequence: u64,
    /// Id of the command.
    pub command: CommandId,
}

impl Context {
    /// The business day of the command in China Standard Time.
    #[must_use]
    pub fn today(&self) -> Date {
        self.recorded_at.civil_date()
    }
}

/// Where an event stands, as `evolve` is told.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    /// Sequence of this event.
    pub sequence: u64,
    /// When it was recorded.
    pub at: Timestamp,
}
