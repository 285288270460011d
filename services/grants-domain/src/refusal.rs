//! Every reason for saying no: one closed, ordered list. A refusal is an answer, recorded like any other.
//!
//! `docs/reference/refusals.md` has a section for each, with cause and remedy, in this order.

use crate::{
    choice, message,
    values::{Slug, Text},
};

choice! {
    /// Why a command was refused or an application rejected. They stand by theme; each verb names the order in
    /// which it checks.
    pub enum RefusalCode {
        /// The actor's role does not have this verb.
        RoleNotAllowed = 1 => "role-not-allowed",
        /// The ledger's first event stands already.
        LedgerAlreadyOpen = 2 => "ledger-already-open",
        /// Nothing can be recorded before the ledger is opened.
        LedgerNotOpen = 3 => "ledger-not-open",
        /// Another chunk stands at this place of the artifact.
        ArtifactChunkDiffers = 10 => "artifact-chunk-differs",
        /// Not every chunk of the artifact has been recorded.
        ArtifactIncomplete = 11 => "artifact-incomplete",
        /// The chunks together do not have the named hash.
        ArtifactHashWrong = 12 => "artifact-hash-wrong",
        /// The recorded bytes are not a catalogue that this program can enforce.
        CatalogueInvalid = 13 => "catalogue-invalid",
        /// No policy version has been published.
        PolicyMissing = 14 => "policy-missing",
        /// The same reference fact was recorded differently before.
        ReferenceDiffers = 20 => "reference-differs",
        /// The enterprise is registered already.
        EnterpriseKnown = 30 => "enterprise-known",
        /// The enterprise is not registered.
        EnterpriseUnknown = 31 => "enterprise-unknown",
        /// The project is registered already.
        ProjectKnown = 32 => "project-known",
        /// The project is not registered.
        ProjectUnknown = 33 => "project-unknown",
        /// The project belongs to another enterprise.
        ProjectOfAnother = 34 => "project-of-another",
        /// The enterprise goes on under another code, after a change of code or a merger.
        EnterpriseEnded = 35 => "enterprise-ended",
        /// The enterprise is recorded as a successor of the other already.
        LinkKnown = 36 => "link-known",
        /// No such link is recorded.
        LinkUnknown = 37 => "link-unknown",
        /// What is told is what stands already.
        NothingChanges = 38 => "nothing-changes",
        /// The budget line exists already.
        BudgetLineKnown = 40 => "budget-line-known",
        /// There is no such budget line.
        BudgetLineUnknown = 41 => "budget-line-unknown",
        /// Another line of the same treasury and year already serves this measure.
        BudgetLineOverlaps = 42 => "budget-line-overlaps",
        /// The line would fall below what is committed.
        BudgetBelowCommitted = 43 => "budget-below-committed",
        /// No line of the paying treasury serves this measure in this fiscal year.
        BudgetLineMissing = 44 => "budget-line-missing",
        /// The line is short, and the clause refuses instead of waiting.
        BudgetShort = 45 => "budget-short",
        /// A report about the same external award contradicts what never changes about it.
        ExternalAwardDiffers = 50 => "external-award-differs",
        /// The ledger keeps subjects of this kind for its own work.
        SubjectReserved = 51 => "subject-reserved",
        /// The catalogue has no such measure.
        MeasureUnknown = 60 => "measure-unknown",
        /// The measure is recorded only; it pays no money by decision.
        MeasureNotPayable = 61 => "measure-not-payable",
        /// The measure is about a project, and the application names none.
        ProjectMissing = 62 => "project-missing",
        /// An application with this number exists.
        ApplicationKnown = 63 => "application-known",
        /// There is no such application.
        ApplicationUnknown = 64 => "application-unknown",
        /// The application has been decided or withdrawn.
        ApplicationNotOpen = 65 => "application-not-open",
        /// The same evidence was registered with another amount or date.
        EvidenceDiffers = 66 => "evidence-differs",
        /// There is no such evidence.
        EvidenceUnknown = 67 => "evidence-unknown",
        /// A day that the application tells of has not come.
        DayAhead = 68 => "day-ahead",
        /// The measure pays enterprises; a person's account is not one of theirs.
        PayeeNotAllowed = 69 => "payee-not-allowed",
        /// A fact that the clause needs has not been recorded.
        FactMissing = 70 => "fact-missing",
        /// A fact has another type than the catalogue says.
        FactTypeWrong = 71 => "fact-type-wrong",
        /// A published rate is missing for the date that the clause names.
        RateMissing = 72 => "rate-missing",
        /// The governing date is outside the policy's term.
        NotInForce = 80 => "not-in-force",
        /// A condition of the clause is not met.
        ConditionNotMet = 81 => "condition-not-met",
        /// Another award excludes this one.
        ExcludedByOverlap = 82 => "excluded-by-overlap",
        /// The once-only right was used.
        AlreadyAwarded = 83 => "already-awarded",
        /// Evidence was used up by another application.
        EvidenceConsumed = 84 => "evidence-consumed",
        /// The determined amount is outside the clause's band.
        OutsideBand = 85 => "outside-band",
        /// The cap leaves nothing.
        CapExhausted = 86 => "cap-exhausted",
        /// The computation gives less than one 分.
        NothingDue = 87 => "nothing-due",
        /// A number is too large to compute with.
        OutOfRange = 88 => "out-of-range",
        /// There is no such award.
        AwardUnknown = 100 => "award-unknown",
        /// The award is not in a state that allows this.
        AwardNotOpen = 101 => "award-not-open",
        /// The same actor gave an earlier approval of this award.
        SameActor = 102 => "same-actor",
        /// The new amount is not less than the standing one.
        AmountNotLess = 103 => "amount-not-less",
        /// Part of the award is paid or on its way; that part is recovered, not reduced.
        AmountAlreadyPaid = 104 => "amount-already-paid",
        /// Payment is held; the holds say why.
        AwardHeld = 105 => "award-held",
        /// A late fact about this award has not been worked off.
        AwardUnderReview = 106 => "award-under-review",
        /// No account to pay to is recorded.
        PayeeMissing = 110 => "payee-missing",
        /// Nothing is left to pay.
        NothingToPay = 111 => "nothing-to-pay",
        /// There is no such payment.
        PaymentUnknown = 112 => "payment-unknown",
        /// The payment was settled, rejected or returned before.
        PaymentNotLive = 113 => "payment-not-live",
        /// The bank reports another amount than was instructed.
        AmountDiffers = 114 => "amount-differs",
        /// The bank reference was told of before.
        BankReferenceKnown = 115 => "bank-reference-known",
        /// The enterprise was renamed, and its account stands under another name.
        PayeeDiffers = 116 => "payee-differs",
        /// There is no such recovery.
        RecoveryUnknown = 120 => "recovery-unknown",
        /// The recovery is not in a state that allows this.
        RecoveryNotOpen = 121 => "recovery-not-open",
        /// More than is outstanding.
        AmountAboveOutstanding = 122 => "amount-above-outstanding",
        /// The ledger's own continuation does not fit the due list.
        NothingDueToContinue = 130 => "nothing-due-to-continue",
        /// The two enterprises are related in this way already.
        AffiliationKnown = 150 => "affiliation-known",
        /// The two enterprises are not related in this way.
        AffiliationUnknown = 151 => "affiliation-unknown",
        /// A sanction is in force that bars the enterprise from the measure.
        EnterpriseBarred = 160 => "enterprise-barred",
        /// A sanction of this document stands already.
        SanctionKnown = 161 => "sanction-known",
        /// No sanction of this document stands.
        SanctionUnknown = 162 => "sanction-unknown",
    }
}

message! {
    /// A named value that the sentence of a refusal needs.
    pub struct Detail {
        1 => name: Slug,
        2 => value: Text<200>,
    }
}

message! {
    /// A refusal with the clause and the numbers.
    pub struct Refused {
        1 => code: RefusalCode,
        2 => rule: Option<Slug>,
        3 => details: Vec<Detail>,
    }
}

impl Refused {
    /// The bare reason.
    #[must_use]
    pub fn of(code: RefusalCode) -> Self {
        Self { code, rule: None, details: Vec::new() }
    }
    /// Names the rule of the catalogue that was not met.
    #[must_use]
    pub fn by(mut self, rule: &Slug) -> Self {
        self.rule = Some(rule.clone());
        self
    }
    /// Adds a number or a name. What does not fit the limit is cut at a character, never dropped.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        let text: String = value.to_string().chars().take(60).collect();
        if let (Ok(name), Ok(value)) = (name.parse(), text.parse()) {
            self.details.push(Detail { name, value });
        }
        self
    }
    /// The value under a name.
    #[must_use]
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details.iter().find(|detail| detail.name.as_str() == name).map(|detail| detail.value.as_str())
    }
}
