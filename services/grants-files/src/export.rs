//! Lists and reports.
