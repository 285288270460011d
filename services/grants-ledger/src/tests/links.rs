//! A province and a city: awards of the one are told to the other, each once, whatever is lost in between.

use grants_domain::{
    award::{confirm::ConfirmAward, reduce::ReduceAward, revoke::RevokeAward},
    commands::Command,
    context::{Actor, AuthMethod, Role},
    external::{AwardLevel, ExternalStatus, origin::Origin},
    ids::{AwardId, LedgerId},
    project::register::RegisterProject,
    state::{StateRead, get, has, list},
    tables::{Commands, ExternalAwardRow, ExternalAwards, ExternalBySubject, ProjectRow, Projects},
    values::{CommandId, Fen},
};
use grants_eventlog::{LogReader, MemoryLog, WriterId};
use std::sync::mpsc::sync_channel;

use super::{
    chance::Chance,
    city::{self, ENTERPRISES, Given},
    stand::{Stand, envelopes, feed},
};
use crate::{
    Delivered, Follower, Ledger, Link, LinkError, LinkPosition, LinkTable, PositionError, SubmitError,
    limits::Limits,
};

const PROVINCE: [u8; 16] = [0x48; 16];
const PROJECT: &str = "2403-411702-04-01-700001";
const NOWHERE: LedgerId = LedgerId([9; 16]);

/// The table of these stories, with more lines if a story needs them.
fn table(measures: &str) -> LinkTable {
    let head = format!("ledger = \"{}\"\n[measures]\n", LedgerId(PROVINCE));
    LinkTable::parse(&format!("{head}{measures}")).unwrap()
}

const SPECIAL: &str = "special = { level = \"province\", programme = \"special-fund\" }\n";

fn registrar() -> Actor {
    Actor { id: "registrar-1".parse().unwrap(), role: Role::Registrar, auth: AuthMethod::Simulated }
}

/// A province with its enterprises and money.
struct Province {
    stand: Stand,
    ledger: Ledger,
    chance: Chance,
}

impl Province {
    fn new() -> Province {
        let log = MemoryLog::create(grants_eventlog::LedgerId(PROVINCE), WriterId([1; 16]), "").unwrap();
        let (home, disk) = (tempfile::tempdir().unwrap(), log.store());
        drop(log);
        let stand = Stand { home, disk, limits: Limits::default() };
        let (ledger, ..) = stand.start();
        let mut chance = Chance::of_run("links", 1);
        let given = city::founding(&mut chance, 1_000_000);
        let mut province = Province { stand, ledger, chance };
        feed(&province.ledger, &given, 1);
        province.give(city::budget(&["special", "other"], 9_000_000));
        province
    }

    /// Gives a command that is not refused; its first sequence.
    fn give(&mut self, command: Command) -> u64 {
        let given = Given::new(self.chance.bytes(), command);
        let answer = feed(&self.ledger, &[given], 1).pop().unwrap().unwrap();
        assert_eq!(answer.refused, None);
        answer.sequence
    }

    /// An application about a project, by its sequence.
    fn apply(&mut self, number: &str, measure: &str, amount: usize) -> u64 {
        let mut command = city::apply(number, 0, measure, amount, None);
        let Command::SubmitApplication(request) = &mut command else { panic!("an application is made") };
        request.project = Some(PROJECT.parse().unwrap());
        if !now(&self.ledger, has_project) {
            self.give(project());
        }
        self.give(command)
    }

    /// A confirmed award; the sequence of its application, and its number.
    fn award(&mut self, number: &str, measure: &str, amount: usize) -> (u64, AwardId) {
        let begun = self.apply(number, measure, amount);
        let award = AwardId(self.give(city::decide(number)));
        self.give(ConfirmAward { award }.into());
        (begun, award)
    }
}

fn has_project(state: &dyn StateRead) -> bool {
    get::<Projects>(state, &PROJECT.parse().unwrap()).is_some()
}

fn project() -> Command {
    let project = ProjectRow {
        code: PROJECT.parse().unwrap(),
        enterprise: ENTERPRISES[0].parse().unwrap(),
        name: "示例生产线".parse().unwrap(),
        treasury: "411700000".parse().unwrap(),
        total_investment: city::fen(6_000_000_000),
        validity: "2025-01-01/2027-12-31".parse().unwrap(),
        in_statistics: true,
    };
    RegisterProject { project }.into()
}

/// A city that has opened its ledger and registered nobody.
fn city() -> (Stand, Ledger) {
    let stand = Stand::new(Limits::default());
    let (ledger, ..) = stand.start();
    let opened = feed(&ledger, &[Given::new([1; 16], city::open())], 1).pop().unwrap();
    assert_eq!(opened.unwrap().refused, None);
    (stand, ledger)
}

fn follower(city: &Ledger) -> Follower {
    Follower { ledger: city.id(), simulated: true }
}

