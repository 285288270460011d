//! `grants`: the program of the officers. Every verb is one file below `verbs`; this one only sends it there.

mod cli; // the command line as a table
mod verbs; // one file each

mod house; // an open ledger with everything that belongs to it
mod look; // a ledger to look at, without a writer
mod source; // a ledger that is followed, wherever its log is kept

mod actor; // who acts
mod bars; // sanctions as an officer meets them
mod ids; // command ids that follow from what is asked
mod intake; // commands in, answers out, in order
mod journal; // events by sequence
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
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::WARN)
        .log_internal_errors(false)
        .init();
    let texts = match texts {
        Ok(texts) => texts,
        Err(failure) => return failure.tell(&Texts::new(Lang::default()), cli.common.json),
    };
    match verbs::perform(&cli, &texts) {
        Ok(said) => said.tell(cli.common.json),
        Err(failure) => failure.tell(&texts, cli.common.json),
    }
}
