//! Parameters of counties (K-05), on the shipped catalogue with some: the shipped one has none.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

use grants_policy::{lint::lint, shipped};
use std::collections::BTreeMap;

const EQUIPMENT: &str = "measures/e4-1.toml";

/// The shipped catalogue with text behind a value of the equipment subsidy, and cases at its end.
fn with(value: &str, county: &str, cases: &str) -> BTreeMap<String, String> {
    let mut files = shipped();
    let text = files.get_mut(EQUIPMENT).unwrap();
    let head = format!("[values.{value}]\n");
    let place = text.find(&head).unwrap() + head.len();
    let end = place + text[place..].find("\n\n").unwrap() + 1;
    text.insert_str(end, county);
    text.push_str(cases);
    // With a parameter of a county both answers no longer come out alike.
    let questions = files.get_mut("interpretations.toml").unwrap();
    let alike = questions.find(", alike = { zh = \"目录里没有任何县区参数").unwrap();
    let end = alike + questions[alike..].find(" } }").unwrap() + 2;
    questions.replace_range(alike..end, "");
    files
}

fn county(value: &str, treasury: &str, from: &str, amount: &str) -> String {
    format!(
        "[[values.{value}.county]]\ntreasury = \"{treasury}\"\nfrom = {from}\nvalue = \"{amount}\"\n\
         source = \"示例县〔2024〕8号 第二条\"\n"
    )
}

fn case(name: &str, fields: &str) -> String {
    format!("\n[[case]]\nname = \"{name}\"\n{fields}\n")
}

fn found(files: &BTreeMap<String, String>) -> Vec<String> {
    lint(files).iter().map(ToString::to_string).collect()
}

/// The rate of one county, from a day on: the day before, the day, another county, the project's county and the answer.
#[test]
fn a_rate_of_the_county_counts_where_counties_may_set_one() {
    let rate = county("equipment-rate", "411729000", "2024-09-01", "4%");
    let none = "under = { \"K-05\" = \"none\" }\n";
    let there = "project-treasury = \"411729000\"\n";
    let cases = [
        case(
            "county: from its day on",
            &format!(
                "{there}due = \"2400000.00\"\nsays = \"按《示例县〔2024〕8号 第二条》将“equipment-rate”定为 4%\""
            ),
        ),
        case(
            "county: the rate is told where it counts",
            &format!("{there}due = \"2400000.00\"\nsays = \"的 4% 计算，为 2,400,000.00 元\""),
        ),
        case("county: ignored", &format!("{none}{there}due = \"3000000.00\"")),
        case("county: another one", "project-treasury = \"411702000\"\ndue = \"3000000.00\""),
        case(
            "county: that of the project, not of the enterprise",
            "treasury = \"411729000\"\nproject-treasury = \"411702000\"\ndue = \"3000000.00\"",
        ),
        case(
            "county: the day before",
            &format!(
                "{there}evidence = [{{ kind = \"invoice\", date = 2024-08-31, amount = \"60000000.00\" }}]\ndue = \"3000000.00\""
            ),
        ),
    ];
    assert_eq!(found(&with("equipment-rate", &rate, &cases.concat())), Vec::<String>::new());

    // Until a day, and a higher threshold.
    let until =
        format!("{}until = 2024-09-01\n", county("equipment-rate", "411729000", "2024-07-01", "4.99%"));
    let cases = [
        case("county: the last day", &format!("{there}due = \"2994000.00\"")),
        case(
            "county: the day behind",
            &format!(
                "{there}evidence = [{{ kind = \"invoice\", date = 2024-09-02, amount = \"60000000.00\" }}]\ndue = \"3000000.00\""
            ),
        ),
        case("county: ignored", &format!("{none}{there}due = \"3000000.00\"")),
    ];
    assert_eq!(found(&with("equipment-rate", &until, &cases.concat())), Vec::<String>::new());
    let more = county("least-total", "411729000", "2024-06-11", "60000000.01");
    let cases = [
        case(
            "county: below its threshold",
            &format!(
                "{there}total-investment = \"60000000.00\"\nrefused = \"condition-not-met\"\nrule = \"E4.1.total\""
            ),
        ),
        case(
            "county: at its threshold",
            &format!("{there}total-investment = \"60000000.01\"\ndue = \"3000000.00\""),
        ),
        case(
            "county: ignored",
            &format!("{none}{there}total-investment = \"60000000.00\"\ndue = \"3000000.00\""),
        ),
    ];
    assert_eq!(found(&with("least-total", &more, &cases.concat())), Vec::<String>::new());
}

/// Never more generous, only for counties, once a day, with the county's document, and where the document lets them.
#[test]
fn what_a_county_may_not_set_is_refused() {
    let none = "under = { \"K-05\" = \"none\" }\n";
    let ignored = case("county: ignored", &format!("{none}due = \"3000000.00\""));
    let says = |value: &str, county: &str| {
        // Whether a case shows the answer is not the question here.
        let found = found(&with(value, county, &ignored)).into_iter();
        found.filter(|one| !one.contains("no worked case comes out otherwise")).collect::<Vec<_>>()
    };
    let rate = |amount: &str| county("equipment-rate", "411729000", "2024-09-01", amount);
    let place = |value: &str| {
        let text = &shipped()[EQUIPMENT];
        1 + text.lines().position(|line| line == format!("[values.{value}]")).unwrap()
    };
    assert_eq!(says("equipment-rate", &rate("5%")), Vec::<String>::new(), "as much as the text");
    assert_eq!(
        says("equipment-rate", &rate("5.01%")),
        [format!(
            "{EQUIPMENT}:{}: equipment-rate: the value of 411729000 from 2024-09-01 is more generous than the text: at most 5% (驻政办〔2024〕15号 第四条 第1句)",
            place("equipment-rate")
        )]
    );
    let lower = county("least-total", "411729000", "2024-09-01", "49999999.99");
    assert!(
        says("least-total", &lower)[0].contains("at least 50000000.00"),
        "{:?}",
        says("least-total", &lower)
    );
    for (treasury, what) in [("411700000", "411700000 is no county"), ("410000000", "410000000 is no county")]
    {
        assert!(
            says("equipment-rate", &county("equipment-rate", treasury, "2024-09-01", "4%"))[0].contains(what)
        );
    }
    let twice = format!("{}{}", rate("4%"), county("equipment-rate", "411729000", "2025-01-01", "3%"));
    assert!(says("equipment-rate", &twice)[0].contains("two values: from 2024-09-01 and from 2025-01-01"));
    let words = county("natures", "411729000", "2024-09-01", "new-build");
    assert!(says("natures", &words)[0].contains("nobody can tell which way it is stricter"));
    let nameless = rate("4%").replace("示例县〔2024〕8号 第二条", " ");
    assert!(says("equipment-rate", &nameless)[0].contains("names no document"));

    let mut files = with("equipment-rate", &rate("4%"), &ignored);
    let document = files.get_mut("documents/2024-15.toml").unwrap();
    *document = document.replace("county-values = {", "# county-values = {");
    let found = found(&files);
    assert!(
        found.iter().any(|one| one.contains("does not say that counties may set parameters")),
        "{found:?}"
    );
}
