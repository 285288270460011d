//! Nothing is left out, whatever fails and whenever; and no log or topic is taken for another.

use grants_domain::wire::Message;
use grants_eventlog::{BatchBuilder, EventLog, LedgerId, MemoryLog, WriterId};
use std::{cell::RefCell, collections::BTreeSet, fs, path::Path, rc::Rc};

use super::{entries, stories, story};
use crate::feed::{Folder, Outlet, OutletError, Places, PublishError, Publisher, Record};

const LEDGER: LedgerId = LedgerId([0x51; 16]);
const TO: &str = "kafka://b:1/public";
/// A story with payments, returns and recoveries of several treasuries.
const STORY: &str = "shared-part-returned";

/// A topic of three partitions, which outlives the outlets that write to it.
#[derive(Clone, Default)]
struct Topic(Rc<RefCell<[Vec<Record>; 3]>>);

impl Topic {
    fn records(&self) -> Vec<Record> {
        self.0.borrow().iter().flatten().cloned().collect()
    }

    fn ends(&self) -> Places {
        let ends = self.0.borrow().each_ref().map(|one| i64::try_from(one.len()).unwrap());
        (0..).zip(ends).collect()
    }
}

/// When the outlet fails: at this settlement, having kept that many of what was sent.
#[derive(Clone, Copy)]
struct Failing {
    settlement: usize,
    keeps: usize,
}

/// The strict double: it keeps a prefix of what was sent, and nothing after an error.
struct Double {
    topic: Topic,
    sent: Vec<Record>,
    settled: usize,
    failing: Option<Failing>,
    dead: bool,
}

impl Double {
    fn on(topic: &Topic, failing: Option<Failing>) -> Double {
        Double { topic: topic.clone(), sent: Vec::new(), settled: 0, failing, dead: false }
    }

    fn keep(&mut self, count: usize) {
        for record in self.sent.drain(..).take(count) {
            let partition = record.key.bytes().map(usize::from).sum::<usize>() % 3;
            self.topic.0.borrow_mut()[partition].push(record);
        }
    }
}

impl Outlet for Double {
    fn send(&mut self, record: &Record) -> Result<(), OutletError> {
        assert!(!self.dead, "a record was sent after an error");
        self.sent.push(record.clone());
        Ok(())
    }

    fn settle(&mut self) -> Result<Places, OutletError> {
        assert!(!self.dead, "settled after an error");
        self.settled += 1;
        if let Some(Failing { keeps, .. }) = self.failing.filter(|failing| failing.settlement == self.settled)
        {
            self.keep(keeps);
            self.dead = true;
            return Err(OutletError("the broker is gone".to_owned()));
        }
        self.keep(usize::MAX);
        Ok(self.topic.ends())
    }

    fn ends(&mut self) -> Result<Places, OutletError> {
        Ok(self.topic.ends())
    }
}

/// The events of a story, three in a batch, none of them written yet.
struct Story {
    log: MemoryLog,
    left: Vec<Vec<u8>>,
}

fn begin(ledger: LedgerId, name: &str) -> Story {
    let envelopes = story(name);
    assert_eq!(envelopes.first().unwrap().sequence, 0);
    let mut left: Vec<Vec<u8>> = envelopes.iter().map(Message::encode).collect();
    left.reverse();
    Story { log: MemoryLog::create(ledger, WriterId([1; 16]), "here").unwrap(), left }
}

impl Story {
    /// Writes the next batch; `false` if there is none.
    fn go_on(&mut self) -> bool {
        let mut builder = BatchBuilder::new(self.log.head());
        for _ in 0..3 {
            let Some(event) = self.left.pop() else { break };
            builder.push(&event).unwrap();
        }
        let some = !builder.is_empty();
        if some {
            self.log.append(&builder.seal()).unwrap();
        }
        some
    }

    fn whole(mut self) -> MemoryLog {
        while self.go_on() {}
        self.log
    }
}

fn open<'a>(
    log: &'a MemoryLog,
    outlet: Double,
    folder: &Path,
) -> Result<Publisher<'a, Double>, PublishError> {
    Publisher::open(log, LEDGER, outlet, TO, Folder::open(folder)?)
}