/// A process that follows to the end: what was answered, and where it stands then.
fn follow(
    city: &Ledger,
    province: &Province,
    table: LinkTable,
    position: Option<&LinkPosition>,
) -> (Vec<Delivered>, LinkPosition) {
    let knows = |id| now(city, |state| has_command(state, id));
    let mut link = Link::new(table, follower(city), position, knows).unwrap();
    let mut delivered = Vec::new();
    while link.read_on(&province.stand.disk).unwrap() {
        while let Some(one) =
            link.deliver(&registrar(), |command, id, actor| city.submit(command, id, actor)).unwrap()
        {
            assert_eq!(one.answer.refused, None);
            delivered.push(one);
        }
    }
    (delivered, link.position().unwrap())
}

fn has_command(state: &dyn StateRead, id: CommandId) -> bool {
    has::<Commands>(state, &id)
}

fn told(delivered: &[Delivered]) -> Vec<(u64, ExternalStatus, Option<Fen>)> {
    let one = |one: &Delivered| (one.report.sequence, one.report.request.status, one.report.request.amount);
    delivered.iter().map(one).collect()
}

fn end(city: &Ledger) -> u64 {
    city.durable().next_sequence
}

/// What the state says with everything in it that was answered.
fn now<T>(ledger: &Ledger, look: impl Fn(&dyn StateRead) -> T) -> T {
    ledger.read(end(ledger).checked_sub(1), |state| look(state)).unwrap()
}

/// What the city knows of the award that began with this event of the province.
fn known(city: &Ledger, begun: u64) -> Option<ExternalAwardRow> {
    let award = Origin { ledger: LedgerId(PROVINCE), sequence: begun }.award();
    now(city, |state| get::<ExternalAwards>(state, &award))
}

#[test]
fn every_turn_of_an_award_is_told_and_with_it_where_it_is_written() {
    use ExternalStatus::{Granted, Pending, Refused, Withdrawn};
    let (mut province, (_stand, city)) = (Province::new(), city());
    let (begun, award) = province.award("A-1", "special", 3_000);
    let confirmed = end(&province.ledger) - 1;
    let reason = || "示例".parse().unwrap();
    let reduced =
        province.give(ReduceAward { award, to: city::fen(2_000), reason: reason(), ground: None }.into());
    // The same amount is confirmed anew: nothing is to be said.
    province.give(ConfirmAward { award }.into());
    let (delivered, position) = follow(&city, &province, table(SPECIAL), None);
    let amount = |fen| Some(city::fen(fen));
    let expected =
        [(begun, Pending, None), (confirmed, Granted, amount(3_000)), (reduced, Granted, amount(2_000))];
    assert_eq!(told(&delivered), expected);
    let row = known(&city, begun).unwrap();
    assert_eq!((row.level, row.programme.as_str()), (AwardLevel::Province, "special-fund"));
    assert_eq!(row.subject.as_str(), format!("project:{PROJECT}"));
    let origin: Origin = row.source.as_str().parse().unwrap();
    assert_eq!(origin, Origin { ledger: LedgerId(PROVINCE), sequence: reduced });
    // Another is refused before it was ever in force, and the first is taken back.
    let other = province.apply("A-2", "special", 500);
    let withdrawn = province.give(city::withdraw("A-2"));
    let third = province.apply("A-3", "special", 500);
    let proposed = AwardId(province.give(city::decide("A-3")));
    let never = province.give(RevokeAward { award: proposed, reason: reason(), ground: None }.into());
    let revoked = province.give(RevokeAward { award, reason: reason(), ground: None }.into());
    let (delivered, _) = follow(&city, &province, table(SPECIAL), Some(&position));
    let expected = [
        (other, Pending, None),
        (withdrawn, Refused, None),
        (third, Pending, None),
        (never, Refused, None),
        (revoked, Withdrawn, None),
    ];
    assert_eq!(told(&delivered), expected);
    assert_eq!(known(&city, begun).unwrap().status, Withdrawn);
    assert_eq!(known(&city, third).unwrap().status, Refused);
}

#[test]
fn what_is_offered_again_is_recorded_once() {
    let (mut province, (_stand, city)) = (Province::new(), city());
    province.award("A-1", "special", 3_000);
    let (first, position) = follow(&city, &province, table(SPECIAL), None);
    let before = end(&city);
    // Lost: the file, or its newest form, because the process died between the answer and the file.
    let (again, _) = follow(&city, &province, table(SPECIAL), None);
    assert_eq!(told(&again), told(&first));
    let answers = |all: &[Delivered]| all.iter().map(|one| one.answer.sequence).collect::<Vec<_>>();
    assert_eq!(answers(&again), answers(&first), "the answers are those of then");
    province.award("A-2", "special", 100);
    follow(&city, &province, table(SPECIAL), Some(&position));
    assert_eq!(end(&city), before + 2, "an application and a confirmation were told");
    let (twice, _) = follow(&city, &province, table(SPECIAL), Some(&position));
    assert_eq!(twice.len(), 2, "the old position offers both again");
    assert_eq!(end(&city), before + 2, "and nothing is recorded");
    let reports =
        envelopes(&*city.log()).iter().filter(|one| one.event.word() == "external.award_reported").count();
    assert_eq!(reports, 4);
}

