//! Policies of other cities are data only: each folder of `tests/cities` is a complete catalogue of a city, county or
//! district, and the same program checks it, plays its worked cases, and can follow each of its open answers. Where a
//! text was read, and what could not be said, stands in `tests/cities/SOURCES.md` and `docs/policy/other-cities.md`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "helpers of tests: a file of another shape is a failed test, and only decisions have sentences"
)]

use grants_domain::{
    events::Event,
    scenario::{Stage, parse},
    state::StateRead,
};
use grants_policy::{Catalogue, Finding, Library, admission, pack, shipped, unpack};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use toml::{Table, Value};

mod answers; // catalogues that are answered otherwise
mod telling; // what is said about an event

use answers::{alternatives, answered};
use telling::sentences;

/// Every city with its measures. A folder or a measure that is lost would otherwise go unnoticed.
const CITIES: &[(&str, &[&str])] = &[
    ("bozhou", &["BZ1.high-speed", "BZ1.ordinary", "BZ1.overseas", "BZ1.overseas-year"]),
    ("changfeng", &["CF1.new", "CF1.office", "CF1.renewal"]),
    ("linyi", &["LY1.renewal", "LY2.benchmark"]),
    ("shengzhou", &["SZ2.build", "SZ2.demonstration", "SZ2.park"]),
    ("siming", &["SM1.exhibition", "SM2.international", "SM2.meeting", "SM2.very-large"]),
];

/// Answers that one assessment with one counter cannot show: what happens when a budget line is short, and over which
/// time a counter runs.
const SHOWN_ELSEWHERE: &[&str] = &[
    "bozhou N-07 refuse",
    "changfeng N-05 calendar-year",
    "changfeng N-08 refuse",
    "linyi N-08 refuse",
    "shengzhou N-06 calendar-year",
    "shengzhou N-09 refuse",
    "siming N-07 refuse",
];

const SENTENCES: &str = "sentences.toml";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cities")
}

