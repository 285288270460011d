//! Every verb of the program: a table, one line each, without logic.

mod backtest;
mod bundle;
mod copy;
mod decide;
mod entitlements;
mod erase;
mod explain;
mod export_caps;
mod export_payments;
mod feed;
mod follow;
mod import;
mod init;
mod join;
mod move_away;
mod policy;
mod restore;
mod run;
mod serve;
mod settle;
mod show;
mod simulate;
mod summary;
mod template;

use crate::{
    cli::{Cli, Export, Policy, Verb},
    failure::Failure,
    output::Said,
};
use grants_files::Texts;

/// Performs what the command line asks.
pub(crate) fn perform(cli: &Cli, texts: &Texts) -> Result<Said, Failure> {
    let common = &cli.common;
    match &cli.verb {
        Verb::Init(request) => init::perform(common, request, texts),
        Verb::Template { out, from } => template::perform(out, from.as_deref(), texts),
        Verb::Import { files } => import::perform(common, files, texts),
        Verb::Decide => decide::perform(common, texts),
        Verb::Show { kind, id } => show::perform(common, *kind, id, texts),
        Verb::Explain { id } => explain::perform(common, id, texts),
        Verb::Export(Export::Payments { format, out, preview }) => {
            export_payments::perform(common, *format, out, *preview, texts)
        }
        Verb::Export(Export::Caps { out }) => export_caps::perform(common, out, texts),
        Verb::Settle { file } => settle::perform(common, file, texts),
        Verb::Simulate { scenarios, on } => simulate::perform(scenarios, on.as_deref(), texts),
        Verb::Policy(Policy::Check { dir }) => policy::check(dir.as_deref(), texts),
        Verb::Policy(Policy::Assess { application }) => policy::assess(common, application, texts),
        Verb::Policy(Policy::Publish { dir }) => policy::publish(common, dir, texts),
        Verb::Serve(request) => serve::perform(common, request, texts),
        Verb::Join(request) => join::perform(common, request, texts),
        Verb::Copy(request) => copy::perform(common, request, texts),
        Verb::Move(request) => move_away::perform(common, request, texts),
        Verb::Restore(request) => restore::perform(common, request, texts),
        Verb::Backtest(request) => backtest::perform(common, request, texts),
        Verb::Entitlements(request) => entitlements::perform(common, request, texts),
        Verb::Follow(request) => follow::perform(common, request, texts),
        Verb::Bundle { out, to } => bundle::perform(common, out, *to, texts),
        Verb::Feed(request) => feed::perform(common, request, texts),
        Verb::Run => run::perform(common, texts),
        Verb::Summary => summary::perform(common, texts),
        Verb::Erase { person } => erase::perform(common, *person, texts),
    }
}
