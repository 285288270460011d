//! `grants`: the program of the officers. Every verb is one file below `verbs`; this one only sends it there.

mod cli; // the command line as a table
mod verbs; // one file each

mod beside; // a log that is read
mod hosting; // a ledger that this process keeps with others
mod house; // an open ledger with everything that belongs to it
mod look; // a ledger to look at, without a writer

mod peer; // commands from one process to another
mod place; // a log that lies on brokers
mod seat; // where commands go
mod target; // a copy of a ledger

mod actor; // who acts
mod bars; // sanctions as an officer meets them
mod bounded; // lines of a stream
mod hex; // bytes as digits
mod ids; // command ids that follow from what is asked
mod intake; // commands in, answers out, in order
mod journal; // events by sequence
mod kafka_url; // where something lies on Kafka
mod publish; // tiles and checkpoint
mod rows; // lists of the state, with their keys
mod script; // the clock of a simulated ledger
mod sealer; // personal fields through the vault
mod waiting; // why an award is not paid yet

mod config; // what the environment says
mod failure; // how a run ends badly
mod output; // what is said, as text or JSON
mod tell; // explanations

use clap::Parser;
use cli::Cli;
use failure::Failure;
use grants_files::{Lang, Texts};
use std::process::ExitCode;
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Rows and traces are many small pieces that live briefly, on which the system's allocator spends a fifth of a decision.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(wrong) if wrong.use_stderr() && std::env::args_os().any(|word| word == "--json") => {
            let failure = Failure::usage(wrong.to_string().trim_end());
            return failure.tell(&Texts::new(Lang::default()), true);
        }
        Err(asked_or_wrong) => asked_or_wrong.exit(),
    };
    let texts = output::texts(cli.common.lang.as_deref());
    // A log line that cannot be written must not end what it tells about.
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    // What librdkafka says of its connections is heard where it matters, and told with the fault that comes of it.
    let targets = Targets::new().with_default(LevelFilter::WARN).with_target("rdkafka", LevelFilter::OFF);
    tracing_subscriber::registry().with(lines.with_filter(targets)).init();
    let texts = match texts {
        Ok(texts) => texts,
        Err(failure) => return failure.tell(&Texts::new(Lang::default()), cli.common.json),
    };
    match verbs::perform(&cli, &texts) {
        Ok(said) => said.tell(cli.common.json),
        Err(failure) => failure.tell(&texts, cli.common.json),
    }
}
