//! One notation for stories: the domain's tests, `grants simulate` and the documentation all play the same text.
//!
//! ```text
//! scenario: the second project gets what the cap leaves
//! on 2025-03-01T09:00:00
//! given enterprise.register code=91411702MA40ABCD1D name=示例电子有限公司 treasury=411702000
//! when  application.decide application=A-2 as reviewer:li
//! let   AW = award.proposed.award
//! then  award.proposed amount=1800000.00 trace.caps[0].cut=yes
//! then  refused same-actor
//! then  row award $AW status=proposed
//! then  says 单户上限
//! ```
//!
//! A verb is the command's word and its arguments are the fields of the command. Texts stand bare or in double
//! quotes, `#3` is a number, `yes` and `no` are truth values, `[a=1 b=2]` is an object, `name+=` appends to a
//! list, and `$NAME` is what `let` bound. `given` must be accepted; `when` may end as `then` says.

mod parse;
mod stage;

pub use parse::{Line, Phase, Scenario, Step, parse};
pub use stage::{Played, Stage, Voice};

use thiserror::Error;

/// A story that does not hold, or cannot be read, with its line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct Failure {
    /// Line of the text, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Failure {
    fn at(line: usize, message: impl ToString) -> Self {
        Self { line, message: message.to_string() }
    }
}
