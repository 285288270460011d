//! A policy of a few measures, for the tests of every crate that decides: small enough to know by heart, and
//! with one measure for each thing that a clause can do to the ledger.
//!
//! The catalogue is one amount in 元: the limit of the cap. Every measure pays the application's fact `amount`
//! from the treasury of the enterprise, and then:
//!
//! | measure | what it adds |
//! |---|---|
//! | `plain` | nothing; a person may be paid |
//! | `cap`, `cap…` | a cap of its own for each enterprise, for ever |
//! | `claim` | the fact `title` is a right that can be used once |
//! | `own` | each enterprise gets it once, whatever it was or became |
//! | `invoice` | uses up its invoices; pays at most what they leave |
//! | `train` | counts each award in a tally of the enterprise |
//! | `fact` | needs the fact `score` of the enterprise, and 60 in it |
//! | `hold` | needs a project; an award of another level holds payment while pending, and excludes it once granted |
//! | `refuse` | does not wait for money |
//! | `record` | pays no money by decision |
//! | `caprevives…` | a cap that gives the part it cut when room returns |
//! | `capkept…` | a cap whose room stays taken after fraud |
//! | `owed` | a recovery that is proposed is owed at once |
//!
//! Late facts about the enterprise: `stop` (a flag) takes everything away, `ceiling` (money) lowers what is due.

mod rules;

pub use rules::{TinyRules, catalogue};

use crate::{
    commands::Command,
    context::{Actor, AuthMethod, Context, Role},
    ids::LedgerId,
    values::{CommandId, Timestamp},
};
use sha2::{Digest, Sha256};

/// The ledger of [`context`].
pub const LEDGER: LedgerId = LedgerId([0x7e; 16]);

/// The context of a command that the first role with the verb gives, one second after another from 2025 on.
///
/// `sequence` is the sequence of its first event; the command's id and its time follow from it.
#[must_use]
pub fn context(sequence: u64, command: &Command) -> Context {
    let role = command.roles().first().copied().unwrap_or(Role::System);
    // 2025-01-01T08:00:00 in China Standard Time.
    let start = 1_735_689_600_000_000i64;
    let second = i64::try_from(sequence).unwrap_or(0).saturating_mul(1_000_000);
    let recorded_at = Timestamp::from_micros(start.saturating_add(second))
        .unwrap_or_else(|fault| panic!("a test outlives the calendar: {fault}"));
    Context {
        ledger: LEDGER,
        actor: actor(role, &format!("{role}-1")),
        recorded_at,
        sequence,
        command: id(&format!("command-{sequence}")),
    }
}

/// An actor of a simulated ledger.
#[must_use]
pub fn actor(role: Role, account: &str) -> Actor {
    Actor {
        id: account.parse().unwrap_or_else(|fault| panic!("{account} is no work account: {fault}")),
        role,
        auth: AuthMethod::Simulated,
    }
}

/// A command id made from a name.
#[must_use]
pub fn id(name: &str) -> CommandId {
    let digest: [u8; 32] = Sha256::digest(name.as_bytes()).into();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    CommandId(bytes)
}
