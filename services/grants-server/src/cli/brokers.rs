//! Verbs about where a log lies and who keeps it, with their arguments, and no logic.

use crate::kafka_url::KafkaUrl;
use clap::{Args, ValueEnum};
use std::{net::SocketAddr, path::PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// What this process does: `standby` follows and takes over when nobody writes; `writer` does the same, and ends when
    /// it is replaced; `all` is a standby that also publishes the public feed, where log.toml names one.
    #[arg(long, default_value = "standby")]
    pub(crate) role: Role,
    /// Where lines from other processes are taken.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS:PORT")]
    pub(crate) listen: SocketAddr,
    /// Under which address others reach this process, if not the one it listens at.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) advertise: Option<String>,
    /// Listen beyond this machine: the network between the processes is private, such as a tunnel. What goes over a line
    /// is not encrypted but for personal fields.
    #[arg(long)]
    pub(crate) trusted_network: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    Writer,
    Standby,
    All,
}

impl Role {
    /// As it stands on the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Role::Writer => "writer",
            Role::Standby => "standby",
            Role::All => "all",
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Join {
    /// The data directory of another process of the ledger, or a copy of its files ledger.toml, log.toml, peer-token and
    /// vkey (of a simulated ledger also clock or seed).
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// Where the signing key is, if this process is to sign bundles.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Copy {
    /// The folder of the copy: a new one, or one that was begun before.
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// Go on copying what is recorded, until the process is told to end.
    #[arg(long)]
    pub(crate) mirror: bool,
    #[command(flatten)]
    pub(crate) brokers: Brokers,
}

#[derive(Debug, Args)]
pub(crate) struct Move {
    /// The folder in which the ledger goes on: a new one, or that of a copy.
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    #[command(flatten)]
    pub(crate) brokers: Brokers,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The bundle.
    pub(crate) bundle: PathBuf,
    /// The verifier key that its checkpoint is held to, in a file.
    #[arg(long, value_name = "FILE")]
    pub(crate) vkey: PathBuf,
    /// The folder of the restored ledger.
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// The ledger that the bundle was made from is lost for good, and this one takes its place. Without it what is
    /// restored is a copy to be read. Vault and signing key come from their own backups.
    #[arg(long)]
    pub(crate) instead_of_lost: bool,
    #[command(flatten)]
    pub(crate) brokers: Brokers,
}

/// How brokers are reached that do not take everybody.
#[derive(Debug, Args)]
pub(crate) struct KafkaLogin {
    /// The certificates that sign the brokers' (PEM): the connection is SASL_SSL with SCRAM-SHA-512.
    #[arg(long, requires = "kafka_user", value_name = "FILE")]
    pub(crate) kafka_ca: Option<PathBuf>,
    /// Who we are to the brokers.
    #[arg(long, requires = "kafka_password_file", value_name = "NAME")]
    pub(crate) kafka_user: Option<String>,
    /// The file with the password, alone on its line.
    #[arg(long, requires = "kafka_ca", value_name = "FILE")]
    pub(crate) kafka_password_file: Option<PathBuf>,
}

/// Where the log of a new ledger lies, if not in its folder.
#[derive(Debug, Args)]
pub(crate) struct Brokers {
    /// Apache Kafka, such as kafka://kafka-1.example:9092,kafka-2.example:9092/city.
    #[arg(long, value_name = "URL")]
    pub(crate) log: Option<KafkaUrl>,
    /// One broker is all there is: if its disk is lost, so is the ledger.
    #[arg(long, requires = "log")]
    pub(crate) single_broker: bool,
    /// Milliseconds between two heartbeats of the writer.
    #[arg(long, requires = "log", value_name = "MS")]
    pub(crate) interval_ms: Option<u64>,
    /// Where the keys of personal data are kept, for every process of the ledger.
    #[arg(long, requires = "log", value_name = "DIR")]
    pub(crate) vault: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) login: KafkaLogin,
}
