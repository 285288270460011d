//! Histories in which enterprises are sanctioned, change and are related: nothing is awarded, confirmed or paid on a day on
//! which a sanction reaches the enterprise (I-33, I-14), and nobody is refused for one that does not.
//!
//! The ledger asks an enterprise where it came from; this asks every sanction where it went. The two share no code.

use super::{History, found, play};
use crate::chance::{scaled, seeds};
use grants_domain::{
    commands::Command,
    enterprise::lineage::LinkKind,
    events::Event,
    refusal::RefusalCode,
    sanction::{SanctionReach, impose::SanctionImposed},
    state::get,
    tables::{AffiliationKind, Applications, Awards},
    values::Date,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Whatever was recorded that makes a bar, as the events tell it.
#[derive(Default)]
pub(super) struct Bars {
    imposed: Vec<(u64, SanctionImposed, Option<Option<Date>>)>,
    links: Vec<Link>,
    related: Vec<Related>,
}

struct Link {
    from: String,
    into: String,
    kind: LinkKind,
    on: Date,
    sequence: u64,
}

struct Related {
    ends: [String; 2],
    kind: AffiliationKind,
    from: Date,
    last: Option<Date>,
    never: bool,
    sequence: u64,
}

#[test]
fn i_14_i_33_nothing_is_given_while_a_sanction_is_in_force() {
    let (mut words, mut barred, mut by_others) = (BTreeSet::new(), 0, 0);
    for seed in seeds(3) {
        println!("GRANTS_SEED={seed}");
        let mut history = found(seed);
        history.links = Some(Vec::new());
        history.bars = Some(Bars::default());
        let history = play(history, scaled(2_000));
        barred += history.codes.get("enterprise-barred").copied().unwrap_or(0);
        by_others += history.barred_by_others;
        words.extend(history.world.words);
    }
    println!("{barred} refused, {by_others} of them for another code");
    for word in ["sanction.imposed", "sanction.lifted", "enterprise.affiliated", "enterprise.split"] {
        assert!(words.contains(word), "no history has {word}");
    }
    assert!(0 < barred && 0 < by_others, "hardly anybody is barred");
}

impl Bars {
    fn learn(&mut self, event: &Event, sequence: u64) {
        let mut link = |from: String, into: String, kind, on| {
            self.links.push(Link { from, into, kind, on, sequence });
        };
        match event {
            Event::EnterpriseCodeChanged(fact) => {
                link(fact.enterprise.to_string(), fact.code.to_string(), LinkKind::CodeChange, fact.on);
            }
            Event::EnterpriseMerged(fact) => {
                for one in &fact.predecessors {
                    link(one.to_string(), fact.successor.to_string(), LinkKind::Merger, fact.on);
                }
            }
            Event::EnterpriseSplit(fact) => {
                for one in &fact.into {
                    link(fact.enterprise.to_string(), one.to_string(), LinkKind::Split, fact.on);
                }
            }
            Event::EnterpriseUnlinked(fact) => {
                let (from, into) = (fact.predecessor.to_string(), fact.successor.to_string());
                let gone = |one: &Link| one.sequence == fact.linked && one.from == from && one.into == into;
                self.links.retain(|one| !gone(one));
            }
            Event::EnterprisesAffiliated(fact) => self.related.push(Related {
                ends: [fact.enterprise.to_string(), fact.other.to_string()],
                kind: fact.kind,
                from: fact.from,
                last: fact.until,
                never: false,
                sequence,
            }),
            Event::EnterprisesDisaffiliated(fact) => {
                for one in self.related.iter_mut().filter(|one| one.sequence == fact.affiliated) {
                    (one.last, one.never) = (fact.until, fact.until.is_none());
                }
            }
            Event::SanctionImposed(fact) => self.imposed.push((sequence, fact.clone(), None)),
            Event::SanctionLifted(fact) => {
                for one in self.imposed.iter_mut().filter(|one| one.0 == fact.imposed) {
                    one.2 = Some(fact.until);
                }
            }
            _ => {}
        }
    }

    /// The code under which an enterprise goes on.
    fn now(&self, code: &str) -> String {
        let mut now = code.to_owned();
        while let Some(link) = self.links.iter().find(|one| one.from == now && one.kind != LinkKind::Split) {
            now.clone_from(&link.into);
        }
        now
    }

    /// Everybody to whom a sanction went along.
    fn carriers(&self, sanction: &SanctionImposed) -> BTreeSet<String> {
        let mut all = BTreeSet::from([sanction.enterprise.to_string()]);
        loop {
            let goes = |one: &&Link| one.kind != LinkKind::Split || sanction.from <= one.on;
            let ahead = self.links.iter().filter(goes).filter(|one| all.contains(&one.from));
            let ahead = ahead.map(|one| one.into.clone());
            let back = self.links.iter().filter(|one| one.kind == LinkKind::CodeChange);
            let back = back.filter(|one| all.contains(&one.into)).map(|one| one.from.clone());
            let more: Vec<String> = ahead.chain(back).filter(|one| !all.contains(one)).collect();
            if more.is_empty() {
                return all;
            }
            all.extend(more);
        }
    }

    /// Everybody who is of one group with any of these on a day.
    fn group(&self, mut all: BTreeSet<String>, reach: SanctionReach, day: Date) -> BTreeSet<String> {
        if reach == SanctionReach::Enterprise {
            return all;
        }
        let holds = |one: &&Related| {
            !one.never
                && one.from <= day
                && one.last.is_none_or(|last| day <= last)
                && (reach == SanctionReach::Group || one.kind == AffiliationKind::LegalRepresentative)
        };
        loop {
            let related = self.related.iter().filter(holds).map(|one| one.ends.clone());
            let lines = self.links.iter().filter(|one| one.kind != LinkKind::Split);
            let lines = lines.map(|one| [one.from.clone(), one.into.clone()]);
            let pairs = related.chain(lines).filter(|ends| ends.iter().any(|end| all.contains(end)));
            let more: Vec<String> = pairs.flatten().filter(|one| !all.contains(one)).collect();
            if more.is_empty() {
                return all;
            }
            all.extend(more);
        }
    }

    /// The codes of the sanctions that bar an enterprise from a measure on a day.
    fn of(&self, code: &str, measure: &str, day: Date) -> BTreeSet<String> {
        let now = self.now(code);
        let mut barring = BTreeSet::new();
        for (_, one, lifted) in &self.imposed {
            let last = match lifted {
                None => one.until,
                Some(None) => continue,
                Some(Some(last)) => Some(*last),
            };
            let in_force = one.from <= day && last.is_none_or(|last| day <= last);
            let named = one.measures.is_empty() || one.measures.iter().any(|it| it.as_str() == measure);
            if in_force && named && self.group(self.carriers(one), one.reach, day).contains(&now) {
                barring.insert(one.enterprise.to_string());
            }
        }
        barring
    }
}

impl History {
    /// Looks at what one command did, with what was known before it and at its end.
    pub(super) fn bars_hold(&mut self, command: &Command, events: &[Event], sequence: u64) {
        let Some(mut bars) = self.bars.take() else { return };
        let day = self.world.clock.civil_date();
        if let Some((code, measure)) = self.asks_for(command) {
            let barring = bars.of(&code, &measure, day);
            if let Some(Event::CommandRefused(fact)) = events.first() {
                if fact.refused.code == RefusalCode::EnterpriseBarred {
                    let sanctioned = fact.refused.detail("sanctioned").unwrap();
                    assert!(barring.contains(sanctioned), "{:?}, not {barring:?}", fact.refused);
                    self.barred_by_others += usize::from(sanctioned != code);
                }
            } else {
                assert!(barring.is_empty(), "{} for {code} on {day}: {barring:?}", command.word());
            }
        }
        events.iter().zip(sequence..).for_each(|(event, sequence)| bars.learn(event, sequence));
        self.bars = Some(bars);
    }

    /// For whom a command would decide or pay, and which measure.
    fn asks_for(&self, command: &Command) -> Option<(String, String)> {
        let award = match command {
            Command::DecideApplication(ask) => {
                let row = get::<Applications>(&self.world.state, &ask.application)?;
                return Some((row.enterprise.to_string(), row.measure.to_string()));
            }
            Command::ConfirmAward(ask) => ask.award,
            Command::InstructPayment(ask) => ask.award,
            _ => return None,
        };
        let row = get::<Awards>(&self.world.state, &award)?;
        Some((row.enterprise.to_string(), row.measure.to_string()))
    }

    /// Now and then somebody is sanctioned or related, or is no longer, if sanctions are played.
    pub(super) fn change_of_bars(&mut self) -> Option<(&'static str, Value)> {
        if self.bars.is_none() || !self.chance.once_in(6) {
            return None;
        }
        let one = self.chance.pick(&self.enterprises).clone();
        let other = self.chance.pick(&self.enterprises).clone();
        let number = format!("示例罚决{}号", self.chance.below(40));
        let document = json!({ "number": number, "issuer": "示例市财政局", "on": "2025-11-01" });
        let today = self.world.clock.civil_date();
        let mut day = |back: usize, reach: usize| {
            let shift = i32::try_from(self.chance.below(reach)).unwrap() - i32::try_from(back).unwrap();
            Date::from_days(today.days() + shift).unwrap()
        };
        let (from, until, later) = (day(6, 9), day(3, 9), day(6, 12));
        let kind = *self.chance.pick(&["legal-representative", "shareholding"]);
        Some(match self.chance.below(10) {
            0..4 => {
                let reach = *self.chance.pick(&["enterprise", "legal-representative", "group"]);
                let measures: &[&str] = if self.chance.once_in(3) { &["plain", "cap"] } else { &[] };
                let until = (!self.chance.once_in(8)).then_some(until);
                let fields = json!({ "enterprise": one, "ground": "fraud", "from": from, "until": until,
                    "measures": measures, "reach": reach, "document": document });
                ("sanction.impose", fields)
            }
            4..8 => {
                let known = self.bars.as_ref().map(|bars| &bars.imposed).filter(|all| !all.is_empty());
                let picked = known.map(|all| self.chance.pick(all).1.clone());
                let (enterprise, number) = picked.map_or((one, number), |fact| {
                    (fact.enterprise.to_string(), fact.document.number.to_string())
                });
                let until = (!self.chance.once_in(4)).then_some(later);
                let fields =
                    json!({ "enterprise": enterprise, "document": number, "until": until, "by": document });
                ("sanction.lift", fields)
            }
            8 => {
                let fields = json!({ "enterprise": one, "other": other, "kind": kind, "from": from,
                    "until": until, "basis": "示例年报" });
                ("enterprise.affiliate", fields)
            }
            _ => {
                let fields = json!({ "enterprise": one, "other": other, "kind": kind, "until": later, "reason": "已转让" });
                ("enterprise.disaffiliate", fields)
            }
        })
    }
}
