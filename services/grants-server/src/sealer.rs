//! Personal fields go through the vault: found or made there, sealed there, and nowhere in clear behind this door.

use crate::{failure::Failure, house::House, seat::Seat};
use grants_domain::{ids::PersonId, people::Sealed, wire::Blob};
use grants_files::{Lang, Sealer, Texts, Who};
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
        seal(self.0, who, field, plain)
    }
}

/// The vault of a process that takes commands in for long. Where others share it, it is opened for one command at a time,
/// and only for one that needs it.
pub(crate) struct LateVault<'h> {
    house: &'h House,
    kept: Option<Vault>,
}

impl<'h> LateVault<'h> {
    /// Opens it now, if nobody else needs it.
    pub(crate) fn of(house: &'h House) -> Result<Self, Failure> {
        let kept = matches!(house.seat, Seat::Own(_)).then(|| house.vault()).transpose()?;
        Ok(Self { house, kept })
    }

    /// For one command.
    pub(crate) fn sealer(&self) -> LateSealer<'_> {
        LateSealer { vault: self, opened: None }
    }
}

/// Seals with the keys of a vault that is opened when the first personal field comes.
pub(crate) struct LateSealer<'v> {
    vault: &'v LateVault<'v>,
    opened: Option<Vault>,
}

impl Sealer for LateSealer<'_> {
    fn seal(
        &mut self,
        who: Who<'_>,
        field: &'static str,
        plain: &str,
    ) -> Result<Sealed, Box<dyn Error + Send + Sync>> {
        let vault = match (&self.vault.kept, &mut self.opened) {
            (Some(kept), _) => kept,
            (None, Some(opened)) => opened,
            (None, opened @ None) => {
                let vault = self.vault.house.vault();
                opened.insert(vault.map_err(|failure| failure.text(&Texts::new(Lang::En)))?)
            }
        };
        seal(vault, who, field, plain)
    }
}

fn seal(
    vault: &Vault,
    who: Who<'_>,
    field: &'static str,
    plain: &str,
) -> Result<Sealed, Box<dyn Error + Send + Sync>> {
    let who = match who {
        Who::Identity(number) => vault::Who::identity(number)?,
        Who::Role { enterprise, role, name } => vault::Who::role(enterprise, role, name)?,
    };
    let person = vault.find_or_create(who)?;
    let sealed = vault.seal(person, field, plain)?;
    Ok(Sealed { person: PersonId(sealed.person.0), bytes: Blob(sealed.bytes) })
}
