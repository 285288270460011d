//! Evidence: invoices and the like, each usable up to its net amount over all measures, places and years (I-06).

pub mod fingerprint;
pub mod void;

use crate::{tables::EvidenceRow, values::Fen};

impl EvidenceRow {
    /// Whether nothing of it is left. Tickets have no amount, so a net of zero alone does not say it.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.voided && self.net.is_zero()
    }
    /// What awards use of it.
    #[must_use]
    pub fn used(&self) -> i128 {
        self.used.iter().map(|one| i128::from(one.amount.get())).sum()
    }
    /// What is still free.
    #[must_use]
    pub fn free(&self) -> Fen {
        let free = i128::from(self.net.get()).saturating_sub(self.used());
        i64::try_from(free).ok().and_then(|free| Fen::new(free).ok()).unwrap_or(Fen::ZERO)
    }
}
