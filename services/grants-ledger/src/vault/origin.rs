//! Where tags, person ids and keys come from: a secret and chance, or a seed alone when simulated.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::fault::VaultFault;
use super::person::{Known, PersonId, Who};
use super::{Mode, SEED_BYTES};

/// Length of a person's key: AES-SIV with two AES-256 halves (RFC 5297, AEAD_AES_SIV_CMAC_512).
pub(super) const KEY_BYTES: usize = 64;
/// Length of the vault's secret.
pub(super) const SECRET_BYTES: usize = 32;

/// A look-up tag: tells one person from another, and to nobody without the secret who they are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tag(pub(super) [u8; 32]);

/// A person's key. Boxed, so that a growing index moves a pointer and leaves no copy behind.
pub(super) struct Key(Box<Zeroizing<[u8; KEY_BYTES]>>);

impl Key {
    pub(super) fn from_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        let mut key = Box::new(Zeroizing::new([0; KEY_BYTES]));
        key.copy_from_slice(bytes);
        Self(key)
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// A copy that wipes itself too, for work outside the vault's mutex.
    pub(super) fn copy(&self) -> Self {
        Self::from_bytes(self.bytes())
    }
}

/// The root of everything derived in one vault.
pub(super) struct Origin {
    secret: Zeroizing<[u8; SECRET_BYTES]>,
    /// Present when simulated. It is never written to a file.
    seed: Option<Zeroizing<[u8; SEED_BYTES]>>,
}

impl Origin {
    /// A real vault's origin with a secret drawn now.
    pub(super) fn random() -> Result<Self, VaultFault> {
        let mut secret = Zeroizing::new([0; SECRET_BYTES]);
        getrandom::fill(secret.as_mut()).map_err(|_| VaultFault::Entropy)?;
        Ok(Self { secret, seed: None })
    }

    /// A real vault's origin with the secret that was read from its file.
    pub(super) fn stored(secret: Zeroizing<[u8; SECRET_BYTES]>) -> Self {
        Self { secret, seed: None }
    }

    /// A simulated vault's origin: the secret derives from the seed like all else.
    pub(super) fn seeded(seed: [u8; SEED_BYTES]) -> Self {
        let seed = Zeroizing::new(seed);
        let secret = Zeroizing::new(mac(&seed, "grants/vault/v1/secret", &[]));
        Self { secret, seed: Some(seed) }
    }

    pub(super) fn mode(&self) -> Mode {
        match self.seed {
            None => Mode::Real,
            Some(_) => Mode::Simulated,
        }
    }

    pub(super) fn secret(&self) -> &[u8; SECRET_BYTES] {
        &self.secret
    }

    /// Binds the files of one vault to each other.
    pub(super) fn vault_id(&self) -> [u8; 16] {
        first_half(&mac(&self.secret, "grants/vault/v1/id", &[]))
    }

    pub(super) fn tag(&self, who: &Who<'_>) -> Tag {
        Tag(match who.0 {
            Known::Identity(number) => mac(&self.secret, "grants/vault/v1/identity", &[number.as_bytes()]),
            Known::Role { enterprise, role, name } => mac(
                &self.secret,
                "grants/vault/v1/role",
                &[enterprise.as_bytes(), role.as_bytes(), name.as_bytes()],
            ),
        })
    }

    /// An id and a key for a person not yet known. `taken` says which ids live or were erased.
    ///
    /// A seed gives the first free id of the tag's own series, so the order in which doors ask does
    /// not matter, and a person who comes back after an erasure gets the next one.
    pub(super) fn person(
        &self,
        tag: &Tag,
        taken: impl Fn(&PersonId) -> bool,
    ) -> Result<(PersonId, Key), VaultFault> {
        for turn in 0_u32.. {
            let (id, key) = match &self.seed {
                None => chance()?,
                Some(seed) => derived(seed, tag, turn),
            };
            if !taken(&id) {
                return Ok((id, key));
            }
        }
        Err(VaultFault::Full)
    }
}

fn chance() -> Result<(PersonId, Key), VaultFault> {
    let mut id = [0; 16];
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    getrandom::fill(&mut id).map_err(|_| VaultFault::Entropy)?;
    getrandom::fill(key.as_mut()).map_err(|_| VaultFault::Entropy)?;
    Ok((PersonId(id), Key::from_bytes(&key)))
}

fn derived(seed: &[u8; SEED_BYTES], tag: &Tag, turn: u32) -> (PersonId, Key) {
    let turn = turn.to_be_bytes();
    let id = first_half(&mac(seed, "grants/vault/v1/person", &[&tag.0, &turn]));
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    for (half, number) in key.chunks_exact_mut(32).zip(1_u8..) {
        half.copy_from_slice(&*Zeroizing::new(mac(seed, "grants/vault/v1/key", &[&tag.0, &turn, &[number]])));
    }
    (PersonId(id), Key::from_bytes(&key))
}

/// HMAC-SHA-256 over the purpose and the fields, each behind its length, so that no two lists of
/// fields run together to the same bytes.
fn mac(key: &[u8; 32], purpose: &str, fields: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    for field in std::iter::once(&purpose.as_bytes()).chain(fields) {
        let length = u32::try_from(field.len()).expect("fields are limited to PART_BYTES_MAX");
        mac.update(&length.to_be_bytes());
        mac.update(field);
    }
    mac.finalize().into_bytes().into()
}

fn first_half(bytes: &[u8; 32]) -> [u8; 16] {
    let (half, _) = bytes.split_first_chunk::<16>().expect("32 bytes hold 16");
    *half
}
