//! The vault's promises as stories on real files: retries, crashes, damage, erasure, many doors at once.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;

const SEED: [u8; SEED_BYTES] = [7; SEED_BYTES];

fn home() -> (TempDir, PathBuf) {
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path().join("vault");
    (temporary, dir)
}

fn wang() -> Who<'static> {
    Who::identity("110101199003070011").unwrap()
}

fn li() -> Who<'static> {
    Who::role("91330100MA27XXXX1A", "contact", "李雷").unwrap()
}

fn raw_key(vault: &Vault, person: PersonId) -> Vec<u8> {
    vault.inner.lock().unwrap().people.key(&person).unwrap().bytes().to_vec()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Every file of the directory, by name.
fn all_files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// Wang stays, Li comes and goes, Li comes again: every kind of record.
fn small_vault(dir: &Path) -> [PersonId; 2] {
    let vault = Vault::create(dir).unwrap();
    let first = vault.find_or_create(wang()).unwrap();
    let gone = vault.find_or_create(li()).unwrap();
    vault.erase(gone).unwrap();
    [first, vault.find_or_create(li()).unwrap()]
}

#[test]
fn a_retry_gives_the_same_bytes_and_survives_reopening() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let person = vault.find_or_create(wang()).unwrap();
    let sealed = vault.seal(person, "name", "王小明").unwrap();
    assert_eq!(vault.find_or_create(wang()).unwrap(), person);
    assert_eq!(vault.seal(person, "name", "王小明").unwrap(), sealed);
    let before = all_files(&dir);
    drop(vault);

    let vault = Vault::open(&dir).unwrap();
    assert_eq!(vault.find(wang()).unwrap(), Some(person));
    assert_eq!(vault.find_or_create(wang()).unwrap(), person);
    assert_eq!(vault.seal(person, "name", "王小明").unwrap(), sealed);
    assert_eq!(vault.unseal(&sealed, "name").unwrap().as_deref(), Some("王小明"));
    assert_eq!(all_files(&dir), before, "nothing new was written");
}

#[test]
fn a_seal_is_bound_to_person_and_field() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let [first, second] = [wang(), li()].map(|who| vault.find_or_create(who).unwrap());
    let sealed = vault.seal(first, "name", "same text").unwrap();
    assert_ne!(sealed.bytes, vault.seal(second, "name", "same text").unwrap().bytes);
    assert_ne!(sealed.bytes, vault.seal(first, "phone", "same text").unwrap().bytes);

    let refused = |sealed: &SealedBytes, field: &str| match vault.unseal(sealed, field) {
        Err(VaultError::Refused(refusal)) => refusal,
        Err(VaultError::Fault(_)) | Ok(_) => panic!("it was to be refused"),
    };
    assert_eq!(refused(&sealed, "phone"), VaultRefusal::NotThisSeal);
    let moved = SealedBytes { person: second, ..sealed.clone() };
    assert_eq!(refused(&moved, "name"), VaultRefusal::NotThisSeal);
    let stranger = SealedBytes { person: PersonId([9; 16]), ..sealed };
    assert_eq!(refused(&stranger, "name"), VaultRefusal::PersonUnknown);
}

#[test]
fn tags_tell_apart_what_reads_alike() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let people = [
        Who::identity("ab").unwrap(),
        Who::identity("a").unwrap(),
        Who::role("a", "b", "c").unwrap(),
        Who::role("ab", "c", "x").unwrap(),
        Who::role("a", "bc", "x").unwrap(),
        Who::role("a", "b", "cx").unwrap(),
    ];
    let ids: BTreeSet<_> = vault.find_or_create_all(&people).unwrap().into_iter().collect();
    assert_eq!(ids.len(), people.len());
}

#[test]
fn a_list_names_people_in_its_order_and_each_once() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let known = vault.find_or_create(li()).unwrap();
    let ids = vault.find_or_create_all(&[wang(), li(), wang()]).unwrap();
    assert_eq!(ids, [ids[0], known, ids[0]]);
    drop(vault);
    let vault = Vault::open(&dir).unwrap();
    assert_eq!(vault.find_or_create_all(&[wang(), li(), wang()]).unwrap(), ids);
    assert!(vault.find_or_create_all(&[]).unwrap().is_empty());
}

