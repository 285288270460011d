//! Enterprises: who receives. Identified by 统一社会信用代码; names of people stand sealed.

pub mod register;
