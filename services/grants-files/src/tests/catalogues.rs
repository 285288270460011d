//! The catalogues hold every id of every closed list in both languages, and the reference pages every code.

use crate::{
    Lang, Problem, Texts,
    texts::{WORDS, id_of_word},
};
use grants_domain::refusal::{RefusalCode, Refused};
use std::collections::{BTreeMap, BTreeSet};

/// Ids with their placeholders, as they stand in the sources.
fn catalogue(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let files =
        ["refusals", "words", "told", "problems", "files", "program", "audit", "backtest", "entitlements"];
    for file in files {
        let path = format!("{}/texts/{lang}/{file}.ftl", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(path).unwrap();
        for line in source.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (id, text) = line.split_once(" = ").unwrap_or_else(|| panic!("{lang}/{file}: {line}"));
            let names = text.split("{ $").skip(1).map(|rest| rest.split(" }").next().unwrap().to_owned());
            assert!(found.insert(id.to_owned(), names.collect()).is_none(), "{id} stands twice");
        }
    }
    found
}

#[test]
fn both_languages_say_the_same_things() {
    let (zh, en) = (catalogue("zh-CN"), catalogue("en"));
    assert_eq!(zh, en);
    assert!(zh.len() > 250);
}

#[test]
fn every_closed_list_has_its_texts() {
    let mut expected = BTreeSet::new();
    for (list, words) in WORDS {
        expected.extend(words().iter().map(|word| id_of_word(list, word)));
    }
    expected.extend(Problem::ALL.iter().map(|problem| format!("problem-{}", problem.code())));
    let ids: BTreeSet<String> = catalogue("zh-CN").into_keys().collect();
    let missing: Vec<&String> = expected.difference(&ids).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let lists = WORDS.iter().map(|(list, _)| *list).chain(["problem"]);
    let prefixes: Vec<String> = lists.map(|list| format!("{list}-")).collect();
    let stale: Vec<&String> = ids
        .iter()
        .filter(|id| prefixes.iter().any(|prefix| id.starts_with(prefix)) && !expected.contains(*id))
        .collect();
    assert!(stale.is_empty(), "{stale:?}");
}

#[test]
fn problems_declare_the_placeholders_of_their_sentences() {
    let zh = catalogue("zh-CN");
    for problem in Problem::ALL {
        let declared: BTreeSet<String> = problem.details().iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(zh[&format!("problem-{}", problem.code())], declared, "{problem:?}");
    }
}

/// The details that every refusal of a code carries, wherever it is made. Codes not named here carry none that
/// is certain, so their sentences must do without.
const CERTAIN: &[(RefusalCode, &[&str])] = &[
    (RefusalCode::RoleNotAllowed, &["role", "verb"]),
    (RefusalCode::ArtifactChunkDiffers, &["index"]),
    (RefusalCode::ArtifactIncomplete, &["index"]),
    (RefusalCode::ArtifactHashWrong, &["found"]),
    (RefusalCode::EnterpriseKnown, &["enterprise"]),
    (RefusalCode::EnterpriseUnknown, &["enterprise"]),
    (RefusalCode::ProjectKnown, &["project"]),
    (RefusalCode::ProjectUnknown, &["project"]),
    (RefusalCode::ProjectOfAnother, &["project"]),
    (RefusalCode::EnterpriseEnded, &["enterprise", "successor"]),
    (RefusalCode::LinkKnown, &["predecessor", "successor"]),
    (RefusalCode::LinkUnknown, &["predecessor", "successor"]),
    (RefusalCode::NothingChanges, &["enterprise"]),
    (RefusalCode::BudgetLineKnown, &["line"]),
    (RefusalCode::BudgetLineUnknown, &["line"]),
    (RefusalCode::BudgetLineOverlaps, &["line", "measure"]),
    (RefusalCode::BudgetBelowCommitted, &["available", "amount"]),
    (RefusalCode::BudgetLineMissing, &["treasury", "year", "measure"]),
    (RefusalCode::BudgetShort, &["available", "line"]),
    (RefusalCode::ExternalAwardDiffers, &["award"]),
    (RefusalCode::SubjectReserved, &["subject"]),
    (RefusalCode::MeasureUnknown, &["measure"]),
    (RefusalCode::MeasureNotPayable, &["measure"]),
    (RefusalCode::ProjectMissing, &["measure"]),
    (RefusalCode::ApplicationKnown, &["application"]),
    (RefusalCode::ApplicationUnknown, &["application"]),
    (RefusalCode::ApplicationNotOpen, &["application", "status"]),
    (RefusalCode::EvidenceDiffers, &["evidence", "application", "net"]),
    (RefusalCode::EvidenceUnknown, &["evidence"]),
    (RefusalCode::DayAhead, &["of", "day", "today"]),
    (RefusalCode::PayeeNotAllowed, &["measure"]),
    (RefusalCode::AwardUnknown, &["award"]),
    (RefusalCode::AwardNotOpen, &["award", "status"]),
    (RefusalCode::SameActor, &["actor"]),
    (RefusalCode::AmountNotLess, &["standing", "new"]),
    (RefusalCode::AmountAlreadyPaid, &["unpaid"]),
    (RefusalCode::AwardHeld, &["waits-for"]),
    (RefusalCode::AwardUnderReview, &["subject"]),
    (RefusalCode::PayeeMissing, &["enterprise"]),
    (RefusalCode::PayeeDiffers, &["enterprise", "name", "account-name"]),
    (RefusalCode::NothingToPay, &["award"]),
    (RefusalCode::PaymentUnknown, &["payment"]),
    (RefusalCode::PaymentNotLive, &["payment", "status"]),
    (RefusalCode::AmountDiffers, &["instructed", "reported"]),
    (RefusalCode::BankReferenceKnown, &["bank-reference", "used-by"]),
    (RefusalCode::RecoveryUnknown, &["recovery"]),
    (RefusalCode::RecoveryNotOpen, &["recovery", "status"]),
    (RefusalCode::AmountAboveOutstanding, &["outstanding", "reported"]),
    (RefusalCode::AffiliationKnown, &["enterprise", "other"]),
    (RefusalCode::AffiliationUnknown, &["enterprise", "other"]),
    (
        RefusalCode::EnterpriseBarred,
        &["enterprise", "sanctioned", "ground", "document", "issuer", "decided-on", "from"],
    ),
    (RefusalCode::SanctionKnown, &["enterprise", "document", "from"]),
    (RefusalCode::SanctionUnknown, &["enterprise", "document"]),
    (RefusalCode::NothingDueToContinue, &["subject"]),
];

