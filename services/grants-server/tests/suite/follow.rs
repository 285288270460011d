//! `grants follow`: two ledgers, a province and a city. What the province gives, the city does not give again.

use crate::house::{ENTERPRISE, House, PROJECT, PROVINCE, Ran};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

const DAY: &str = "2025-03-10T09:00:00";
const LATER: &str = "2025-06-02T09:00:00";
const LAST: &str = "2025-07-01T09:00:00";
const MEASURE: &str = "\"E4.1\" = { level = \"province\", programme = \"special-fund\" }\n";
/// How long a process that polls may take to see something.
const PATIENCE: Duration = Duration::from_secs(60);

/// A table of the city, with these lines.
fn table(city: &House, measures: &str) -> PathBuf {
    city.write("province.toml", &format!("ledger = \"{PROVINCE}\"\n\n[measures]\n{measures}"))
}

fn words<'a>(from: &'a str, table: &'a str) -> [&'a str; 6] {
    ["follow", "--from", from, "--table", table, "--once"]
}

/// Follows to the end once.
fn follow(city: &House, province: &House, time: &str) -> Value {
    let (from, table) = (province.data(), table(city, MEASURE));
    city.json_at(time, &words(from.to_str().unwrap(), table.to_str().unwrap()))
}

/// The same with a table as it lies there; it need not end well.
fn try_follow(city: &House, from: &House, table: &str) -> Ran {
    let from = from.data();
    city.at(LATER, &words(from.to_str().unwrap(), table))
}

/// The province gives money for the project; the number of its award.
fn awarded(province: &House, time: &str) -> String {
    province.apply(time, "S-1", "24410000000000000002", "60000000.00");
    province.json_at(time, &["decide"])[1]["about"].as_str().unwrap().to_owned()
}

fn revoked(province: &House, time: &str, award: &str) {
    let revoke = json!({ "award.revoke": { "award": award, "reason": "示例：项目中止", "ground": null } });
    province.give(time, "revoke", &[revoke]);
}

/// The city decides on its subsidy for the same project and pays it.
fn paid(city: &House) {
    city.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    city.json_at(DAY, &["decide"]);
    let out = city.beside("list.csv");
    city.at(DAY, &["export", "payments", "--format", "csv", "--out", out.to_str().unwrap()]).good();
    let text = fs::read_to_string(out).unwrap();
    let payment = text.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let head = "支付申请号,结果,金额（元）,银行流水号,日期,原因";
    let bank = city.write("bank.csv", &format!("{head}\n{payment},成功,3000000.00,SL1,2025-03-10,\n"));
    city.at(DAY, &["settle", bank.to_str().unwrap()]).good();
}

/// The position is lost, everything is read again, and the log of the city is what it was.
fn once_only(city: &House, province: &House, offered: u64) {
    let events = city.events();
    let again = follow(city, province, LAST);
    assert_eq!((&again["reported"], &again["known"]), (&json!([]), &json!(0)), "nothing is even offered");
    lose_position(city);
    let again = follow(city, province, LAST);
    assert_eq!((&again["reported"], &again["known"]), (&json!([]), &json!(offered)), "all of it is known");
    assert_eq!(city.events(), events);
}

/// There is nothing that was not reported.
pub(crate) fn nothing_more(city: &House, province: &House) {
    assert_eq!(follow(city, province, LAST)["reported"], json!([]));
}

/// The file that says how far the province was followed is gone, if it was there.
fn lose_position(city: &House) {
    fs::remove_file(city.data().join("links").join(format!("{PROVINCE}.toml"))).ok();
}

fn recoveries(city: &House) -> Vec<(String, String)> {
    let summary = city.json(&["summary"]);
    let all = summary["recoveries"].as_array().unwrap().iter();
    let shown = |one: &Value| {
        let id = one["recovery"].as_str().unwrap();
        let shown = city.json(&["show", "recovery", id]);
        let row = &shown["recovery"];
        (row["status"].as_str().unwrap().to_owned(), row["amount"].as_str().unwrap().to_owned())
    };
    all.map(shown).collect()
}

#[test]
fn what_the_province_gave_the_city_does_not_give_again() {
    not_given_again(&House::province(), &House::furnished());
}

