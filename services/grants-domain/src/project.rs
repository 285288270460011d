//! Projects: what an enterprise invests in. Identified by 投资项目统一代码.

pub mod register;
