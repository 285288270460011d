//! How a process of a ledger on brokers gives commands to the one that writes: lines of JSON over TCP.
//!
//! ```text
//! ← {"nonce":"5c1f…"}
//! → {"ledger":"0d17…","proof":"9e02…"}            HMAC-SHA256 of the nonce under the token that all processes share
//! ← {"epoch":7}                                    or {"error":"not-the-writer"}, and the line is cut
//! → {"id":"0192…","actor":{…},"command":"base64"}  the command in its canonical bytes, personal fields sealed
//! ← {"id":"0192…","outcome":{…}}                   as soon as it is durable; none where it is unknown
//! ```
//!
//! The process that takes a command in has parsed it, knows who acts, and has sealed what is personal; the one that
//! writes trusts it because it knows the token. Commands of one line are decided in their order. A command that had no
//! answer is sent again to whoever writes then: its id makes it one.

pub(crate) mod courier; // the end that gives
pub(crate) mod door; // the end that takes

use crate::hex;
use base64::{Engine, prelude::BASE64_STANDARD};
use grants_domain::{
    commands::Command,
    context::Actor,
    ids::LedgerId,
    ledger::Answer,
    refusal::Refused,
    values::{CommandId, Timestamp},
    wire::Message,
};
use grants_ledger::SubmitError;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// Longest line: a canonical command in base64, and what stands around it.
pub(crate) const PEER_LINE_BYTES_MAX: usize = 131_072;
/// Bytes of the token that all processes of a ledger share.
const TOKEN_BYTES: usize = 32;

/// The first line of the one that writes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Greeting {
    nonce: String,
}

/// The first line of the one that gives.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hello {
    ledger: LedgerId,
    proof: String,
    /// The time of the next command, where the ledger is simulated.
    at: Option<Timestamp>,
}

/// What the one that writes says to that.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Welcome {
    /// It takes commands, in this epoch.
    Epoch(u64),
    /// It does not, for this reason.
    Error(NotWelcome),
}

/// Why commands are not taken on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum NotWelcome {
    /// Another process writes the ledger, or nobody does yet.
    #[error("the process at this address does not write the ledger now")]
    NotTheWriter,
    /// The token is not that of the ledger.
    #[error("the token in the file peer-token is not the one that the writer has")]
    WrongToken,
    /// The first line is not what it must be.
    #[error("the first line is not understood")]
    NotUnderstood,
}

/// A command on its way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Errand {
    id: CommandId,
    actor: Actor,
    command: String,
}

/// What became of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reply {
    id: CommandId,
    outcome: Outcome,
}

/// The outcome of a command, but for one that is unknown: that is no answer.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Answered { sequence: u64, events: u32, refused: Option<Refused> },
    Overloaded,
    TooLarge { bytes: usize, limit: usize },
    IdConflict,
    Reserved,
    WrongIdentity,
    NotACommand,
}

impl Outcome {
    /// What is sent; nothing if nobody knows.
    fn of(outcome: grants_ledger::Outcome) -> Option<Outcome> {
        Some(match outcome {
            Ok(Answer { sequence, events, refused }) => Outcome::Answered { sequence, events, refused },
            Err(SubmitError::Overloaded) => Outcome::Overloaded,
            Err(SubmitError::TooLarge { bytes, limit }) => Outcome::TooLarge { bytes, limit },
            Err(SubmitError::IdConflict) => Outcome::IdConflict,
            Err(SubmitError::Reserved) => Outcome::Reserved,
            Err(SubmitError::WrongIdentity) => Outcome::WrongIdentity,
            // The next writer answers.
            Err(SubmitError::Closing | SubmitError::Unknown(_)) => return None,
        })
    }

