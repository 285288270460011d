//! The ledger as anybody could keep it with lists and a pencil: everything that ever was stands in a list, and whatever
//! is asked is found by reading the lists from the beginning. It shares no rule and no sum with the ledger.

mod bars;
pub(crate) mod day;
pub(crate) mod identity;
mod late;
pub(crate) mod measures;
mod money;
mod outside;
mod parts;
mod pay;
mod pieces;
mod policy;
pub(crate) mod registers;
mod shares;
mod stand;

pub(crate) use outside::one_way;
pub(crate) use pieces::one_text;
pub(crate) use policy::Policy;
pub(crate) use shares::Part;
pub(crate) use stand::{Award, Counted, Gone, Payment, PaymentIs, Recovery, RecoveryIs};

use crate::{
    step::{Project, Report, Step, Submit, Value, Wish},
    told::{Outcome, Told},
};
use pieces::Registered;

/// Why there is no amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The clause says no.
    No(&'static str, Option<String>),
    /// Nobody can tell before something is recorded.
    Open(&'static str, Option<String>),
}

impl Stop {
    pub(crate) fn open(code: &'static str) -> Self {
        Self::Open(code, None)
    }
    pub(crate) fn no(code: &'static str, rule: &str) -> Self {
        Self::No(code, Some(rule.to_owned()))
    }
}

/// A registered enterprise.
#[derive(Clone, Debug)]
pub(crate) struct Enterprise {
    pub(crate) code: String,
    pub(crate) treasury: String,
    pub(crate) industry: Option<&'static str>,
    pub(crate) name: String,
    /// Whether it ever had another name.
    pub(crate) renamed: bool,
    pub(crate) account: Option<identity::Account>,
}

/// A budget line and what was allocated to it, more or less.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) treasury: String,
    pub(crate) year: u32,
    pub(crate) measures: Vec<&'static str>,
    pub(crate) allocated: i128,
}

/// A fact as it was recorded.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) subject: String,
    pub(crate) name: &'static str,
    pub(crate) value: Value,
    pub(crate) on: i64,
}

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ApplicationIs {
    Waiting,
    Awarded,
    TurnedDown,
    Withdrawn,
}

/// An application and who brought it.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) submit: Submit,
    pub(crate) by: String,
    pub(crate) is: ApplicationIs,
    /// Its pieces under their one text.
    pub(crate) keys: Vec<String>,
}

/// A command that was answered: its id, what it asked, and the code if it was refused.
type Answered = (u32, (Wish, bool), Option<String>);

/// Everything that ever was.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) policies: Vec<Policy>,
    answered: Vec<Answered>,
    chunks: Vec<(u8, u32, u32, &'static str)>,
    calendars: Vec<(u32, (i64, i64), &'static str)>,
    /// Rates: day, parts of ten thousand, and the number of the command that told of it.
    rates: Vec<(i64, i128, usize)>,
    rounds: Vec<(String, i64, i64, usize)>,
    pub(crate) enterprises: Vec<Enterprise>,
    /// Codes that became others.
    pub(crate) renumbered: Vec<(String, String)>,
    pub(crate) projects: Vec<Project>,
    /// Projects that are parts of one, and who said so.
    pub(crate) links: Vec<(String, String, String)>,
    pub(crate) lines: Vec<Line>,
    pub(crate) reports: Vec<Report>,
    pub(crate) sanctions: Vec<bars::Sanctioned>,
    pub(crate) relations: Vec<bars::Related>,
    pub(crate) facts: Vec<Recorded>,
    pub(crate) pieces: Vec<Registered>,
    pub(crate) applications: Vec<Application>,
    pub(crate) awards: Vec<Award>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) recoveries: Vec<Recovery>,
    /// Money that came back: recovery, reference, amount, whether the bank had returned the payment itself.
    pub(crate) receipts: Vec<(usize, String, i128, bool)>,
    /// How many commands were answered.
    number: usize,
    pub(crate) today: i64,
}

/// What a command does if it is not refused.
type Answer = Result<Vec<Told>, Stop>;

fn refuse<T>(code: &'static str) -> Result<T, Stop> {
    Err(Stop::open(code))
}

impl Model {
    /// An open ledger with the shipped catalogue.
    pub(crate) fn new() -> Self {
        Self { policies: vec![Policy::changed(&[])], ..Self::default() }
    }

    /// Answers a command.
    pub(crate) fn answer(&mut self, step: &Step) -> Outcome {
        let asked = (step.wish.clone(), self.names_something(&step.wish));
        if let Some((_, before, code)) = self.answered.iter().find(|(id, _, _)| *id == step.id) {
            return if *before == asked { Outcome::Same(code.clone()) } else { Outcome::Conflict };
        }
        self.today = day::of_instant(step.at);
        self.number += 1;
        let outcome = match self.perform(step) {
            Ok(mut told) => {
                self.serve_queues(&mut told);
                Outcome::taken(told)
            }
            Err(Stop::No(code, rule) | Stop::Open(code, rule)) => Outcome::Refused(code.to_owned(), rule),
        };
        let code = match &outcome {
            Outcome::Refused(code, _) => Some(code.clone()),
            Outcome::Taken(_) | Outcome::Same(_) | Outcome::Conflict => None,
        };
        self.answered.push((step.id, asked, code));
        outcome
    }

