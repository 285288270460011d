//! Who may get nothing, by the sanctions that were recorded: every sanction is followed to whomever it went along with, and
//! to the group that it reaches.

use super::{Books, Entry};
use crate::code::Code;
use grants_domain::{
    enterprise::lineage::LinkKind,
    events::Event,
    sanction::{SanctionReach, impose::SanctionImposed},
    tables::AffiliationKind,
    values::Date,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the facts say of enterprises that bars any of them.
#[derive(Default)]
pub(super) struct Bars {
    /// Sanctions by the code that they are recorded of.
    sanctions: BTreeMap<String, Vec<Imposed>>,
    /// Whatever hangs together with a code, or ever did: beyond it nothing need be looked at.
    neighbours: BTreeMap<String, BTreeSet<String>>,
    links: Vec<Link>,
    relations: Vec<Relation>,
}

struct Imposed {
    sequence: u64,
    fact: SanctionImposed,
    days: Days,
}

struct Link {
    from: String,
    into: String,
    kind: LinkKind,
    on: Date,
    sequence: u64,
}

struct Relation {
    ends: [String; 2],
    kind: AffiliationKind,
    days: Days,
    sequence: u64,
}

/// First and last day; none of what never was.
type Days = Option<(Date, Option<Date>)>;

/// What is left of days when a last one is named; nothing if there is none, because it never was.
fn ended(days: Days, until: Option<Date>) -> Days {
    days.zip(until).map(|((from, _), until)| (from, Some(until)))
}

fn within(days: Days, day: Date) -> bool {
    days.is_some_and(|(from, last)| from <= day && last.is_none_or(|last| day <= last))
}

impl Bars {
    fn meet(&mut self, one: &str, other: &str) {
        for (one, other) in [(one, other), (other, one)] {
            self.neighbours.entry(one.to_owned()).or_default().insert(other.to_owned());
        }
    }

    fn link(&mut self, ends: (&str, &str), kind: LinkKind, on: Date, sequence: u64) {
        self.meet(ends.0, ends.1);
        self.links.push(Link { from: ends.0.to_owned(), into: ends.1.to_owned(), kind, on, sequence });
    }

    /// Takes in what changes who is barred.
    pub(super) fn learn(&mut self, event: &Event, sequence: u64) {
        if let Event::EnterpriseCodeChanged(fact) = event {
            let ends = (fact.enterprise.as_str(), fact.code.as_str());
            self.link(ends, LinkKind::CodeChange, fact.on, sequence);
        } else if let Event::EnterpriseMerged(fact) = event {
            for one in &fact.predecessors {
                self.link((one.as_str(), fact.successor.as_str()), LinkKind::Merger, fact.on, sequence);
            }
        } else if let Event::EnterpriseSplit(fact) = event {
            for one in &fact.into {
                self.link((fact.enterprise.as_str(), one.as_str()), LinkKind::Split, fact.on, sequence);
            }
        } else if let Event::EnterpriseUnlinked(fact) = event {
            let (from, into) = (fact.predecessor.as_str(), fact.successor.as_str());
            self.links.retain(|one| (one.sequence, &*one.from, &*one.into) != (fact.linked, from, into));
        } else if let Event::EnterprisesAffiliated(fact) = event {
            self.meet(fact.enterprise.as_str(), fact.other.as_str());
            let ends = [fact.enterprise.to_string(), fact.other.to_string()];
            let days = Some((fact.from, fact.until));
            self.relations.push(Relation { ends, kind: fact.kind, days, sequence });
        } else if let Event::EnterprisesDisaffiliated(fact) = event {
            for one in self.relations.iter_mut().filter(|one| one.sequence == fact.affiliated) {
                one.days = ended(one.days, fact.until);
            }
        } else if let Event::SanctionImposed(fact) = event {
            let one = Imposed { sequence, fact: fact.clone(), days: Some((fact.from, fact.until)) };
            self.sanctions.entry(fact.enterprise.to_string()).or_default().push(one);
        } else if let Event::SanctionLifted(fact) = event {
            let of = self.sanctions.get_mut(fact.enterprise.as_str()).into_iter().flatten();
            for one in of.filter(|one| one.sequence == fact.imposed) {
                one.days = ended(one.days, fact.until);
            }
        }
    }

    /// The number of the document that bars an enterprise from a measure on a day.
    fn document(&self, code: &str, measure: &str, day: Date) -> Option<String> {
        let mut now = code;
        while let Some(link) = self.links.iter().find(|one| one.from == now && one.kind != LinkKind::Split) {
            now = &link.into;
        }
        let near =
            spread([now.to_owned()], |one| self.neighbours.get(one).into_iter().flatten().cloned().collect());
        let all = near.iter().filter_map(|one| self.sanctions.get(one)).flatten();
        let named = all.filter(|one| {
            let measures = &one.fact.measures;
            measures.is_empty() || measures.iter().any(|it| it.as_str() == measure)
        });
        let mut in_force = named.filter(|one| within(one.days, day));
        let found = in_force.find(|one| self.reached(&one.fact, day).contains(now));
        found.map(|one| one.fact.document.number.to_string())
    }

    /// Everybody whom a sanction reaches on a day.
    fn reached(&self, sanction: &SanctionImposed, day: Date) -> BTreeSet<String> {
        let goes = |link: &Link| link.kind != LinkKind::Split || sanction.from <= link.on;
        let carriers = spread([sanction.enterprise.to_string()], |at| {
            let ahead = self.links.iter().filter(|link| link.from == at && goes(link));
            let back = self.links.iter().filter(|link| link.into == at && link.kind == LinkKind::CodeChange);
            ahead.map(|link| link.into.clone()).chain(back.map(|link| link.from.clone())).collect()
        });
        let every_kind = match sanction.reach {
            SanctionReach::Enterprise => return carriers,
            SanctionReach::LegalRepresentative => false,
            SanctionReach::Group => true,
        };
        let counts = |one: &&Relation| {
            within(one.days, day) && (every_kind || one.kind == AffiliationKind::LegalRepresentative)
        };
        let lines = self.links.iter().filter(|link| link.kind != LinkKind::Split);
        let lines = lines.map(|link| [link.from.clone(), link.into.clone()]);
        let pairs: Vec<[String; 2]> =
            self.relations.iter().filter(counts).map(|one| one.ends.clone()).chain(lines).collect();
        let others = |at: &str| {
            pairs.iter().filter(|ends| ends.iter().any(|end| end == at)).flatten().cloned().collect()
        };
        spread(carriers, others)
    }
}

/// Whoever is reached from somebody, step by step.
fn spread(from: impl IntoIterator<Item = String>, step: impl Fn(&str) -> Vec<String>) -> BTreeSet<String> {
    let mut open: Vec<String> = from.into_iter().collect();
    let mut found: BTreeSet<String> = open.iter().cloned().collect();
    while let Some(at) = open.pop() {
        for one in step(&at) {
            if found.insert(one.clone()) {
                open.push(one);
            }
        }
    }
    found
}

impl Books {
    /// Nothing is given on a day on which a sanction is in force.
    pub(super) fn is_free(&self, entry: &mut Entry<'_>, enterprise: &str, measure: &str) {
        if let Some(document) = self.bars.document(enterprise, measure, entry.day) {
            let found = format!("{enterprise}, barred by {document}");
            entry.wrong(Code::EnterpriseBarred, "award", found, "an enterprise that no sanction bars");
        }
    }

    /// The same of an award that stands.
    pub(super) fn is_free_for(&self, entry: &mut Entry<'_>, award: u64) {
        if let Some(award) = self.awards.get(&award) {
            self.is_free(entry, &award.enterprise, &award.measure);
        }
    }
}
