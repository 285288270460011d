//! The whole house, tested from outside.

mod tidy; // the rules of the house
use tidy::look;

mod limits; // the page of limits
mod pages; // pages that quote the repository

mod golden; // ledgers of earlier builds
mod outsider; // a program that is not ours
mod spoken; // what is said about the decisions of the demonstration

mod kafka; // the log on real brokers
