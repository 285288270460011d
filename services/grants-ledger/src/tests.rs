//! Stories about whole ledgers.
