//! What a grants ledger is: its commands, decisions, facts and accounts. Pure: no clock, no file, no network,
//! no chance. Everything that a decision needs comes in with the command or lies in the state.
//!
//! Reading order: `ledger` (the one function), `award` and its verbs (where the money is decided),
//! `followup` (late facts), `accounts`, `rules` (what is asked of a policy), then the rest.

pub mod ledger;

pub mod asked;
pub mod commands;
pub mod events;
pub mod refusal;

pub mod application;
pub mod award;
pub mod budget;
pub mod enterprise;
pub mod evidence;
pub mod external;
pub mod fact;
pub mod payment;
pub mod project;
pub mod recovery;
pub mod sanction;

pub mod followup;

pub mod accounts;
pub mod rules;
pub mod trace;

pub mod artifact;
pub mod calendar;
pub mod policy;
pub mod rate;

pub mod context;
mod dated;
pub mod ids;
pub mod people;
pub mod record;
pub mod scenario;
pub mod state;
pub mod subject;
pub mod tables;
pub mod values;
pub mod wire;

#[cfg(feature = "testing")]
pub mod testing;
