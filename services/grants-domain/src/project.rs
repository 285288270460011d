//! Projects: what an enterprise invests in. Identified by 投资项目统一代码.
//! Several may be parts of one investment (`linked.rs`).

pub mod link;
pub mod linked;
pub mod register;
pub mod unlink;
