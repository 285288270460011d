//! What a verb says: sentences and tables for people, one JSON value for programs. Never both.

use crate::{config, failure::Failure};
use comfy_table::{Table, presets::NOTHING};
use grants_files::{Lang, Texts};
use serde_json::Value;
use std::{fmt::Display, process::ExitCode, time::Duration};

/// How often a sign of life moves.
const TICK: Duration = Duration::from_millis(120);

/// What a verb has to say, and whether that is good news.
#[derive(Debug)]
pub(crate) struct Said {
    json: Value,
    blocks: Vec<Block>,
    good: bool,
    silent: bool,
}

#[derive(Debug)]
enum Block {
    Line(String),
    Table { head: Vec<String>, rows: Vec<Vec<String>> },
}

impl Said {
    /// The value for programs; sentences are added to it.
    pub(crate) fn new(json: Value) -> Self {
        Self { json, blocks: Vec::new(), good: true, silent: false }
    }

    /// One more field of the value for programs, which is an object.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        if let Some(fields) = self.json.as_object_mut() {
            fields.insert(name.to_owned(), value);
        }
        self
    }

    /// The value for programs.
    pub(crate) fn json(&self) -> &Value {
        &self.json
    }

    /// A sentence.
    #[must_use]
    pub(crate) fn line(mut self, line: impl Display) -> Self {
        self.blocks.push(Block::Line(line.to_string()));
        self
    }

    /// Several sentences.
    #[must_use]
    pub(crate) fn lines<L: Display>(mut self, lines: impl IntoIterator<Item = L>) -> Self {
        self.blocks.extend(lines.into_iter().map(|line| Block::Line(line.to_string())));
        self
    }

    /// A table, unless it has no rows.
    #[must_use]
    pub(crate) fn table(mut self, head: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        if !rows.is_empty() {
            self.blocks.push(Block::Table { head, rows });
        }
        self
    }

    /// The run ends with exit code 1 if `good` is false: what is said is a finding.
    #[must_use]
    pub(crate) fn good(mut self, good: bool) -> Self {
        self.good = good;
        self
    }

    /// Says nothing: everything was said already.
    #[must_use]
    pub(crate) fn silent(mut self) -> Self {
        self.silent = true;
        self
    }

    /// Prints it.
    pub(crate) fn tell(&self, json: bool) -> ExitCode {
        if json && !self.silent {
            println!("{}", self.json);
        } else {
            self.blocks.iter().for_each(Block::print);
        }
        ExitCode::from(if self.good { 0 } else { crate::failure::FOUND })
    }
}

impl Block {
    fn print(&self) {
        match self {
            Self::Line(line) => println!("{line}"),
            Self::Table { head, rows } => {
                let mut table = Table::new();
                table.load_style(NOTHING).set_header(head);
                table.add_rows(rows);
                println!("{table}");
            }
        }
    }
}

/// The texts of the language that was asked for, else of the locale; Chinese if neither says.
pub(crate) fn texts(lang: Option<&str>) -> Result<Texts, Failure> {
    let lang = match lang {
        Some(word) => word.parse::<Lang>().map_err(Failure::usage)?,
        None => Lang::of_locales(config::locales()),
    };
    Ok(Texts::new(lang))
}

/// Column headings: the texts under these ids.
pub(crate) fn heads(texts: &Texts, ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| texts.get(id, &[])).collect()
}

/// A sign that something is under way whose length is not known; invisible where that is no terminal.
pub(crate) fn waiting(label: &str) -> indicatif::ProgressBar {
    let waiting = indicatif::ProgressBar::new_spinner().with_message(label.to_owned());
    let style = indicatif::ProgressStyle::with_template("{spinner} {msg} {elapsed}");
    waiting.set_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner()));
    waiting.enable_steady_tick(TICK);
    waiting
}

/// A bar for work of `length` steps on standard error; invisible where that is no terminal.
pub(crate) fn bar(length: usize, label: &str) -> indicatif::ProgressBar {
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    let bar = indicatif::ProgressBar::new(length).with_message(label.to_owned());
    let style = indicatif::ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {eta}");
    bar.set_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()));
    bar
}
