//! The door of the program: languages, mistakes on the command line, and a ledger that could not be made.

use crate::house::{House, Ran, program};

#[test]
fn an_empty_locale_hides_no_other() {
    let said = |of: &[(&str, &str)]| {
        let mut command = program();
        command.env_remove("LANG").envs(of.iter().copied()).args(["policy", "check"]);
        Ran::of(command.output().unwrap()).good()
    };
    assert!(said(&[("LC_ALL", ""), ("LANG", "en_GB.UTF-8")]).contains("is sound"));
    assert!(said(&[("LC_ALL", "zh_CN.UTF-8"), ("LANG", "en_GB.UTF-8")]).contains("检查通过"));
    assert!(said(&[("LC_ALL", ""), ("LC_MESSAGES", "")]).contains("检查通过"));
}

#[test]
fn a_mistake_on_the_command_line_is_json_where_json_was_asked_for() {
    let house = House::new();
    for words in
        [["--json", "shwo", "award"].as_slice(), &["--json", "show"], &["--json", "show", "award", "AW-1"]]
    {
        let ran = house.run(words);
        assert_eq!(ran.code, 2, "{words:?}");
        assert_eq!(ran.json()["exit"], 2, "{words:?}");
        assert!(!ran.json()["failed"][0].as_str().unwrap().is_empty());
        assert!(!ran.err.is_empty());
    }
    let help = house.run(&["--json", "--help"]);
    assert!(help.code == 0 && help.out.contains("Usage"), "{}", help.out);
}

#[test]
fn a_ledger_whose_key_cannot_be_made_leaves_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let taken = folder.path().join("key");
    std::fs::write(&taken, "somebody's key").unwrap();
    let init = |key: &std::path::Path| {
        let mut command = program();
        command.args(["--as", "policy:sun", "--data"]).arg(&data).args(["init", "--key"]).arg(key);
        Ran::of(command.output().unwrap())
    };
    let ran = init(&taken);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("key"), "{}", ran.err);
    assert!(!data.exists(), "half a ledger stands");
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "somebody's key");
    init(&folder.path().join("free")).good();
    assert!(data.join("vkey").exists());
    // There is a ledger now: a second one is refused, and its key does not stay either.
    let ran = init(&folder.path().join("third"));
    assert_ne!(ran.code, 0);
    assert!(!folder.path().join("third").exists());
}