#[test]
fn a_project_that_the_city_registers_later_finds_its_report() {
    let (mut province, (_stand, city)) = (Province::new(), city());
    let (begun, _) = province.award("A-1", "special", 3_000);
    follow(&city, &province, table(SPECIAL), None);
    assert!(!now(&city, has_project));
    let commands = [city::publish(1_000).to_vec(), vec![city::register(0), project()]].concat();
    let given: Vec<Given> =
        (2_u8..).zip(commands).map(|(id, command)| Given::new([id; 16], command)).collect();
    assert!(feed(&city, &given, 1).into_iter().all(|outcome| outcome.unwrap().refused.is_none()));
    assert_eq!(known(&city, begun).unwrap().status, ExternalStatus::Granted);
    let subject = format!("project:{PROJECT}");
    let found = now(&city, |state| list::<ExternalBySubject>(state, &subject, 10).len());
    assert_eq!(found, 1, "whoever looks for awards of the project finds it");
}

#[test]
fn a_report_that_is_turned_away_goes_on_waiting_and_nothing_overtakes_it() {
    let (mut province, (_stand, city)) = (Province::new(), city());
    let (begun, award) = province.award("A-1", "special", 3_000);
    province.give(RevokeAward { award, reason: "示例".parse().unwrap(), ground: None }.into());
    let mut link = Link::new(table(SPECIAL), follower(&city), None, |_| false).unwrap();
    while link.read_on(&province.stand.disk).unwrap() {}
    assert_eq!((link.waiting().len(), link.position()), (3, None));
    let full = |_, _, _| {
        let (sender, receiver) = sync_channel(1);
        sender.send(Err(SubmitError::Overloaded)).unwrap();
        receiver
    };
    let turned_away = link.deliver(&registrar(), full).unwrap_err();
    assert!(matches!(turned_away, LinkError::Submit { fault: SubmitError::Overloaded, .. }), "{turned_away}");
    assert_eq!(link.waiting().len(), 3);
    // An account without the role would burn the id with a refusal.
    let wrong = Actor { role: Role::Intake, ..registrar() };
    let refused = link.deliver(&wrong, |command, id, actor| city.submit(command, id, actor)).unwrap_err();
    assert!(matches!(refused, LinkError::Role(Role::Intake)), "{refused}");
    while link.deliver(&registrar(), |command, id, actor| city.submit(command, id, actor)).unwrap().is_some()
    {
    }
    assert_eq!(known(&city, begun).unwrap().status, ExternalStatus::Withdrawn);
    assert_eq!(link.position().unwrap().next_sequence, end(&province.ledger));
}

#[test]
fn another_table_is_applied_from_the_beginning_and_never_says_otherwise() {
    let (mut province, (_stand, city)) = (Province::new(), city());
    let (special, _) = province.award("A-1", "special", 3_000);
    let (other, _) = province.award("A-2", "other", 700);
    let (first, position) = follow(&city, &province, table(SPECIAL), None);
    assert_eq!((first.len(), known(&city, other)), (2, None));
    let mut link = Link::new(table(SPECIAL), follower(&city), None, |_| false).unwrap();
    while link.read_on(&province.stand.disk).unwrap() {}
    assert_eq!(
        link.unnamed().iter().map(|(name, seen)| (name.as_str(), *seen)).collect::<Vec<_>>(),
        [("other", 1)]
    );
    // What the new line names is told now, though the position lies behind it.
    let line = "other = { level = \"province\", programme = \"innovation\", subject = \"enterprise\" }\n";
    let (_, position) = follow(&city, &province, table(&format!("{SPECIAL}{line}")), Some(&position));
    let row = known(&city, other).unwrap();
    assert_eq!((row.programme.as_str(), row.amount), ("innovation", Some(city::fen(700))));
    assert_eq!(row.subject.as_str(), format!("enterprise:{}", ENTERPRISES[0]));
    let before = end(&city);
    // A line that says otherwise of what was told is refused before anything is told by it.
    let changed = SPECIAL.replace("special-fund", "innovation");
    let mut link = Link::new(table(&changed), follower(&city), Some(&position), |_| true).unwrap();
    while link.read_on(&province.stand.disk).unwrap() {}
    let refused =
        link.deliver(&registrar(), |command, id, actor| city.submit(command, id, actor)).unwrap_err();
    assert!(matches!(refused, LinkError::Otherwise { sequence } if sequence == special), "{refused}");
    assert_eq!(end(&city), before);
}

