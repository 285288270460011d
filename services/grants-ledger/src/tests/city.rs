//! The commands of a small city: nine enterprises, one treasury, measures made up as they are needed.

use grants_domain::{
    application::{decide::DecideApplication, submit::SubmitApplication, withdraw::WithdrawApplication},
    artifact::record_chunk::RecordChunk,
    budget::{
        adjust::{AdjustBudget, Direction},
        allocate::AllocateBudget,
    },
    commands::Command,
    context::{Actor, AuthMethod},
    enterprise::register::RegisterEnterprise,
    fact::record::RecordFact,
    ledger::open::OpenLedger,
    policy::publish_version::PublishVersion,
    tables::{Claimed, EvidenceKind},
    trace::{Fact, FactValue},
    values::{CommandId, Fen, Sha256Hex},
    wire::Blob,
};
use sha2::{Digest, Sha256};

use super::chance::Chance;

pub(super) const ENTERPRISES: [&str; 9] = [
    "91411700MA40ABCD1G",
    "91411702MA40ABCD1D",
    "91411721MA40ABCD1X",
    "91411729MA40ABCD1H",
    "91330100799655058B",
    "914403001922038216",
    "91440300708461136T",
    "91110000802100433B",
    "91350100M000100Y43",
];

/// A command with its id and its actor, ready to be given.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) id: CommandId,
    pub(super) command: Command,
    pub(super) actor: Actor,
}

impl Given {
    pub(super) fn new(id: [u8; 16], command: impl Into<Command>) -> Given {
        let command = command.into();
        let role = command.roles()[0];
        let actor = Actor { id: format!("{role}-1").parse().unwrap(), role, auth: AuthMethod::Simulated };
        Given { id: CommandId(id), command, actor }
    }

    /// Another content under the same id.
    pub(super) fn altered(&self) -> Given {
        let command = if let Command::SubmitApplication(request) = &self.command {
            let mut request = request.clone();
            let (name, value) = ("altered".parse().unwrap(), FactValue::Flag(true));
            request.facts.push(Fact { name, value });
            request.into()
        } else {
            withdraw(&self.command.word().replace('_', "-"))
        };
        Given { command, ..self.clone() }
    }
}

pub(super) fn fen(amount: usize) -> Fen {
    Fen::new(i64::try_from(amount).unwrap()).unwrap()
}

pub(super) fn open() -> Command {
    OpenLedger { name: "示例市".parse().unwrap(), simulated: true }.into()
}

/// The two commands that put a catalogue with this limit in force.
pub(super) fn publish(limit: usize) -> [Command; 2] {
    let bytes = fen(limit).to_string().into_bytes();
    let artifact = Sha256Hex(Sha256::digest(&bytes).into());
    let chunk = RecordChunk { artifact, index: 0, count: 1, bytes: Blob(bytes) };
    [chunk.into(), PublishVersion { catalogue: artifact, title: "catalogue".parse().unwrap() }.into()]
}

pub(super) fn register(enterprise: usize) -> Command {
    let code = ENTERPRISES[enterprise].parse().unwrap();
    let name = format!("示例企业{enterprise}").parse().unwrap();
    let treasury = "411700000".parse().unwrap();
    let (industry, legal_representative, contact, payee) = (None, None, None, None);
    RegisterEnterprise { code, name, treasury, industry, legal_representative, contact, payee }.into()
}

/// A line of the year 2026 for these measures, named after the first.
pub(super) fn budget(measures: &[&str], amount: usize) -> Command {
    AllocateBudget {
        line: measures[0].parse().unwrap(),
        treasury: "411700000".parse().unwrap(),
        year: 2026,
        document: "指标文号".parse().unwrap(),
        measures: measures.iter().map(|measure| measure.parse().unwrap()).collect(),
        amount: fen(amount),
    }
    .into()
}

pub(super) fn raise(line: &str, amount: usize) -> Command {
    let (line, document) = (line.parse().unwrap(), "追加".parse().unwrap());
    AdjustBudget { line, direction: Direction::Increase, amount: fen(amount), document }.into()
}

pub(super) fn apply(
    number: &str,
    enterprise: usize,
    measure: &str,
    amount: usize,
    invoice: Option<&str>,
) -> Command {
    let date = "2026-03-01".parse().unwrap();
    let claimed = |key: &str| Claimed {
        kind: EvidenceKind::Invoice,
        key: key.parse().unwrap(),
        date,
        until: None,
        amount: fen(100_000),
        seller: None,
    };
    SubmitApplication {
        application: number.parse().unwrap(),
        enterprise: ENTERPRISES[enterprise].parse().unwrap(),
        project: None,
        measure: measure.parse().unwrap(),
        applied_on: date,
        facts: vec![Fact { name: "amount".parse().unwrap(), value: FactValue::Money(fen(amount)) }],
        evidence: invoice.map(claimed).into_iter().collect(),
        payee_person: None,
    }
    .into()
}

pub(super) fn decide(number: &str) -> Command {
    DecideApplication { application: number.parse().unwrap() }.into()
}

pub(super) fn withdraw(number: &str) -> Command {
    WithdrawApplication { application: number.parse().unwrap(), reason: "撤回".parse().unwrap() }.into()
}

/// Whether awards of an enterprise may stand from now on; a late fact for those it has.
pub(super) fn stop(enterprise: usize, stopped: bool) -> Command {
    RecordFact {
        subject: format!("enterprise:{}", ENTERPRISES[enterprise]).parse().unwrap(),
        name: "stop".parse().unwrap(),
        value: FactValue::Flag(stopped),
        on: "2026-01-01".parse().unwrap(),
        source: "监管".parse().unwrap(),
    }
    .into()
}

/// What every story begins with: an open ledger, a catalogue with a cap of `limit` 分, the enterprises.
pub(super) fn founding(chance: &mut Chance, limit: usize) -> Vec<Given> {
    let mut commands = vec![open()];
    commands.extend(publish(limit));
    commands.extend((0..ENTERPRISES.len()).map(register));
    commands.into_iter().map(|command| Given::new(chance.bytes(), command)).collect()
}

/// `count` commands of all kinds after the founding: caps and lines run dry, invoices come twice, awards wait, and
/// late facts reach more awards than one command can look at.
pub(super) fn year(chance: &mut Chance, count: usize) -> Vec<Given> {
    let mut given = founding(chance, 40_000);
    given.push(Given::new(chance.bytes(), budget(&["cap", "plain"], 60_000)));
    let mut applications = 0;
    while given.len() < count {
        let command = match chance.below(100) {
            0..40 => {
                applications += 1;
                let invoice = format!("digital:2541000000000{:07}", chance.below(400));
                let invoice = (chance.below(3) == 0).then_some(invoice.as_str());
                let measure = ["cap", "plain"][chance.below(2)];
                let number = format!("A-{applications}");
                apply(&number, busy(chance), measure, 1 + chance.below(900), invoice)
            }
            40..90 => decide(&format!("A-{}", 1 + applications - chance.below(applications.clamp(1, 60)))),
            90..95 => withdraw(&format!("A-{}", 1 + chance.below(applications + 1))),
            95..98 => raise("cap", 1 + chance.below(3_000)),
            _ => stop(busy(chance), chance.below(12) == 0),
        };
        given.push(Given::new(chance.bytes(), command));
    }
    given
}

/// One enterprise asks as often as all others together.
fn busy(chance: &mut Chance) -> usize {
    if chance.below(2) == 0 { 0 } else { chance.below(ENTERPRISES.len()) }
}