/// The story of a city that has paid nothing yet, wherever the two logs lie.
pub(crate) fn not_given_again(province: &House, city: &House) {
    let award = awarded(province, DAY);
    let told = follow(city, province, LATER);
    let statuses: Vec<&Value> =
        told["reported"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
    assert_eq!(statuses, ["pending", "granted"], "{told}");
    assert_eq!(told["reported"][1]["subject"], format!("project:{PROJECT}"));
    assert_eq!(told["reported"][1]["amount"], "3000000.00");
    city.apply(LATER, "A-1", "24410000000000000001", "60000000.00");
    let decided = city.json_at(LATER, &["decide"]);
    assert_eq!(decided[0]["result"], "rejected", "{decided}");
    let external = told["reported"][1]["award"].as_str().unwrap();
    let reason = decided[0]["reason"].as_str().unwrap();
    assert!(reason.contains(external) && reason.contains("gets nothing more here"), "{reason}");
    // Whoever looks at the project sees who says so: the ledger, and the event in it.
    let shown = city.json(&["show", "project", PROJECT]).to_string();
    assert!(shown.contains(&format!("ledger:{PROVINCE}#")), "{shown}");
    once_only(city, province, 2);
    // Taken back above, it may be asked for again here.
    revoked(province, LATER, &award);
    assert_eq!(follow(city, province, LATER)["reported"][0]["status"], "withdrawn");
    city.apply(LATER, "A-2", "24410000000000000001", "60000000.00");
    let decided = city.json_at(LATER, &["decide"]);
    assert_eq!(decided[1]["result"], "confirmed", "{decided}");
    once_only(city, province, 3);
}

#[test]
fn what_the_city_has_paid_is_recovered_once_and_not_if_the_province_takes_its_award_back() {
    recovered_once(&House::province(), &House::furnished());
}

/// The story of a city that has paid, wherever the two logs lie.
pub(crate) fn recovered_once(province: &House, city: &House) {
    paid(city);
    let award = awarded(province, LATER);
    follow(city, province, LATER);
    assert_eq!(recoveries(city), [("proposed".to_owned(), "3000000.00".to_owned())]);
    once_only(city, province, 2);
    revoked(province, LAST, &award);
    follow(city, province, LAST);
    assert_eq!(recoveries(city), [("withdrawn".to_owned(), "3000000.00".to_owned())]);
    once_only(city, province, 3);
}

#[test]
fn an_application_above_holds_the_payment_here() {
    let (province, city) = (House::province(), House::furnished());
    city.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    city.json_at(DAY, &["decide"]);
    province.apply(LATER, "S-1", "24410000000000000002", "60000000.00");
    follow(&city, &province, LATER);
    let out = city.beside("list.csv");
    let words = ["export", "payments", "--format", "csv", "--preview", "--out", out.to_str().unwrap()];
    let preview = city.json_at(LATER, &words).to_string();
    assert!(preview.contains("E4.1.provincial"), "{preview}");
    province.json_at(LATER, &["decide"]);
    let told = city.json_at(LATER, &["show", "application", "A-1"]);
    let award = told["application"]["award"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned();
    follow(&city, &province, LATER);
    assert_eq!(city.json(&["show", "award", &award])["award"]["status"], "revoked");
}

#[test]
fn a_table_that_does_not_fit_is_named_and_nothing_is_reported() {
    let (province, city) = (House::province(), House::furnished());
    awarded(&province, DAY);
    let events = city.events();
    let other = table(&city, "\"E1.1\" = { level = \"province\", programme = \"investment\" }\n");
    let ran = try_follow(&city, &province, other.to_str().unwrap());
    assert!(ran.good().contains("1 applications for E4.1, which the table does not name"));
    let wrong = table(&city, "\"E4.1\" = { level = \"provincial\", programme = \"special-fund\" }\n");
    let ran = try_follow(&city, &province, wrong.to_str().unwrap());
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("province.toml:4: ") && ran.err.contains("provincial"), "{}", ran.err);
    let good = table(&city, MEASURE);
    let ran = try_follow(&city, &city, good.to_str().unwrap());
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains(PROVINCE), "{}", ran.err);
    let ran = try_follow(&province, &province, good.to_str().unwrap());
    assert!(ran.code == 2 && ran.err.contains("cannot follow itself"), "{}", ran.err);
    assert_eq!(city.events(), events);
    // What was told once is not told otherwise.
    follow(&city, &province, LATER);
    let events = city.events();
    let other = table(&city, &MEASURE.replace("special-fund", "industry-reward"));
    let ran = try_follow(&city, &province, other.to_str().unwrap());
    assert!(ran.code == 2 && ran.err.contains("reported otherwise before"), "{}", ran.err);
    assert_eq!(city.events(), events);
}

