//! A simulated ledger in a folder of its own, and the built program to use it with.

use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

pub(crate) const ENTERPRISE: &str = "91411702MA70000188";
pub(crate) const PROJECT: &str = "2403-411702-04-01-700001";
const LEDGER: &str = "0d170000000000000000000000000001";
/// Another ledger, of the province.
pub(crate) const PROVINCE: &str = "0d170000000000000000000000000002";
const SEED: &str = "6772616e74732064656d6f206c6564676572206f66207468652073686f770a00";
/// One person for each role, so that nobody does two steps that need two.
const EVERYBODY: [&str; 6] =
    ["policy:sun", "intake:zhao", "registrar:qian", "finance:chen", "reviewer:li", "approver:wang"];

/// What a run of the program came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        // Whatever a signal ended has no code: the status says which signal.
        let code = output.status.code().unwrap_or_else(|| panic!("{}", output.status));
        Self { code, out: text(output.stdout), err: text(output.stderr) }
    }

    /// What was said; the run must have ended well.
    pub(crate) fn good(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self.out
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|fault| panic!("{fault}: {}{}", self.out, self.err))
    }
}

/// The program with a locale that the caller's environment does not decide.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grants"));
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "C.UTF-8");
    command
}

/// Runs the program without a ledger.
pub(crate) fn run(words: &[&str]) -> Ran {
    Ran::of(program().args(words).output().unwrap())
}

/// A ledger of a test.
pub(crate) struct House {
    folder: TempDir,
    /// What the machine says about its time zone, if the test says it.
    zone: Option<&'static str>,
    /// Whether its log is on brokers, where only a bundle signs.
    on_brokers: bool,
}

impl House {
    /// A new ledger with the shipped catalogue in force.
    pub(crate) fn new() -> Self {
        Self::made(None, LEDGER)
    }

    fn made(zone: Option<&'static str>, ledger: &str) -> Self {
        let house = Self::bare(zone);
        let words = ["init", "--simulated", "--ledger-id", ledger, "--seed", SEED];
        house.at("2025-03-01T09:00:00", &words).good();
        house
    }

    /// A folder without a ledger, on a machine of this time zone.
    pub(crate) fn bare(zone: Option<&'static str>) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), zone, on_brokers: false }
    }

    /// A ledger with an enterprise, its project, money for E4.1, and the province's refusal.
    pub(crate) fn furnished() -> Self {
        Self::furnished_in(None)
    }

    /// The same on a machine of this time zone.
    pub(crate) fn furnished_in(zone: Option<&'static str>) -> Self {
        Self::made(zone, LEDGER).with_ground()
    }

    /// The ledger of the province, furnished with the same.
    pub(crate) fn province() -> Self {
        Self::made(None, PROVINCE).with_ground()
    }

    /// The ledger of a city, or of the province, with its log on brokers; nobody writes it yet.
    pub(crate) fn on_brokers(log: &str, province: bool) -> Self {
        let house = Self { on_brokers: true, ..Self::bare(None) };
        let ledger = if province { PROVINCE } else { LEDGER };
        let words = ["init", "--simulated", "--ledger-id", ledger, "--seed", SEED, "--log", log];
        let brokers = ["--single-broker", "--interval-ms", "500"];
        house.at("2025-03-01T09:00:00", &[&words[..], &brokers].concat()).good();
        house
    }

    /// An enterprise, its project, money for E4.1, and the province's refusal.
    pub(crate) fn with_ground(self) -> Self {
        self.give("2025-03-03T09:00:00", "ground", &ground());
        self
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A path beside the ledger.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program on this ledger, in English, as everybody.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        Ran::of(self.command(words).output().unwrap())
    }

    /// Runs the program on this ledger on a machine of another time zone.
    pub(crate) fn elsewhere(&self, zone: &str, words: &[&str]) -> Ran {
        Ran::of(self.command(words).env("TZ", zone).output().unwrap())
    }

