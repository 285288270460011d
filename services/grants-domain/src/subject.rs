//! Subjects: what a recorded fact or an award of another level is about, as text.
//!
//! A late fact reaches our awards through this text alone, so a code in it must be written in the one way in
//! which awards write it.

use crate::{
    enterprise::lineage,
    refusal::{RefusalCode, Refused},
    state::StateRead,
    values::{CreditCode, ProjectCode, Text, fold_full_width},
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

/// Kinds whose names are codes and keys with one text of their own.
const KEYED: &[&str] = &["enterprise", "project", "evidence", "award"];

/// The one text of a subject that people write in several ways, such as a title: what stands behind the first colon is
/// half-width, in upper case and without blanks.
#[must_use]
pub fn one_way(subject: &str) -> String {
    match subject.split_once(':') {
        Some((kind, name)) if !KEYED.contains(&kind) => format!("{kind}:{}", folded(name)),
        Some(_) | None => subject.to_owned(),
    }
}

/// One text for what people write in several ways, never longer than it was.
#[must_use]
pub fn folded(name: &str) -> String {
    let upper = |letter: char| {
        let mut upper = letter.to_uppercase();
        // A letter that would become two stays: a text must not outgrow its limit.
        if upper.len() == 1 { upper.next().unwrap_or(letter) } else { letter }
    };
    fold_full_width(name).chars().filter(|letter| !letter.is_whitespace()).map(upper).collect()
}

/// The same for a subject of a command. What has nothing but blanks behind its colon stays as it was written.
pub(crate) fn recorded(subject: &Text<80>) -> Text<80> {
    one_way(subject.as_str()).parse().unwrap_or_else(|_| subject.clone())
}

/// The subjects whose awards a fact about this one may reach: itself first, then, if it is an enterprise, everybody whom
/// it came from or went into.
pub(crate) fn reached(state: &dyn StateRead, subject: &Text<80>) -> impl Iterator<Item = String> + use<> {
    let code = subject.as_str().strip_prefix("enterprise:").and_then(|code| code.parse::<CreditCode>().ok());
    let family =
        code.iter().flat_map(|code| lineage::family(state, code)).filter(|one| Some(one) != code.as_ref());
    let others: Vec<String> = family.map(|one| format!("enterprise:{one}")).collect();
    std::iter::once(subject.to_string()).chain(others)
}

/// Whether a text is what the value it stands for writes.
pub(crate) fn canonical<T: FromStr + Display>(text: &str) -> bool {
    text.parse::<T>().is_ok_and(|value| value.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_one_text() {
        for title in ["title:G 1234", "title:g1234", "title:Ｇ１２３４", "title: g1234 "] {
            assert_eq!(one_way(title), "title:G1234", "{title}");
        }
        assert_eq!(one_way("title:单项冠军：芯片"), "title:单项冠军:芯片");
        assert_eq!(one_way("title:ß"), "title:ß");
        assert_eq!(one_way("widget"), "widget");
    }

    #[test]
    fn a_code_is_its_one_text() {
        let codes = ["enterprise:91411702MA40ABCD1D", "project:2403-411721-04-01-700011"];
        codes.into_iter().for_each(|subject| assert!(sound(subject).is_ok(), "{subject}"));
        for subject in codes.into_iter().chain(["evidence:digital:24411", "enterprise:91411702ma40abcd1d"]) {
            assert_eq!(one_way(subject), subject);
        }
    }
}
