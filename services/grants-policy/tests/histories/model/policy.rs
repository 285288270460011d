//! What the policies say, as `policies.md` tells it: the default answer of each interpretation and the amounts of the
//! clauses, and what a later version says otherwise.

use super::{Stop, day::day};
use crate::step::Change;

/// Each interpretation that is asked here, with its default.
const ANSWERS: &[(&str, &str)] = &[
    ("K-01", "down-once"),
    ("K-02", "issued-three-years"),
    ("K-03", "by-measure"),
    ("K-04", "recorded-split"),
    ("K-06a", "total"),
    ("K-06b", "first-full-year"),
    ("K-06c", "contract"),
    ("K-07", "per-project"),
    ("K-08", "one"),
    ("K-09", "mapped"),
    ("K-10", "both"),
    ("K-11", "hard-if-round-open"),
    ("K-12", "whole-project"),
    ("K-13", "hold"),
    ("K-14", "policy-life"),
    ("K-16", "application"),
    ("K-17", "actual-360"),
    ("K-18a", "daily-balance"),
    ("K-18b", "interest-paid"),
    ("K-19", "anniversary"),
    ("K-20", "both"),
    ("K-21", "on-or-after-start"),
    ("K-22a", "decision-document"),
    ("K-22b", "ex-tax"),
    ("K-22c", "policy-life"),
    ("K-23", "calendar-year"),
    ("K-24", "not-a-condition"),
    ("K-25", "one"),
    ("K-27a", "calendar-year"),
    ("K-27b", "joined"),
    ("K-28", "article"),
    ("K-33", "cumulative"),
    ("K-34", "difference"),
    ("K-35", "proposed-by-rule"),
    ("K-36", "returned"),
    ("K-37", "queue"),
    ("K-38", "stack"),
];

/// The amounts of the clauses in 分, or as a number of people and things.
const AMOUNTS: &[(&str, i128)] = &[
    ("E1.1/least-investment", yuan(100_000_000)),
    ("E1.1/least-tax", yuan(150_000)),
    ("E1.1/project-limit", yuan(1_000_000)),
    ("E1.3/least-total", yuan(2_000_000_000)),
    ("E1.3/least-intensity", yuan(6_000_000)),
    ("E2/limit", yuan(1_000_000)),
    ("E3.1/first", 10),
    ("E3.1/least-contribution", yuan(10_000_000)),
    ("E3.1/most", yuan(3_000_000)),
    ("E3.2/most", yuan(500_000)),
    ("E5.6/enterprise-limit", yuan(1_000_000)),
    ("T1/least-total", yuan(20_000_000)),
    ("T1/project-limit", yuan(1_500_000)),
    ("T5/least-views", 5_000_000),
    ("T5/least-contribution", yuan(1_000_000)),
    ("T5/least", yuan(50_000)),
    ("T5/most", yuan(100_000)),
    ("E4.1/least-total", yuan(50_000_000)),
    ("E4.1/enterprise-limit", yuan(10_000_000)),
    ("E4.2/project-limit", yuan(3_000_000)),
    ("E6/year-limit", yuan(100_000)),
    ("T12.1/least-passengers", 200),
    ("T12.1/per-passenger", yuan(100)),
    ("T12.2/least-passengers", 600),
    ("T12.2/per-train", yuan(30_000)),
    ("2024-21/least-sights", 2),
    ("2024-21/least-days", 2),
    ("2024-21/least-nights", 1),
    ("2024-21/agency-year-limit", yuan(250_000)),
];

const fn yuan(amount: i128) -> i128 {
    amount * 100
}

/// One version of the policies.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    answers: Vec<(&'static str, &'static str, i64)>,
    amounts: Vec<(&'static str, i128, i64)>,
    /// Caps that count the group or the linked projects.
    wide: Vec<&'static str>,
}

impl Policy {
    /// The text with its defaults, and these changes to it.
    pub(crate) fn changed(changes: &[Change]) -> Self {
        let issued = day(2024, 6, 11);
        let mut policy = Self {
            answers: ANSWERS.iter().map(|(id, option)| (*id, *option, issued)).collect(),
            amounts: AMOUNTS.iter().map(|(place, value)| (*place, *value, issued)).collect(),
            wide: Vec::new(),
        };
        for change in changes {
            match change {
                Change::Answer { id, option, from } => policy.answers.push((*id, *option, *from)),
                Change::Amount { place, value, from } => policy.amounts.push((*place, *value, *from)),
                Change::Reach { cap, wide } => {
                    policy.wide.retain(|known| known != cap);
                    policy.wide.extend(wide.then_some(*cap));
                }
            }
        }
        policy
    }

    /// The answer for what was applied for on a day: the latest that had begun, and before all of them the first.
    pub(crate) fn answer(&self, id: &str, applied_on: i64) -> &'static str {
        let of: Vec<_> = self.answers.iter().filter(|one| one.0 == id).collect();
        let begun = of.iter().filter(|one| one.2 <= applied_on).max_by_key(|one| one.2);
        begun.or(of.first()).map(|one| one.1).unwrap_or_else(|| panic!("nobody asks {id}"))
    }

    /// Whether a cap counts more than one enterprise or project.
    pub(crate) fn is_wide(&self, cap: &str) -> bool {
        self.wide.contains(&cap)
    }

    /// The amount that the clause names on the governing day.
    pub(crate) fn amount(&self, place: &str, governing: i64) -> Result<i128, Stop> {
        let of = self.amounts.iter().filter(|one| one.0 == place && one.2 <= governing);
        of.max_by_key(|one| one.2).map(|one| one.1).ok_or(Stop::open("fact-missing"))
    }
}
