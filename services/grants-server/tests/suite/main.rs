//! Tests of the program `grants` as its users meet it: the built program, in folders of its own.

mod house; // a ledger for a test, and the program

mod decide; // applications and awards
mod look;
mod pay; // payments and the bank's answers
mod recover; // what is taken back
mod simulate; // stories // verbs that write nothing
mod words; // texts for people
