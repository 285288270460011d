//! What the awards of the source come to, event by event. Pure: the same events and table give the same reports.
//!
//! | in the source | reported as |
//! |---|---|
//! | an application for a named measure | `pending`: who has applied above has applied (K-11), and its payment may wait (K-13) |
//! | it is rejected, withdrawn, or its award is revoked before it was confirmed | `refused` |
//! | its award is confirmed | `granted`, with the whole amount |
//! | it is raised or reduced, or a part of it came back | `granted`, with the new amount |
//! | it is revoked, or all of it came back | `withdrawn` |
//!
//! A proposal is not yet an award, and a recovery that is owed is not yet money returned: until then the province's money is
//! held. An award that has to be confirmed anew for another amount stays granted: nobody has taken it back.

use std::collections::BTreeMap;

use grants_domain::{
    application::submit::ApplicationSubmitted,
    award::AwardProposed,
    events::Event,
    external::{AwardLevel, ExternalStatus, origin::Origin, report_award::ReportAward},
    ids::{AwardId, LedgerId},
    values::{Date, Fen, Reference, Slug, Text},
};

use super::table::{Followed, LinkTable, Subject};

/// The applications and awards that can still change.
pub(super) struct Awards {
    ledger: LedgerId,
    open: BTreeMap<Reference, Case>,
    standing: BTreeMap<AwardId, Standing>,
    unnamed: BTreeMap<Slug, u64>,
}

/// One application, and what became of it.
#[derive(Clone)]
struct Case {
    /// The sequence of the application, which names the award elsewhere.
    begun: u64,
    subject: Text<80>,
    level: AwardLevel,
    programme: Slug,
}

struct Standing {
    case: Case,
    amount: Fen,
    /// The amount that was reported as granted.
    granted: Option<Fen>,
}

/// What is to be said of a case.
struct Known {
    case: Case,
    status: ExternalStatus,
    amount: Option<Fen>,
    on: Date,
}

impl Awards {
    pub(super) fn of(ledger: LedgerId) -> Awards {
        Awards { ledger, open: BTreeMap::new(), standing: BTreeMap::new(), unnamed: BTreeMap::new() }
    }

    pub(super) fn unnamed(&self) -> &BTreeMap<Slug, u64> {
        &self.unnamed
    }

    /// Takes one event, recorded on `day`; gives what it makes known.
    pub(super) fn take(
        &mut self,
        table: &LinkTable,
        sequence: u64,
        day: Date,
        event: &Event,
    ) -> Option<ReportAward> {
        let known = match event {
            Event::ApplicationSubmitted(fact) => self.applied(table, sequence, fact),
            Event::ApplicationWithdrawn(fact) => self.refused(&fact.application, day),
            Event::ApplicationRejected(fact) => self.refused(&fact.application, day),
            Event::AwardProposed(fact) => self.proposed(fact),
            Event::AwardConfirmed(fact) => self.confirmed(fact.award, day),
            Event::AwardRaised(fact) => self.changed(fact.award, fact.to, day),
            Event::AwardReduced(fact) => self.changed(fact.award, fact.to, day),
            Event::AwardRevoked(fact) => self.gone(fact.award, day),
            Event::RecoveryReceived(fact) => self.returned(fact.award, fact.amount, day),
            // Whether it waits for money, for a payment day or for a fact: it was decided and is not in force, or it is in
            // force and stays so.
            Event::AwardQueued(_)
            | Event::AwardDequeued(_)
            | Event::AwardSuspended(_)
            | Event::AwardResumed(_)
            | Event::AwardRaiseDelayed(_)
            // The amount is what the event before it said.
            | Event::AwardUnconfirmed(_)
            // Paid or not, the award is held.
            | Event::PaymentInstructed(_)
            | Event::PaymentSettled(_)
            | Event::PaymentRejected(_)
            | Event::PaymentReturned(_)
            // The money has not come back yet.
            | Event::RecoveryProposed(_)
            | Event::RecoveryWithdrawn(_)
            | Event::RecoveryApproved(_)
            | Event::RecoveryOwed(_)
            | Event::RecoveryReversed(_)
            // What others gave is theirs to report.
            | Event::RoundOpened(_)
            | Event::AwardReported(_)
            // The code of the application names the subject for good; who goes on for whom, the city records itself.
            | Event::EnterpriseRegistered(_)
            | Event::EnterpriseRenamed(_)
            | Event::EnterpriseCodeChanged(_)
            | Event::EnterpriseMerged(_)
            | Event::EnterpriseSplit(_)
            | Event::EnterpriseUnlinked(_)
            | Event::EnterprisesAffiliated(_)
            | Event::EnterprisesDisaffiliated(_)
            | Event::ProjectRegistered(_)
            | Event::ProjectsLinked(_)
            | Event::ProjectsUnlinked(_)
            // What these do to an award, an event of the award says.
            | Event::FactRecorded(_)
            | Event::EvidenceVoided(_)
            | Event::SanctionImposed(_)
            | Event::SanctionLifted(_)
            | Event::FollowUpDeferred(_)
            | Event::FollowUpCompleted(_)
            // No award is in them.
            | Event::LedgerOpened(_)
            | Event::ChunkRecorded(_)
            | Event::VersionPublished(_)
            | Event::CalendarPublished(_)
            | Event::RatePublished(_)
            | Event::BudgetAllocated(_)
            | Event::BudgetAdjusted(_)
            | Event::CommandRefused(_) => None,
        };
        known.map(|known| self.report(sequence, known))
    }

