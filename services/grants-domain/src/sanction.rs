//! Sanctions (惩戒): who may get nothing, by whose decision, and from which day to which (I-33, I-14).
//!
//! No article of the three documents names a sanction; that awards may be barred by a recorded one is the reading of K-36.
//! So a sanction says everything itself, as its decision document does: its ground, its days, what it bars, and whom else
//! it reaches. It takes nothing back: while it is in force nothing is awarded, confirmed or paid, and a day later
//! everything is as it was. What was decided stands, whenever a sanction became known.
//!
//! Whether one is in force is a matter of days alone, so that it begins and ends without anybody recording anything.
//! Only what is known is looked at, which makes the answer of a command that of its place in the log.

pub mod impose;
pub mod lift;

use crate::{
    choice,
    enterprise::{
        affiliates,
        lineage::{self, LinkKind},
    },
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get, put},
    tables::{AffiliationKind, LineageRow, Lineages, Sanction, Sanctions, SanctionsRow},
    values::{CreditCode, Date, Sha256Hex, Slug, Text},
};
use std::{cmp::Reverse, collections::BTreeMap};

/// Most sanctions that are recorded of one credit code, so that every look-up ends soon.
pub const SANCTIONS_MAX: usize = 64;
/// Most measures that one sanction names.
pub const SANCTION_MEASURES_MAX: usize = 64;

choice! {
    /// On what ground an enterprise is sanctioned: a closed list of ours, which the decision document is filed under.
    pub enum SanctionGround {
        /// 骗取财政资金.
        Fraud = 1 => "fraud",
        /// 违背告知承诺.
        CommitmentBreached = 2 => "commitment-breached",
        /// 挤占、挪用、擅自扩大使用范围.
        Misuse = 3 => "misuse",
        /// 逾期未缴回应追回资金.
        RecoveryUnpaid = 4 => "recovery-unpaid",
        /// 列入严重失信主体名单.
        DishonestyList = 5 => "dishonesty-list",
        /// 失信被执行人.
        JudgmentDefaulter = 6 => "judgment-defaulter",
        /// 重大违法行为: safety, environment, tax.
        SeriousViolation = 7 => "serious-violation",
    }
}

choice! {
    /// Whom a sanction reaches beside the enterprise that it names and what became of it.
    pub enum SanctionReach {
        /// Nobody.
        Enterprise = 1 => "enterprise",
        /// Those under the same legal representative (法定代表人).
        LegalRepresentative = 2 => "legal-representative",
        /// Every affiliate (关联企业).
        Group = 3 => "group",
    }
}

message! {
    /// The document that a sanction, or its end, rests on.
    pub struct DecisionDocument {
        /// Its number (文号).
        1 => number: Text<80>,
        2 => issuer: Text<80>,
        /// The day it bears.
        3 => on: Date,
        /// SHA-256 of its file, where there is one.
        4 => file: Option<Sha256Hex>,
    }
}

impl Sanction {
    /// The last day on which it is in force; none while no end is known. A sanction that was taken back as wrong never
    /// was: then there is no day at all, and this is `Err`.
    ///
    /// # Errors
    /// `Never`, for a sanction that was taken back.
    pub fn last(&self) -> Result<Option<Date>, Never> {
        match &self.lifted {
            None => Ok(self.until),
            Some(end) => end.until.map(Some).ok_or(Never),
        }
    }

    /// Whether it is in force on a day. First and last day are days of it.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.last().is_ok_and(|last| last.is_none_or(|last| day <= last))
    }

    /// Whether it bars a measure.
    #[must_use]
    pub fn bars(&self, measure: &Slug) -> bool {
        self.measures.is_empty() || self.measures.contains(measure)
    }
}

/// A sanction that never was: it was recorded wrongly and taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Never;

/// A sanction as it meets an enterprise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The code that it is recorded of: the enterprise itself, one that it was or came from, or an affiliate.
    pub code: CreditCode,
    /// The sanction.
    pub sanction: Sanction,
}

impl Bar {
    /// The refusal that names it. `enterprise` is who asks.
    #[must_use]
    pub fn refusal(&self, enterprise: &CreditCode) -> Refused {
        let Sanction { ground, from, document, .. } = &self.sanction;
        let refused = Refused::of(RefusalCode::EnterpriseBarred).with("enterprise", enterprise);
        let refused = refused.with("sanctioned", &self.code).with("ground", ground);
        let refused = refused.with("document", &document.number).with("issuer", &document.issuer);
        let refused = refused.with("decided-on", document.on).with("from", from);
        match self.sanction.last() {
            Ok(Some(last)) => refused.with("until", last),
            Ok(None) | Err(Never) => refused,
        }
    }
}

