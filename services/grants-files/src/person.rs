//! Whom a personal field is about, and who seals it. The clear text passes through here once and is kept nowhere.

use grants_domain::{
    people::Sealed,
    values::{AccountNumber, BankNumber, Text},
};
use std::error::Error;

/// Who a personal field is about. No `Debug`: it cannot slip into a log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Who<'a> {
    /// A person with an identity number in canonical form.
    Identity(&'a str),
    /// A person known by the enterprise they act for, their role there, and their name.
    Role {
        /// 统一社会信用代码.
        enterprise: &'a str,
        /// The field's name, such as `contact`.
        role: &'a str,
        /// The name.
        name: &'a str,
    },
}

/// Seals personal texts; the vault stands behind it. The same call must give the same bytes for ever, or a
/// file imported twice would not be recognised.
pub trait Sealer {
    /// Seals `plain` for a field of a verb (`grants_domain::people::SEALED_FIELDS`).
    ///
    /// # Errors
    /// Whatever keeps the vault from sealing: the import stops, and nothing was handed to the ledger.
    fn seal(
        &mut self,
        who: Who<'_>,
        field: &'static str,
        plain: &str,
    ) -> Result<Sealed, Box<dyn Error + Send + Sync>>;
}

/// A payee who is a person: what `payee_person` of an application holds once unsealed.
///
/// Its text is name, account and bank number with tabs between, which no part can contain.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonPayee {
    /// 户名.
    pub name: Text<100>,
    /// 账号.
    pub account: AccountNumber,
    /// 联行号.
    pub bank: BankNumber,
}

impl PersonPayee {
    /// The text that is sealed.
    #[must_use]
    pub fn plain(&self) -> String {
        format!("{}\t{}\t{}", self.name, self.account, self.bank)
    }

    /// Reads an unsealed text; `None` if it is not of this form.
    #[must_use]
    pub fn read(plain: &str) -> Option<Self> {
        let mut parts = plain.split('\t');
        let payee = Self {
            name: parts.next()?.parse().ok()?,
            account: parts.next()?.parse().ok()?,
            bank: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(payee)
    }
}
