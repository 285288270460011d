//! Whose use counts beside one's own: predecessors, affiliates under a cap of the group, linked projects; and what a
//! reviewer is told of those whose use does not count.

use crate::{
    source::{
        limit::{CapSource, Window},
        measure::{EvidenceSource, Sellers},
    },
    walk::{Found, Walk, input, word},
};
use grants_domain::{
    award::holdings,
    enterprise::affiliates,
    ids::AwardId,
    project::linked,
    state::get,
    tables::{ApplicationRow, Applications, AwardRow, Claimed},
    trace::{FactValue, Input, StepKind},
    values::{CreditCode, Fen, Slug, Text},
};

/// A counter whose use counts, by its scope; only awards before the sequence, if there is one.
pub(crate) type Other = (String, Option<u64>);

/// Findings that a decision tells one by one.
const FINDINGS_MAX: usize = 20;

impl<'a> Walk<'a> {
    /// The other counters that a cap with this scope counts.
    pub(crate) fn others_of(&self, scope: &str) -> Vec<Other> {
        let enterprises = |codes: Vec<_>| {
            let codes = codes.into_iter();
            codes.map(|one: grants_domain::enterprise::lineage::Carried| {
                (format!("enterprise:{}", one.code), one.before)
            })
        };
        match scope {
            own if self.is_of_enterprise(own) => enterprises(self.carried.clone()).collect(),
            "group" => {
                let (code, known) = (&self.ask.enterprise.code, self.known_before());
                enterprises(affiliates::carried(self.state, code, self.governing, known)).collect()
            }
            "linked-projects" => self.linked().into_iter().map(|subject| (subject, None)).collect(),
            _ => Vec::new(),
        }
    }

    /// The person whom the application names as payee, as a counter knows them.
    pub(crate) fn person(&self) -> Option<String> {
        person_of(self.ask.application)
    }

    /// Whether a counter of this scope is the enterprise's own: the recipient's is, unless a person is paid.
    fn is_of_enterprise(&self, scope: &str) -> bool {
        scope == "enterprise" || (scope == "recipient" && self.person().is_none())
    }

    /// Awards of subjects that hold room of a cap, and where its counter is the recipient's, those of this recipient alone:
    /// an enterprise that applies for a person uses nothing of its own.
    pub(crate) fn holding_room_of(&self, scope: &str, subjects: Vec<Other>) -> Vec<(AwardId, AwardRow)> {
        let mut holding = self.holding_room_among(subjects);
        if scope == "recipient" {
            let paid_to = |row: &AwardRow| {
                get::<Applications>(self.state, &row.application).and_then(|one| person_of(&one))
            };
            holding.retain(|(_, row)| paid_to(row) == self.person());
        }
        holding
    }

    /// The projects that are parts of one with this, as subjects.
    pub(crate) fn linked(&self) -> Vec<String> {
        let Some(project) = self.ask.project else { return Vec::new() };
        let others = linked::linked(self.state, &project.code, self.known_before());
        others.into_iter().map(|code| format!("project:{code}")).collect()
    }

    /// Notes what affiliates or linked projects hold under a cap that does not count them: a finding for the reviewer
    /// (I-04, A-01, A-03). It changes nothing.
    pub(crate) fn tell_kin(&mut self, cap: &CapSource, scope: &str, window: Window) -> Found<()> {
        // An award that is looked at again is judged, not reviewed.
        if self.ask.reviewing.is_some() {
            return Ok(());
        }
        let others: Vec<String> = match scope {
            own if self.is_of_enterprise(own) => {
                let (code, known) = (&self.ask.enterprise.code, self.known_before());
                let group = affiliates::group(self.state, code, self.governing, known);
                group.into_iter().map(|code| format!("enterprise:{code}")).collect()
            }
            "project" => self.linked(),
            _ => Vec::new(),
        };
        let mut told = 0;
        for subject in others {
            let held = self.held_under(&cap.id, scope, &subject, window);
            if Fen::ZERO < held && told < FINDINGS_MAX {
                let name: Slug = subject_name(scope);
                let (_, code) = subject.split_once(':').unwrap_or_default();
                let inputs = vec![
                    Input { name, ..input!("other", word(code)) },
                    input!("held", FactValue::Money(held)),
                ];
                self.step(&cap.id, StepKind::Finding, true, inputs, None);
                told += 1;
            }
        }
        Ok(())
    }

    /// What stands of a cap at somebody else, in the window of this one.
    fn held_under(&self, cap: &Slug, scope: &str, subject: &str, window: Window) -> Fen {
        let standing = self.holding_room_of(scope, vec![(subject.to_owned(), None)]).into_iter();
        let counts = standing
            .filter(|(_, row)| row.caps.iter().any(|step| step.cap == *cap) && self.falls_into(window, row));
        counts.fold(Fen::ZERO, |sum, (_, row)| sum.checked_add(row.room_of(cap)).unwrap_or(Fen::MAX))
    }

    /// Whether a piece was bought of an affiliate, on the day of the piece and by everything that is known now: a late
    /// fact of this kind is about the piece, not about the award.
    pub(crate) fn is_of_affiliate(&self, piece: &Claimed) -> bool {
        let Some(seller) = &piece.seller else { return false };
        let code = &self.ask.enterprise.code;
        seller == code || affiliates::group(self.state, code, piece.date, u64::MAX).contains(seller)
    }

    /// Whether a rule takes pieces from this seller.
    pub(crate) fn takes_from(&self, rule: &EvidenceSource, piece: &Claimed) -> bool {
        let chosen = rule.sellers.as_ref();
        let chosen = chosen.and_then(|choice| self.catalogue.chosen(choice, self.ask.application.applied_on));
        let only_others = chosen.is_some_and(|(sellers, _)| *sellers == Sellers::NotAffiliates);
        !(only_others && self.is_of_affiliate(piece))
    }

    /// Notes which pieces were bought of affiliates, where the clause says nothing of it.
    pub(crate) fn tell_sellers(&mut self, rule: &EvidenceSource, pieces: &[&'a Claimed]) {
        if rule.sellers.is_some() || self.ask.reviewing.is_some() {
            return;
        }
        let of_affiliates: Vec<&Claimed> =
            pieces.iter().copied().filter(|piece| self.is_of_affiliate(piece)).take(FINDINGS_MAX).collect();
        for piece in of_affiliates {
            let seller = piece.seller.as_ref().map_or_else(String::new, CreditCode::to_string);
            let evidence: Option<Text<60>> = Some(piece.key.clone());
            let inputs = vec![
                input!("seller", word(&seller)),
                Input { evidence, ..input!("held", FactValue::Money(piece.amount)) },
            ];
            self.step(&rule.rule, StepKind::Finding, true, inputs, None);
        }
    }
}

fn person_of(application: &ApplicationRow) -> Option<String> {
    application.payee_person.as_ref().map(holdings::person_subject)
}

fn subject_name(scope: &str) -> Slug {
    match scope {
        "project" => crate::walk::name!("project"),
        _ => crate::walk::name!("affiliate"),
    }
}
