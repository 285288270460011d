//! What must hold of a command before it is decided: its id is new, its version is the one in force, its actor could
//! have given it, and no waiting work was passed over.

use crate::{
    code::Code,
    commands::{Told, finding},
    report::Finding,
};
use grants_domain::{
    commands::Command,
    context::{AuthMethod, Role},
    events::Event,
    followup::ContinueFollowUp,
    ids::LedgerId,
    ledger::{self, Earlier},
    state::{MemoryState, first, get, has},
    tables::{Commands, Due, DueRow, LedgerRow, Ledgers},
    values::{CommandId, Timestamp},
};
use sha2::{Digest, Sha256};

/// Everything that is wrong before the decision.
pub(super) fn check(
    state: &MemoryState,
    ledger: LedgerId,
    last: Option<Timestamp>,
    told: &Told,
) -> Vec<Finding> {
    let row = get::<Ledgers>(state, &());
    let found = [
        repeated(state, told),
        version(row.as_ref(), told),
        identity(row.as_ref(), told),
        role(told),
        waiting(state, ledger, last, told),
    ];
    found.into_iter().flatten().collect()
}

fn repeated(state: &MemoryState, told: &Told) -> Option<Finding> {
    let meant = match ledger::earlier(state, told.id, told.asked.hash()) {
        Earlier::New => return None,
        Earlier::Same(answer) => format!("once, at sequence {}", answer.sequence),
        Earlier::Conflict => "one id for one content".to_owned(),
    };
    Some(finding(Code::CommandRepeated, told.sequence, "command_id", told.id.to_string(), meant))
}

fn version(row: Option<&LedgerRow>, told: &Told) -> Option<Finding> {
    let in_force = row.map_or(0, |row| row.version);
    let wrong = told.version != in_force;
    wrong.then(|| {
        finding(Code::VersionWrong, told.sequence, "version", told.version.to_string(), in_force.to_string())
    })
}

/// A simulated ledger authenticates nobody, a real one everybody; only the ledger itself is `internal`.
fn identity(row: Option<&LedgerRow>, told: &Told) -> Option<Finding> {
    let simulated = match (told.asked.command(), row) {
        (Command::OpenLedger(request), None) => request.simulated,
        (_, row) => row?.simulated,
    };
    let own = matches!(told.asked.command(), Command::ContinueFollowUp(_));
    let found = told.actor.auth;
    let sound = match found {
        AuthMethod::Internal => own && told.actor.role == Role::System,
        AuthMethod::Simulated => simulated && !own,
        AuthMethod::Local => !simulated && !own,
    };
    let meant = if own {
        AuthMethod::Internal
    } else if simulated {
        AuthMethod::Simulated
    } else {
        AuthMethod::Local
    };
    (!sound).then(|| {
        finding(Code::IdentityWrong, told.sequence, "actor.auth", found.to_string(), meant.to_string())
    })
}

fn role(told: &Told) -> Option<Finding> {
    let refused = matches!(told.events.first(), Some(Event::CommandRefused(_)));
    let allowed = told.asked.command().roles();
    let wrong = !refused && !allowed.contains(&told.actor.role);
    let meant = allowed.iter().map(|role| role.word()).collect::<Vec<_>>().join(" or ");
    wrong.then(|| finding(Code::RoleWrong, told.sequence, "actor.role", told.actor.role.to_string(), meant))
}

/// While work waits, the ledger continues it before any new command: the first piece in the order of the list,
/// under an id and at a time that follow from the log alone.
fn waiting(state: &MemoryState, ledger: LedgerId, last: Option<Timestamp>, told: &Told) -> Option<Finding> {
    let wrong =
        |at: &str, found: String, meant: String| finding(Code::FollowUpDue, told.sequence, at, found, meant);
    let Some((due, row)) = first_due(state) else {
        let Command::ContinueFollowUp(request) = told.asked.command() else {
            return None;
        };
        return Some(wrong("subject", request.subject.to_string(), "nothing that waits".to_owned()));
    };
    let Command::ContinueFollowUp(request) = told.asked.command() else {
        return Some(wrong(
            "command",
            told.asked.command().word().to_owned(),
            format!("followup.continue of {}", due.subject),
        ));
    };
    if *request != due {
        let shown = |one: &ContinueFollowUp| format!("{} because of {}", one.subject, one.cause);
        return Some(wrong("subject", shown(request), shown(&due)));
    }
    let next = last.and_then(|last| last.add_micros(1).ok());
    if let Some(next) = next.filter(|next| *next != told.recorded_at) {
        return Some(wrong("recorded_at", told.recorded_at.to_string(), next.to_string()));
    }
    let id =
        (0..u32::MAX).map(|turn| id_of(ledger, &due, &row, turn)).find(|id| !has::<Commands>(state, id))?;
    (id != told.id).then(|| wrong("command_id", told.id.to_string(), id.to_string()))
}

/// The work that the ledger goes on with first, if any waits.
pub(crate) fn first_due(state: &MemoryState) -> Option<(ContinueFollowUp, DueRow)> {
    let (key, row) = first::<Due>(state, &(), &())?;
    Some((parse(&key)?, row))
}

/// The key of a due row behind the table's byte: a text, a zero byte, eight bytes.
fn parse(key: &[u8]) -> Option<ContinueFollowUp> {
    let (subject, cause) = key.split_last_chunk::<8>()?;
    let subject = std::str::from_utf8(subject.strip_suffix(&[0])?).ok()?;
    Some(ContinueFollowUp { subject: subject.parse().ok()?, cause: u64::from_be_bytes(*cause) })
}

/// The first half of a SHA-256 over everything that names the work, marked as a UUID of version 8.
fn id_of(ledger: LedgerId, due: &ContinueFollowUp, row: &DueRow, turn: u32) -> CommandId {
    let hash: [u8; 32] = Sha256::new()
        .chain_update("grants/follow-up/v1")
        .chain_update(ledger.0)
        .chain_update(due.cause.to_be_bytes())
        .chain_update(row.kind.number().to_be_bytes())
        .chain_update(row.next.0.to_be_bytes())
        .chain_update(turn.to_be_bytes())
        .chain_update(due.subject.as_str())
        .finalize()
        .into();
    let mut id = [0; 16];
    id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    let [.., sixth, _, eighth, _, _, _, _, _, _, _] = &mut id;
    *sixth = *sixth & 0x0f | 0x80;
    *eighth = *eighth & 0x3f | 0x80;
    CommandId(id)
}
