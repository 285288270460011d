//! Helpers of the whole-house suite.
