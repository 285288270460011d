//! The command line as a table: every verb with its arguments, and no logic.

mod brokers;

use crate::{hex, kafka_url::KafkaUrl};
use clap::{Args, Parser, Subcommand, ValueEnum};
use grants_domain::{
    ids::{LedgerId, PersonId},
    values::{CreditCode, Date, ProjectCode, Timestamp},
};
use std::path::PathBuf;

pub(crate) use brokers::{Brokers, Copy, Join, KafkaLogin, Move, Restore, Role, Serve};

/// 惠企政策资金台账 — a ledger for a city's subsidies: decide, pay, reconcile, take back, and prove it.
#[derive(Debug, Parser)]
#[command(name = "grants", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What every verb takes.
#[derive(Clone, Debug, Args)]
pub(crate) struct Common {
    /// Data directory of the ledger.
    #[arg(long, global = true, default_value = "grants-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Who acts: ROLE:ACCOUNT, such as reviewer:li; several times where a run needs several roles. Roles: intake,
    /// reviewer, approver, finance, policy, registrar.
    #[arg(long = "as", global = true, value_name = "ROLE:ACCOUNT")]
    pub(crate) actors: Vec<String>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Language of sentences: zh or en. Without it the locale decides; Chinese first.
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<String>,
    /// Time of the first command (simulated ledgers only); each further one comes a second later.
    #[arg(long, global = true, value_name = "TIME", value_parser = time)]
    pub(crate) at: Option<Timestamp>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a new ledger with the shipped catalogue in force, and print its verifier key.
    Init(Init),
    /// Write the empty workbook: sheets, headings, data validation, notes.
    Template {
        /// Where to write it.
        #[arg(default_value = "template.xlsx")]
        out: PathBuf,
        /// Fill it with the csv files of this folder, one for each sheet.
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
    /// Take in a workbook (xlsx), a sheet (csv) or commands (jsonl): whole or not at all.
    Import {
        /// The files, in this order.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Decide what is decidable: a reviewer decides applications, an approver confirms awards. Recoveries are only
    /// named: a person decides them with a document, in the sheet 追回决定 of an import.
    Decide,
    /// Show one thing with everything that belongs to it.
    Show {
        /// What kind of thing.
        kind: Kind,
        /// Its number or code.
        id: String,
    },
    /// Explain an award or a refused application, step by step.
    Explain {
        /// AW-… or the number of an application.
        id: String,
    },
    /// Write files for others.
    #[command(subcommand)]
    Export(Export),
    /// Take in what the bank answered.
    Settle {
        /// The bank's result file.
        file: PathBuf,
    },
    /// Play a scenario and show each result with its sentence. Nothing is stored.
    Simulate {
        /// The scenario files.
        #[arg(required = true)]
        scenarios: Vec<PathBuf>,
        /// Start from a copy of the state of this ledger instead of an empty one.
        #[arg(long, value_name = "DATADIR")]
        on: Option<PathBuf>,
    },
    /// Keep a ledger on brokers together with other processes: follow it, and write it when its turn comes. Where the
    /// data directory holds the folders of several ledgers, all of them, also those that are added later.
    Serve(Serve),
    /// Make the folder of one more process of a ledger on brokers.
    Join(Join),
    /// Copy the log to another folder or to brokers, batch for batch. A copy is only read.
    Copy(Copy),
    /// Let the ledger go on in another folder or on brokers. Here it ends.
    Move(Move),
    /// Make a ledger from a bundle, after verifying it.
    Restore(Restore),
    /// Look at catalogues.
    #[command(subcommand)]
    Policy(Policy),
    /// Decide the history of the ledger again under a changed catalogue, in memory: who would differ, by how much, and
    /// why. Nothing is stored.
    Backtest(Backtest),
    /// Show what an enterprise could receive: every measure that pays, assessed as an application of the day would be,
    /// with what is missing. Nothing is stored.
    Entitlements(Entitlements),
    /// Follow the awards of another ledger, such as the province's, and report each of them here, once.
    Follow(Follow),
    /// Write everything an auditor needs into a folder.
    Bundle {
        /// Where to write it.
        out: PathBuf,
        /// End at or before this sequence.
        #[arg(long, value_name = "SEQ")]
        to: Option<u64>,
    },
    /// Publish what happens to awards on a Kafka topic, masked, as CloudEvents; without --once for ever.
    Feed(Feed),
    /// Serve JSON lines: commands on standard input, answers on standard output.
    Run,
    /// Summarise: decisions with reasons, money by treasury and measure, what is held and why.
    Summary,
    /// Erase a person: their key is destroyed; the log stays provable.
    Erase {
        /// The person's id, as `show` prints it.
        person: PersonId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Name of the ledger, such as the city.
    #[arg(long, default_value = "驻马店市")]
    pub(crate) name: String,
    /// First line of its checkpoints: a name below a domain of the operator.
    #[arg(long, default_value = "grants.example/zhumadian")]
    pub(crate) origin: String,
    /// A ledger for trials: ids, times and keys come from a script. Marked in its first event for ever.
    #[arg(long, requires_all = ["ledger_id", "seed"])]
    pub(crate) simulated: bool,
    /// Ledger id: 32 hexadecimal digits. Random without it.
    #[arg(long, value_name = "HEX")]
    pub(crate) ledger_id: Option<LedgerId>,
    /// Seed of a simulated ledger: 64 hexadecimal digits.
    #[arg(long, value_name = "HEX", requires = "simulated", value_parser = hex::decode)]
    pub(crate) seed: Option<[u8; 32]>,
    /// Clock script of a simulated ledger: one time per line, one line per command.
    #[arg(long, value_name = "FILE", requires = "simulated")]
    pub(crate) clock: Option<PathBuf>,
    /// Where the signing key is kept. Inside the data directory without it.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) brokers: Brokers,
}

#[derive(Debug, Args)]
pub(crate) struct Backtest {
    /// The catalogue: a folder of TOML files, or one packed file.
    pub(crate) catalogue: PathBuf,
    /// Take the newest answer to every interpretation (口径) for applications of every day.
    #[arg(long)]
    pub(crate) newest_answers: bool,
    /// Write the report as a workbook.
    #[arg(long, value_name = "FILE")]
    pub(crate) xlsx: Option<PathBuf>,
    /// Write the report as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json_out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Feed {
    /// The topic, which the operator has made.
    #[arg(long, value_name = "kafka://HOST:PORT[,HOST:PORT]/TOPIC")]
    pub(crate) to: KafkaUrl,
    /// End when everything is published that is there.
    #[arg(long)]
    pub(crate) once: bool,
    /// Where position and figures are kept. Below the data directory without it, in `feed/TOPIC`.
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) login: KafkaLogin,
}

#[derive(Debug, Args)]
pub(crate) struct Entitlements {
    /// The enterprise: its 统一社会信用代码.
    pub(crate) enterprise: CreditCode,
    /// The day on which it would apply. Today without it.
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
    /// Of its projects only this one.
    #[arg(long, value_name = "CODE")]
    pub(crate) project: Option<ProjectCode>,
    /// Write the page as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json_out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Follow {
    /// Data directory of the ledger whose awards are followed.
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// Which of its measures are followed, and what the catalogue of this ledger calls them (TOML).
    #[arg(long, value_name = "FILE")]
    pub(crate) table: PathBuf,
    /// Go to its end once, and exit.
    #[arg(long)]
    pub(crate) once: bool,
    /// Seconds between two looks at it.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) every: u64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Kind {
    Enterprise,
    Project,
    Application,
    Award,
    Budget,
    Recovery,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// Instruct what may be paid today and write the payment list, with what is held and why.
    Payments {
        #[arg(long, default_value = "xlsx")]
        format: Format,
        #[arg(long, default_value = "payments.xlsx")]
        out: PathBuf,
        /// Only show what would be instructed.
        #[arg(long)]
        preview: bool,
    },
    /// Write every cap with its limit, use and room.
    Caps {
        #[arg(long, default_value = "caps.xlsx")]
        out: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Xlsx,
    Csv,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Check a catalogue folder: structure, dates, sources, templates, cases.
    Check {
        /// The folder; the shipped catalogue without it.
        dir: Option<PathBuf>,
    },
    /// Assess one open application of this ledger, or an award again, without recording anything.
    Assess {
        /// Number of the application.
        application: String,
    },
    /// Publish a catalogue folder: its bytes go into the log, and decisions pin its hash.
    Publish {
        /// The folder.
        dir: PathBuf,
    },
}

/// Reads a time in China Standard Time: `2024-09-10T09:00:00`, with or without `.ffffff` and `+08:00`.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    let bare = text.strip_suffix("+08:00").unwrap_or(text);
    let (seconds, micros) = bare.split_once('.').unwrap_or((bare, "000000"));
    format!("{seconds}.{micros}+08:00").parse().map_err(|fault| format!("{fault}"))
}
