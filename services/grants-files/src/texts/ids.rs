//! Which ids the catalogues must have: every closed list of the domain, by its name.

use grants_domain::{
    accounts::{Account, Side},
    application::ApplicationStatus,
    award::AwardStatus,
    budget::adjust::Direction,
    commands::Command,
    context::{AuthMethod, Role},
    events::Event,
    external::{AwardLevel, ExternalStatus},
    followup::FollowUpKind,
    payment::AttemptStatus,
    recovery::RecoveryStatus,
    refusal::RefusalCode,
    rules::Exhaustion,
    sanction::{SanctionGround, SanctionReach},
    tables::EvidenceKind,
    trace::StepKind,
};

/// The id of a word of a list: points and underscores become hyphens.
#[must_use]
pub fn id_of_word(list: &str, word: &str) -> String {
    format!("{list}-{}", word.replace(['.', '_'], "-"))
}

/// A closed list and its words.
pub type List = (&'static str, fn() -> Vec<&'static str>);

/// Every closed list that has texts.
pub const WORDS: &[List] = &[
    ("verb", || Command::WORDS.iter().map(|(_, word)| *word).collect()),
    ("event", || Event::WORDS.iter().map(|(_, word)| *word).collect()),
    ("told", || super::MONEY_EVENTS.iter().copied().chain(["by-rule"]).collect()),
    ("refusal", || RefusalCode::ALL.iter().map(|one| one.word()).collect()),
    ("role", || Role::ALL.iter().map(|one| one.word()).collect()),
    ("auth", || AuthMethod::ALL.iter().map(|one| one.word()).collect()),
    ("application-status", || ApplicationStatus::ALL.iter().map(|one| one.word()).collect()),
    ("award-status", || AwardStatus::ALL.iter().map(|one| one.word()).collect()),
    ("payment-status", || AttemptStatus::ALL.iter().map(|one| one.word()).collect()),
    ("recovery-status", || RecoveryStatus::ALL.iter().map(|one| one.word()).collect()),
    ("external-status", || ExternalStatus::ALL.iter().map(|one| one.word()).collect()),
    ("level", || AwardLevel::ALL.iter().map(|one| one.word()).collect()),
    ("evidence-kind", || EvidenceKind::ALL.iter().map(|one| one.word()).collect()),
    ("direction", || Direction::ALL.iter().map(|one| one.word()).collect()),
    ("account", || Account::ALL.iter().map(|one| one.word()).collect()),
    ("side", || Side::ALL.iter().map(|one| one.word()).collect()),
    ("follow-up", || FollowUpKind::ALL.iter().map(|one| one.word()).collect()),
    ("exhaustion", || Exhaustion::ALL.iter().map(|one| one.word()).collect()),
    ("sanction-ground", || SanctionGround::ALL.iter().map(|one| one.word()).collect()),
    ("sanction-reach", || SanctionReach::ALL.iter().map(|one| one.word()).collect()),
    ("step", || StepKind::ALL.iter().map(|one| one.word()).collect()),
];
