//! Subjects: what a recorded fact or an award of another level is about, as text.
//!
//! A late fact reaches our awards through this text alone, so a code in it must be written in the one way in
//! which awards write it.

use crate::{
    refusal::{RefusalCode, Refused},
    values::{CreditCode, ProjectCode},
};
use std::{fmt::Display, str::FromStr};

/// Refuses `EnterpriseUnknown` or `ProjectUnknown` if the code behind `enterprise:` or `project:` is not one in
/// its canonical form, and `SubjectReserved` if the ledger keeps the prefix for its own work. Another prefix is the
/// catalogue's business.
pub(crate) fn sound(subject: &str) -> Result<(), Refused> {
    if let Some(code) = subject.strip_prefix("enterprise:") {
        let refused = || Refused::of(RefusalCode::EnterpriseUnknown).with("enterprise", code);
        return canonical::<CreditCode>(code).then_some(()).ok_or_else(refused);
    }
    if let Some(code) = subject.strip_prefix("project:") {
        let refused = || Refused::of(RefusalCode::ProjectUnknown).with("project", code);
        return canonical::<ProjectCode>(code).then_some(()).ok_or_else(refused);
    }
    if RESERVED.iter().any(|prefix| subject.starts_with(prefix)) {
        return Err(Refused::of(RefusalCode::SubjectReserved).with("subject", subject));
    }
    Ok(())
}

/// Prefixes of the ledger's own work. What people record under them would be work that nobody can end.
const RESERVED: &[&str] = &["award:", "evidence:"];

/// Whether a text is what the value it stands for writes.
pub(crate) fn canonical<T: FromStr + Display>(text: &str) -> bool {
    text.parse::<T>().is_ok_and(|value| value.to_string() == text)
}
