//! How what an application would come to differs from what it came to.

use super::came::{Came, Ends};
use grants_domain::{
    award::{AwardProposed, shares::Share},
    refusal::{RefusalCode, Refused},
    values::{Reference, SignedFen, Slug, Treasury},
};
use grants_files::Texts;
use std::{cmp::Ordering, collections::BTreeMap};

/// The kinds of change. Of several that fit, the first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// More would be awarded.
    AmountUp,
    /// Less would be awarded.
    AmountDown,
    /// What got nothing would get something.
    NowDue,
    /// What was awarded or waited would be refused.
    NowRefused,
    /// What was decided could not be decided: something would have to be recorded first.
    NowWaits,
    /// It would be refused for another reason.
    OtherReason,
    /// The amount is the same, but another cap cuts it.
    OtherCap,
    /// The amount is the same, but another treasury or budget line pays.
    OtherPayer,
    /// The amount is the same, but its payment would wait for something else, or for nothing.
    OtherHold,
    /// It would be decided alike, and later facts or decisions leave another amount.
    StandsOtherwise,
}

impl Kind {
    /// Every kind, in its order.
    pub const ALL: &'static [Self] = &[
        Self::AmountUp,
        Self::AmountDown,
        Self::NowDue,
        Self::NowRefused,
        Self::NowWaits,
        Self::OtherReason,
        Self::OtherCap,
        Self::OtherPayer,
        Self::OtherHold,
        Self::StandsOtherwise,
    ];

    /// The word that programs compare.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AmountUp => "amount-up",
            Self::AmountDown => "amount-down",
            Self::NowDue => "now-due",
            Self::NowRefused => "now-refused",
            Self::NowWaits => "now-waits",
            Self::OtherReason => "other-reason",
            Self::OtherCap => "other-cap",
            Self::OtherPayer => "other-payer",
            Self::OtherHold => "other-hold",
            Self::StandsOtherwise => "stands-otherwise",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self, texts: &Texts) -> String {
        let id = match self {
            Self::AmountUp => "backtest-amount-up",
            Self::AmountDown => "backtest-amount-down",
            Self::NowDue => "backtest-now-due",
            Self::NowRefused => "backtest-now-refused",
            Self::NowWaits => "backtest-now-waits",
            Self::OtherReason => "backtest-other-reason",
            Self::OtherCap => "backtest-other-cap",
            Self::OtherPayer => "backtest-other-payer",
            Self::OtherHold => "backtest-other-hold",
            Self::StandsOtherwise => "backtest-stands-otherwise",
        };
        texts.get(id, &[])
    }
}

/// One application that would have come to something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How it differs.
    pub kind: Kind,
    /// As it was recorded.
    pub then: Ends,
    /// As it would be.
    pub now: Ends,
}

impl Change {
    /// What stands at the end, less what stood.
    #[must_use]
    pub fn difference(&self) -> SignedFen {
        SignedFen::difference(self.now.stands, self.then.stands)
    }
}

/// Every application that differs, in the order of the log.
pub(super) fn changes(then: &BTreeMap<Reference, Ends>, now: &BTreeMap<Reference, Ends>) -> Vec<Change> {
    let pairs = then.values().filter_map(|then| Some((then, now.get(&then.number)?)));
    let differs = |(then, now): (&Ends, &Ends)| {
        Some(Change { kind: kind(then, now)?, then: then.clone(), now: now.clone() })
    };
    let mut changes: Vec<Change> = pairs.filter_map(differs).collect();
    changes.sort_by_key(|one| one.then.sequence);
    changes
}

/// Who pays an award, from which lines, and how much each.
fn paid_by(fact: &AwardProposed) -> (&Treasury, &Reference, &[Share]) {
    (&fact.payer, &fact.line, &fact.shares)
}

/// How the two differ, if they do.
fn kind(then: &Ends, now: &Ends) -> Option<Kind> {
    match (&then.came, &now.came) {
        (Came::Awarded(one), Came::Awarded(other)) => match one.amount.cmp(&other.amount) {
            Ordering::Less => Some(Kind::AmountUp),
            Ordering::Greater => Some(Kind::AmountDown),
            Ordering::Equal if !then.came.cut_by().eq(now.came.cut_by()) => Some(Kind::OtherCap),
            Ordering::Equal if paid_by(one) != paid_by(other) => Some(Kind::OtherPayer),
            Ordering::Equal if one.holds != other.holds => Some(Kind::OtherHold),
            Ordering::Equal => (then.stands != now.stands).then_some(Kind::StandsOtherwise),
        },
        (_, Came::Awarded(_)) => Some(Kind::NowDue),
        (Came::Waits(one), Came::Waits(other)) => {
            (one.as_ref().map(reason) != other.as_ref().map(reason)).then_some(Kind::OtherReason)
        }
        (_, Came::Waits(_)) => Some(Kind::NowWaits),
        (Came::Awarded(_) | Came::Waits(_), _) => Some(Kind::NowRefused),
        (one, other) => {
            (one.refused().map(reason) != other.refused().map(reason)).then_some(Kind::OtherReason)
        }
    }
}

/// What tells one reason from another: the code and the rule, not the numbers.
fn reason(refused: &Refused) -> (RefusalCode, Option<&Slug>) {
    (refused.code, refused.rule.as_ref())
}
