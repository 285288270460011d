//! The public feed on a real broker: what a consumer in another language keeps is what the ledger says, whoever is killed.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use grants_audit::{
    replay::{Until, fold},
    source::Source,
};
use grants_domain::{
    context::{Actor, AuthMethod, Role},
    ids::AwardId,
    recovery::RecoveryStatus,
    state::{MemoryState, get, list},
    tables::{Applications, AwardRow, Awards, Recoveries},
};
use grants_eventlog::{
    Batch, BatchBuilder, BundleReader, EventLog, LogReader, RocksLog,
    mirror::{Beginning, beginning},
};
use grants_ledger::{DataDir, Manifest};
use grants_policy::Library;
use grants_tests::{
    brokers::had,
    kafka::{Cluster, NotToBeHad},
    programs::{self, well},
    scale,
    seed::Seed,
};
use tempfile::TempDir;

use crate::look::root;

const TOPIC: &str = "grants-public";
/// Another one, from which older records of an award are taken away.
const COMPACTED: &str = "grants-compacted";
/// Kafka's own tool for topics.
const TOPICS: &str = "org.apache.kafka.tools.TopicCommand";
/// How often the consumer is killed in a usual run, and under torture.
const KILLS: [u32; 2] = [20, 200];
/// How often the publisher is killed: at each so many kills of the consumer.
const PUBLISHER_KILLED_EVERY: u32 = 4;
/// Few records in a transaction of the consumer, so that it is killed between them and inside.
const BATCH: &str = "3";
/// The latest moment of a life of the consumer at which it is killed. Its schema is made and its connections are there
/// after about a second.
const LIFE_MS_MAX: u64 = 2_000;

/// What this machine lacks for the test, if anything.
fn lacking() -> Option<String> {
    let python = "import confluent_kafka, google.protobuf";
    let tools =
        [("/usr/bin/python3", vec!["-c", python]), ("protoc", vec!["--version"]), ("kcat", vec!["-V"])];
    let missing = tools.into_iter().find(|(program, arguments)| {
        let tried = Command::new(program).args(arguments).output();
        !tried.is_ok_and(|output| output.status.success())
    });
    missing.map(|(program, arguments)| format!("{program} {} does not run here", arguments.join(" ")))
}

/// The city that is kept in the repository, and a folder in which it happens again, as fast as the test likes.
struct City {
    folder: TempDir,
    past: Vec<Vec<u8>>,
    log: RocksLog,
}