#[test]
fn refusals_use_what_they_carry_and_nothing_else() {
    let zh = catalogue("zh-CN");
    for code in RefusalCode::ALL {
        let certain = CERTAIN.iter().find(|(other, _)| other == code).map_or(&[][..], |(_, names)| names);
        let certain: BTreeSet<String> = certain.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(zh[&format!("refusal-{}", code.word())], certain, "{code}");
    }
}

/// Every detail name that the domain's sources attach has a label, so that none is shown raw.
#[test]
fn every_detail_of_the_domain_has_a_label() {
    let root = format!("{}/../grants-domain/src", env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut names) = (vec![std::path::PathBuf::from(root)], BTreeSet::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for rest in source.split(".with(\"").skip(1) {
                names.insert(rest.split('"').next().unwrap().to_owned());
            }
        }
    }
    assert!(names.contains("waits-for") && names.len() > 20, "{names:?}");
    let zh = catalogue("zh-CN");
    let unlabelled: Vec<&String> =
        names.iter().filter(|name| !zh.contains_key(&format!("detail-{name}"))).collect();
    assert!(unlabelled.is_empty(), "{unlabelled:?}");
}

#[test]
fn a_refusal_is_a_sentence_with_everything_it_carries() {
    let (zh, en) = (Texts::new(Lang::Zh), Texts::new(Lang::En));
    let refused = Refused::of(RefusalCode::AwardNotOpen).with("award", "AW-7").with("status", "revoked");
    assert_eq!(zh.refusal(&refused), "核定 AW-7 的状态为“已撤销”，不能办理。");
    assert_eq!(en.refusal(&refused), "The award AW-7 is “revoked”, which does not allow this.");
    let rule = "E4.1.threshold".parse().unwrap();
    let refused =
        Refused::of(RefusalCode::ConditionNotMet).by(&rule).with("found", "49999999.99").with("x-new", 1);
    assert_eq!(
        zh.refusal(&refused),
        "不符合条款规定的条件。（依据：E4.1.threshold）（实际：49999999.99）（x-new：1）"
    );
    assert_eq!(
        en.refusal(&refused),
        "A condition of the clause is not met. (rule: E4.1.threshold) (found: 49999999.99) (x-new: 1)"
    );
}

#[test]
fn languages_are_chosen_by_word_or_locale() {
    assert_eq!("en".parse(), Ok(Lang::En));
    assert!("fr".parse::<Lang>().is_err());
    for (locale, lang) in
        [("zh_CN.UTF-8", Lang::Zh), ("en-GB", Lang::En), ("C", Lang::Zh), ("", Lang::Zh), ("en", Lang::En)]
    {
        assert_eq!(Lang::of_locale(locale), lang, "{locale}");
    }
}

#[test]
fn an_empty_locale_hides_no_other() {
    let of = |locales: [Option<&str>; 3]| Lang::of_locales(locales.map(|one| one.map(str::to_owned)));
    assert_eq!(of([Some(""), None, Some("en_GB.UTF-8")]), Lang::En);
    assert_eq!(of([Some("zh_CN.UTF-8"), Some("en"), Some("en")]), Lang::Zh);
    assert_eq!(of([None, None, None]), Lang::Zh);
}

fn page(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../docs/reference/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn the_page_of_refusals_has_a_section_for_each_code_in_order() {
    let page = page("refusals.md");
    let sections: Vec<&str> = page.split("\n## ").skip(1).collect();
    let found: Vec<&str> = sections.iter().map(|section| section.lines().next().unwrap()).collect();
    let expected: Vec<String> = RefusalCode::ALL.iter().map(|code| format!("`{code}`")).collect();
    assert_eq!(found, expected);
    for section in sections {
        assert!(section.contains("\nCause: ") && section.contains("\nRemedy: "), "{section}");
    }
}
