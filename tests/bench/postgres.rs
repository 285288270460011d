//! The peer that keeps rows: a PostgreSQL cluster of its own, one stored function, a thousand decisions to a
//! transaction, durable commits.

mod cluster; // starting and stopping it
mod rows; // commands as rows

use crate::{Fallible, city::Given};
use cluster::Cluster;
use grants_domain::{asked::command_hash, commands::Command};
use rows::Rows;
use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout},
    time::{Duration, Instant},
};

/// Decisions in one transaction.
const TRANSACTION_DECISIONS: usize = 1_000;
const TABLES: &str = include_str!("decide.sql");

/// A running cluster and one client of it.
pub(crate) struct Postgres {
    // Declared before the cluster, so that the client goes first.
    client: Client,
    cluster: Cluster,
}

impl Postgres {
    /// Starts a cluster with the tables and the function in it.
    pub(crate) fn start() -> Fallible<Postgres> {
        let cluster = Cluster::start()?;
        let mut client = Client::of(cluster.client()?)?;
        client.ask(&format!("{TABLES}\nSELECT 1;"))?;
        Ok(Postgres { client, cluster })
    }

    /// What it calls itself.
    pub(crate) fn version(&self) -> &str {
        &self.cluster.version
    }

    /// Takes in everything that the decisions will look at.
    pub(crate) fn load(&mut self, commands: impl Iterator<Item = Given>) -> Fallible<()> {
        let mut rows = Rows::default();
        commands.for_each(|(_, command)| rows.take(&command));
        self.client.ask(&rows.into_copy())?;
        self.client.ask("VACUUM ANALYZE;\nCHECKPOINT;\nSELECT 1;")?;
        Ok(())
    }

    /// Decides; every transaction is durable before the next begins.
    pub(crate) fn decide(&mut self, given: &[Given]) -> Fallible<Duration> {
        let transactions: Vec<(String, usize)> =
            given.chunks(TRANSACTION_DECISIONS).map(|chunk| (statement(chunk), chunk.len())).collect();
        let start = Instant::now();
        for (statement, count) in transactions {
            let decided = self.client.ask(&statement)?;
            if decided != count.to_string() {
                return Err(format!("PostgreSQL decided {decided} of {count}").into());
            }
        }
        Ok(start.elapsed())
    }

    /// What its decisions have set aside, in 分.
    pub(crate) fn reserved(&mut self) -> Fallible<i128> {
        Ok(self.client.ask("SELECT sum(reserved) FROM budget_line;")?.parse()?)
    }
}

/// One transaction: ids, hashes and applications as three arrays.
fn statement(given: &[Given]) -> String {
    let (mut ids, mut hashes, mut applications) = (String::new(), String::new(), String::new());
    for (id, command) in given {
        let Command::DecideApplication(request) = command else { continue };
        let comma = if ids.is_empty() { "" } else { "," };
        let hash = command_hash(command);
        // Writing to a string cannot fail.
        let _ = write!(ids, "{comma}{id}");
        let _ = write!(hashes, "{comma}\"\\\\x{hash}\"");
        let _ = write!(applications, "{comma}{}", request.application);
    }
    format!(
        "SELECT count(decide(id, hash, application, 'reviewer-1')) \
         FROM unnest('{{{ids}}}'::uuid[], '{{{hashes}}}'::bytea[], '{{{applications}}}'::text[]) \
         AS given (id, hash, application);"
    )
}

/// A client that asks one question at a time and gets one line for it.
struct Client {
    process: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Client {
    fn of(mut process: Child) -> Fallible<Client> {
        let to = process.stdin.take();
        let from = process.stdout.take().ok_or("psql has no output")?;
        Ok(Client { process, to, from: BufReader::new(from) })
    }

    fn ask(&mut self, statement: &str) -> Fallible<String> {
        let to = self.to.as_mut().ok_or("psql has no input")?;
        to.write_all(statement.as_bytes())?;
        to.write_all(b"\n")?;
        to.flush()?;
        let mut line = String::new();
        if self.from.read_line(&mut line)? == 0 {
            return Err("psql has ended; its complaint stands above".into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Without input it ends; nobody is left to tell if it does not.
        drop(self.to.take());
        let _ = self.process.wait();
    }
}
