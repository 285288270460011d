//! Helpers of the whole-house suite: scale of slow tests, seeds that repeat a run, and a workload of commands.

pub mod scale; // how much of a slow test runs
pub mod seed; // randomness that one number repeats
pub mod workload; // E4.1 commands over many enterprises