#[test]
fn a_province_that_lost_acknowledged_history_is_not_followed() {
    let (province, city) = (House::province(), House::furnished());
    let older = House::province();
    awarded(&province, DAY);
    follow(&city, &province, LATER);
    let events = city.events();
    let good = table(&city, MEASURE);
    let ran = try_follow(&city, &older, good.to_str().unwrap());
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.err.contains("acknowledged history is missing"), "{}", ran.err);
    assert_eq!(city.events(), events);
}

/// Guards: at least once, and so once, with the real program killed wherever it is.
#[test]
fn killed_at_any_moment_it_reports_everything_once() {
    const APPLICATIONS: usize = 400;
    const TURNS_MAX: u64 = 60;
    let (province, city) = (House::province(), House::furnished());
    let applied = |number: usize| {
        json!({ "application.submit": { "application": format!("S-{number}"), "enterprise": ENTERPRISE,
            "project": PROJECT, "measure": "E4.1", "applied_on": "2025-03-10", "facts": [], "evidence": [],
            "payee_person": null } })
    };
    province.give(DAY, "many", &(0..APPLICATIONS).map(applied).collect::<Vec<_>>());
    let before = city.events();
    let (from, table) = (province.data(), table(&city, MEASURE));
    let (from, table) = (from.to_str().unwrap(), table.to_str().unwrap());
    // How many reports stood after each process.
    let mut stood = vec![0];
    for turn in 1..=TURNS_MAX {
        let mut child = city.command(&words(from, table)).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(turn * 30));
        child.kill().unwrap();
        child.wait().unwrap();
        stood.push(reported(&city));
        if stood.last() == Some(&APPLICATIONS) {
            break;
        }
    }
    // Whoever was killed behind the last answer has not written the checkpoint that `events` reads.
    lose_position(&city);
    follow(&city, &province, LATER);
    println!("reports that stood after each process: {stood:?}");
    assert!(
        stood.iter().any(|count| (1..APPLICATIONS).contains(count)),
        "nobody was killed on the way: {stood:?}"
    );
    let offered = u64::try_from(APPLICATIONS).unwrap();
    assert_eq!(city.events(), before + offered);
    once_only(&city, &province, offered);
}

/// How many awards of others the city knows for the project, but the one it began with.
fn reported(city: &House) -> usize {
    let shown = city.json(&["show", "project", PROJECT]).to_string();
    shown.matches(&format!("ledger:{PROVINCE}#")).count()
}

/// A process that follows until the test ends.
struct Following {
    child: Child,
    lines: Receiver<String>,
}

impl Drop for Following {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Following {
    fn start(city: &House, province: &House) -> Self {
        let (from, table) = (province.data(), table(city, MEASURE));
        let words = ["--json", "--at", LATER, "follow", "--every", "1", "--from"];
        let mut command = city.command(&[&words[..], &[from.to_str().unwrap(), "--table"]].concat());
        let mut child = command.arg(table).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        Self { child, lines }
    }

    fn next(&self) -> Value {
        serde_json::from_str(&self.lines.recv_timeout(PATIENCE).unwrap()).unwrap()
    }
}

#[test]
fn whoever_keeps_following_lets_others_write_and_waits_for_them() {
    let (province, city) = (House::province(), House::furnished());
    let following = Following::start(&city, &province);
    // Another process writes the city's ledger, for as long as its standard input is open.
    let mut writer = city.command(&["run"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = writer.stdin.take().unwrap();
    let line = json!({ "id": "0192f0c1-2d3e-7a4b-8c5d-6e7f8a9b0c1d", "as": "registrar:qian", "command":
        { "fact.record": { "subject": format!("project:{PROJECT}"), "name": "note", "value": "flag:true",
            "on": "2025-01-01", "source": "示例" } } });
    std::io::Write::write_all(&mut input, format!("{line}\n").as_bytes()).unwrap();
    let mut answers = BufReader::new(writer.stdout.take().unwrap());
    answers.read_line(&mut String::new()).unwrap();
    awarded(&province, DAY);
    let told = following.next();
    assert!(0 < told["waiting"].as_u64().unwrap(), "{told}");
    assert_eq!(told["reported"], json!([]));
    drop(input);
    assert!(writer.wait().unwrap().success());
    let mut reported = Vec::new();
    while reported.last() != Some(&json!("granted")) {
        let told = following.next();
        reported.extend(told["reported"].as_array().unwrap().iter().map(|one| one["status"].clone()));
    }
    assert_eq!(reported, ["pending", "granted"]);
    drop(following);
    once_only(&city, &province, 2);
}
