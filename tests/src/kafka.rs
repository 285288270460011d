//! Real brokers for tests: Apache Kafka on this machine, started by the test and stopped with it.

mod authority;
mod plan;
mod segment;
mod wire;

use std::{
    fs,
    io::{self, Read},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::programs::well;

pub use authority::Authority;
pub use plan::Plan;
pub use wire::Wire;

use plan::Ports;

/// How long brokers may take to come up. These machines are shared, and Java begins slowly on them.
const START_MAX: Duration = Duration::from_secs(120);
/// Where ports of brokers are looked for: connections get theirs from 32,768 on.
const PORT_FIRST: u32 = 11_000;
const PORTS: u32 = 21_000;
/// Names of 16 bytes, as Kafka writes them: of the cluster, and of the folder of each node but for its number.
const CLUSTER_ID: &str = "grantsTestCluster0001A";
const FOLDER_ID: &str = "grantsTestFolder0000";

/// Some brokers that form one cluster. They end with this value, by their process ids.
pub struct Cluster {
    folder: TempDir,
    libs: PathBuf,
    plan: Plan,
    nodes: Vec<Node>,
}

struct Node {
    ports: Ports,
    process: Option<Child>,
    wire: Option<Wire>,
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
        settings.iter().fold(Plan::of(brokers), |plan, (key, value)| plan.set(key, value)).start()
    }

    fn begin(plan: Plan) -> Result<Cluster, NotToBeHad> {
        let libs = jars()?;
        let folder = TempDir::new().expect("a folder for brokers");
        if plan.login.is_some() {
            let _ = Authority::new(&folder.path().join("certificates")).sign();
        }
        let mut ports = free_ports(plan.nodes() * 3).into_iter();
        let mut port = || ports.next().expect("enough ports were taken");
        let mut node = || {
            let client = port();
            let wire = plan.behind_wires.then(|| Wire::to(client));
            let told = wire.as_ref().map_or(client, Wire::port);
            Node { ports: Ports { client, told, inside: port(), controller: port() }, process: None, wire }
        };
        let nodes = (0..plan.nodes()).map(|_| node()).collect();
        let mut cluster = Cluster { folder, libs, plan, nodes };
        cluster.format();
        (0..cluster.nodes.len()).for_each(|node| cluster.launch(node));
        (0..cluster.nodes.len()).for_each(|node| cluster.await_started(node));
        Ok(cluster)
    }

    /// `host:port` of every broker, for clients.
    #[must_use]
    pub fn addresses(&self) -> String {
        self.joined(|ports| ports.told)
    }

    /// `host:port` of every broker, in plain and with no user: for other brokers and for tools.
    #[must_use]
    pub fn addresses_inside(&self) -> String {
        self.joined(|ports| ports.inside)
    }

    fn joined(&self, port: fn(&Ports) -> u16) -> String {
        let brokers = self.nodes.iter().take(self.plan.brokers);
        let all: Vec<String> = brokers.map(|node| format!("127.0.0.1:{}", port(&node.ports))).collect();
        all.join(",")
    }

    /// The certificate of the authority that has signed those of the brokers, if they have any.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("certificates/ca.pem")
    }

    /// How many brokers there are, alive or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.plan.brokers
    }

    /// Whether there is none. There always is one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plan.brokers == 0
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

    /// Cuts every connection of clients to a broker. How many there were.
    ///
    /// # Panics
    /// The clients do not come through wires.
    pub fn cut_wires(&self, node: usize) -> usize {
        let node = self.nodes.get(node).expect("there is such a broker");
        node.wire.as_ref().expect("the plan has wires").cut()
    }

    /// Takes everything from `offset` on from a broker's disk, as a power cut takes what was not synced. The broker must
    /// have been killed.
    ///
    /// # Panics
    /// It has no such record.
    pub fn lose(&mut self, node: usize, topic: &str, offset: u64) {
        assert!(self.node(node).process.is_none(), "broker {node} runs");
        segment::cut(&self.data(node).join(format!("{topic}-0")), offset);
    }

    /// Runs one of Kafka's own tools on the cluster, with its arguments, and gives what it said.
    #[must_use]
    pub fn tool(&self, class: &str, arguments: &[&str]) -> String {
        let bootstrap = self.addresses_inside();
        let mut command = self.java(class);
        well(command.args(["--bootstrap-server", &bootstrap]).args(arguments))
    }

    /// Which broker leads a topic's partition now, if there is one.
    #[must_use]
    pub fn leader(&self, topic: &str) -> Option<usize> {
        let said = self.tool("org.apache.kafka.tools.TopicCommand", &["--describe", "--topic", topic]);
        let (_, leader) = said.split_once("Leader: ")?;
        let id: usize = leader.split_whitespace().next()?.parse().ok()?;
        id.checked_sub(1)
    }

    fn node(&mut self, node: usize) -> &mut Node {
        self.nodes.get_mut(node).expect("there is such a broker")
    }

    fn format(&self) {
        let ports: Vec<Ports> = self.nodes.iter().map(|node| node.ports).collect();
        let controllers = || (0..).zip(&ports).filter(|(node, _)| self.plan.is_controller(*node));
        let voter = |(node, ports): (usize, &Ports)| {
            format!("{}@127.0.0.1:{}:{FOLDER_ID}{node}A", node + 1, ports.controller)
        };
        let voters: Vec<String> = controllers().map(voter).collect();
        let formatting: Vec<Child> = (0..self.nodes.len())
            .map(|node| {
                let properties = self.plan.properties(node, &ports, self.folder.path());
                fs::write(self.file(node, "properties"), properties).expect("a new file");
                let mut command = self.java("kafka.tools.StorageTool");
                command.args(["format", "-t", CLUSTER_ID, "-c"]).arg(self.file(node, "properties"));
                match (self.plan.is_controller(node), voters.len()) {
                    (false, _) => command.arg("--no-initial-controllers"),
                    (true, 1) => command.arg("--standalone"),
                    (true, _) => command.args(["--initial-controllers", &voters.join(",")]),
                };
                if let Some([user, password]) = &self.plan.login {
                    let credential = format!("SCRAM-SHA-512=[name={user},password={password}]");
                    command.args(["--add-scram", &credential]);
                }
                command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
                command.spawn().expect("java starts")
            })
            .collect();
        for child in formatting {
            let output = child.wait_with_output().expect("the process is ours");
            let [said, errors] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
            assert!(output.status.success(), "a broker's folder was not formatted:\n{said}\n{errors}");
        }
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

    fn data(&self, node: usize) -> PathBuf {
        self.folder.path().join(format!("data-{node}"))
    }

    fn file(&self, node: usize, kind: &str) -> PathBuf {
        self.folder.path().join(format!("broker-{node}.{kind}"))
    }

    fn java(&self, class: &str) -> Command {
        let mut command = Command::new("java");
        command
            .arg("-Xmx384m")
            // Short lives on small machines: what compiles little and collects simply is up sooner.
            .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"])
            .arg(format!("-Dlog4j2.configurationFile={}", script("log4j2.xml").display()))
            .arg("-cp")
            .arg(self.libs.join("*"))
            .arg(class);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for process in self.nodes.iter_mut().filter_map(|node| node.process.as_mut()) {
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

/// Ports that nobody listens on, all different, below those that the system gives to connections: one of these could take
/// the port of a broker while it is dead.
fn free_ports(count: usize) -> Vec<u16> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut free = Vec::new();
    while free.len() < count {
        // Processes that start brokers at once begin at different places.
        let place = std::process::id().wrapping_mul(101).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = u16::try_from(PORT_FIRST + place % PORTS).expect("all of them are ports");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            free.push(port);
        }
    }
    free
}
