//! What every verb refuses, in the order in which it checks. The stories show it, the reference tells it, and both
//! are held to this table.

/// Word of the verb, and its refusals in order. Every verb refuses `role-not-allowed` and `ledger-not-open` first.
pub(crate) const REFUSALS: &[(&str, &[&str])] = &[
    ("ledger.open", &["ledger-already-open"]),
    ("artifact.record_chunk", &["out-of-range", "artifact-chunk-differs"]),
    ("policy.publish_version", &["artifact-incomplete", "artifact-hash-wrong", "catalogue-invalid"]),
    ("calendar.publish", &["out-of-range", "reference-differs"]),
    ("rate.publish", &["reference-differs"]),
    ("enterprise.register", &["out-of-range", "enterprise-known"]),
    ("project.register", &["enterprise-unknown", "project-known"]),
    ("budget.allocate", &["out-of-range", "budget-line-known", "budget-line-overlaps"]),
    ("budget.adjust", &["budget-line-unknown", "out-of-range", "budget-below-committed"]),
    ("external.open_round", &["reference-differs"]),
    ("external.report_award", &["enterprise-unknown", "project-unknown", "external-award-differs"]),
    ("fact.record", &["enterprise-unknown", "project-unknown", "subject-reserved"]),
    ("evidence.void", &["evidence-unknown", "amount-not-less"]),
    (
        "application.submit",
        &[
            "out-of-range",
            "day-ahead",
            "policy-missing",
            "application-known",
            "enterprise-unknown",
            "measure-unknown",
            "measure-not-payable",
            "payee-not-allowed",
            "project-missing",
            "project-unknown",
            "project-of-another",
            "evidence-unknown",
            "evidence-differs",
        ],
    ),
    ("application.withdraw", &["application-unknown", "application-not-open"]),
    (
        "application.decide",
        &[
            "application-unknown",
            "application-not-open",
            "same-actor",
            "enterprise-barred",
            "fact-missing",
            "fact-type-wrong",
            "budget-line-missing",
        ],
    ),
    ("award.confirm", &["award-unknown", "award-not-open", "same-actor", "enterprise-barred"]),
    (
        "award.reduce",
        &["award-unknown", "award-not-open", "same-actor", "amount-not-less", "amount-already-paid"],
    ),
    ("award.revoke", &["award-unknown", "award-not-open", "same-actor", "amount-already-paid"]),
    (
        "payment.instruct",
        &[
            "award-unknown",
            "award-not-open",
            "same-actor",
            "award-held",
            "enterprise-barred",
            "award-under-review",
            "nothing-to-pay",
            "payee-differs",
            "payee-missing",
        ],
    ),
    ("payment.settle", &["payment-unknown", "payment-not-live", "amount-differs", "bank-reference-known"]),
    ("payment.reject", &["payment-unknown", "payment-not-live"]),
    ("payment.return", &["payment-unknown", "payment-not-live", "amount-above-outstanding"]),
    ("recovery.approve", &["recovery-unknown", "recovery-not-open"]),
    (
        "recovery.receive",
        &["recovery-unknown", "recovery-not-open", "amount-above-outstanding", "bank-reference-known"],
    ),
    ("followup.continue", &["nothing-due-to-continue"]),
    ("enterprise.rename", &["enterprise-unknown", "enterprise-ended", "day-ahead", "nothing-changes"]),
    (
        "enterprise.change_code",
        &["out-of-range", "enterprise-unknown", "enterprise-ended", "enterprise-known", "day-ahead"],
    ),
    ("enterprise.merge", &["out-of-range", "enterprise-unknown", "enterprise-ended", "day-ahead"]),
    (
        "enterprise.split",
        &["out-of-range", "enterprise-unknown", "enterprise-ended", "link-known", "day-ahead"],
    ),
    ("enterprise.unlink", &["link-unknown", "same-actor"]),
    ("enterprise.affiliate", &["out-of-range", "enterprise-unknown", "affiliation-known", "day-ahead"]),
    ("enterprise.disaffiliate", &["affiliation-unknown", "same-actor", "out-of-range"]),
    ("project.link", &["out-of-range", "project-unknown", "link-known"]),
    ("project.unlink", &["link-unknown", "same-actor"]),
    ("sanction.impose", &["out-of-range", "measure-unknown", "sanction-known", "day-ahead"]),
    ("sanction.lift", &["sanction-unknown", "same-actor", "out-of-range", "day-ahead"]),
];

/// The refusals of a verb.
pub(crate) fn refusals(verb: &str) -> &'static [&'static str] {
    REFUSALS
        .iter()
        .find(|(word, _)| *word == verb)
        .map_or_else(|| panic!("{verb} has no line in REFUSALS"), |(_, codes)| codes)
}
