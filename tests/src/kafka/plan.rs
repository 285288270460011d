//! What a cluster of a test is like, and the settings that make it so.

use std::path::Path;

use super::{Cluster, NotToBeHad};

/// The cluster that a test wants.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub(super) brokers: usize,
    pub(super) login: Option<[String; 2]>,
    pub(super) behind_wires: bool,
    pub(super) controller_apart: bool,
    settings: Vec<(String, String)>,
}

/// Where one node listens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ports {
    /// For clients; what they are told may be a wire to it.
    pub(super) client: u16,
    pub(super) told: u16,
    /// For other brokers, and for tools: never protected.
    pub(super) inside: u16,
    pub(super) controller: u16,
}

impl Plan {
    /// One broker or three, in plain.
    #[must_use]
    pub fn of(brokers: usize) -> Plan {
        Plan { brokers, ..Plan::default() }
    }

    /// Replaces a usual setting of every node, or adds one.
    #[must_use]
    pub fn set(mut self, key: &str, value: &str) -> Plan {
        self.settings.push((key.to_owned(), value.to_owned()));
        self
    }

    /// Clients come in by SASL_SSL with SCRAM-SHA-512 only, as this user.
    #[must_use]
    pub fn secured(self, user: &str, password: &str) -> Plan {
        Plan { login: Some([user.to_owned(), password.to_owned()]), ..self }
    }

    /// Clients reach each broker through a [`super::Wire`] that can be cut.
    #[must_use]
    pub fn behind_wires(self) -> Plan {
        Plan { behind_wires: true, ..self }
    }

    /// The controller is a process of its own that nobody kills, so that every broker can be away.
    #[must_use]
    pub fn with_a_controller_apart(self) -> Plan {
        Plan { controller_apart: true, ..self }
    }

    /// Starts it.
    ///
    /// # Errors
    /// No broker can be had on this machine.
    ///
    /// # Panics
    /// The brokers can be had and do not start.
    pub fn start(self) -> Result<Cluster, NotToBeHad> {
        Cluster::begin(self)
    }

    /// How many processes that takes: the brokers come first.
    pub(super) fn nodes(&self) -> usize {
        self.brokers + usize::from(self.controller_apart)
    }

    pub(super) fn is_controller(&self, node: usize) -> bool {
        !self.controller_apart || node == self.brokers
    }

    fn is_broker(&self, node: usize) -> bool {
        node < self.brokers
    }

    /// The settings of one node, as its file says them.
    pub(super) fn properties(&self, node: usize, ports: &[Ports], folder: &Path) -> String {
        let mut all = self.listeners(node, ports, folder);
        all.extend(self.usual(node, folder));
        // What the test asks for replaces what is usual.
        all.retain(|(key, _)| self.settings.iter().all(|(other, _)| other != key));
        all.extend(self.settings.iter().cloned());
        all.into_iter().map(|(key, value)| format!("{key}={value}\n")).collect()
    }

    fn listeners(&self, node: usize, ports: &[Ports], folder: &Path) -> Vec<(String, String)> {
        let Ports { client, told, inside, controller } =
            ports.get(node).copied().expect("there is such a node");
        let (mut roles, mut listeners, mut told_to_others) = (Vec::new(), Vec::new(), Vec::new());
        if self.is_broker(node) {
            let inside = format!("INSIDE://127.0.0.1:{inside}");
            roles.push("broker");
            listeners.extend([format!("CLIENT://127.0.0.1:{client}"), inside.clone()]);
            told_to_others.extend([format!("CLIENT://127.0.0.1:{told}"), inside]);
        }
        if self.is_controller(node) {
            let controller = format!("CONTROLLER://127.0.0.1:{controller}");
            roles.push("controller");
            listeners.push(controller.clone());
            told_to_others.push(controller);
        }
        let protocol = if self.login.is_some() { "SASL_SSL" } else { "PLAINTEXT" };
        let quorum = (0..).zip(ports).filter(|(node, _)| self.is_controller(*node));
        let quorum: Vec<String> = quorum.map(|(_, one)| format!("127.0.0.1:{}", one.controller)).collect();
        let mut all = vec![
            ("process.roles", roles.join(",")),
            ("listeners", listeners.join(",")),
            ("advertised.listeners", told_to_others.join(",")),
            (
                "listener.security.protocol.map",
                format!("CLIENT:{protocol},INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            ),
            ("controller.listener.names", "CONTROLLER".to_owned()),
            ("controller.quorum.bootstrap.servers", quorum.join(",")),
        ];
        if self.is_broker(node) {
            all.push(("inter.broker.listener.name", "INSIDE".to_owned()));
        }
        if self.login.is_some() {
            all.extend([
                ("ssl.keystore.type", "PEM".to_owned()),
                ("ssl.keystore.location", folder.join("certificates/broker.pem").display().to_string()),
                ("sasl.enabled.mechanisms", "SCRAM-SHA-512".to_owned()),
                (
                    "listener.name.client.scram-sha-512.sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;".to_owned(),
                ),
            ]);
        }
        all.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    fn usual(&self, node: usize, folder: &Path) -> Vec<(String, String)> {
        let (replicas, in_sync) = if self.brokers == 1 { ("1", "1") } else { ("3", "2") };
        let mut all: Vec<(String, String)> = [
            ("node.id", (node + 1).to_string()),
            ("log.dirs", folder.join(format!("data-{node}")).display().to_string()),
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
        all
    }
}