    fn report(&self, sequence: u64, known: Known) -> ReportAward {
        let Known { case: Case { begun, subject, level, programme }, status, amount, on } = known;
        let of = |sequence| Origin { ledger: self.ledger, sequence };
        let (award, source) = (of(begun).award(), of(sequence).source());
        ReportAward { award, subject, level, programme, status, amount, on, source }
    }

    fn applied(&mut self, table: &LinkTable, sequence: u64, fact: &ApplicationSubmitted) -> Option<Known> {
        let Some(followed) = table.of(&fact.measure) else {
            let seen = self.unnamed.entry(fact.measure.clone()).or_default();
            *seen = seen.saturating_add(1);
            return None;
        };
        let subject = subject(followed, fact);
        let (level, programme) = (followed.level, followed.programme.clone());
        let case = Case { begun: sequence, subject, level, programme };
        self.open.insert(fact.application.clone(), case.clone());
        Some(Known { case, status: ExternalStatus::Pending, amount: None, on: fact.applied_on })
    }

    fn refused(&mut self, application: &Reference, on: Date) -> Option<Known> {
        let case = self.open.remove(application)?;
        Some(Known { case, status: ExternalStatus::Refused, amount: None, on })
    }

    fn proposed(&mut self, fact: &AwardProposed) -> Option<Known> {
        let case = self.open.remove(&fact.application)?;
        self.standing.insert(fact.award, Standing { case, amount: fact.amount, granted: None });
        None
    }

    fn confirmed(&mut self, award: AwardId, on: Date) -> Option<Known> {
        self.standing.get_mut(&award)?.grant(on)
    }

    fn changed(&mut self, award: AwardId, to: Fen, on: Date) -> Option<Known> {
        let standing = self.standing.get_mut(&award)?;
        standing.amount = to;
        standing.granted.and_then(|_| standing.grant(on))
    }

    fn returned(&mut self, award: AwardId, amount: Fen, on: Date) -> Option<Known> {
        let left = self.standing.get(&award)?.amount.saturating_sub(amount);
        if left.is_zero() { self.gone(award, on) } else { self.changed(award, left, on) }
    }

    fn gone(&mut self, award: AwardId, on: Date) -> Option<Known> {
        let Standing { case, granted, .. } = self.standing.remove(&award)?;
        let status = if granted.is_some() { ExternalStatus::Withdrawn } else { ExternalStatus::Refused };
        Some(Known { case, status, amount: None, on })
    }
}

impl Standing {
    /// Says that it is granted, unless just that was said.
    fn grant(&mut self, on: Date) -> Option<Known> {
        if self.granted == Some(self.amount) {
            return None;
        }
        self.granted = Some(self.amount);
        let (case, amount) = (self.case.clone(), Some(self.amount));
        Some(Known { case, status: ExternalStatus::Granted, amount, on })
    }
}

/// Under which subject a city looks for the award.
fn subject(followed: &Followed, fact: &ApplicationSubmitted) -> Text<80> {
    let text = match (followed.subject, &fact.project) {
        (Subject::Project, Some(project)) => format!("project:{project}"),
        (Subject::Project, None) | (Subject::Enterprise, _) => format!("enterprise:{}", fact.enterprise),
    };
    text.parse().expect("a code and its kind are shorter than a subject may be")
}

#[cfg(test)]
mod tests {
    use super::*;
    use grants_domain::{
        application::decide::ApplicationRejected,
        award::raise::AwardRaised,
        context::{Actor, AuthMethod, Role},
        recovery::receive::RecoveryReceived,
        refusal::{RefusalCode, Refused},
        trace::Trace,
    };

    const TABLE: &str = "ledger = \"00000000000000000000000000000001\"\n[measures]\n\
        special = { level = \"province\", programme = \"special-fund\" }\n";
    const ENTERPRISE: &str = "91411702MA70000188";

    fn trace() -> Trace {
        Trace {
            version: 1,
            measure: "special".parse().unwrap(),
            semantics: 1,
            governing: "2026-03-01".parse().unwrap(),
            steps: Vec::new(),
            caps: Vec::new(),
            tallies: Vec::new(),
            claims: Vec::new(),
            consumed: Vec::new(),
            interpretations: Vec::new(),
            computed: None,
            subjects: Vec::new(),
        }
    }