#[test]
fn a_list_longer_than_a_step_is_kept_whole() {
    let (_temporary, dir) = home();
    let numbers: Vec<_> = (0..=PEOPLE_PER_STEP_MAX).map(|number| number.to_string()).collect();
    let people: Vec<_> = numbers.iter().map(|number| Who::identity(number).unwrap()).collect();
    let ids = Vault::create(&dir).unwrap().find_or_create_all(&people).unwrap();
    let vault = Vault::open(&dir).unwrap();
    let found: Vec<_> = people.iter().map(|who| vault.find(*who).unwrap().unwrap()).collect();
    assert_eq!(found, ids);
}

#[test]
fn a_seed_decides_every_byte_and_the_order_of_the_doors_does_not() {
    let (_temporary_a, a) = home();
    let (_temporary_b, b) = home();
    let a = Vault::simulated(&a, SEED).unwrap();
    let b = Vault::simulated(&b, SEED).unwrap();
    let [a_wang, a_li] = [wang(), li()].map(|who| a.find_or_create(who).unwrap());
    let [b_li, b_wang] = [li(), wang()].map(|who| b.find_or_create(who).unwrap());
    assert_eq!([a_wang, a_li], [b_wang, b_li]);
    assert_eq!(a.seal(a_li, "name", "x").unwrap(), b.seal(b_li, "name", "x").unwrap());

    // Someone erased comes back as the next person of the same series, not as the old one.
    let [again_a, again_b] = [&a, &b].map(|vault| {
        vault.erase(a_li).unwrap();
        vault.find_or_create(li()).unwrap()
    });
    assert_eq!(again_a, again_b);
    assert_ne!(again_a, a_li);
}

/// A stored byte is for ever. The values were computed from the format page by a program that shares
/// no code with this one.
#[test]
fn the_bytes_of_a_simulated_vault_are_golden() {
    let (_temporary, dir) = home();
    let vault = Vault::simulated(&dir, SEED).unwrap();
    let person = vault.find_or_create(li()).unwrap();
    assert_eq!(person.to_string(), GOLDEN_PERSON);
    let sealed = vault.seal(person, "name", "李雷").unwrap();
    assert_eq!(hex(&sealed.bytes), GOLDEN_SEAL);
    vault.erase(person).unwrap();
    vault.find_or_create(wang()).unwrap();
    assert_eq!(hex(&fs::read(dir.join("secret")).unwrap()), GOLDEN_SECRET_FILE);
    assert_eq!(hex(&fs::read(dir.join("people")).unwrap()), GOLDEN_PEOPLE_FILE);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn real_vaults_share_nothing() {
    let (_temporary_a, a) = home();
    let (_temporary_b, b) = home();
    let a = Vault::create(&a).unwrap();
    let b = Vault::create(&b).unwrap();
    assert_eq!(a.mode(), Mode::Real);
    let [in_a, in_b] = [&a, &b].map(|vault| vault.find_or_create(wang()).unwrap());
    assert_ne!(in_a, in_b);
    assert_ne!(raw_key(&a, in_a), raw_key(&b, in_b));
    assert!(a.origin.tag(&wang()) != b.origin.tag(&wang()));
}

#[test]
fn a_vault_opens_only_in_its_own_mode_and_with_its_own_seed() {
    let (_temporary, dir) = home();
    let vault = Vault::simulated(&dir, SEED).unwrap();
    assert_eq!(vault.mode(), Mode::Simulated);
    drop(vault);
    let wrong = |found, wanted| move |fault: &VaultFault| matches!(fault, VaultFault::WrongMode { found: f, wanted: w, .. } if *f == found && *w == wanted);
    assert!(wrong(Mode::Simulated, Mode::Real)(&Vault::open(&dir).unwrap_err()));
    assert!(matches!(Vault::simulated(&dir, [8; 32]), Err(VaultFault::OtherSeed { .. })));
    assert!(matches!(Vault::create(&dir), Err(VaultFault::Exists { .. })));
    Vault::simulated(&dir, SEED).unwrap();

    let (_temporary, dir) = home();
    Vault::create(&dir).unwrap();
    assert!(wrong(Mode::Real, Mode::Simulated)(&Vault::simulated(&dir, SEED).unwrap_err()));
    assert!(matches!(Vault::open(&dir.join("none")), Err(VaultFault::Missing { .. })));
}

#[test]
fn one_holder_at_a_time() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    assert!(matches!(Vault::open(&dir), Err(VaultFault::InUse { .. })));
    assert!(matches!(Vault::create(&dir), Err(VaultFault::InUse { .. })));
    assert!(matches!(Vault::simulated(&dir, SEED), Err(VaultFault::InUse { .. })));
    drop(vault);
    Vault::open(&dir).unwrap();
}

