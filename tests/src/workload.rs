//! A workload of E4.1 decisions: enterprises, projects, budget lines, provincial results, applications with
//! invoices, and the decisions themselves. The same seed gives the same commands.

use crate::seed::Seed;
use grants_domain::{commands::Command, values::CommandId};
use serde_json::json;
use sha2::{Digest, Sha256};

/// Counties of the workload, by their first six digits.
const COUNTIES: [&str; 9] =
    ["411702", "411721", "411722", "411723", "411724", "411725", "411726", "411727", "411728"];
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// What a workload is made of.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// How many enterprises.
    pub enterprises: u32,
    /// How many projects, spread over them.
    pub projects: u32,
    /// How many applications, one decision each.
    pub applications: u32,
    /// Seed of amounts and choices.
    pub seed: u64,
}

/// A workload, command by command.
#[derive(Clone, Debug)]
pub struct Workload {
    shape: Shape,
    zipf: Zipf,
}

/// A valid 统一社会信用代码 of a plainly made-up enterprise.
#[must_use]
pub fn credit_code(region: &str, number: u32) -> String {
    let body = format!("MA{number:06}");
    let weights = [3u32, 7, 9, 10, 5, 8, 4, 2];
    let value = |letter: char| letter.to_digit(36).unwrap_or(0);
    let sum: u32 = body.chars().zip(weights).map(|(letter, weight)| value(letter) * weight).sum();
    let inner = match 11 - sum % 11 {
        10 => "X".to_owned(),
        11 => "0".to_owned(),
        digit => digit.to_string(),
    };
    let front = format!("91{region}{body}{inner}");
    let place = |byte: u8| ALPHABET.iter().position(|other| *other == byte).unwrap_or(0);
    let (mut sum, mut weight) = (0usize, 1usize);
    for byte in front.bytes() {
        sum += place(byte) * weight;
        weight = weight * 3 % 31;
    }
    let check = ALPHABET.get((31 - sum % 31) % 31).copied().unwrap_or(b'0');
    format!("{front}{}", char::from(check))
}

/// The id of a command, from any text.
#[must_use]
pub fn command_id(text: &str) -> CommandId {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let mut id = [0; 16];
    id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    CommandId(id)
}

fn command(json: serde_json::Value) -> Command {
    serde_json::from_value(json.clone()).unwrap_or_else(|fault| panic!("{json} is no command: {fault}"))
}

impl Workload {
    /// The workload of a shape.
    #[must_use]
    pub fn of(shape: Shape) -> Self {
        Self { shape, zipf: Zipf::new(shape.enterprises) }
    }

    fn county(number: u32) -> &'static str {
        let index = usize::try_from(number).unwrap_or(0) % COUNTIES.len();
        COUNTIES.get(index).copied().unwrap_or("411702")
    }

    fn enterprise(number: u32) -> String {
        credit_code(Self::county(number), number)
    }

    fn project(&self, number: u32) -> (String, u32) {
        let owner = number % self.shape.enterprises.max(1);
        (format!("2403-{}-04-01-{number:06}", Self::county(owner)), owner)
    }

    /// Budget lines, enterprises, projects and provincial results: everything before the first application.
    pub fn ground(&self) -> impl Iterator<Item = (CommandId, Command)> + '_ {
        let lines = COUNTIES.iter().map(|county| {
            let line = format!("L{county}-2024");
            command(
                json!({ "budget.allocate": { "line": line, "treasury": format!("{county}000"), "year": 2024,
                "document": "示例预〔2024〕1号", "measures": ["E4.1"], "amount": "900000000000.00" } }),
            )
        });
        let enterprises = (0..self.shape.enterprises).map(|number| {
            command(json!({ "enterprise.register": { "code": Self::enterprise(number),
                "name": format!("示例企业{number}"), "treasury": format!("{}000", Self::county(number)),
                "industry": "semiconductors", "payee": { "name": format!("示例企业{number}"),
                "account": format!("6222{number:010}"), "bank": "102100099996" } } }))
        });
        let projects = (0..self.shape.projects).map(|number| {
            let (code, owner) = self.project(number);
            command(json!({ "project.register": { "project": { "code": code,
                "enterprise": Self::enterprise(owner), "name": format!("示例项目{number}"),
                "treasury": format!("{}000", Self::county(owner)), "total_investment": "300000000.00",
                "validity": "2024-01-01/2027-06-10", "in_statistics": true } } }))
        });
        let all = lines.chain(enterprises).chain(projects);
        all.enumerate().map(|(place, command)| (command_id(&format!("ground {place}")), command))
    }

    /// Applications, each with one invoice. The enterprise is Zipf-distributed, so that a few reach their cap.
    pub fn applications(&self) -> impl Iterator<Item = (CommandId, Command)> + '_ {
        let mut seed = Seed::new(self.shape.seed);
        (0..self.shape.applications).map(move |number| {
            let owner = self.zipf.draw(&mut seed);
            let spread = u64::from(self.shape.projects / self.shape.enterprises.max(1)).max(1);
            let step = u32::try_from(seed.below(spread)).unwrap_or(0);
            let (project, owner) = self.project(owner + step * self.shape.enterprises);
            let amount = 10_000 + seed.below(50_000_000);
            let command = command(json!({ "application.submit": { "application": format!("A-{number}"),
                "enterprise": Self::enterprise(owner), "project": project, "measure": "E4.1",
                "applied_on": "2024-09-01", "evidence": [{ "kind": "invoice",
                "key": format!("digital:2441{number:016}"), "date": "2024-08-01",
                "amount": format!("{}.{:02}", amount / 100, amount % 100) }] } }));
            (command_id(&format!("apply {number}")), command)
        })
    }

    /// One decision for each application.
    pub fn decisions(&self) -> impl Iterator<Item = (CommandId, Command)> + '_ {
        (0..self.shape.applications).map(|number| {
            let command = command(json!({ "application.decide": { "application": format!("A-{number}") } }));
            (command_id(&format!("decide {number}")), command)
        })
    }
}

/// Zipf's law with exponent 1.05, by its cumulated weights in whole numbers (no float decides a test).
#[derive(Clone, Debug)]
struct Zipf {
    cumulated: Vec<u64>,
}

impl Zipf {
    fn new(count: u32) -> Self {
        let mut sum = 0u64;
        let weight = |rank: u32| {
            // rank^1.05 ≈ rank · (1 + ln(rank)/20) to first order; the logarithm by bit length is near enough
            // for a distribution that only has to be skewed and the same everywhere.
            let log = u64::from(32 - rank.leading_zeros()) * 693;
            1_000_000_000_000u64 / (u64::from(rank) * (20_000 + log))
        };
        let cumulated = (1..=count.max(1)).map(|rank| {
            sum += weight(rank).max(1);
            sum
        });
        Self { cumulated: cumulated.collect() }
    }

    fn draw(&self, seed: &mut Seed) -> u32 {
        let total = self.cumulated.last().copied().unwrap_or(1);
        let point = seed.below(total);
        u32::try_from(self.cumulated.partition_point(|sum| *sum <= point)).unwrap_or(0)
    }
}
