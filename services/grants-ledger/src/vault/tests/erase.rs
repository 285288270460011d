//! Erasure: key and tag stand nowhere any more, whenever the crash comes.

use super::*;

#[test]
fn an_erased_person_leaves_neither_key_nor_tag() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let [stays, goes] = [wang(), li()].map(|who| vault.find_or_create(who).unwrap());
    let kept = vault.seal(stays, "name", "王小明").unwrap();
    let lost = vault.seal(goes, "name", "李雷").unwrap();
    let key = raw_key(&vault, goes);
    let tag = vault.origin.tag(&li()).0;
    let stands = |what: &[u8]| all_files(&dir).iter().any(|(_, bytes)| contains(bytes, what));
    assert!(stands(&key) && stands(&tag), "the search finds what is there");

    assert_eq!(vault.erase(goes).unwrap(), Erased::Now);
    let after = all_files(&dir);
    assert_eq!(vault.erase(goes).unwrap(), Erased::Before);
    assert_eq!(all_files(&dir), after, "a second erasure changes nothing");
    for piece in key.chunks(16).chain(tag.chunks(16)) {
        assert!(!stands(piece));
    }
    assert!(stands(&goes.0), "the tombstone keeps the bare id");

    let check = |vault: &Vault| {
        assert_eq!(vault.unseal(&lost, "name").unwrap(), None);
        assert_eq!(vault.unseal(&kept, "name").unwrap().as_deref(), Some("王小明"));
        assert_eq!(vault.find(li()).unwrap(), None);
        let refusal = vault.seal(goes, "name", "x").unwrap_err();
        assert!(matches!(refusal, VaultError::Refused(VaultRefusal::PersonErased)));
    };
    check(&vault);
    drop(vault);
    check(&Vault::open(&dir).unwrap());
}

#[test]
fn someone_who_comes_back_is_a_new_person() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let old = vault.find_or_create(wang()).unwrap();
    let sealed = vault.seal(old, "name", "王小明").unwrap();
    vault.erase(old).unwrap();
    let new = vault.find_or_create(wang()).unwrap();
    assert_ne!(new, old);
    assert_ne!(vault.seal(new, "name", "王小明").unwrap().bytes, sealed.bytes);
    assert_eq!(vault.unseal(&sealed, "name").unwrap(), None, "the past stays closed");
    assert_eq!(vault.erase(old).unwrap(), Erased::Before);
    assert_eq!(vault.find(wang()).unwrap(), Some(new), "erasing the old id again spares the new one");
}

#[test]
fn a_stranger_cannot_be_erased() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let refusal = vault.erase(PersonId([1; 16])).unwrap_err();
    assert!(matches!(refusal, VaultError::Refused(VaultRefusal::PersonUnknown)));
    vault.find_or_create(wang()).unwrap();
}

/// The states that a crash leaves, one after each step of an erasure.
#[test]
fn a_crash_within_an_erasure_leaves_the_person_whole_or_gone() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let goes = vault.find_or_create(li()).unwrap();
    vault.find_or_create(wang()).unwrap();
    let key = raw_key(&vault, goes);
    let before = fs::read(dir.join("people")).unwrap();
    vault.erase(goes).unwrap();
    let after = fs::read(dir.join("people")).unwrap();
    drop(vault);
    let [people, draft, old] = ["people", "people.new", "people.old"].map(|name| dir.join(name));

    // The old file has got its second name, and the new one is being written.
    for written in [0, 50, after.len()] {
        fs::write(&people, &before).unwrap();
        fs::hard_link(&people, &old).unwrap();
        fs::write(&draft, &after[..written]).unwrap();
        let vault = Vault::open(&dir).unwrap();
        assert_eq!(vault.find(li()).unwrap(), Some(goes), "not erased yet, and not harmed");
        assert_eq!(fs::read(&people).unwrap(), before);
        assert!(!draft.exists() && !old.exists());
        assert_eq!(vault.erase(goes).unwrap(), Erased::Now);
    }

    // The new file has taken its place; the old one is there, or half overwritten.
    for wiped in [0, 100, before.len()] {
        fs::write(&people, &after).unwrap();
        let mut remains = before.clone();
        remains[..wiped].fill(0);
        fs::write(&old, remains).unwrap();
        let vault = Vault::open(&dir).unwrap();
        assert_eq!(vault.erase(goes).unwrap(), Erased::Before);
        assert!(!all_files(&dir).iter().any(|(_, bytes)| contains(bytes, &key[..16])));
        assert!(!old.exists());
    }
}

#[test]
fn an_old_file_is_overwritten_before_its_name_goes() {
    let (_temporary, dir) = home();
    drop(Vault::create(&dir).unwrap());
    let old = dir.join("people.old");
    let bytes = vec![0x5a; 200_000];
    fs::write(&old, &bytes).unwrap();
    // An open file shows the bytes behind a name that is gone.
    let mut behind = File::open(&old).unwrap();
    drop(Vault::open(&dir).unwrap());
    assert!(!old.exists());
    let mut left = Vec::new();
    std::io::Read::read_to_end(&mut behind, &mut left).unwrap();
    assert_eq!(left, vec![0; bytes.len()]);
}

#[test]
fn a_hard_linked_backup_is_not_destroyed_for_everybody() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let [goes, _stays] = [wang(), li()].map(|who| vault.find_or_create(who).unwrap());
    let backup = dir.parent().unwrap().join("people.backup");
    fs::hard_link(dir.join("people"), &backup).unwrap();
    let before = fs::read(&backup).unwrap();
    vault.erase(goes).unwrap();
    assert_eq!(fs::read(&backup).unwrap(), before, "the keeper of a backup must erase there");
}

#[test]
fn a_failed_erasure_latches() {
    let (_temporary, dir) = home();
    let vault = Vault::create(&dir).unwrap();
    let person = vault.find_or_create(wang()).unwrap();
    // Something in the way of the draft stands for any error of the disk.
    fs::write(dir.join("people.new"), b"in the way").unwrap();
    assert!(matches!(vault.erase(person), Err(VaultError::Fault(VaultFault::Io { .. }))));
    assert!(matches!(vault.find(wang()), Err(VaultFault::Latched)));
    drop(vault);
    let vault = Vault::open(&dir).unwrap();
    assert_eq!(vault.find(wang()).unwrap(), Some(person));
    assert_eq!(vault.erase(person).unwrap(), Erased::Now);
}
