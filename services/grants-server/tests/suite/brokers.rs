//! Ledgers on a real broker: one process keeps a province and a city, and what holds between two folders holds there.

use crate::{
    follow,
    house::{House, PROJECT, program},
};
use grants_tests::brokers;
use serde_json::json;
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    os::unix::fs::symlink,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A process that keeps every ledger in a folder.
struct Keeper {
    child: Child,
    // Kept open: a process that cannot say anything ends.
    _output: BufReader<ChildStdout>,
}

impl Keeper {
    fn start(ledgers: &Path, words: &[&str]) -> Keeper {
        let mut command = program();
        let command = command.arg("--data").arg(ledgers).arg("serve").args(words);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        output.read_line(&mut first).unwrap();
        assert!(first.contains("listening"), "{first}");
        Keeper { child, _output: output }
    }

    /// Asks it to end; what it said.
    fn finish(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }

    /// Ends it at once.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn one_process_keeps_two_ledgers_and_nobody_is_paid_by_both() {
    let Some(cluster) = brokers::cluster("two ledgers of one process", 1, &[]) else { return };
    let url = |topic: &str| format!("kafka://{}/{topic}", cluster.addresses());
    let ledgers = TempDir::new().unwrap();
    // Nothing is there yet: ledgers are added while it runs.
    let keeper = Keeper::start(ledgers.path(), &[]);
    let added = |ledgers: &TempDir, topic: &str, province: bool| {
        let house = House::on_brokers(&url(topic), province);
        symlink(house.data(), ledgers.path().join(topic)).unwrap();
        house.with_ground()
    };
    let (province, city) = (added(&ledgers, "province", true), added(&ledgers, "city", false));
    follow::recovered_once(&province, &city);
    // Whoever keeps them dies, and another one goes on: everything is as it was.
    let events = (province.events(), city.events());
    keeper.kill();
    let keeper = Keeper::start(ledgers.path(), &["--role", "all"]);
    follow::nothing_more(&city, &province);
    assert_eq!((province.events(), city.events()), events);
    // And each takes commands from the new one.
    for house in [&province, &city] {
        let note = json!({ "fact.record": { "subject": format!("project:{PROJECT}"), "name": "note",
            "value": "flag:yes", "on": "2025-01-01", "source": "示例" } });
        house.give("2025-07-02T09:00:00", "note", &[note]);
    }
    let said = keeper.finish();
    assert_eq!(said.matches("this process writes the ledger").count(), 2, "{said}");
    // And the other way round: what the province gave first, the city does not give.
    let ledgers = TempDir::new().unwrap();
    let keeper = Keeper::start(ledgers.path(), &[]);
    let (province, city) = (added(&ledgers, "province-2", true), added(&ledgers, "city-2", false));
    follow::not_given_again(&province, &city);
    keeper.kill();
}

#[test]
fn what_is_not_right_is_named() {
    let folder = TempDir::new().unwrap();
    let ran = |words: &[&str]| {
        let output =
            program().env("LANG", "en_GB.UTF-8").arg("--data").arg(folder.path()).args(words).output();
        let output = output.unwrap();
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // Lines beyond this machine are asked for by name.
    let (code, said) = ran(&["serve", "--listen", "0.0.0.0:0"]);
    assert!(code == 2 && said.contains("--trusted-network"), "{code}: {said}");
    let house = House::new();
    let data = house.data();
    let of = |words: &[&str]| {
        let mut all = vec!["--data", data.to_str().unwrap()];
        all.extend(words);
        let output = program().env("LANG", "en_GB.UTF-8").args(all).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = of(&["serve"]);
    assert!(code == 2 && said.contains("not on brokers"), "{code}: {said}");
    let (code, said) = ran(&["join", "--from", data.to_str().unwrap()]);
    assert!(code == 2 && said.contains("not on brokers"), "{code}: {said}");
    // A log that nobody can reach is no reason to wait for ever.
    fs::write(data.join("log.toml"), "log = \"kafka://127.0.0.1:1/city\"\n").unwrap();
    fs::write(data.join("peer-token"), "00".repeat(32)).unwrap();
    let begun = Instant::now();
    let (code, said) = of(&["summary"]);
    assert!(code == 3 && said.contains("127.0.0.1:1"), "{code}: {said}");
    assert!(begun.elapsed() < Duration::from_secs(240));
    fs::write(data.join("log.toml"), "log = \"kafka://127.0.0.1/city\"\n").unwrap();
    let (code, said) = of(&["summary"]);
    assert!(code == 2 && said.contains("log.toml") && said.contains("HOST:PORT"), "{code}: {said}");
}