fn row(state: &dyn StateRead, code: &CreditCode) -> SanctionsRow {
    get::<Sanctions>(state, code).unwrap_or(SanctionsRow { sanctions: Vec::new() })
}

/// Whatever is recorded of a code, oldest first, in force or not.
#[must_use]
pub fn recorded(state: &dyn StateRead, code: &CreditCode) -> Vec<Sanction> {
    row(state, code).sanctions
}

/// Every sanction that is in force for an enterprise on a day, whatever it bars: its own, those of whom it was or came
/// from, and those of affiliates that reach it. The one that lasts longest comes first.
#[must_use]
pub fn in_force(state: &dyn StateRead, code: &CreditCode, day: Date) -> Vec<Bar> {
    // Whoever goes on for it is who would be paid.
    let now = lineage::current(state, code);
    let mut found: BTreeMap<u64, Bar> = BTreeMap::new();
    let mut enter = |of: &CreditCode, reach: SanctionReach| {
        for (code, until) in line(state, of) {
            let all = recorded(state, &code).into_iter();
            let reaching = all.filter(|one| one.holds(day) && reach <= one.reach);
            for sanction in reaching.filter(|one| until.is_none_or(|until| one.from <= until)) {
                let bar = Bar { code: code.clone(), sanction };
                found.entry(bar.sanction.sequence).or_insert(bar);
            }
        }
    };
    enter(&now, SanctionReach::Enterprise);
    let by_kind = [
        (SanctionReach::LegalRepresentative, Some(AffiliationKind::LegalRepresentative)),
        (SanctionReach::Group, None),
    ];
    for (reach, kind) in by_kind {
        let related = affiliates::joined(state, &now, day, kind);
        related.iter().filter(|other| **other != now).for_each(|other| enter(other, reach));
    }
    let mut bars: Vec<Bar> = found.into_values().collect();
    // No end is later than every end.
    bars.sort_by_key(|bar| {
        let last = bar.sanction.last().ok().flatten();
        (last.is_some(), Reverse(last), bar.sanction.sequence)
    });
    bars
}

/// The codes whose sanctions are those of an enterprise: its own, and those it came from (I-32), each with the last day on
/// which a sanction may have begun. A company that was split off has what began up to the split; what begins later is the
/// other's own.
fn line(state: &dyn StateRead, code: &CreditCode) -> BTreeMap<CreditCode, Option<Date>> {
    let mut found = BTreeMap::from([(code.clone(), None)]);
    let mut open = vec![(code.clone(), None)];
    while let Some((at, until)) = open.pop() {
        let Some(LineageRow { from, into, .. }) = get::<Lineages>(state, &at) else { continue };
        let renumbered = into.iter().filter(|link| link.kind == LinkKind::CodeChange);
        for link in from.iter().chain(renumbered) {
            let until = match link.kind {
                LinkKind::Split => Some(until.map_or(link.on, |until: Date| until.min(link.on))),
                LinkKind::CodeChange | LinkKind::Merger => until,
            };
            // Whoever is reached in two ways counts as far as the longer of them reaches.
            let further = match found.get(&link.other) {
                None => true,
                Some(None) => false,
                Some(Some(known)) => until.is_none_or(|until| *known < until),
            };
            if further {
                found.insert(link.other.clone(), until);
                open.push((link.other.clone(), until));
            }
        }
    }
    found
}

/// The sanction that bars an enterprise from a measure on a day.
#[must_use]
pub fn bar(state: &dyn StateRead, code: &CreditCode, measure: &Slug, day: Date) -> Option<Bar> {
    in_force(state, code, day).into_iter().find(|bar| bar.sanction.bars(measure))
}

/// Refuses `EnterpriseBarred`.
pub(crate) fn free(
    state: &dyn StateRead,
    code: &CreditCode,
    measure: &Slug,
    day: Date,
) -> Result<(), Refused> {
    bar(state, code, measure, day).map_or(Ok(()), |bar| Err(bar.refusal(code)))
}

/// The sanction of a document that stands, and the code it is recorded of. A code that was changed is found too.
pub(crate) fn standing(
    state: &dyn StateRead,
    code: &CreditCode,
    document: &Text<80>,
) -> Option<(CreditCode, Sanction)> {
    let of = |code: CreditCode| {
        let is = |one: &Sanction| one.document.number == *document && one.lifted.is_none();
        recorded(state, &code).into_iter().find(is).map(|one| (code, one))
    };
    lineage::same(state, code).into_iter().find_map(of)
}

pub(crate) fn enter(state: &mut dyn StateWrite, code: &CreditCode, sanction: Sanction) {
    let mut known = row(state.as_read(), code);
    known.sanctions.push(sanction);
    put::<Sanctions>(state, code, &known);
}
