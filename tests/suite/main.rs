//! The whole house, tested from outside.