impl City {
    fn begin() -> City {
        let folder = tempfile::tempdir().expect("a folder for the ledger");
        let mut tar = Command::new("tar");
        let tar = tar.arg("-xzf").arg(root().join("tests/golden/city/bundle.tar.gz"));
        let _ = well(tar.arg("-C").arg(folder.path()));
        let bundle = BundleReader::open(&folder.path().join("bundle")).expect("the bundle opens");
        let Beginning { ledger, writer, address } = beginning(&bundle).expect("it has begun");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("a new folder");
        let manifest = Manifest {
            format: grants_ledger::FORMAT,
            ledger: grants_domain::ids::LedgerId(ledger.0),
            origin: "grants.example/city".to_owned(),
            name: "示例市".parse().expect("a name"),
            simulated: true,
            opened_by: Actor {
                id: "sun".parse().expect("an account"),
                role: Role::Policy,
                auth: AuthMethod::Simulated,
            },
        };
        let text = toml::to_string(&manifest).expect("it can be written");
        std::fs::write(DataDir::at(&data).manifest_path(), text).expect("a new file");
        let log = RocksLog::create(&data, ledger, writer, &address).expect("a new log");
        let batches = bundle.read(0, usize::MAX).expect("a bundle that can be read");
        let events = |bytes: &Vec<u8>| -> Vec<Vec<u8>> {
            let batch = Batch::decode(bytes).expect("a batch");
            batch.events().map(<[u8]>::to_vec).collect()
        };
        City { folder, past: batches.iter().flat_map(events).collect(), log }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Lets everything happen again that happened up to a sequence, each event in a batch of its own: how batches are cut
    /// changes nothing.
    fn go_on(&mut self, until: usize) {
        let here = usize::try_from(self.log.head().next_sequence()).expect("a short log");
        for event in self.past.get(here..until).unwrap_or_default() {
            let mut builder = BatchBuilder::new(self.log.head());
            builder.push(event).expect("it was in a log");
            self.log.append(&builder.seal()).expect("a log that can be written");
        }
    }

    /// The report that the ledger's own state gives, folded from the bundle without the feed.
    fn report(&self) -> String {
        let source = Source::open(&self.folder.path().join("bundle")).expect("the bundle opens");
        let folded = fold(&source, &mut Library::new(), Until::End, &mut |_, _| ()).expect("it can be read");
        report(&folded.state)
    }
}

/// One line for each award, as the consumer prints them.
fn report(state: &MemoryState) -> String {
    let mut owed: BTreeMap<AwardId, i64> = BTreeMap::new();
    for (_, recovery) in list::<Recoveries>(state, &(), usize::MAX) {
        if recovery.status == RecoveryStatus::Approved {
            *owed.entry(recovery.award).or_default() += recovery.outstanding().get();
        }
    }
    let mut text = "award,measure,policy_version,enterprise,status,held,amount,paid,owed_back\n".to_owned();
    for (key, row) in list::<Awards>(state, &(), usize::MAX) {
        let id = AwardId(u64::from_be_bytes(key.try_into().expect("the key of an award")));
        let AwardRow { measure, version, status, amount, settled, .. } = &row;
        let application = get::<Applications>(state, &row.application).expect("an award rests on one");
        let enterprise = match application.payee_person {
            Some(_) => String::new(),
            None => row.enterprise.to_string(),
        };
        let (held, owed) = (u8::from(!row.holds.is_empty()), owed.get(&id).copied().unwrap_or_default());
        let (amount, settled) = (amount.get(), settled.get());
        writeln!(text, "{id},{measure},{version},{enterprise},{status},{held},{amount},{settled},{owed}")
            .expect("a text takes everything");
    }
    text
}

/// A process of this test, which is ended by its own id.
struct Ours(Child);

impl Ours {
    fn kill(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        self.kill();
    }
}

fn publisher(city: &City, cluster: &Cluster, once: bool) -> Command {
    publisher_to(TOPIC, city, cluster, once)
}

fn publisher_to(topic: &str, city: &City, cluster: &Cluster, once: bool) -> Command {
    let mut command = Command::new(programs::built("grants"));
    let to = format!("kafka://{}/{topic}", cluster.addresses());
    command.arg("--data").arg(city.data()).args(["--lang", "en", "--json", "feed", "--to", &to]);
    if once {
        command.arg("--once");
    }
    command
}

fn consumer(verb: &str, db: &Path) -> Command {
    let mut command = Command::new("/usr/bin/python3");
    command.arg(root().join("deploy/feed-consumer/report.py")).arg(verb).arg("--db").arg(db);
    command
}

fn following(db: &Path, cluster: &Cluster) -> Command {
    let mut command = consumer("follow", db);
    command.args(["--brokers", &cluster.addresses(), "--topic", TOPIC, "--batch", BATCH]);
    command
}

/// The sequence up to which a consumer's table has come; 0 if there is none.
fn came(db: &Path) -> u64 {
    let ask = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT max(sequence) FROM award').fetchone()[0] or 0)";
    let asked = Command::new("/usr/bin/python3").args(["-c", ask]).arg(db).output().expect("python runs");
    String::from_utf8_lossy(&asked.stdout).trim().parse().unwrap_or(0)
}

fn launch(command: &mut Command) -> Ours {
    Ours(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("the program starts"))
}

/// The records of the topic as `kcat` shows them: partition, offset, key, headers.
fn shown(cluster: &Cluster) -> Vec<String> {
    let mut kcat = Command::new("kcat");
    kcat.args(["-b", &cluster.addresses(), "-t", TOPIC, "-C", "-e", "-q", "-f", "%p %o %k %h\n"]);
    well(&mut kcat).lines().map(str::to_owned).collect()
}

fn header<'a>(line: &'a str, name: &str) -> &'a str {
    let headers = line.splitn(4, ' ').nth(3).expect("headers");
    let found = headers.split(',').find_map(|one| one.strip_prefix(&format!("{name}=")));
    found.unwrap_or_else(|| panic!("no {name}: {line}"))
}

/// Puts back the position that the publisher had kept when it was killed before, as if it had been killed each time
/// between an acknowledgement and its position: what came since is published again.
fn forget_what_was_acknowledged(city: &City) {
    let kept = city.data().join("feed").join(TOPIC).join("position.json");
    let before = city.folder.path().join("position-before.json");
    let now = std::fs::read(&kept).unwrap_or_default();
    if let Ok(before) = std::fs::read(&before) {
        std::fs::write(&kept, before).expect("the folder is ours");
    }
    if !now.is_empty() {
        std::fs::write(before, now).expect("the folder is ours");
    }
}

