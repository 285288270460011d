//! Sixty-four threads race for the last 分: exactly one wins, the others are told why not, and no limit is passed
//! at any record of the log.

use std::{collections::BTreeMap, sync::Barrier, thread};

use grants_domain::{
    accounts::{Account, Side},
    award::AwardProposed,
    events::Event,
    ids::AwardId,
    refusal::RefusalCode,
};
use grants_eventlog::LogReader;

use super::{
    chance::{Chance, scaled},
    city::{self, ENTERPRISES, Given},
    stand::{Stand, envelopes, feed, submit},
};
use crate::{Ledger, limits::Limits};

const THREADS: usize = 64;
/// The cap of every enterprise for every measure that has one, in 分.
const LIMIT: i64 = 1_000;
/// The net amount of every invoice, in 分.
const NET: i64 = 100_000;

/// One race: a measure for each of the three scarce things.
struct Round {
    cap: String,
    line: String,
    invoice: String,
}

impl Round {
    fn new(round: usize) -> Round {
        let [cap, line, invoice] = ["cap", "line", "invoice"].map(|kind| format!("{kind}-{round}"));
        Round { cap, line, invoice }
    }

    fn measures(&self) -> [&str; 3] {
        [&self.cap, &self.line, &self.invoice]
    }

    fn application(measure: &str, racer: usize) -> String {
        format!("A-{measure}-{racer}")
    }

    /// Leaves one 分 of the cap and of the line, and one invoice for everybody.
    fn prepare(&self, chance: &mut Chance) -> Vec<Given> {
        let enterprise = chance.below(ENTERPRISES.len());
        let [first_cap, first_line] = [&self.cap, &self.line].map(|measure| format!("F-{measure}"));
        let mut commands = vec![
            city::budget(&[&self.cap], 1_000_000),
            city::budget(&[&self.line], 500),
            city::budget(&[&self.invoice], 100_000_000),
            city::apply(&first_cap, enterprise, &self.cap, 999, None),
            city::apply(&first_line, chance.below(ENTERPRISES.len()), &self.line, 499, None),
            city::decide(&first_cap),
            city::decide(&first_line),
        ];
        for racer in 0..THREADS {
            let name = |measure| Round::application(measure, racer);
            let (other, invoice) = (
                chance.below(ENTERPRISES.len()),
                format!("digital:{:0>20}", self.invoice.trim_start_matches("invoice-")),
            );
            commands.push(city::apply(&name(&self.cap), enterprise, &self.cap, 1, None));
            commands.push(city::apply(&name(&self.line), other, &self.line, 1, None));
            commands.push(city::apply(&name(&self.invoice), other, &self.invoice, 77, Some(&invoice)));
        }
        commands.into_iter().map(|command| Given::new(chance.bytes(), command)).collect()
    }

    /// Lets all threads loose at once. Each decides its three applications in an order of its own.
    fn race(&self, ledger: &Ledger, chance: &mut Chance) {
        let barrier = Barrier::new(THREADS);
        let decisions = |racer: usize, chance: &mut Chance| {
            let decide = |measure| city::decide(&Round::application(measure, racer));
            let mut given = self.measures().map(|measure| Given::new(chance.bytes(), decide(measure)));
            chance.shuffle(&mut given);
            given
        };
        thread::scope(|scope| {
            for racer in 0..THREADS {
                let (given, barrier) = (decisions(racer, chance), &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    for one in &given {
                        let answer = submit(ledger, one).recv().unwrap().unwrap();
                        assert_eq!(answer.refused, None, "an outcome is recorded, not refused");
                    }
                });
            }
        });
    }
}

/// What the log tells of the races for one measure.
#[derive(Default)]
struct Told {
    winners: Vec<String>,
    rejected: Vec<(RefusalCode, Option<String>, Option<String>)>,
    positions: Vec<u64>,
}

/// The log folded by hand, which asks at every record whether a limit is passed.
#[derive(Default)]
struct Fold {
    told: BTreeMap<String, Told>,
    /// Measure of each application and of each award.
    asked: BTreeMap<String, String>,
    awarded: BTreeMap<AwardId, String>,
    caps: BTreeMap<(String, String), i64>,
    invoices: BTreeMap<String, i64>,
    /// What was allocated to each line, and what is reserved of it.
    lines: BTreeMap<String, (i64, i64)>,
}

