//! What every application came to in one of the two ledgers, and what stands of it at the end.

use grants_domain::{
    application::{decide::ApplicationRejected, submit::SubmitApplication},
    award::AwardProposed,
    commands::Command,
    events::Event,
    refusal::Refused,
    state::{StateRead, get},
    tables::Awards,
    trace::Trace,
    values::{CreditCode, Date, Fen, ProjectCode, Reference, Slug},
};
use std::collections::BTreeMap;

/// What an application came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// It was refused at the door.
    NotTaken(Refused),
    /// It waits: nobody has decided it, or nobody could, for this reason.
    Waits(Option<Refused>),
    /// It was withdrawn before anybody decided it.
    Withdrawn,
    /// The clause said no.
    Rejected(Box<ApplicationRejected>),
    /// An amount was awarded.
    Awarded(Box<AwardProposed>),
}

/// An application at the end of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// Its number.
    pub number: Reference,
    /// Who applied.
    pub enterprise: CreditCode,
    /// For what.
    pub measure: Slug,
    /// About which project.
    pub project: Option<ProjectCode>,
    /// On which day.
    pub applied_on: Date,
    /// Sequence of the command that brought it.
    pub sequence: u64,
    /// What it came to.
    pub came: Came,
    /// What stands of it at the end: awarded, less what was lowered, revoked, recovered or is to be recovered.
    pub stands: Fen,
}

impl Came {
    /// What was awarded, at the decision.
    #[must_use]
    pub fn amount(&self) -> Fen {
        match self {
            Self::Awarded(fact) => fact.amount,
            Self::NotTaken(_) | Self::Waits(_) | Self::Withdrawn | Self::Rejected(_) => Fen::ZERO,
        }
    }

    /// The trace of the decision, if there was one.
    #[must_use]
    pub fn trace(&self) -> Option<&Trace> {
        match self {
            Self::Awarded(fact) => Some(&fact.trace),
            Self::Rejected(fact) => Some(&fact.trace),
            Self::NotTaken(_) | Self::Waits(_) | Self::Withdrawn => None,
        }
    }

    /// Why nothing was awarded, where there is a reason.
    #[must_use]
    pub fn refused(&self) -> Option<&Refused> {
        match self {
            Self::NotTaken(refused) => Some(refused),
            Self::Waits(refused) => refused.as_ref(),
            Self::Rejected(fact) => Some(&fact.refused),
            Self::Withdrawn | Self::Awarded(_) => None,
        }
    }

    /// The caps that cut the amount.
    pub fn cut_by(&self) -> impl Iterator<Item = &Slug> {
        let caps = self.trace().into_iter().flat_map(|trace| &trace.caps);
        caps.filter(|cap| cap.cut).map(|cap| &cap.cap)
    }

    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotTaken(_) => "not-taken",
            Self::Waits(_) => "waits",
            Self::Withdrawn => "withdrawn",
            Self::Rejected(_) => "rejected",
            Self::Awarded(_) => "awarded",
        }
    }
}

/// What became of the applications of a ledger so far.
#[derive(Debug, Default)]
pub(super) struct Record {
    applications: BTreeMap<Reference, Entry>,
}

#[derive(Debug)]
struct Entry {
    request: SubmitApplication,
    sequence: u64,
    came: Came,
}

impl Record {
    /// Notes what a command came to. Returns whether a refusal of it is what an application came to.
    pub(super) fn note(&mut self, command: &Command, events: &[Event], sequence: u64) -> bool {
        let refused = match events.first() {
            Some(Event::CommandRefused(fact)) => Some(&fact.refused),
            Some(_) | None => None,
        };
        if let Command::SubmitApplication(request) = command {
            return self.submitted(request, refused, sequence);
        }
        if let (Command::DecideApplication(request), Some(refused)) = (command, refused) {
            let entry = self.applications.get_mut(&request.application);
            let open = entry.filter(|entry| matches!(entry.came, Came::Waits(_)));
            return open.map(|entry| entry.came = Came::Waits(Some(refused.clone()))).is_some();
        }
        events.iter().for_each(|event| self.event(event));
        false
    }

    /// A number that was refused at the door may come again; one that was taken may not.
    fn submitted(&mut self, request: &SubmitApplication, refused: Option<&Refused>, sequence: u64) -> bool {
        let earlier = self.applications.get(&request.application);
        if earlier.is_some_and(|entry| !matches!(entry.came, Came::NotTaken(_))) {
            return false;
        }
        let came = refused.map_or(Came::Waits(None), |refused| Came::NotTaken(refused.clone()));
        let sequence = earlier.map_or(sequence, |entry| entry.sequence);
        let entry = Entry { request: request.clone(), sequence, came };
        self.applications.insert(request.application.clone(), entry);
        true
    }

    fn event(&mut self, event: &Event) {
        let (number, came) = if let Event::AwardProposed(fact) = event {
            (&fact.application, Came::Awarded(Box::new(fact.clone())))
        } else if let Event::ApplicationRejected(fact) = event {
            (&fact.application, Came::Rejected(Box::new(fact.clone())))
        } else if let Event::ApplicationWithdrawn(fact) = event {
            (&fact.application, Came::Withdrawn)
        } else {
            return;
        };
        if let Some(entry) = self.applications.get_mut(number) {
            entry.came = came;
        }
    }

    /// Every application as it ended, by number.
    pub(super) fn ends(self, state: &dyn StateRead) -> BTreeMap<Reference, Ends> {
        let one = |(number, Entry { request, sequence, came }): (Reference, Entry)| {
            let SubmitApplication { enterprise, measure, project, applied_on, .. } = request;
            let stands = standing(&came, state);
            let ends = Ends {
                number: number.clone(),
                enterprise,
                measure,
                project,
                applied_on,
                sequence,
                came,
                stands,
            };
            (number, ends)
        };
        self.applications.into_iter().map(one).collect()
    }
}

fn standing(came: &Came, state: &dyn StateRead) -> Fen {
    let Came::Awarded(fact) = came else {
        return Fen::ZERO;
    };
    get::<Awards>(state, &fact.award).map_or(Fen::ZERO, |row| row.amount.saturating_sub(row.recovering))
}