fn told(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The files of a city. Its words are laid over the general sentences, which are the shipped ones.
fn files(city: &str) -> BTreeMap<String, String> {
    let home = folder().join(city);
    let (mut found, mut open) = (BTreeMap::new(), vec![home.clone()]);
    while let Some(one) = open.pop() {
        for entry in fs::read_dir(&one).unwrap_or_else(|fault| panic!("{}: {fault}", one.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // Stories are told about a catalogue and are no part of it.
                open.extend((path.file_name() != Some("stories".as_ref())).then_some(path));
                continue;
            }
            let name = path.strip_prefix(&home).unwrap().to_str().unwrap().replace('\\', "/");
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    let own: Table = found[SENTENCES].parse().unwrap();
    assert!(own.keys().all(|key| key == "words"), "{city}: a city has words of its own and nothing else");
    let mut sentences: Table = shipped()[SENTENCES].parse().unwrap();
    let words = own["words"].as_table().unwrap().clone();
    sentences["words"].as_table_mut().unwrap().extend(words);
    found.insert(SENTENCES.to_owned(), sentences.to_string());
    found
}

fn catalogue(city: &str) -> Catalogue {
    Catalogue::compile(&files(city)).unwrap_or_else(|findings| panic!("{city}:\n{}", told(&findings)))
}

#[test]
fn no_city_is_missing() {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let found: BTreeSet<String> = entries
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    let listed: BTreeSet<String> = CITIES.iter().map(|(city, _)| (*city).to_owned()).collect();
    assert_eq!(found, listed);
}

#[test]
fn every_city_may_be_published() {
    for (city, _) in CITIES {
        let findings = admission(&files(city));
        assert!(findings.is_empty(), "{city}: {} findings:\n{}", findings.len(), told(&findings));
    }
}

#[test]
fn every_measure_pays_and_has_cases() {
    for (city, measures) in CITIES {
        let catalogue = catalogue(city);
        let found: Vec<&str> = catalogue.measures().map(|measure| measure.file.measure.id.as_str()).collect();
        assert_eq!(&found, measures, "{city}");
        for measure in catalogue.measures() {
            let id = &measure.file.measure.id;
            assert!(measure.file.measure.payable, "{city}: {id} does not pay");
            let (due, refused): (Vec<_>, Vec<_>) =
                measure.file.cases.iter().partition(|case| case.due.is_some());
            assert!(1 < due.len() && 1 < refused.len(), "{city}: {id} is shown from one side only");
        }
    }
}

/// A figure that is near another one: one 分, one more, or a hundredth of a rate.
fn near(unit: &str, figure: &str) -> String {
    match (unit, figure.strip_suffix('%')) {
        ("money", _) => format!("{}1", figure.strip_suffix('0').unwrap()),
        ("count", _) => (figure.parse::<u64>().unwrap() + 1).to_string(),
        (_, Some(per_cent)) => format!("{}%", per_cent.parse::<u64>().unwrap() + 1),
        (_, None) => format!("{figure}1"),
    }
}

/// What was read is held by what is computed: with any other figure some worked case of the city no longer holds.
#[test]
fn every_figure_is_held_by_a_case() {
    for (city, _) in CITIES {
        let files = files(city);
        let mut seen = 0;
        for (path, text) in files.iter().filter(|(path, _)| path.contains('/')) {
            let table: Table = text.parse().unwrap();
            let values = table.get("values").and_then(Value::as_table).into_iter().flatten();
            for (name, value) in values.filter(|(_, value)| value["unit"].as_str() != Some("words")) {
                let figure = value["dated"][0]["value"].as_str().unwrap();
                let mut other = table.clone();
                other["values"][name]["dated"][0]["value"] =
                    Value::String(near(value["unit"].as_str().unwrap(), figure));
                let mut changed = files.clone();
                changed.insert(path.clone(), other.to_string());
                let findings = admission(&changed);
                let held = findings.iter().any(|one| one.message.contains("the worked case does not hold"));
                assert!(held, "{city} {path}: no case holds {name} = {figure}:\n{}", told(&findings));
                seen += 1;
            }
        }
        assert!(1 < seen, "{city} has no figures");
    }
}

#[test]
fn every_other_answer_can_be_followed_and_changes_a_case() {
    let mut elsewhere: BTreeSet<&str> = SHOWN_ELSEWHERE.iter().copied().collect();
    for (city, _) in CITIES {
        let files = files(city);
        let alternatives = alternatives(&files);
        assert!(!alternatives.is_empty(), "{city}: no interpretation offers a choice");
        for (id, option) in alternatives {
            let findings = admission(&answered(&files, &id, &option));
            let of_cases = |finding: &&Finding| {
                finding.message.contains("the worked case does not hold")
                    || finding.message.starts_with("no worked case")
            };
            let others: Vec<Finding> = findings.iter().filter(|one| !of_cases(one)).cloned().collect();
            assert!(others.is_empty(), "{city} {id} {option} cannot be followed:\n{}", told(&others));
            let nowhere = |one: &Finding| {
                one.message.contains("catalogue-invalid") || one.message.contains("nothing supplies")
            };
            assert!(!findings.iter().any(nowhere), "{city} {id} {option}:\n{}", told(&findings));
            let name = format!("{city} {id} {option}");
            let listed = elsewhere.remove(name.as_str());
            assert_eq!(findings.is_empty(), listed, "{name}: does a worked case show the difference?");
        }
    }
    assert!(elsewhere.is_empty(), "nothing offers {elsewhere:?}");
}

/// What one case cannot show, a ledger does: each city has a story in which awards meet each other and late facts.
#[test]
fn every_city_has_a_story_that_holds() {
    let mut failures = Vec::new();
    for (city, _) in CITIES {
        let (catalogue, bytes) = (catalogue(city), pack(&files(city)));
        let mut played = 0;
        for entry in fs::read_dir(folder().join(city).join("stories")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            let story =
                parse(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|fault| panic!("{name}: {fault}"));
            let mut library = Library::new();
            let mut stage =
                Stage::new(&mut library, Some(&bytes)).unwrap_or_else(|fault| panic!("{name}: {fault}"));
            let voice = |_: &dyn StateRead, event: &Event| sentences(&catalogue, event);
            failures.extend(stage.play(&story, &voice).err().map(|failure| format!("{name}: {failure}")));
            played += 1;
        }
        assert!(0 < played, "{city} has no story");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A default says that it is one, and that the bureau has yet to confirm it.
#[test]
fn no_answer_is_shown_as_if_it_were_text() {
    for (city, _) in CITIES {
        for one in catalogue(city).interpretations() {
            let honest =
                |source: &str| source.contains("default of the catalogue, to be confirmed by the bureau");
            assert!(one.dated.iter().all(|answer| honest(&answer.source)), "{city} {}", one.id);
        }
    }
}

/// No city needed the program to learn anything: nothing in `src` names one, every measure asks for meanings that the
/// shipped catalogue asks for, and what a ledger stores of a city is read back as it was written.
#[test]
fn no_city_needed_the_program() {
    let meanings = |catalogue: &Catalogue| -> BTreeSet<u32> {
        catalogue.measures().map(|measure| measure.file.measure.semantics).collect()
    };
    let known = meanings(&Catalogue::compile(&shipped()).unwrap());
    let sources = sources();
    assert!(10 < sources.len(), "the program was not found");
    for (city, measures) in CITIES {
        assert!(meanings(&catalogue(city)).is_subset(&known), "{city} asks for another meaning");
        let files = files(city);
        assert!(unpack(&pack(&files)).unwrap() == files, "{city} is not read back as it was written");
        let numbers = catalogue(city);
        let numbers = numbers.documents().map(|document| document.number.clone());
        let names = measures.iter().map(|id| (*id).to_owned()).chain([(*city).to_owned()]).chain(numbers);
        for name in names {
            let home = sources.iter().find(|(_, text)| text.contains(&name));
            assert!(home.is_none(), "{} names {name}", home.unwrap().0.display());
        }
    }
}

/// The program's own files.
fn sources() -> Vec<(PathBuf, String)> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(one) = open.pop() {
        for entry in fs::read_dir(&one).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => found.push((path.clone(), fs::read_to_string(&path).unwrap())),
            }
        }
    }
    found
}
