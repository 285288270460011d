//! Processes that keep one ledger on real brokers, and somebody who gives commands to whichever of them writes.

use crate::house::{self, DAY, LEDGER, scratch};
use grants_eventlog::{
    Hash, Head, LogReader,
    kafka::{Broker, BrokerConfig, KafkaLog, Partition, Security},
    writer_address,
};
use grants_tests::kafka::Cluster;
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Between two heartbeats of a writer.
pub(crate) const INTERVAL: Duration = Duration::from_millis(500);
/// Longer than anybody needs to take over on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
const SEED: &str = "6772616e74732064656d6f206c6564676572206f66207468652073686f770a00";

/// A ledger on brokers and the folders of its processes.
pub(crate) struct Place {
    pub(crate) cluster: Cluster,
    folder: TempDir,
}

/// One process that keeps the ledger.
pub(crate) struct Keeper {
    data: PathBuf,
    child: Child,
    /// Where it is reached.
    pub(crate) address: String,
}

impl Place {
    /// Makes the ledger of every story on these brokers, and folders for so many processes.
    pub(crate) fn new(cluster: Cluster, processes: usize) -> Place {
        let place = Place { cluster, folder: scratch() };
        let log = format!("kafka://{}/city", place.cluster.addresses());
        let interval = INTERVAL.as_millis().to_string();
        let words =
            ["init", "--simulated", "--ledger-id", LEDGER, "--seed", SEED, "--at", DAY, "--log", &log];
        let mut words = words.to_vec();
        words.extend(["--interval-ms", &interval]);
        if place.cluster.len() == 1 {
            words.push("--single-broker");
        }
        house::performed(&place.data(0), &words);
        for process in 1..=processes {
            let first = place.data(0).display().to_string();
            house::performed(&place.data(process), &["join", "--from", &first]);
        }
        place
    }

    /// The data directory of a process; that of nobody is number 0, for those who only give commands.
    pub(crate) fn data(&self, process: usize) -> PathBuf {
        self.folder.path().join(format!("process-{process}"))
    }

    /// Starts a process.
    pub(crate) fn start(&self, process: usize) -> Keeper {
        Keeper::start(&self.data(process))
    }

    /// The topic, over a connection of its own.
    pub(crate) fn partition(&self) -> Arc<dyn Partition> {
        let (brokers, topic) = (self.cluster.addresses(), "city".to_owned());
        let single_broker = self.cluster.len() == 1;
        let config = BrokerConfig { brokers, topic, security: Security::Plaintext, single_broker };
        Arc::new(Broker::connect(config).expect("the settings are acceptable"))
    }

    /// Somebody who reads the log from its beginning, and has seen nothing of it before.
    pub(crate) fn reader(&self, name: &str) -> KafkaLog {
        let folder = self.folder.path().join(name);
        KafkaLog::join(self.partition(), &folder, house::ledger()).expect("the log is there")
    }

    /// The leaves of the log, and its head.
    pub(crate) fn leaves(&self, name: &str) -> (Vec<Hash>, Head) {
        use grants_eventlog::EventLog;
        let log = self.reader(name);
        let mut leaves = Vec::new();
        let mut next = 0;
        loop {
            let batches = log.read(next, 8 << 20).expect("the brokers answer");
            if batches.is_empty() {
                return (leaves, log.head().clone());
            }
            for batch in batches {
                leaves.extend(grants_eventlog::HashedBatch::decode(&batch).unwrap().leaves());
                next += 1;
            }
        }
    }
}

impl Keeper {
    fn start(data: &Path) -> Keeper {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(data.join("said")).unwrap();
        let mut child = Command::new(house::program())
            .arg("--data")
            .arg(data)
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut first).unwrap();
        let said: serde_json::Value = serde_json::from_str(&first).unwrap_or_else(|fault| {
            panic!("{fault}: {first} {}", std::fs::read_to_string(data.join("said")).unwrap())
        });
        // Nothing more is said there, and a closed end would end the process.
        std::mem::forget(output);
        Keeper { data: data.to_owned(), child, address: said["listening"].as_str().unwrap().to_owned() }
    }

    /// Ends it at once, and starts it anew.
    pub(crate) fn kill_and_restart(&mut self) {
        self.kill();
        *self = Keeper::start(&self.data);
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Lets it stand still, as a machine that is suspended.
    pub(crate) fn stand_still(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub(crate) fn go_on(&self) {
        self.signal("CONT");
    }

    /// Asks it to end, and waits until it has; what it said on standard error.
    pub(crate) fn finish(mut self) -> String {
        self.signal("TERM");
        let status = self.child.wait().unwrap();
        let said = std::fs::read_to_string(self.data.join("said")).unwrap();
        assert!(status.success(), "{status}: {said}");
        said
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").arg(format!("-{name}")).arg(pid).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Waits until somebody writes in a later epoch than `epoch`; who, and how long it took.
pub(crate) fn next_writer(reader: &mut KafkaLog, epoch: u64) -> (String, Duration) {
    use grants_eventlog::EventLog;
    let begun = Instant::now();
    loop {
        // Brokers that are away for a moment come back.
        let followed = reader.follow();
        assert!(begun.elapsed() < PATIENCE, "nobody takes over: {followed:?}");
        let address = writer_address(reader).expect("the log can be read").unwrap_or_default();
        if followed.is_ok() && epoch < reader.head().epoch() && !address.is_empty() {
            return (address, begun.elapsed());
        }
        thread::sleep(Duration::from_millis(50));
    }
}
