//! Tests of the program `grants` as its users meet it: the built program, in folders of its own.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: what is missing fails the test"
)]

mod house; // a ledger for a test, and the program

mod simulate; // stories

mod decide; // applications and awards

mod pay; // payments and the bank's answers

mod recover; // what is taken back

mod follow; // awards of another ledger

mod brokers; // ledgers kept together

mod sanctions; // who may get nothing, and until when

mod look; // verbs that write nothing

mod backtest; // history under another catalogue
mod entitlements; // what an enterprise could receive

mod door; // languages and mistakes
mod words;
mod zones; // what the machine says about its time zone // texts for people