    fn into_outcome(self) -> grants_ledger::Outcome {
        Err(match self {
            Outcome::Answered { sequence, events, refused } => {
                return Ok(Answer { sequence, events, refused });
            }
            Outcome::Overloaded => SubmitError::Overloaded,
            Outcome::TooLarge { bytes, limit } => SubmitError::TooLarge { bytes, limit },
            Outcome::IdConflict => SubmitError::IdConflict,
            Outcome::Reserved | Outcome::NotACommand => SubmitError::Reserved,
            Outcome::WrongIdentity => SubmitError::WrongIdentity,
        })
    }
}

impl Errand {
    fn new(id: CommandId, actor: Actor, command: &Command) -> Errand {
        Errand { id, actor, command: BASE64_STANDARD.encode(command.encode()) }
    }

    /// The command, if it is one that this program knows.
    fn command(&self) -> Option<Command> {
        let bytes = BASE64_STANDARD.decode(&self.command).ok()?;
        Command::decode(&bytes).ok()
    }
}

/// A secret that all processes of a ledger share. No message shows it.
#[derive(Clone)]
pub(crate) struct Token([u8; TOKEN_BYTES]);

/// Its file in the data directory, readable by its owner alone.
pub(crate) const TOKEN_FILE: &str = "peer-token";

impl Token {
    /// A new one.
    pub(crate) fn random() -> Result<Token, getrandom::Error> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Token(bytes))
    }

    /// Reads 64 hexadecimal digits.
    pub(crate) fn parse(text: &str) -> Result<Token, String> {
        hex::decode(text.trim()).map(Token)
    }

    /// As it stands in its file.
    pub(crate) fn to_hex(&self) -> String {
        hex::encode(&self.0)
    }

    /// What shows that one knows it without saying it.
    fn proof(&self, nonce: &str, ledger: LedgerId) -> String {
        hex::encode(&self.mac(nonce, ledger).finalize().into_bytes())
    }

    /// In a time that does not tell where a wrong one differs.
    fn proves(&self, nonce: &str, ledger: LedgerId, proof: &str) -> bool {
        hex::decode(proof).is_ok_and(|proof| self.mac(nonce, ledger).verify_slice(&proof).is_ok())
    }

    fn mac(&self, nonce: &str, ledger: LedgerId) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length will do");
        mac.chain_update(b"grants/peer/v1").chain_update(ledger.0).chain_update(nonce.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_proven_for_one_line_and_one_ledger() {
        let (token, other) = (Token::random().unwrap(), Token::random().unwrap());
        let ledger = LedgerId([1; 16]);
        let proof = token.proof("nonce", ledger);
        assert!(token.proves("nonce", ledger, &proof));
        assert!(!token.proves("another", ledger, &proof));
        assert!(!token.proves("nonce", LedgerId([2; 16]), &proof));
        assert!(!other.proves("nonce", ledger, &proof));
        assert!(!token.proves("nonce", ledger, "") && !token.proves("nonce", ledger, &"g".repeat(64)));
        let read = Token::parse(&format!("{}\n", token.to_hex())).unwrap();
        assert!(read.proves("nonce", ledger, &proof));
        assert!(Token::parse("1234").is_err());
    }

    #[test]
    fn every_outcome_comes_back_as_it_was() {
        let refused = Refused::of(grants_domain::refusal::RefusalCode::EnterpriseUnknown);
        for outcome in [
            Ok(Answer { sequence: 7, events: 2, refused: None }),
            Ok(Answer { sequence: 8, events: 1, refused: Some(refused) }),
            Err(SubmitError::Overloaded),
            Err(SubmitError::TooLarge { bytes: 3, limit: 2 }),
            Err(SubmitError::IdConflict),
            Err(SubmitError::Reserved),
            Err(SubmitError::WrongIdentity),
        ] {
            let sent = serde_json::to_string(&Outcome::of(outcome.clone()).unwrap()).unwrap();
            let read: Outcome = serde_json::from_str(&sent).unwrap();
            assert_eq!(read.into_outcome(), outcome);
        }
        assert_eq!(Outcome::of(Err(SubmitError::Closing)), None);
    }
}
