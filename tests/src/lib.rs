//! Helpers of the whole-house suite: programs, scale of slow tests, seeds that repeat a run, and a workload of commands.

pub mod brokers; // brokers, or why there are none
pub mod demo; // the demonstration
pub mod kafka; // real brokers
pub mod programs; // those that are tested, and those that test them
pub mod scale; // how much of a slow test runs
pub mod seed; // randomness that one number repeats
pub mod workload; // E4.1 commands over many enterprises
