//! What `deploy/kafka` sets up can carry a ledger.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use grants_eventlog::kafka::Carries;
use grants_tests::{
    brokers,
    kafka::jars,
    programs::{built, well},
};
use tempfile::TempDir;

use super::{config, connect};
use crate::look::root;

#[test]
fn the_topics_that_the_script_makes_carry_a_ledger() {
    let Some(cluster) = brokers::cluster("the script that makes topics", 3, &[]) else { return };
    let folder = TempDir::new().expect("a folder");
    let tool = folder.path().join("kafka-topics");
    let libs = jars().expect("there are brokers, so there are jars");
    let class = "org.apache.kafka.tools.TopicCommand";
    let script = format!("#!/bin/sh\nexec java -Xmx128m -cp '{}/*' {class} \"$@\"\n", libs.display());
    fs::write(&tool, script).expect("a new file");
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).expect("our own file");
    // Twice: what is there stays.
    for _ in 0..2 {
        let mut command = Command::new(root().join("deploy/kafka/topics.sh"));
        well(command.arg(cluster.addresses()).arg("city").env("KAFKA_TOPICS", &tool));
    }
    assert_eq!(connect(&cluster, "city").check_topic(Carries::Log), Ok(()));
    let pulses = grants_eventlog::kafka::Broker::connect(config(&cluster, "city").pulses());
    assert_eq!(pulses.expect("the settings are acceptable").check_topic(Carries::Pulses), Ok(()));
    // The program takes them as they are.
    let log = format!("kafka://{}/city", cluster.addresses());
    let data = folder.path().join("data");
    let mut init = Command::new(built("grants"));
    init.arg("--data").arg(&data).args(["init", "--name", "示例市", "--origin", "grants.example/city"]);
    well(init.args(["--as", "policy:sun", "--log", &log, "--interval-ms", "500"]));
    assert!(fs::read_to_string(data.join("log.toml")).expect("it was made").contains(&log));
}
