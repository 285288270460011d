//! Real brokers for tests: Apache Kafka on this machine, started by the test and stopped with it.

use std::{
    fs,
    io::{self, Read},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::programs::well;

/// How long brokers may take to come up. These machines are shared, and Java begins slowly on them.
const START_MAX: Duration = Duration::from_secs(120);

/// Some brokers that form one cluster. They end with this value, by their process ids.
pub struct Cluster {
    folder: TempDir,
    libs: PathBuf,
    brokers: Vec<Node>,
    /// More settings, the same on each.
    settings: Vec<(String, String)>,
}

struct Node {
    port: u16,
    controller: u16,
    process: Option<Child>,
}

/// Why no broker can be had here.
#[derive(Debug, Clone)]
pub struct NotToBeHad(pub String);

/// The folder with Kafka's jars.
///
/// # Errors
/// They are not there and cannot be fetched: no Java, no Maven, or no network.
pub fn jars() -> Result<PathBuf, NotToBeHad> {
    let fetched = Command::new(script("fetch.sh")).output().map_err(|fault| NotToBeHad(fault.to_string()))?;
    if !fetched.status.success() {
        let said = String::from_utf8_lossy(&fetched.stderr);
        return Err(NotToBeHad(said.lines().last().unwrap_or("it could not be fetched").to_owned()));
    }
    Ok(PathBuf::from(String::from_utf8_lossy(&fetched.stdout).trim()))
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kafka").join(name)
}

impl Cluster {
    /// Starts one broker or three, with settings on top of the usual ones.
    ///
    /// # Errors
    /// No broker can be had on this machine.
    ///
    /// # Panics
    /// The brokers can be had and do not start.
    pub fn start(brokers: usize, settings: &[(&str, &str)]) -> Result<Cluster, NotToBeHad> {
        let libs = jars()?;
        let folder = TempDir::new().expect("a folder for brokers");
        let mut ports = free_ports(brokers * 2).into_iter();
        let mut port = || ports.next().expect("enough ports were taken");
        let brokers =
            (0..brokers).map(|_| Node { port: port(), controller: port(), process: None }).collect();
        let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let mut cluster = Cluster { folder, libs, brokers, settings };
        cluster.format();
        for node in 0..cluster.brokers.len() {
            cluster.launch(node);
        }
        for node in 0..cluster.brokers.len() {
            cluster.await_started(node);
        }
        Ok(cluster)
    }

    /// `host:port` of every broker.
    #[must_use]
    pub fn addresses(&self) -> String {
        let all: Vec<String> = self.brokers.iter().map(|node| format!("127.0.0.1:{}", node.port)).collect();
        all.join(",")
    }

    /// How many brokers there are, alive or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.brokers.len()
    }

    /// Whether there is none. There always is one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.brokers.is_empty()
    }

    /// Ends a broker at once, as a power cut of its machine would for its process.
    ///
    /// # Panics
    /// It does not run.
    pub fn kill(&mut self, node: usize) {
        let mut process = self.node(node).process.take().expect("the broker runs");
        process.kill().expect("the process is ours");
        process.wait().expect("the process is ours");
    }

    /// Starts a broker that was killed, and waits until it serves.
    pub fn restart(&mut self, node: usize) {
        self.launch(node);
        self.await_started(node);
    }

    /// Runs one of Kafka's own tools on the cluster, with its arguments, and gives what it said.
    #[must_use]
    pub fn tool(&self, class: &str, arguments: &[&str]) -> String {
        let bootstrap = self.addresses();
        let mut command = self.java(class);
        well(command.args(["--bootstrap-server", &bootstrap]).args(arguments))
    }

    fn node(&mut self, node: usize) -> &mut Node {
        self.brokers.get_mut(node).expect("there is such a broker")
    }

    fn format(&self) {
        let cluster = last_line(&well(self.java("kafka.tools.StorageTool").arg("random-uuid")));
        let ids: Vec<String> = (self.brokers.iter())
            .map(|_| last_line(&well(self.java("kafka.tools.StorageTool").arg("random-uuid"))))
            .collect();
        let voters: Vec<String> = (1..)
            .zip(self.brokers.iter().zip(&ids))
            .map(|(number, (node, id))| format!("{number}@127.0.0.1:{}:{id}", node.controller))
            .collect();
        for node in 0..self.brokers.len() {
            let properties = self.properties(node);
            fs::write(self.file(node, "properties"), properties).expect("a new file");
            let mut command = self.java("kafka.tools.StorageTool");
            command.args(["format", "-t", &cluster, "-c"]).arg(self.file(node, "properties"));
            match self.brokers.len() {
                1 => command.arg("--standalone"),
                _ => command.args(["--initial-controllers", &voters.join(",")]),
            };
            well(&mut command);
        }
    }

    fn properties(&self, node: usize) -> String {
        let Node { port, controller, .. } = self.brokers.get(node).expect("there is such a broker");
        let quorum: Vec<String> =
            self.brokers.iter().map(|node| format!("127.0.0.1:{}", node.controller)).collect();
        let several = self.brokers.len() != 1;
        let (replicas, in_sync) = if several { ("3", "2") } else { ("1", "1") };
        let listeners = format!("PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}");
        let mut all: Vec<(String, String)> = [
            ("node.id", (node + 1).to_string()),
            ("process.roles", "broker,controller".to_owned()),
            ("listeners", listeners.clone()),
            ("advertised.listeners", listeners),
            ("controller.listener.names", "CONTROLLER".to_owned()),
            ("controller.quorum.bootstrap.servers", quorum.join(",")),
            ("log.dirs", self.folder.path().join(format!("data-{node}")).display().to_string()),
            ("auto.create.topics.enable", "false".to_owned()),
            // A broker that dies is noticed in seconds, so that tests do not wait for minutes.
            ("broker.session.timeout.ms", "3000".to_owned()),
            ("broker.heartbeat.interval.ms", "500".to_owned()),
            ("controller.quorum.election.timeout.ms", "1000".to_owned()),
            ("controller.quorum.fetch.timeout.ms", "2000".to_owned()),
            ("replica.lag.time.max.ms", "5000".to_owned()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .to_vec();
        let prefixes = ["default.replication.factor", "offsets.topic.replication.factor"];
        let states = ["transaction.state.log", "share.coordinator.state.topic"];
        all.extend(prefixes.map(|key| (key.to_owned(), replicas.to_owned())));
        all.extend(states.map(|key| (format!("{key}.replication.factor"), replicas.to_owned())));
        all.extend(states.map(|key| (format!("{key}.min.isr"), in_sync.to_owned())));
        all.push(("min.insync.replicas".to_owned(), in_sync.to_owned()));
        // What the test asks for replaces what is usual.
        all.retain(|(key, _)| self.settings.iter().all(|(other, _)| other != key));
        all.extend(self.settings.iter().cloned());
        all.into_iter().map(|(key, value)| format!("{key}={value}\n")).collect()
    }

    fn launch(&mut self, node: usize) {
        let out = fs::File::create(self.file(node, "log")).expect("a new file");
        let errors = out.try_clone().expect("a second handle");
        let mut command = self.java("kafka.Kafka");
        command.arg(self.file(node, "properties"));
        let process = command.stdin(Stdio::null()).stdout(out).stderr(errors).spawn().expect("java starts");
        self.node(node).process = Some(process);
    }

    fn await_started(&mut self, node: usize) {
        let (path, begun) = (self.file(node, "log"), Instant::now());
        loop {
            let said = read(&path).expect("the log of a broker");
            if said.contains("Kafka Server started") {
                return;
            }
            let process = self.node(node).process.as_mut().expect("it was launched");
            let ended = process.try_wait().expect("the process is ours");
            let late = START_MAX < begun.elapsed();
            assert!(ended.is_none() && !late, "broker {node} did not start ({ended:?}):\n{said}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn file(&self, node: usize, kind: &str) -> PathBuf {
        self.folder.path().join(format!("broker-{node}.{kind}"))
    }

    fn java(&self, class: &str) -> Command {
        let mut command = Command::new("java");
        command
            .arg("-Xmx384m")
            .arg(format!("-Dlog4j2.configurationFile={}", script("log4j2.xml").display()))
            .arg("-cp")
            .arg(self.libs.join("*"))
            .arg(class);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for process in self.brokers.iter_mut().filter_map(|node| node.process.as_mut()) {
            // A broker that is gone already needs no ending.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn last_line(said: &str) -> String {
    said.lines().last().expect("a tool says something").to_owned()
}

/// Ports that nobody listens on, all different.
fn free_ports(count: usize) -> Vec<u16> {
    let listeners: Vec<TcpListener> =
        (0..count).map(|_| TcpListener::bind("127.0.0.1:0").expect("a free port")).collect();
    listeners.iter().map(|one| one.local_addr().expect("a bound port").port()).collect()
}
