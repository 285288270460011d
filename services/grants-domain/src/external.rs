//! Facts of other levels: rounds that were open, and awards that a project or enterprise applied for or holds.

pub mod open_round;
pub mod origin;
pub mod report_award;

use crate::choice;

choice! {
    /// Whose money it is.
    pub enum AwardLevel {
        /// 国家.
        State = 1 => "state",
        /// 省.
        Province = 2 => "province",
        /// 市.
        City = 3 => "city",
        /// 县区.
        County = 4 => "county",
    }
}

choice! {
    /// How far the other body is.
    pub enum ExternalStatus {
        /// Applied for; no result yet.
        Pending = 1 => "pending",
        /// Granted.
        Granted = 2 => "granted",
        /// Refused.
        Refused = 3 => "refused",
        /// Granted before, and taken back.
        Withdrawn = 4 => "withdrawn",
    }
}
