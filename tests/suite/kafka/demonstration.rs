//! The demonstration on a broker, and its ledger carried from there to folders and back.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use grants_eventlog::{
    EventLog, LedgerId, LogReader, RocksLog,
    kafka::{Broker, KafkaLog},
};
use grants_ledger::DataDir;
use grants_tests::{
    brokers, demo,
    kafka::Cluster,
    programs::{built, well},
};
use tempfile::TempDir;

use super::config;

/// The data directory of the demonstration.
const HERE: &str = "out/demo-data";

/// A city's ledger on a broker, and places to carry it to.
struct Place {
    cluster: Cluster,
    folder: TempDir,
}

impl Place {
    fn url(&self, topic: &str) -> String {
        format!("kafka://{}/{topic}", self.cluster.addresses())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program about the ledger in a folder.
    fn grants(&self, name: &str, words: &[&str]) -> Command {
        let mut command = Command::new(built("grants"));
        command.arg("--data").arg(self.at(name)).args(["--lang", "en"]).args(words);
        command
    }

    /// The ledger in a folder is copied to another, and its log perhaps to brokers.
    fn carried(&self, verb: &str, from: &str, to: &str, topic: Option<&str>) -> Command {
        let mut command = self.grants(from, &[verb, "--to"]);
        command.arg(self.at(to));
        if let Some(topic) = topic {
            command.args(["--log", &self.url(topic), "--single-broker", "--interval-ms", "500"]);
        }
        command
    }

    /// Every batch of a log, as stored.
    fn batches(&self, name: &str, topic: Option<&str>) -> Vec<Vec<u8>> {
        let dir = DataDir::at(&self.at(name));
        let ledger = LedgerId(dir.manifest().expect("a ledger").ledger.0);
        let all = |log: &dyn LogReader| {
            let mut batches = Vec::new();
            loop {
                let next = u64::try_from(batches.len()).expect("few batches");
                let more = log.read(next, 1 << 20).expect("it can be read");
                if more.is_empty() {
                    return batches;
                }
                batches.extend(more);
            }
        };
        match topic {
            None => all(&RocksLog::open(dir.root(), ledger).expect("nobody has it open").0),
            Some(topic) => {
                let broker = Broker::connect(config(&self.cluster, topic)).expect("settings");
                let folder = TempDir::new().expect("a folder");
                let log = KafkaLog::join(std::sync::Arc::new(broker), folder.path(), ledger);
                let log = log.expect("the log is there");
                assert!(0 < log.head().next_batch());
                all(&log)
            }
        }
    }
}

/// A process that keeps a ledger until the test lets it go.
struct Keeper(Child);

impl Drop for Keeper {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A run that must end badly; its code, and what it said.
fn badly(command: &mut Command) -> (i32, String) {
    let Output { status, stderr, .. } = command.output().expect("the program starts");
    (status.code().expect("it was not killed"), String::from_utf8_lossy(&stderr).into_owned())
}

fn events_and_root(checkpoint: &Path) -> String {
    let text = fs::read_to_string(checkpoint).expect("a checkpoint");
    text.lines().skip(1).take(2).collect::<Vec<_>>().join("\n")
}

/// One test, because it needs the demonstration once: it has the same root on a broker as in a folder (its script looks),
/// and wherever its ledger is carried, that is the same ledger, byte for byte.
#[test]
fn the_demonstration_has_the_same_root_on_a_broker_and_wherever_it_is_carried() {
    let Some(cluster) = brokers::cluster("the demonstration on a broker", 1, &[]) else { return };
    let place = Place { cluster, folder: TempDir::new().expect("a folder") };
    let out = demo::play_on(place.folder.path(), &place.url("demo"));
    let root = events_and_root(&out.join("bundle/checkpoint"));
    assert_eq!(root, demo::root());
    let original = place.batches(HERE, Some("demo"));
    // From the broker to a folder, and from there to another topic.
    well(&mut place.carried("copy", HERE, "folder", None));
    well(&mut place.carried("copy", "folder", "topic", Some("copied")));
    assert!(place.batches("folder", None) == original && place.batches("topic", Some("copied")) == original);
    for copy in ["folder", "topic"] {
        let (code, said) =
            badly(&mut place.grants(copy, &["decide", "--as", "reviewer:li", "--at", "2027-08-01T09:00:00"]));
        assert!(code == 2 && said.contains("is only read"), "{said}");
        let told = well(&mut place.grants(copy, &["--json", "summary"]));
        assert_eq!(told, well(&mut place.grants(HERE, &["--json", "summary"])), "{copy}");
    }
    well(
        Command::new(built("grants-audit"))
            .arg("verify")
            .arg(place.at("folder"))
            .arg("--vkey")
            .arg(place.at(HERE).join("vkey")),
    );
    assert_restored(&place, &out, &original);
    assert_moved(&place, &original);
}

/// From the files of a backup, verified.
fn assert_restored(place: &Place, out: &Path, original: &[Vec<u8>]) {
    let bundle = out.join("bundle");
    let restore = |to: &str, more: &[&str]| {
        let mut command = place.grants("nowhere", &["restore"]);
        command
            .arg(&bundle)
            .arg("--vkey")
            .arg(place.at(HERE).join("vkey"))
            .arg("--to")
            .arg(place.at(to))
            .args(more);
        command
    };
    let url = place.url("restored");
    let brokers = ["--log", &url, "--single-broker", "--interval-ms", "500"];
    well(&mut restore("restored", &brokers));
    assert!(place.batches("restored", Some("restored")) == original);
    // A backup that was bent is not restored, and leaves nothing behind.
    let file = fs::read_dir(bundle.join("batches")).expect("files").next().expect("one").expect("readable");
    let sound = fs::read(file.path()).expect("a file");
    let mut bent = sound.clone();
    let middle = bent.len() / 2;
    *bent.get_mut(middle).expect("a long file") ^= 1;
    fs::write(file.path(), bent).expect("our own file");
    let (code, said) = badly(&mut restore("bent", &[]));
    assert!(code == 1 && !place.at("bent").exists(), "{code}: {said}");
    fs::write(file.path(), sound).expect("our own file");
}

/// The ledger goes on elsewhere: in a folder, and from there on a broker again.
fn assert_moved(place: &Place, original: &[Vec<u8>]) {
    well(&mut place.carried("move", HERE, "in-folder", None));
    let moved = place.batches("in-folder", None);
    // One record more: that of the process which ended it there.
    assert!(moved.starts_with(original) && moved.len() == original.len() + 1);
    let day = ["--at", "2027-08-01T09:00:00"];
    let decide = ["decide", "--as", "reviewer:li"];
    let (code, said) = badly(&mut place.grants(HERE, &["serve", "--role", "writer"]));
    assert!(code == 3 && said.contains("has moved to"), "{code}: {said}");
    well(&mut place.grants("in-folder", &[&decide[..], &day].concat()));
    well(&mut place.carried("move", "in-folder", "on-broker", Some("moved")));
    let (code, said) = badly(&mut place.grants("in-folder", &[&decide[..], &day].concat()));
    assert!(code == 3 && said.contains("moved"), "{code}: {said}");
    let serve = place.grants("on-broker", &["serve"]).stdout(Stdio::null()).spawn().expect("it starts");
    let _keeper = Keeper(serve);
    well(&mut place.grants("on-broker", &[&decide[..], &day].concat()));
    // Moving again changes nothing: it is done.
    let (code, said) = badly(&mut place.carried("move", "in-folder", "third", None));
    assert!(code == 2 && said.contains("has moved to"), "{code}: {said}");
}
