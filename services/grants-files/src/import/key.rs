//! What makes two commands the same thing, and the id that follows from it.

use grants_domain::{commands::Command, values::CommandId, wire::Message};
use sha2::{Digest, Sha256};

/// Keeps these ids apart from everything else that is hashed.
const SCOPE: &[u8] = b"grants/import/v1";

/// The id of an imported command: the same for the same verb, natural key and (sealed, canonical) content, in
/// whatever file it stands, so that importing twice changes nothing.
///
/// It is the first 128 bits of a SHA-256 in the form of a version 8 UUID (RFC 9562).
#[must_use]
pub fn command_id(command: &Command) -> CommandId {
    let mut hash = Sha256::new();
    hash.update(SCOPE);
    for part in [command.word().as_bytes(), natural_key(command).as_bytes(), &command.encode()] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let (bytes, _) = digest.split_at(16);
    let mut bytes: [u8; 16] = bytes.try_into().unwrap_or_default();
    if let Some(version) = bytes.get_mut(6) {
        *version = (*version & 0x0f) | 0x80;
    }
    if let Some(variant) = bytes.get_mut(8) {
        *variant = (*variant & 0x3f) | 0x80;
    }
    CommandId::new(bytes)
}

/// The natural key within the verb.
#[must_use]
pub fn natural_key(command: &Command) -> String {
    match command {
        Command::OpenLedger(_) => String::new(),
        Command::RecordChunk(one) => format!("{}|{}", one.artifact, one.index),
        Command::PublishVersion(one) => one.catalogue.to_string(),
        Command::PublishCalendar(one) => one.year.to_string(),
        Command::PublishRate(one) => format!("{}|{}", one.name, one.published_on),
        Command::RegisterEnterprise(one) => one.code.to_string(),
        Command::RegisterProject(one) => one.project.code.to_string(),
        Command::AllocateBudget(one) => one.line.to_string(),
        Command::AdjustBudget(one) => format!("{}|{}", one.line, one.document),
        Command::OpenRound(one) => format!("{}|{}", one.programme, one.round),
        Command::ReportAward(one) => format!("{}|{}|{}", one.award, one.status, one.on),
        Command::RecordFact(one) => format!("{}|{}|{}", one.subject, one.name, one.on),
        Command::VoidEvidence(one) => format!("{}|{}", one.key, one.on),
        Command::SubmitApplication(one) => one.application.to_string(),
        Command::WithdrawApplication(one) => one.application.to_string(),
        Command::DecideApplication(one) => one.application.to_string(),
        Command::ConfirmAward(one) => one.award.to_string(),
        Command::ReduceAward(one) => format!("{}|{}", one.award, one.to),
        Command::RevokeAward(one) => one.award.to_string(),
        Command::InstructPayment(one) => one.award.to_string(),
        Command::SettlePayment(one) => one.payment.to_string(),
        Command::RejectPayment(one) => one.payment.to_string(),
        Command::ReturnPayment(one) => one.payment.to_string(),
        Command::ApproveRecovery(one) => one.recovery.to_string(),
        Command::ReceiveRecovery(one) => format!("{}|{}", one.recovery, one.bank_reference),
        Command::RenameEnterprise(one) => format!("{}|{}|{}", one.enterprise, one.name, one.on),
        Command::ChangeCode(one) => one.enterprise.to_string(),
        Command::MergeEnterprises(one) => format!("{}|{}", one.successor, one.on),
        Command::SplitEnterprise(one) => format!("{}|{}", one.enterprise, one.on),
        Command::UnlinkEnterprise(one) => format!("{}|{}", one.predecessor, one.successor),
        Command::AffiliateEnterprises(one) => format!("{}|{}|{}", one.enterprise, one.other, one.kind),
        Command::DisaffiliateEnterprises(one) => format!("{}|{}|{}", one.enterprise, one.other, one.kind),
        Command::LinkProjects(one) => format!("{}|{}", one.project, one.other),
        Command::UnlinkProjects(one) => format!("{}|{}", one.project, one.other),
        Command::ImposeSanction(one) => format!("{}|{}", one.enterprise, one.document.number),
        Command::LiftSanction(one) => format!("{}|{}", one.enterprise, one.document),
        Command::ContinueFollowUp(one) => format!("{}|{}", one.subject, one.cause),
    }
}