    fn actor() -> Actor {
        Actor { id: "li".parse().unwrap(), role: Role::Reviewer, auth: AuthMethod::Simulated }
    }

    fn fen(amount: i64) -> Fen {
        Fen::new(amount).unwrap()
    }

    fn applied() -> Event {
        ApplicationSubmitted {
            application: "A-1".parse().unwrap(),
            enterprise: ENTERPRISE.parse().unwrap(),
            project: None,
            measure: "special".parse().unwrap(),
            applied_on: "2026-03-01".parse().unwrap(),
            facts: Vec::new(),
            evidence: Vec::new(),
            payee_person: None,
            submitted_by: actor(),
        }
        .into()
    }

    fn proposed() -> Event {
        AwardProposed {
            award: AwardId(2),
            application: "A-1".parse().unwrap(),
            enterprise: ENTERPRISE.parse().unwrap(),
            project: None,
            measure: "special".parse().unwrap(),
            line: "L-1".parse().unwrap(),
            payer: "410000000".parse().unwrap(),
            amount: fen(900),
            holds: Vec::new(),
            trace: trace(),
            postings: Vec::new(),
            decided_by: actor(),
            shares: Vec::new(),
        }
        .into()
    }

    fn confirmed() -> Event {
        let (amount, confirmed_by) = (fen(900), actor());
        grants_domain::award::confirm::AwardConfirmed {
            award: AwardId(2),
            amount,
            confirmed_by,
            postings: Vec::new(),
        }
        .into()
    }

    fn raised(to: i64) -> Event {
        AwardRaised {
            award: AwardId(2),
            by: fen(100),
            to: fen(to),
            interpretation: "K-15".parse().unwrap(),
            cause: 1,
            trace: trace(),
            postings: Vec::new(),
            shares: Vec::new(),
        }
        .into()
    }

    fn received(amount: i64) -> Event {
        RecoveryReceived {
            recovery: grants_domain::ids::RecoveryId(9),
            award: AwardId(2),
            amount: fen(amount),
            bank_reference: "示例1".parse().unwrap(),
            on: "2026-03-09".parse().unwrap(),
            postings: Vec::new(),
            kept: Vec::new(),
        }
        .into()
    }

    /// Status and amount in 分 of what these events, recorded one by one, make known.
    fn told(events: &[Event]) -> Vec<Option<(ExternalStatus, Option<Fen>)>> {
        let table = LinkTable::parse(TABLE).unwrap();
        let mut awards = Awards::of(table.ledger());
        let day = "2026-03-05".parse().unwrap();
        let mut take = |(sequence, event)| awards.take(&table, sequence, day, event);
        let reports: Vec<_> = (1..).zip(events).map(&mut take).collect();
        // Whatever is told of an award, it has one name and one subject.
        let names: Vec<_> = reports.iter().flatten().map(|one| (&one.award, one.subject.as_str())).collect();
        let enterprise = format!("enterprise:{ENTERPRISE}");
        let name = Origin { ledger: table.ledger(), sequence: 1 }.award();
        assert!(names.iter().all(|one| *one == (&name, enterprise.as_str())), "{names:?}");
        reports.iter().map(|one| one.as_ref().map(|one| (one.status, one.amount))).collect()
    }

    #[test]
    fn what_comes_back_makes_an_award_smaller_and_then_takes_it_away() {
        use ExternalStatus::{Granted, Pending, Withdrawn};
        let granted = |amount| Some((Granted, Some(fen(amount))));
        let events = [applied(), proposed(), confirmed(), raised(1_000), received(400), received(600)];
        let expected = [
            Some((Pending, None)),
            None,
            granted(900),
            granted(1_000),
            granted(600),
            Some((Withdrawn, None)),
        ];
        assert_eq!(told(&events), expected);
    }

    #[test]
    fn a_proposal_is_no_award_and_what_it_is_raised_to_is_told_with_its_confirmation() {
        use ExternalStatus::{Granted, Pending};
        let events = [applied(), proposed(), raised(1_000), confirmed(), confirmed()];
        let expected = [Some((Pending, None)), None, None, Some((Granted, Some(fen(1_000)))), None];
        assert_eq!(told(&events), expected);
    }

    #[test]
    fn a_rejection_is_told_and_nothing_of_a_measure_without_a_name() {
        let rejected: Event = ApplicationRejected {
            application: "A-1".parse().unwrap(),
            refused: Refused::of(RefusalCode::ConditionNotMet),
            trace: trace(),
        }
        .into();
        let expected = [Some((ExternalStatus::Pending, None)), Some((ExternalStatus::Refused, None))];
        assert_eq!(told(&[applied(), rejected.clone()]), expected);
        let Event::ApplicationSubmitted(mut fact) = applied() else { panic!("it is an application") };
        fact.measure = "other".parse().unwrap();
        assert_eq!(told(&[fact.into(), rejected, proposed(), confirmed(), received(1)]), [const { None }; 5]);
    }
}
