//! Personal fields go through the vault: found or made there, sealed there, and nowhere in clear behind this door.

use grants_domain::{ids::PersonId, people::Sealed, wire::Blob};
use grants_files::{Sealer, Who};
use grants_ledger::vault::{self, Vault};
use std::error::Error;

/// Seals with the keys of a vault.
pub(crate) struct VaultSealer<'v>(pub(crate) &'v Vault);

impl Sealer for VaultSealer<'_> {
    fn seal(
        &mut self,
        who: Who<'_>,
        field: &'static str,
        plain: &str,
    ) -> Result<Sealed, Box<dyn Error + Send + Sync>> {
        let who = match who {
            Who::Identity(number) => vault::Who::identity(number)?,
            Who::Role { enterprise, role, name } => vault::Who::role(enterprise, role, name)?,
        };
        let person = self.0.find_or_create(who)?;
        let sealed = self.0.seal(person, field, plain)?;
        Ok(Sealed { person: PersonId(sealed.person.0), bytes: Blob(sealed.bytes) })
    }
}
