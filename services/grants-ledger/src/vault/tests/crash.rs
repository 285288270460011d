//! Crashes and damage: a torn tail is cut, everything else is named, nothing is guessed.

use super::*;

fn fault_of(dir: &Path) -> Option<VaultFault> {
    Vault::open(dir).err()
}

#[test]
fn a_journal_cut_anywhere_opens_as_its_prefix() {
    let (_temporary, dir) = home();
    let [first, second] = small_vault(&dir);
    let path = dir.join("people");
    let whole = fs::read(&path).unwrap();
    let ends = [44, 44 + 29, 44 + 29 + 125, 44 + 29 + 2 * 125];
    assert_eq!(whole.len(), ends[3]);
    for length in 0..=whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        if length < ends[0] {
            assert!(matches!(fault_of(&dir), Some(VaultFault::Damaged { offset: 0, .. })), "{length}");
            continue;
        }
        let sound = ends.into_iter().filter(|end| *end <= length).max().unwrap();
        let vault = Vault::open(&dir).unwrap();
        assert_eq!(vault.tail_cut().unwrap(), u64::try_from(length - sound).unwrap());
        assert_eq!(vault.find(wang()).unwrap(), (ends[2] <= length).then_some(first), "{length}");
        assert_eq!(vault.find(li()).unwrap(), (ends[3] <= length).then_some(second), "{length}");
        assert_eq!(fs::read(&path).unwrap(), whole[..sound]);
    }
}

#[test]
fn people_can_be_added_behind_a_cut_tail() {
    let (_temporary, dir) = home();
    let [first, second] = small_vault(&dir);
    let path = dir.join("people");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    let again = Vault::open(&dir).unwrap().find_or_create(li()).unwrap();
    assert_ne!(again, second, "the torn record was cut, so chance drew anew");
    let vault = Vault::open(&dir).unwrap();
    assert_eq!(vault.tail_cut().unwrap(), 0);
    assert_eq!(vault.find(wang()).unwrap(), Some(first));
    assert_eq!(vault.find(li()).unwrap(), Some(again));
}

#[test]
fn every_altered_byte_is_found_and_nothing_is_cut() {
    let (_temporary, dir) = home();
    small_vault(&dir);
    for name in ["people", "secret"] {
        let path = dir.join(name);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut altered = whole.clone();
                altered[at] ^= flip;
                fs::write(&path, &altered).unwrap();
                let fault = fault_of(&dir).unwrap_or_else(|| panic!("{name}: byte {at} was believed"));
                let VaultFault::Damaged { file, offset, .. } = fault else { panic!("{name}: {at}: {fault}") };
                assert_eq!(file, path);
                assert!(offset <= u64::try_from(at).unwrap(), "{name}: byte {at} is named at {offset}");
                assert_eq!(fs::read(&path).unwrap(), altered, "a damaged file is left as it is");
            }
        }
        fs::write(&path, &whole).unwrap();
    }
    assert!(fault_of(&dir).is_none());
}

#[test]
fn records_that_were_moved_doubled_or_kept_from_an_earlier_file_are_found() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    vault.find_or_create_all(&[wang(), li()]).unwrap();
    let third = vault.find_or_create(Who::identity("third").unwrap()).unwrap();
    let path = dir.join("people");
    let old = fs::read(&path).unwrap();
    vault.erase(third).unwrap();
    drop(vault);
    let whole = fs::read(&path).unwrap();

    let (tombstone, one, two) = (&whole[44..73], &whole[73..198], &whole[198..]);
    let swapped = [&whole[..44], tombstone, two, one].concat();
    let doubled = [&whole[..], two].concat();
    let dropped = [&whole[..44], tombstone, two].concat();
    let stale = [&whole[..44], &old[44..]].concat();
    for forged in [swapped, doubled, dropped, stale] {
        fs::write(&path, forged).unwrap();
        assert!(matches!(fault_of(&dir), Some(VaultFault::Damaged { .. })));
    }
}

#[test]
fn files_of_two_vaults_do_not_mix() {
    let (_temporary_a, a) = home();
    let (_temporary_b, b) = home();
    small_vault(&a);
    small_vault(&b);
    fs::copy(a.join("people"), b.join("people")).unwrap();
    assert!(matches!(fault_of(&b), Some(VaultFault::Damaged { .. })));
    fs::remove_file(b.join("people")).unwrap();
    assert!(matches!(fault_of(&b), Some(VaultFault::Missing { file }) if file == b.join("people")));
}

#[test]
fn an_interrupted_creation_is_taken_over_but_people_without_their_secret_are_not() {
    let (_temporary, dir) = home();
    drop(Vault::create(&dir).unwrap());
    // The crash came before the secret took its place.
    fs::rename(dir.join("secret"), dir.join("secret.new")).unwrap();
    assert!(matches!(fault_of(&dir), Some(VaultFault::Missing { .. })));
    let vault = Vault::create(&dir).unwrap();
    assert!(!dir.join("secret.new").exists());
    vault.find_or_create(wang()).unwrap();
    drop(vault);

    fs::remove_file(dir.join("secret")).unwrap();
    let before = fs::read(dir.join("people")).unwrap();
    assert!(matches!(Vault::create(&dir), Err(VaultFault::Missing { .. })));
    assert!(matches!(Vault::simulated(&dir, SEED), Err(VaultFault::Missing { .. })));
    assert_eq!(fs::read(dir.join("people")).unwrap(), before);
}

#[test]
fn a_newer_format_is_named_as_such() {
    let (_temporary, dir) = home();
    small_vault(&dir);
    let path = dir.join("people");
    let mut bytes = fs::read(&path).unwrap();
    bytes[8] = 2;
    let check = crc32c::crc32c(&bytes[..40]).to_be_bytes();
    bytes[40..44].copy_from_slice(&check);
    fs::write(&path, bytes).unwrap();
    assert!(matches!(fault_of(&dir), Some(VaultFault::Newer { offset: 8, .. })));
}
