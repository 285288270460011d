//! What the domain asks of a policy, and nothing more: the core knows that there are rules, not what they say.

use crate::{
    award::shares::Payers,
    choice,
    ids::AwardId,
    refusal::Refused,
    state::StateRead,
    tables::{ApplicationRow, EnterpriseRow, ProjectRow},
    trace::{Hold, Trace},
    values::{Date, Fen, Slug},
};

choice! {
    /// What happens when the budget line is short (K-37).
    pub enum Exhaustion {
        /// The award waits for its turn.
        Queue = 1 => "queue",
        /// The application is refused.
        Refuse = 2 => "refuse",
    }
}

/// Everything an assessment is asked about. State supplies the rest.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// Number of the policy version to assess under.
    pub version: u32,
    /// The application.
    pub application: &'a ApplicationRow,
    /// Its enterprise.
    pub enterprise: &'a EnterpriseRow,
    /// Its project, where the measure is about one.
    pub project: Option<&'a ProjectRow>,
    /// The business day of the decision.
    pub today: Date,
    /// A standing award that is looked at again because of a late fact. Its own use of caps, claims and
    /// evidence does not count against it, and caps are not cut again.
    pub reviewing: Option<AwardId>,
    /// With `reviewing`: room of caps has returned, and what is asked is what is due with the room there is now. Every cap
    /// of the award bounds it, and no cap cuts what the award holds already.
    pub reviving: bool,
}

/// What an assessment found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// How it was found.
    pub trace: Trace,
    /// What follows.
    pub outcome: Outcome,
}

/// The end of an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An amount is due.
    Due {
        /// The amount, above zero.
        amount: Fen,
        /// Who pays: one treasury, or several in a proportion (K-04).
        payers: Payers,
        /// Why payment must wait, if it must.
        holds: Vec<Hold>,
        /// What happens when the line is short.
        exhaustion: Exhaustion,
    },
    /// The clause says no.
    Rejected(Refused),
    /// Something must be recorded before anybody can decide.
    Undecidable(Refused),
}

/// What an application must bring for a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeasureShape {
    /// Money is paid by decision.
    pub payable: bool,
    /// A project must be named.
    pub needs_project: bool,
    /// The text of the measure names persons among those who are paid.
    pub person_payee: bool,
}

/// A set of policy versions that can be assessed against. Pure: same arguments, same assessment, for ever.
pub trait Rules {
    /// Assesses an application, or looks at an award again.
    fn assess(&self, state: &dyn StateRead, ask: &Ask<'_>) -> Assessment;
    /// The shape of a measure under a version; `None` if there is no such measure.
    fn shape(&self, version: u32, measure: &Slug) -> Option<MeasureShape>;
    /// The caps whose room stays taken when an award of this application falls for fraud (K-36), each with the
    /// interpretation that says so, or with the cap itself if its text does. As answered on the day of application.
    fn kept_after_fraud(&self, version: u32, application: &ApplicationRow) -> Vec<(Slug, Slug)>;
    /// Whether a recovery that a rule proposes of an award of this application is owed at once (K-35): the interpretation
    /// that says so, or the document if its text does. `None` leaves it to a person's decision.
    fn owed_at_once(&self, version: u32, application: &ApplicationRow) -> Option<Slug>;
    /// Whether these bytes are a catalogue that can be enforced.
    fn admit(&self, catalogue: &[u8]) -> Result<(), Refused>;
    /// Takes a published catalogue in under its version number. Called with bytes that were admitted.
    fn learn(&mut self, version: u32, catalogue: &[u8]);
}
