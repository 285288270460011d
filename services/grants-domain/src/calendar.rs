//! Working-day calendars: recorded facts, never code.

pub mod publish;
