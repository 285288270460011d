//! Every fact of the ledger: a table, one line each, without logic. Numbers are stored for ever
//! (`proto/grants/event/v1`); a fact that must change is a new message with a new number.

use crate::{
    application::{
        decide::ApplicationRejected, submit::ApplicationSubmitted, withdraw::ApplicationWithdrawn,
    },
    artifact::record_chunk::ChunkRecorded,
    award::{
        AwardDequeued, AwardProposed, AwardQueued, AwardResumed, AwardSuspended, AwardUnconfirmed,
        confirm::AwardConfirmed,
        raise::{AwardRaiseDelayed, AwardRaised},
        reduce::AwardReduced,
        revoke::AwardRevoked,
    },
    budget::{adjust::BudgetAdjusted, allocate::BudgetAllocated},
    calendar::publish::CalendarPublished,
    enterprise::{
        affiliate::EnterprisesAffiliated, change_code::EnterpriseCodeChanged,
        disaffiliate::EnterprisesDisaffiliated, merge::EnterpriseMerged, register::EnterpriseRegistered,
        rename::EnterpriseRenamed, split::EnterpriseSplit, unlink::EnterpriseUnlinked,
    },
    evidence::void::EvidenceVoided,
    external::{open_round::RoundOpened, report_award::AwardReported},
    fact::record::FactRecorded,
    followup::{FollowUpCompleted, FollowUpDeferred},
    ledger::open::LedgerOpened,
    message, oneof,
    payment::{
        instruct::PaymentInstructed, reject::PaymentRejected, returned::PaymentReturned,
        settle::PaymentSettled,
    },
    policy::publish_version::VersionPublished,
    project::{link::ProjectsLinked, register::ProjectRegistered, unlink::ProjectsUnlinked},
    rate::publish::RatePublished,
    recovery::{
        approve::RecoveryApproved,
        owe::RecoveryOwed,
        propose::{RecoveryProposed, RecoveryWithdrawn},
        receive::RecoveryReceived,
        reverse::RecoveryReversed,
    },
    refusal::Refused,
    sanction::{impose::SanctionImposed, lift::SanctionLifted},
};

message! {
    /// The command was refused. It changed nothing, and the refusal is its outcome for ever.
    pub struct CommandRefused {
        1 => refused: Refused,
    }
}

oneof! {
    /// What has happened.
    pub enum Event {
        1 => LedgerOpened(LedgerOpened): "ledger.opened",
        2 => ChunkRecorded(ChunkRecorded): "artifact.chunk_recorded",
        3 => VersionPublished(VersionPublished): "policy.version_published",
        4 => CalendarPublished(CalendarPublished): "calendar.published",
        5 => RatePublished(RatePublished): "rate.published",
        6 => EnterpriseRegistered(EnterpriseRegistered): "enterprise.registered",
        7 => ProjectRegistered(ProjectRegistered): "project.registered",
        8 => BudgetAllocated(BudgetAllocated): "budget.allocated",
        9 => BudgetAdjusted(BudgetAdjusted): "budget.adjusted",
        10 => RoundOpened(RoundOpened): "external.round_opened",
        11 => AwardReported(AwardReported): "external.award_reported",
        12 => FactRecorded(FactRecorded): "fact.recorded",
        13 => EvidenceVoided(EvidenceVoided): "evidence.voided",
        14 => ApplicationSubmitted(ApplicationSubmitted): "application.submitted",
        15 => ApplicationWithdrawn(ApplicationWithdrawn): "application.withdrawn",
        16 => ApplicationRejected(ApplicationRejected): "application.rejected",
        17 => AwardProposed(AwardProposed): "award.proposed",
        18 => AwardQueued(AwardQueued): "award.queued",
        19 => AwardDequeued(AwardDequeued): "award.dequeued",
        20 => AwardConfirmed(AwardConfirmed): "award.confirmed",
        21 => AwardReduced(AwardReduced): "award.reduced",
        22 => AwardRevoked(AwardRevoked): "award.revoked",
        23 => AwardSuspended(AwardSuspended): "award.suspended",
        24 => AwardResumed(AwardResumed): "award.resumed",
        25 => PaymentInstructed(PaymentInstructed): "payment.instructed",
        26 => PaymentSettled(PaymentSettled): "payment.settled",
        27 => PaymentRejected(PaymentRejected): "payment.rejected",
        28 => PaymentReturned(PaymentReturned): "payment.returned",
        29 => RecoveryProposed(RecoveryProposed): "recovery.proposed",
        30 => RecoveryWithdrawn(RecoveryWithdrawn): "recovery.withdrawn",
        31 => RecoveryApproved(RecoveryApproved): "recovery.approved",
        32 => RecoveryReceived(RecoveryReceived): "recovery.received",
        33 => FollowUpDeferred(FollowUpDeferred): "followup.deferred",
        34 => FollowUpCompleted(FollowUpCompleted): "followup.completed",
        35 => CommandRefused(CommandRefused): "command.refused",
        36 => AwardUnconfirmed(AwardUnconfirmed): "award.unconfirmed",
        37 => RecoveryReversed(RecoveryReversed): "recovery.reversed",
        38 => EnterpriseRenamed(EnterpriseRenamed): "enterprise.renamed",
        39 => EnterpriseCodeChanged(EnterpriseCodeChanged): "enterprise.code_changed",
        40 => EnterpriseMerged(EnterpriseMerged): "enterprise.merged",
        41 => EnterpriseSplit(EnterpriseSplit): "enterprise.split",
        42 => EnterpriseUnlinked(EnterpriseUnlinked): "enterprise.unlinked",
        43 => EnterprisesAffiliated(EnterprisesAffiliated): "enterprise.affiliated",
        44 => EnterprisesDisaffiliated(EnterprisesDisaffiliated): "enterprise.disaffiliated",
        45 => ProjectsLinked(ProjectsLinked): "project.linked",
        46 => ProjectsUnlinked(ProjectsUnlinked): "project.unlinked",
        47 => SanctionImposed(SanctionImposed): "sanction.imposed",
        48 => SanctionLifted(SanctionLifted): "sanction.lifted",
        52 => AwardRaised(AwardRaised): "award.raised",
        53 => RecoveryOwed(RecoveryOwed): "recovery.owed",
        54 => AwardRaiseDelayed(AwardRaiseDelayed): "award.raise_delayed",
    }
}