    /// Whether the payment, recovery or award that is named is there: its number in the ledger follows from it.
    fn names_something(&self, wish: &Wish) -> bool {
        match wish {
            Wish::Confirm { award }
            | Wish::Reduce { award, .. }
            | Wish::Revoke { award, .. }
            | Wish::Instruct { award } => self.award(award).is_ok(),
            Wish::Settle { payment, .. } | Wish::Reject { payment } | Wish::Return { payment } => {
                self.payment(payment).is_ok()
            }
            Wish::Approve { recovery, .. } | Wish::Receive { recovery, .. } => {
                self.recovery(recovery).is_ok()
            }
            _ => true,
        }
    }

    fn perform(&mut self, step: &Step) -> Answer {
        if !roles(&step.wish).contains(&step.role) {
            return refuse("role-not-allowed");
        }
        let actor = step.actor.as_str();
        match &step.wish {
            Wish::OpenLedger => refuse("ledger-already-open"),
            Wish::Chunk { artifact, index, count, text } => self.chunk(*artifact, *index, *count, text),
            Wish::PublishArtifact { artifact } => self.publish_artifact(*artifact),
            Wish::PublishNonsense => refuse("catalogue-invalid"),
            Wish::Publish { changes } => {
                self.policies.push(Policy::changed(changes));
                Ok(vec![Told::Recorded("policy.version_published")])
            }
            Wish::Calendar { year, off, source } => self.calendar(*year, *off, source),
            Wish::Rate { on, rate } => self.rate(*on, *rate),
            Wish::Enterprise { code, treasury, industry, account } => {
                self.enterprise(code, treasury, *industry, *account)
            }
            Wish::Project(project) => self.project(project),
            Wish::Allocate { line, treasury, year, measures, amount } => {
                self.allocate(line, treasury, *year, measures, *amount)
            }
            Wish::Adjust { line, up, amount } => self.adjust(line, *up, *amount),
            Wish::Round { round, from, to } => self.round(round, *from, *to),
            Wish::Report(report) => self.report(report),
            Wish::Fact { subject, name, value, on } => self.fact(subject, name, value, *on),
            Wish::Void { piece, net } => self.void(piece, *net),
            Wish::Submit(submit) => self.submit(submit, actor),
            Wish::Withdraw { application } => self.withdraw(application),
            Wish::Decide { application } => self.decide(application, actor),
            Wish::Confirm { award } => self.confirm(award, actor),
            Wish::Reduce { award, to, fraud } => self.reduce(award, *to, *fraud, actor),
            Wish::Revoke { award, fraud } => self.revoke(award, *fraud, actor),
            Wish::Instruct { award } => self.instruct(award, actor),
            Wish::Settle { payment, amount, reference } => self.settle(payment, *amount, reference),
            Wish::Reject { payment } => self.reject(payment),
            Wish::Return { payment } => self.give_back(payment),
            Wish::Approve { recovery, fraud } => self.approve(recovery, *fraud),
            Wish::Receive { recovery, amount, reference } => self.receive(recovery, *amount, reference),
            Wish::Impose(sanction) => self.impose(sanction, actor),
            Wish::Lift { enterprise, document, until, dated } => {
                self.lift(enterprise, document, *until, *dated, actor)
            }
            Wish::Rename { enterprise, name, account, on } => {
                self.rename(enterprise, name, *account, *on, actor)
            }
            Wish::Renumber { enterprise, code, on } => self.renumber(enterprise, code, *on),
            Wish::Link { project, other } => self.link((project, other), actor),
            Wish::Unlink { project, other } => self.unlink((project, other), actor),
            Wish::Relate(relation) => self.relate(relation, actor),
            Wish::Unrelate { enterprise, other, kind, until } => {
                self.unrelate((enterprise, other), kind, *until, actor)
            }
            Wish::Continue { .. } => refuse("nothing-due-to-continue"),
        }
    }
}

/// Who may ask for what.
fn roles(wish: &Wish) -> &'static [&'static str] {
    match wish {
        Wish::OpenLedger
        | Wish::Chunk { .. }
        | Wish::PublishArtifact { .. }
        | Wish::PublishNonsense
        | Wish::Publish { .. } => &["policy"],
        Wish::Calendar { .. } | Wish::Rate { .. } => &["policy", "registrar"],
        Wish::Enterprise { .. } | Wish::Project(_) | Wish::Submit(_) | Wish::Withdraw { .. } => &["intake"],
        Wish::Round { .. }
        | Wish::Report(_)
        | Wish::Fact { .. }
        | Wish::Void { .. }
        | Wish::Impose(_)
        | Wish::Rename { .. }
        | Wish::Link { .. }
        | Wish::Renumber { .. }
        | Wish::Relate(_) => &["registrar"],
        Wish::Lift { .. } | Wish::Unrelate { .. } | Wish::Unlink { .. } => &["approver"],
        Wish::Decide { .. } => &["reviewer"],
        Wish::Confirm { .. } | Wish::Reduce { .. } | Wish::Revoke { .. } | Wish::Approve { .. } => {
            &["approver"]
        }
        Wish::Allocate { .. }
        | Wish::Adjust { .. }
        | Wish::Instruct { .. }
        | Wish::Settle { .. }
        | Wish::Reject { .. }
        | Wish::Return { .. }
        | Wish::Receive { .. } => &["finance"],
        Wish::Continue { .. } => &["system"],
    }
}

/// The roles that may ask for it, for the generator.
pub(crate) fn roles_of(wish: &Wish) -> &'static [&'static str] {
    roles(wish)
}