/// Guards: the feed never loses, may repeat, and a consumer that dedupes by id is right whenever it was killed.
#[test]
fn a_consumer_that_is_killed_again_and_again_ends_with_the_ledgers_own_report() {
    let started = lacking().map_or_else(|| Cluster::start(1, &[]), |why| Err(NotToBeHad(why)));
    let Some(mut cluster) = had("a consumer of the feed that is killed", started) else { return };
    let mut city = City::begin();
    let db = city.folder.path().join("report.db");
    let told = refused(&mut publisher(&city, &cluster, true), 2);
    assert!(told.contains("kafka-topics --bootstrap-server"), "{told}");
    make_topic(&cluster, COMPACTED, &["--config", "cleanup.policy=compact,delete"]);
    let told = refused(&mut publisher_to(COMPACTED, &city, &cluster, true), 2);
    assert!(told.contains("cleanup.policy=compact,delete and must have delete: kafka-configs"), "{told}");
    make_topic(&cluster, TOPIC, &[]);

    let kills = if scale::torture() { KILLS[1] } else { KILLS[0] };
    let seed = Seed::of_run(0x0fee_d000);
    println!("GRANTS_SEED={seed}");
    let (mut chance, mut under_way, mut came_to) = (Seed::new(seed), 0_u32, 0);
    let mut publishing = launch(&mut publisher(&city, &cluster, false));
    for kill in 1..=kills {
        city.go_on(city.past.len() * index(kill) / index(kills));
        if kill % PUBLISHER_KILLED_EVERY == 0 {
            publishing.kill();
            forget_what_was_acknowledged(&city);
            publishing = launch(&mut publisher(&city, &cluster, false));
        }
        if kill == kills / 2 {
            // What is on its way waits for it, and is neither lost nor overtaken.
            cluster.kill(0);
            cluster.restart(0);
        }
        let mut consuming = launch(&mut following(&db, &cluster));
        thread::sleep(Duration::from_millis(chance.below(LIFE_MS_MAX)));
        consuming.kill();
        let now = came(&db);
        under_way += u32::from(came_to < now);
        came_to = now;
    }
    publishing.kill();
    let _ = well(&mut publisher(&city, &cluster, true));
    let _ = well(following(&db, &cluster).arg("--until-end"));

    let printed = well(&mut consumer("print", &db));
    assert_eq!(printed, city.report());
    assert!(40 < printed.lines().count(), "{printed}");
    // Killed while it had something to lose, and not only while it was starting.
    assert!(kills / 5 < under_way, "{under_way} of {kills} lives took something in");
    let repeated = records_are_cloud_events(&shown(&cluster));
    println!("{under_way} of {kills} lives took something in; {repeated} records came again");

    // A topic that was made anew lacks what the position says was acknowledged.
    let _ = cluster.tool(TOPICS, &["--delete", "--topic", TOPIC]);
    make_topic(&cluster, TOPIC, &[]);
    let told = refused(&mut publisher(&city, &cluster, true), 3);
    assert!(told.contains("the topic was made anew"), "{told}");
    assert_eq!(shown(&cluster), Vec::<String>::new());
}

fn make_topic(cluster: &Cluster, topic: &str, settings: &[&str]) {
    let made = ["--create", "--topic", topic, "--partitions", "3", "--replication-factor", "1"];
    let _ = cluster.tool(TOPICS, &[&made, settings].concat());
}

/// What a program says that ends with an exit code.
fn refused(command: &mut Command, code: i32) -> String {
    let ended = command.output().expect("the program starts");
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(code), "{told}");
    told
}

fn index(number: u32) -> usize {
    usize::try_from(number).expect("a small number")
}

/// Looks at what `kcat` shows. Gives how many records are there more than once.
fn records_are_cloud_events(lines: &[String]) -> usize {
    let (mut first, mut last) = (BTreeMap::new(), BTreeMap::new());
    for line in lines {
        let mut words = line.splitn(4, ' ');
        let (Some(partition), Some(_), Some(key)) = (words.next(), words.next(), words.next()) else {
            panic!("{line}")
        };
        let [id, sequence] = ["ce_id", "ce_sequence"].map(|name| header(line, name));
        assert_eq!(header(line, "ce_specversion"), "1.0", "{line}");
        assert_eq!(header(line, "content-type"), "application/protobuf", "{line}");
        assert_eq!(header(line, "ce_dataschema"), "urn:grants:schema:grants.public.v1.Entry", "{line}");
        assert_eq!(header(line, "ce_subject"), key, "{line}");
        assert!(key.starts_with("AW-") && header(line, "ce_time").ends_with("+08:00"), "{line}");
        let ledger = header(line, "ce_source").strip_prefix("urn:grants:ledger:").expect("a ledger");
        let number: u64 = sequence.parse().expect("a number");
        assert_eq!((id, sequence.len()), (format!("{ledger}-{number}").as_str(), 20), "{line}");
        let kind = header(line, "ce_type").strip_prefix("grants.").and_then(|kind| kind.strip_suffix(".v1"));
        assert!(kind.is_some_and(|kind| kind.contains('.')), "{line}");
        // What comes again is the same, and what is new comes in the order of the ledger.
        let came = first.entry(id).or_insert((partition, key, sequence));
        assert_eq!(*came, (partition, key, sequence), "{line}");
        if last.get(partition).is_none_or(|last| *last < number) {
            last.insert(partition, number);
        } else {
            assert!(
                lines.iter().position(|one| header(one, "ce_id") == id)
                    < lines.iter().position(|one| one == line),
                "{line} is new and late"
            );
        }
    }
    let repeated = lines.len() - first.len();
    assert!(0 < repeated && last.len() == 3, "{repeated} of {} records came again", lines.len());
    repeated
}
