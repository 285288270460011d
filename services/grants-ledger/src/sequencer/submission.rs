//! A command on its way in, and the one answer on its way out.

use grants_domain::{asked::Asked, context::Actor, ledger::Answer, values::CommandId};

use crate::fault::Fault;

/// Why a command has no answer of the ledger. A door must tell the caller which of these it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// Too many commands wait already. Nothing was recorded; the same command may be sent again.
    #[error("too many commands are waiting; nothing was recorded, send it again later")]
    Overloaded,
    /// The command, or what would be recorded of it, is too large. Nothing was recorded.
    #[error("the command takes {bytes} bytes where {limit} are allowed; nothing was recorded")]
    TooLarge {
        /// What it takes.
        bytes: usize,
        /// What is allowed.
        limit: usize,
    },
    /// Another command was recorded under this id. Nothing was recorded.
    #[error("another command was recorded under this id; nothing was recorded")]
    IdConflict,
    /// Only the ledger itself gives such a command. Nothing was recorded.
    #[error("only the ledger itself acts as the system; nothing was recorded")]
    Reserved,
    /// A simulated identity at a real ledger, or the other way round. Nothing was recorded.
    #[error("simulated identities belong to simulated ledgers, and to no others; nothing was recorded")]
    WrongIdentity,
    /// The ledger is closing. Nothing was recorded.
    #[error("the ledger is closing; nothing was recorded")]
    Closing,
    /// The ledger has failed: nobody knows whether the command was recorded. This is not an answer, and a door
    /// must not turn it into one; the same command, sent again after the restart, gets its answer.
    #[error("the outcome is unknown: {0}")]
    Unknown(Fault),
}

/// The answer to a command, or why there is none.
pub type Outcome = Result<Answer, SubmitError>;

/// Where one outcome goes.
///
/// Invariant: it is used exactly once. If it is dropped unused, the outcome is unknown, and that is what it says.
pub(crate) struct Reply(Option<Box<dyn FnOnce(Outcome) + Send>>);

impl Reply {
    pub(crate) fn to(receiver: impl FnOnce(Outcome) + Send + 'static) -> Reply {
        Reply(Some(Box::new(receiver)))
    }

    pub(crate) fn send(mut self, outcome: Outcome) {
        if let Some(receiver) = self.0.take() {
            receiver(outcome);
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if let Some(receiver) = self.0.take() {
            receiver(Err(SubmitError::Unknown(Fault::Thread("decide, append or write"))));
        }
    }
}

/// A command that waits for its turn.
pub(crate) struct Submission {
    pub(crate) asked: Asked,
    pub(crate) id: CommandId,
    pub(crate) actor: Actor,
    pub(crate) reply: Reply,
}