/// Publishes while the log grows. Gives what happened.
fn follow(
    story: &mut Story,
    topic: &Topic,
    folder: &Path,
    failing: Option<Failing>,
) -> Result<(), PublishError> {
    let mut settled = 0;
    loop {
        // A process of its own for every part, so that each takes up what the one before left.
        let here = failing.map(|one| Failing { settlement: one.settlement.saturating_sub(settled), ..one });
        let mut publisher = open(&story.log, Double::on(topic, here), folder)?;
        let progress = publisher.publish()?;
        assert_eq!((progress.lag, progress.moved), (0, false));
        settled += 1;
        if !story.go_on() {
            return Ok(());
        }
    }
}

/// What was published, each record once, in the order of the ledger.
fn once(topic: &Topic) -> Vec<Record> {
    let (mut seen, mut records) = (BTreeSet::new(), Vec::new());
    for record in topic.records() {
        if seen.insert(record.headers[1].1.clone()) {
            records.push(record);
        }
    }
    records.sort_by_key(|record| record.sequence);
    records
}

#[test]
fn every_record_arrives_in_order_whenever_the_outlet_fails() {
    let longest = stories().into_iter().max_by_key(|name| entries(name).len()).unwrap();
    let expected: Vec<Record> = entries(&longest).iter().map(Record::of).collect();
    assert!(10 < expected.len(), "{longest} tells {} entries", expected.len());
    let mut repeated = 0;
    for settlement in 1..=12 {
        for keeps in [0, 1, usize::MAX] {
            let (folder, topic) = (tempfile::tempdir().unwrap(), Topic::default());
            let mut story = begin(LEDGER, &longest);
            let failed = follow(&mut story, &topic, folder.path(), Some(Failing { settlement, keeps }));
            assert!(matches!(failed, Err(PublishError::Outlet(_))), "{settlement}: {failed:?}");
            follow(&mut story, &topic, folder.path(), None).unwrap();
            assert_eq!(once(&topic), expected, "failed at {settlement}, {keeps} kept");
            repeated += topic.records().len() - expected.len();
            for partition in topic.0.borrow().iter() {
                let firsts = once(&Topic(Rc::new(RefCell::new([partition.clone(), Vec::new(), Vec::new()]))));
                let mut seen = Vec::new();
                partition.iter().for_each(|one| {
                    if !seen.contains(one) {
                        seen.push(one.clone())
                    }
                });
                assert_eq!(seen, firsts, "new records of a partition come in the order of the ledger");
            }
        }
    }
    assert!(5 < repeated, "nothing came twice: {repeated}");
}

#[test]
fn lag_and_position_are_told_beside_the_position() {
    let (folder, topic) = (tempfile::tempdir().unwrap(), Topic::default());
    let log = begin(LEDGER, STORY).whole();
    let mut publisher = open(&log, Double::on(&topic, None), folder.path()).unwrap();
    let figure = |name: &str| -> u64 {
        let text = fs::read_to_string(folder.path().join("feed.prom")).unwrap();
        let row = text.lines().find(|line| line.starts_with(&format!("{name}{{"))).unwrap();
        assert!(row.contains(&format!("{{ledger=\"{LEDGER}\",to=\"{TO}\"}} ")), "{row}");
        row.rsplit_once(' ').unwrap().1.parse().unwrap()
    };
    let events = log.head().next_sequence();
    assert_eq!((figure("grants_feed_lag_events"), figure("grants_feed_position")), (events, 0));
    publisher.publish().unwrap();
    assert_eq!((figure("grants_feed_lag_events"), figure("grants_feed_position")), (0, events));
    assert_eq!(figure("grants_feed_log_end"), events);
    assert_eq!(figure("grants_feed_records_total"), u64::try_from(topic.records().len()).unwrap());
}

