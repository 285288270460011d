//! Every verb of the ledger: a table, one line each, without logic. A verb's word is the same in a route, a file,
//! a scenario and the stored command; its number is the field number in `proto/grants/command/v1`.

use crate::{
    application::{decide::DecideApplication, submit::SubmitApplication, withdraw::WithdrawApplication},
    artifact::record_chunk::RecordChunk,
    award::{confirm::ConfirmAward, reduce::ReduceAward, revoke::RevokeAward},
    budget::{adjust::AdjustBudget, allocate::AllocateBudget},
    calendar::publish::PublishCalendar,
    context::Role,
    enterprise::{
        affiliate::AffiliateEnterprises, change_code::ChangeCode, disaffiliate::DisaffiliateEnterprises,
        merge::MergeEnterprises, register::RegisterEnterprise, rename::RenameEnterprise,
        split::SplitEnterprise, unlink::UnlinkEnterprise,
    },
    evidence::void::VoidEvidence,
    external::{open_round::OpenRound, report_award::ReportAward},
    fact::record::RecordFact,
    followup::ContinueFollowUp,
    ledger::open::OpenLedger,
    oneof,
    payment::{
        instruct::InstructPayment, reject::RejectPayment, returned::ReturnPayment, settle::SettlePayment,
    },
    policy::publish_version::PublishVersion,
    project::{link::LinkProjects, register::RegisterProject, unlink::UnlinkProjects},
    rate::publish::PublishRate,
    recovery::{approve::ApproveRecovery, receive::ReceiveRecovery},
    sanction::{impose::ImposeSanction, lift::LiftSanction},
};

/// Largest canonical command. The door refuses more.
pub const COMMAND_BYTES_MAX: usize = 50 * 1024;

/// Version of the canonical encoding of commands; part of what a command's hash covers.
pub const COMMAND_ENCODING: u32 = 1;

oneof! {
    /// What can be asked of the ledger.
    pub enum Command {
        1 => OpenLedger(OpenLedger): "ledger.open",
        2 => RecordChunk(RecordChunk): "artifact.record_chunk",
        3 => PublishVersion(PublishVersion): "policy.publish_version",
        4 => PublishCalendar(PublishCalendar): "calendar.publish",
        5 => PublishRate(PublishRate): "rate.publish",
        6 => RegisterEnterprise(RegisterEnterprise): "enterprise.register",
        7 => RegisterProject(RegisterProject): "project.register",
        8 => AllocateBudget(AllocateBudget): "budget.allocate",
        9 => AdjustBudget(AdjustBudget): "budget.adjust",
        10 => OpenRound(OpenRound): "external.open_round",
        11 => ReportAward(ReportAward): "external.report_award",
        12 => RecordFact(RecordFact): "fact.record",
        13 => VoidEvidence(VoidEvidence): "evidence.void",
        14 => SubmitApplication(SubmitApplication): "application.submit",
        15 => WithdrawApplication(WithdrawApplication): "application.withdraw",
        16 => DecideApplication(DecideApplication): "application.decide",
        17 => ConfirmAward(ConfirmAward): "award.confirm",
        18 => ReduceAward(ReduceAward): "award.reduce",
        19 => RevokeAward(RevokeAward): "award.revoke",
        20 => InstructPayment(InstructPayment): "payment.instruct",
        21 => SettlePayment(SettlePayment): "payment.settle",
        22 => RejectPayment(RejectPayment): "payment.reject",
        23 => ReturnPayment(ReturnPayment): "payment.return",
        24 => ApproveRecovery(ApproveRecovery): "recovery.approve",
        25 => ReceiveRecovery(ReceiveRecovery): "recovery.receive",
        26 => ContinueFollowUp(ContinueFollowUp): "followup.continue",
        27 => RenameEnterprise(RenameEnterprise): "enterprise.rename",
        28 => ChangeCode(ChangeCode): "enterprise.change_code",
        29 => MergeEnterprises(MergeEnterprises): "enterprise.merge",
        30 => SplitEnterprise(SplitEnterprise): "enterprise.split",
        31 => UnlinkEnterprise(UnlinkEnterprise): "enterprise.unlink",
        32 => AffiliateEnterprises(AffiliateEnterprises): "enterprise.affiliate",
        33 => DisaffiliateEnterprises(DisaffiliateEnterprises): "enterprise.disaffiliate",
        34 => LinkProjects(LinkProjects): "project.link",
        35 => UnlinkProjects(UnlinkProjects): "project.unlink",
        36 => ImposeSanction(ImposeSanction): "sanction.impose",
        37 => LiftSanction(LiftSanction): "sanction.lift",
    }
}

impl Command {
    /// Which roles have the verb.
    #[must_use]
    pub const fn roles(&self) -> &'static [Role] {
        use Role::{Approver, Finance, Intake, Policy, Registrar, Reviewer, System};
        match self {
            Self::OpenLedger(_) | Self::RecordChunk(_) | Self::PublishVersion(_) => &[Policy],
            Self::PublishCalendar(_) | Self::PublishRate(_) => &[Policy, Registrar],
            Self::RegisterEnterprise(_) | Self::RegisterProject(_) => &[Intake],
            Self::SubmitApplication(_) | Self::WithdrawApplication(_) => &[Intake],
            Self::OpenRound(_) | Self::ReportAward(_) | Self::RecordFact(_) | Self::VoidEvidence(_) => {
                &[Registrar]
            }
            Self::RenameEnterprise(_)
            | Self::ChangeCode(_)
            | Self::MergeEnterprises(_)
            | Self::SplitEnterprise(_)
            | Self::AffiliateEnterprises(_)
            | Self::LinkProjects(_)
            | Self::ImposeSanction(_) => &[Registrar],
            Self::DecideApplication(_) => &[Reviewer],
            Self::ConfirmAward(_) | Self::ReduceAward(_) | Self::RevokeAward(_) => &[Approver],
            Self::ApproveRecovery(_)
            | Self::UnlinkEnterprise(_)
            | Self::DisaffiliateEnterprises(_)
            | Self::UnlinkProjects(_)
            | Self::LiftSanction(_) => &[Approver],
            Self::AllocateBudget(_) | Self::AdjustBudget(_) => &[Finance],
            Self::InstructPayment(_) | Self::SettlePayment(_) | Self::RejectPayment(_) => &[Finance],
            Self::ReturnPayment(_) | Self::ReceiveRecovery(_) => &[Finance],
            Self::ContinueFollowUp(_) => &[System],
        }
    }
}