    /// The same, ready to be started.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = program();
        command.current_dir(self.folder.path()).env("LANG", "en_GB.UTF-8").arg("--data").arg(self.data());
        if let Some(zone) = self.zone {
            command.env("TZ", zone);
        }
        for actor in EVERYBODY {
            command.args(["--as", actor]);
        }
        command.args(words);
        command
    }

    /// The same at a time.
    pub(crate) fn at(&self, time: &str, words: &[&str]) -> Ran {
        self.run(&[&["--at", time], words].concat())
    }

    /// The same at a time, in JSON; the run must end well.
    pub(crate) fn json_at(&self, time: &str, words: &[&str]) -> Value {
        let ran = self.at(time, &[&["--json"], words].concat());
        assert_eq!(ran.code, 0, "{words:?}: {}{}", ran.out, ran.err);
        ran.json()
    }

    /// The same in JSON, without a time.
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let ran = self.run(&[&["--json"], words].concat());
        assert_eq!(ran.code, 0, "{words:?}: {}{}", ran.out, ran.err);
        ran.json()
    }

    /// Imports commands, none of which may be refused.
    pub(crate) fn give(&self, time: &str, name: &str, commands: &[Value]) {
        let text: String = commands.iter().map(|command| format!("{command}\n")).collect();
        let path = self.write(&format!("{name}.jsonl"), &text);
        let told = self.json_at(time, &["import", path.to_str().unwrap()]);
        assert_eq!(told["refused"], json!(0), "{told}");
    }

    /// Writes a file beside the ledger.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.beside(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// How many events the signed checkpoint covers.
    pub(crate) fn events(&self) -> u64 {
        if self.on_brokers {
            let out = self.beside("bundle");
            if out.exists() {
                fs::remove_dir_all(&out).unwrap();
            }
            return self.json(&["bundle", out.to_str().unwrap()])["events"].as_u64().unwrap();
        }
        let text = fs::read_to_string(self.data().join("checkpoint")).unwrap();
        text.lines().nth(1).unwrap().parse().unwrap()
    }

    /// Applies for E4.1 with an invoice of this amount, in an application of this number.
    pub(crate) fn apply(&self, time: &str, number: &str, invoice: &str, amount: &str) {
        let day = time.split('T').next().unwrap();
        let application = json!({ "application.submit": {
            "application": number, "enterprise": ENTERPRISE, "project": PROJECT, "measure": "E4.1",
            "applied_on": day, "facts": [], "payee_person": null,
            "evidence": [{ "kind": "invoice", "key": format!("digital:{invoice}"), "date": "2024-09-01",
                "until": null, "amount": amount }],
        } });
        self.give(time, &format!("apply-{number}"), &[application]);
    }
}

/// What an application for E4.1 rests on.
pub(crate) fn ground() -> Vec<Value> {
    vec![
        json!({ "budget.allocate": { "line": "L-1", "treasury": "411702000", "year": 2025,
            "document": "示例财预〔2025〕1号", "measures": ["E4.1", "E6"], "amount": "30000000.00" } }),
        json!({ "enterprise.register": { "code": ENTERPRISE, "name": "示例智能传感有限公司",
            "treasury": "411702000", "industry": "sensors", "legal_representative": null, "contact": null,
            "payee": { "name": "示例智能传感有限公司", "account": "622200000000007001", "bank": "102521000335" } } }),
        json!({ "project.register": { "project": { "code": PROJECT, "enterprise": ENTERPRISE,
            "name": "示例传感器生产线", "treasury": "411702000", "total_investment": "60000000.00",
            "validity": "2024-01-01/2026-12-31", "in_statistics": true } } }),
        provincial("HN-1", "refused", "2025-01-10"),
    ]
}

/// The province reports about the project.
pub(crate) fn provincial(award: &str, status: &str, on: &str) -> Value {
    let amount = if status == "granted" { json!("3000000.00") } else { Value::Null };
    json!({ "external.report_award": { "award": award, "subject": format!("project:{PROJECT}"),
        "level": "province", "programme": "special-fund", "status": status, "amount": amount, "on": on,
        "source": "示例公示" } })
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