impl Fold {
    fn of(log: &dyn LogReader) -> BTreeMap<String, Told> {
        let mut fold = Fold::default();
        for envelope in envelopes(log) {
            fold.take(envelope.event, envelope.sequence);
        }
        fold.told
    }

    fn take(&mut self, event: Event, sequence: u64) {
        if let Event::ApplicationSubmitted(fact) = event {
            self.asked.insert(fact.application.to_string(), fact.measure.to_string());
        } else if let Event::BudgetAllocated(fact) = event {
            self.lines.insert(fact.line.to_string(), (fact.amount.get(), 0));
        } else if let Event::AwardProposed(fact) = event {
            self.proposed(&fact, sequence);
        } else if let Event::AwardQueued(fact) = event {
            let told = self.told.get_mut(&self.awarded[&fact.award]).unwrap();
            told.positions.push(fact.position);
        } else if let Event::ApplicationRejected(fact) = event {
            let detail = |name| fact.refused.detail(name).map(str::to_owned);
            let rejected = (fact.refused.code, detail("headroom"), detail("application"));
            let measure = self.asked[fact.application.as_str()].clone();
            self.told.entry(measure).or_default().rejected.push(rejected);
        }
    }

    fn proposed(&mut self, fact: &AwardProposed, sequence: u64) {
        for cap in &fact.trace.caps {
            let used = self.caps.entry((cap.cap.to_string(), cap.scope.to_string())).or_insert(0);
            *used += fact.amount.get();
            assert!(*used <= LIMIT, "cap {} at record {sequence}", cap.cap);
        }
        for one in &fact.trace.consumed {
            let used = self.invoices.entry(one.evidence.to_string()).or_insert(0);
            *used += one.amount.get();
            assert!(*used <= NET, "invoice {} at record {sequence}", one.evidence);
        }
        for posting in &fact.postings {
            assert_eq!(posting.account == Account::Reserved, posting.side == Side::Debit);
            let (allocated, reserved) = self.lines.get_mut(posting.line.as_str()).unwrap();
            *reserved += if posting.side == Side::Debit { posting.amount.get() } else { 0 };
            assert!(*reserved <= *allocated, "line {} at record {sequence}", posting.line);
        }
        self.awarded.insert(fact.award, fact.measure.to_string());
        let told = self.told.entry(fact.measure.to_string()).or_default();
        if !fact.postings.is_empty() {
            told.winners.push(fact.application.to_string());
        }
    }
}

#[test]
fn of_sixty_four_threads_exactly_one_gets_the_last() {
    let mut chance = Chance::of_run("races", 41);
    let stand = Stand::new(Limits::default());
    let (ledger, ..) = stand.start();
    feed(&ledger, &city::founding(&mut chance, usize::try_from(LIMIT).unwrap()), 100);
    let rounds: Vec<Round> = (0..scaled(100)).map(Round::new).collect();
    for round in &rounds {
        let prepared = feed(&ledger, &round.prepare(&mut chance), 1_000);
        assert!(prepared.into_iter().all(|outcome| outcome.unwrap().refused.is_none()));
        round.race(&ledger, &mut chance);
    }
    let told = Fold::of(&*ledger.log());
    let losers = THREADS - 1;
    for Round { cap, line, invoice } in &rounds {
        // The first winner of cap and line is the one that left a single 分.
        assert_eq!(told[cap].winners.len(), 2, "{cap}");
        let no_room = (RefusalCode::CapExhausted, Some("0.00".to_owned()), None);
        assert_eq!(told[cap].rejected, vec![no_room; losers], "{cap}");

        assert_eq!(told[line].winners.len(), 2, "{line}");
        let positions: Vec<u64> = (1..).take(losers).collect();
        assert_eq!(told[line].positions, positions, "{line}");

        let [winner] = told[invoice].winners.as_slice() else {
            panic!("{invoice}: {:?}", told[invoice].winners)
        };
        let taken = (RefusalCode::EvidenceConsumed, None, Some(winner.clone()));
        assert_eq!(told[invoice].rejected, vec![taken; losers], "{invoice}");
    }
    ledger.close().unwrap();
}
