//! Stories about whole ledgers.

mod chance; // seeds and scale
mod city; // the commands of a small city
mod rules; // a policy of a few lines
mod stand; // ledgers to try things on

mod cutting;
mod elected;
mod faults;
mod idempotency;
mod life;
mod links;
mod openings;
mod races;
mod rebuild;
