//! Under construction.

pub mod vault;