#[test]
fn another_ledger_topic_or_history_is_refused_and_nothing_is_published() {
    let (folder, topic) = (tempfile::tempdir().unwrap(), Topic::default());
    let log = begin(LEDGER, STORY).whole();
    open(&log, Double::on(&topic, None), folder.path()).unwrap().publish().unwrap();
    let published = topic.records().len();
    let again = |log: &MemoryLog, ledger, to: &str, topic: &Topic| {
        let folder = Folder::open(folder.path()).unwrap();
        Publisher::open(log, ledger, Double::on(topic, None), to, folder).map(|_| ()).unwrap_err()
    };

    let other = LedgerId([9; 16]);
    let foreign = begin(other, STORY).whole();
    let refused = again(&foreign, other, TO, &topic);
    assert!(matches!(refused, PublishError::OtherLedger { .. }), "{refused}");

    let refused = again(&log, LEDGER, "kafka://b:1/other", &topic);
    assert!(matches!(refused, PublishError::OtherTopic { .. }), "{refused}");

    let mut short = begin(LEDGER, STORY);
    short.go_on();
    let refused = again(&short.log, LEDGER, TO, &topic);
    assert!(matches!(refused, PublishError::Shorter { found: 2, .. }), "{refused}");

    // As many batches, and other events in one of them.
    let mut forked = begin(LEDGER, STORY);
    let (first, second) = (forked.left.pop().unwrap(), forked.left.pop().unwrap());
    forked.left.extend([first, second]);
    let refused = again(&forked.whole(), LEDGER, TO, &topic);
    assert!(matches!(refused, PublishError::OtherHistory(_)), "{refused}");

    let refused = again(&log, LEDGER, TO, &Topic::default());
    assert!(matches!(refused, PublishError::TopicShorter { found: 0, .. }), "{refused}");
    assert!(refused.to_string().contains("remove the position"), "{refused}");

    assert_eq!(topic.records().len(), published);
    assert!(open(&log, Double::on(&topic, None), folder.path()).is_ok());
}

#[test]
fn a_damaged_position_or_a_second_publisher_is_refused() {
    let (folder, topic) = (tempfile::tempdir().unwrap(), Topic::default());
    let log = begin(LEDGER, STORY).whole();
    let mut publisher = open(&log, Double::on(&topic, None), folder.path()).unwrap();
    publisher.publish().unwrap();
    let second = open(&log, Double::on(&topic, None), folder.path()).map(|_| ()).unwrap_err().to_string();
    assert!(second.contains("is in use by another process"), "{second}");
    drop(publisher);

    let path = folder.path().join("position.json");
    let kept = fs::read_to_string(&path).unwrap();
    let bent = [&kept[..kept.len() / 2], "", &kept.replace("\"version\":1", "\"version\":2")];
    for wrong in bent {
        fs::write(&path, wrong).unwrap();
        let refused =
            open(&log, Double::on(&topic, None), folder.path()).map(|_| ()).unwrap_err().to_string();
        assert!(refused.contains("is not the position of a feed"), "{wrong}: {refused}");
    }
    fs::write(&path, kept).unwrap();
    assert!(open(&log, Double::on(&topic, None), folder.path()).is_ok());
}

/// An event of a newer program, or one that does not fit, ends the feed before anything is told of it.
#[test]
fn what_cannot_be_read_ends_the_feed() {
    let (folder, topic) = (tempfile::tempdir().unwrap(), Topic::default());
    let mut story = begin(LEDGER, STORY);
    story.go_on();
    let mut builder = BatchBuilder::new(story.log.head());
    builder.push(b"a newer event").unwrap();
    story.log.append(&builder.seal()).unwrap();
    let mut publisher = open(&story.log, Double::on(&topic, None), folder.path()).unwrap();
    let ended = publisher.publish().unwrap_err();
    assert!(matches!(ended, PublishError::Unreadable { sequence: 3, .. }), "{ended}");

    let mut broken = begin(LEDGER, STORY);
    broken.left.retain(|event| {
        let envelope = grants_domain::record::Envelope::decode(event).unwrap();
        envelope.event.word() != "award.proposed"
    });
    let (log, folder) = (broken.whole(), tempfile::tempdir().unwrap());
    let ended = open(&log, Double::on(&topic, None), folder.path()).unwrap().publish().unwrap_err();
    assert!(matches!(ended, PublishError::Contradiction(_)), "{ended}");
}