#[test]
fn a_city_from_a_backup_hears_everything_again() {
    let (mut province, (_stand, whole)) = (Province::new(), city());
    let (begun, _) = province.award("A-1", "special", 3_000);
    let (_, position) = follow(&whole, &province, table(SPECIAL), None);
    let (_stand, restored) = city();
    follow(&restored, &province, table(SPECIAL), Some(&position));
    assert_eq!(known(&restored, begun).unwrap().status, ExternalStatus::Granted);
}

#[test]
fn a_source_that_lost_what_was_followed_or_is_another_is_not_followed() {
    let (mut province, (_stand, city)) = (Province::new(), city());
    let short = Province::new();
    province.award("A-1", "special", 3_000);
    let (_, position) = follow(&city, &province, table(SPECIAL), None);
    let before = end(&city);
    let follow = |source: &dyn LogReader, follower: Follower, position: Option<&LinkPosition>| {
        let mut link = Link::new(table(SPECIAL), follower, position, |_| true)?;
        while link.read_on(source)? {}
        Ok(link.position())
    };
    let gone = follow(&short.stand.disk, follower(&city), Some(&position)).unwrap_err();
    assert!(matches!(gone, LinkError::HistoryMissing { .. }), "{gone}");
    assert!(gone.to_string().contains("acknowledged history is missing"), "{gone}");
    // As long, and not the same.
    let mut other = Province::new();
    other.award("A-9", "special", 3_000);
    assert_eq!(end(&other.ledger), end(&province.ledger));
    let other = follow(&other.stand.disk, follower(&city), Some(&position)).unwrap_err();
    assert!(matches!(other, LinkError::OtherHistory(_)), "{other}");
    let foreign = follow(&*city.log(), Follower { ledger: NOWHERE, simulated: true }, None).unwrap_err();
    assert!(matches!(foreign, LinkError::OtherLedger { .. }), "{foreign}");
    let real =
        follow(&province.stand.disk, Follower { ledger: NOWHERE, simulated: false }, None).unwrap_err();
    assert!(matches!(real, LinkError::Simulated), "{real}");
    let itself = follow(&province.stand.disk, Follower { ledger: LedgerId(PROVINCE), simulated: true }, None);
    assert!(matches!(itself, Err(LinkError::Itself(_))));
    assert_eq!(follow(&province.stand.disk, follower(&city), Some(&position)).unwrap(), Some(position));
    assert_eq!(end(&city), before);
}

#[test]
fn a_position_reads_back_and_anything_else_is_named() {
    let (mut province, (stand, city)) = (Province::new(), city());
    province.award("A-1", "special", 3_000);
    let (_, position) = follow(&city, &province, table(SPECIAL), None);
    let path = crate::DataDir::at(stand.home.path()).link(LedgerId(PROVINCE));
    assert_eq!(LinkPosition::read(&path).unwrap(), None);
    position.write(&path).unwrap();
    position.write(&path).unwrap();
    assert_eq!(LinkPosition::read(&path).unwrap(), Some(position));
    let text = std::fs::read_to_string(&path).unwrap();
    for wrong in [text.replace("format = 1", "format = 2"), text.replace("root", "rooot"), "x".repeat(5_000)]
    {
        std::fs::write(&path, wrong).unwrap();
        let named = LinkPosition::read(&path).unwrap_err();
        assert!(matches!(named, PositionError::Unreadable { .. }), "{named}");
    }
}

#[test]
fn a_table_is_refused_with_its_line() {
    let ledger = format!("ledger = \"{}\"\n", LedgerId(PROVINCE));
    let wrong = [
        (ledger.clone(), 1, "measures"),
        (format!("{ledger}[measures]\n"), 2, "none is named"),
        (format!("{ledger}[measures]\n{SPECIAL}{SPECIAL}"), 4, "special"),
        (format!("{ledger}[measures]\nspecial = {{ level = \"province\" }}\n"), 3, "programme"),
        (format!("{ledger}[measures]\nspecial = {{ level = \"region\", programme = \"a\" }}\n"), 3, "region"),
        (
            format!("{ledger}[measures]\nspecial = {{ level = \"province\", programme = \"a b\" }}\n"),
            3,
            "a b",
        ),
        (format!("{ledger}[measures]\n{}", SPECIAL.replace(" }", ", to = 1 }")), 3, "to"),
        ("ledger = \"48\"\n[measures]\n".to_owned(), 1, "ledger"),
        (format!("{ledger}name = \"x\"\n[measures]\n"), 2, "name"),
    ];
    for (text, line, word) in wrong {
        let (found, said) = LinkTable::parse(&text).map(|_| ()).unwrap_err();
        assert_eq!(found, line, "{text}{said}");
        assert!(said.contains(word), "{text}{said}");
    }
}
