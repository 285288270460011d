//! Evidence: invoices and the like, each usable up to its net amount over all measures, places and years (I-06).

pub mod fingerprint;
pub mod void;

use crate::{
    state::{StateWrite, change, get, put},
    tables::{Applications, Claimed, Evidence, EvidenceRow},
    values::{Fen, Reference},
};

impl EvidenceRow {
    /// Whether nothing of it is left. Tickets have no amount, so a net of zero alone does not say it.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.voided && self.net.is_zero()
    }
    /// Whether another description of the thing may take the place of this one: nobody rests on it, and no other body
    /// has spoken about it.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.holders == 0 && !self.voided
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

/// Registers a piece for one more application; a description that nobody rests on gives way to this one.
pub(crate) fn hold(state: &mut dyn StateWrite, application: &Reference, piece: &Claimed) {
    let key = piece.key.to_string();
    let standing = get::<Evidence>(state.as_read(), &key).filter(|row| !row.is_free());
    let row = standing.unwrap_or_else(|| EvidenceRow {
        kind: piece.kind,
        date: piece.date,
        net: piece.amount,
        used: Vec::new(),
        registered_by: application.clone(),
        voided: false,
        holders: 0,
    });
    put::<Evidence>(state, &key, &EvidenceRow { holders: row.holders.saturating_add(1), ..row });
}

/// The application, or the award that came of it, does not rest on its evidence any more.
pub(crate) fn release(state: &mut dyn StateWrite, application: &Reference) {
    let application = get::<Applications>(state.as_read(), application)
        .unwrap_or_else(|| panic!("an unknown application rests on evidence"));
    for piece in &application.evidence {
        change::<Evidence>(state, &piece.key.to_string(), |row| {
            row.holders =
                row.holders.checked_sub(1).unwrap_or_else(|| panic!("{} is released twice", piece.key));
        });
    }
}