#[test]
fn two_doors_that_ask_for_the_same_people_get_the_same_ids() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let names: Vec<_> = (0..50).map(|number| format!("person {number}")).collect();
    let ask =
        || names.iter().map(|name| vault.find_or_create(Who::identity(name).unwrap()).unwrap()).collect();
    let (one, two): (Vec<PersonId>, Vec<PersonId>) = std::thread::scope(|threads| {
        let (one, two) = (threads.spawn(ask), threads.spawn(ask));
        (one.join().unwrap(), two.join().unwrap())
    });
    assert_eq!(one, two);
    let journal = fs::read(dir.join("people")).unwrap().len();
    assert_eq!(journal, record::HEADER_BYTES + 50 * record::PERSON_BYTES);
}

#[test]
fn the_files_are_private() {
    let (_temporary, dir) = home();
    let bits = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    small_vault(&dir);
    assert_eq!(bits(&dir), 0o700);
    let names = all_files(&dir).into_iter().map(|(name, _)| name);
    assert!(names.clone().eq(["lock", "people", "secret"]));
    names.clone().for_each(|name| assert_eq!(bits(&dir.join(&name)), 0o600, "{name}"));

    // A backup restored with everybody's rights is made private again.
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(dir.join("people"), fs::Permissions::from_mode(0o644)).unwrap();
    Vault::open(&dir).unwrap();
    assert_eq!((bits(&dir), bits(&dir.join("people"))), (0o700, 0o600));
}

#[test]
fn nothing_personal_is_printed_or_stored_in_clear() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let person = vault.find_or_create(li()).unwrap();
    let sealed = vault.seal(person, "name", "李雷").unwrap();
    let too_long = vault.seal(person, "name", &"李雷".repeat(2_000)).unwrap_err();
    let part = Who::identity(&"李雷".repeat(100)).err().unwrap();
    let printed = format!("{vault:?} {sealed:?} {too_long:?} {too_long} {part:?} {part}");
    assert!(!printed.contains("李雷"), "{printed}");
    for (name, bytes) in all_files(&dir) {
        assert!(!contains(&bytes, "李雷".as_bytes()), "{name}");
        assert!(!contains(&bytes, b"91330100MA27XXXX1A"), "{name}");
    }
    assert!(Who::identity("").is_err() && Who::role("a", "", "c").is_err());
}

#[test]
fn after_a_failed_write_the_vault_says_nothing_more() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let person = vault.find_or_create(wang()).unwrap();
    let sealed = vault.seal(person, "name", "x").unwrap();
    vault.inner.lock().unwrap().people.break_disk();
    assert!(matches!(vault.find_or_create(li()), Err(VaultFault::Io { step: "write", .. })));

    let latched = |error: VaultError| matches!(error, VaultError::Fault(VaultFault::Latched));
    assert!(matches!(vault.find_or_create(wang()), Err(VaultFault::Latched)));
    assert!(matches!(vault.find(wang()), Err(VaultFault::Latched)));
    assert!(latched(vault.seal(person, "name", "x").unwrap_err()));
    assert!(latched(vault.unseal(&sealed, "name").unwrap_err()));
    assert!(latched(vault.erase(person).unwrap_err()));
    drop(vault);
    let vault = Vault::open(&dir).unwrap();
    assert_eq!(vault.find(wang()).unwrap(), Some(person));
    assert_eq!(vault.find(li()).unwrap(), None, "the failed write left nobody");
}

mod crash;
mod erase;
mod golden;
use golden::{GOLDEN_PEOPLE_FILE, GOLDEN_PERSON, GOLDEN_SEAL, GOLDEN_SECRET_FILE};
