//! Budget lines (指标): what a treasury may spend in a fiscal year on named measures.
//!
//! Invariant: allocated = available + reserved + payable + in transit + paid, no term negative.

pub mod adjust;
pub mod allocate;

use crate::{tables::BudgetLineRow, values::Fen};

impl BudgetLineRow {
    /// What is free to be reserved.
    #[must_use]
    pub fn available(&self) -> Fen {
        Fen::new(self.available).unwrap_or(Fen::ZERO)
    }
}
