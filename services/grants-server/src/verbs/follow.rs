//! `grants follow`: the awards of another ledger are reported here, each once (`grants_ledger::Link` says how).
//!
//! This ledger is opened for writing only while there is something to report, so that others write it in between.

use crate::{
    actor::Actors,
    beside::Beside,
    cli::{Common, Follow},
    failure::Failure,
    house::House,
    look::Look,
    output::{Said, heads},
};
use grants_domain::{
    context::{Actor, Role},
    state::has,
    tables::Commands,
};
use grants_files::Texts;
use grants_ledger::{DataDir, Delivered, Follower, Link, LinkError, LinkPosition, LinkTable};
use serde_json::{Value, json};
use std::{path::PathBuf, thread, time::Duration};

/// Performs it.
pub(crate) fn perform(common: &Common, request: &Follow, texts: &Texts) -> Result<Said, Failure> {
    let table = LinkTable::read(&request.table).map_err(Failure::usage)?;
    let source = Beside::open(&request.from)?;
    let mut desk = Desk::open(common, table, texts)?;
    loop {
        source.catch_up()?;
        let pass = desk.pass(common, &source, request.once, texts)?;
        let said = desk.said(&pass, texts);
        if request.once {
            return Ok(said.good(pass.refused() == 0));
        }
        if pass.tells() {
            said.tell(common.json);
        }
        thread::sleep(Duration::from_secs(request.every));
    }
}

/// A link, and who reports over it.
struct Desk {
    link: Link,
    actor: Actor,
    place: PathBuf,
    written: Option<LinkPosition>,
    /// What was told of measures without a name, and of a ledger in use, is not told again and again.
    told: (usize, bool),
}

/// What one look at the source came to.
#[derive(Default)]
struct Pass {
    delivered: Vec<Delivered>,
    /// The end of this ledger before the pass: what is answered from before it was known.
    before: u64,
    in_use: bool,
    news: bool,
}

impl Pass {
    /// What was refused, now or before: it is told as often as it is offered.
    fn turned_down(&self) -> impl Iterator<Item = &Delivered> {
        self.delivered.iter().filter(|one| one.answer.refused.is_some())
    }

    fn refused(&self) -> usize {
        self.turned_down().count()
    }

    /// What was recorded now, and not refused.
    fn fresh(&self) -> impl Iterator<Item = &Delivered> {
        let new = |one: &&Delivered| self.before <= one.answer.sequence && one.answer.refused.is_none();
        self.delivered.iter().filter(new)
    }

    /// Whether anything is to be said that was not said before.
    fn tells(&self) -> bool {
        self.news || !self.delivered.is_empty()
    }
}

impl Desk {
    fn open(common: &Common, table: LinkTable, texts: &Texts) -> Result<Self, Failure> {
        let dir = DataDir::at(&common.data);
        let manifest = dir.manifest()?;
        let actors = Actors::parse(&common.actors, manifest.simulated)?;
        let actor = actors.need(Role::Registrar, texts)?.clone();
        let place = dir.link(table.ledger());
        let written = LinkPosition::read(&place)?;
        // A ledger that came back from a backup does not hold what the position vouches for.
        let last = written.as_ref().and_then(|position| position.last);
        let known = match last {
            Some(last) => Look::open(common, texts)?.read(|state| has::<Commands>(state, &last))?,
            None => false,
        };
        let follower = Follower { ledger: manifest.ledger, simulated: manifest.simulated };
        let link = Link::new(table, follower, written.as_ref(), |_| known).map_err(Failure::usage)?;
        Ok(Self { link, actor, place, written, told: (0, false) })
    }

    /// Reads to the end and reports what is new. Unless it is done `once`, it does not mind that another process writes
    /// this ledger: what is to be reported waits for the next time.
    fn pass(&mut self, common: &Common, source: &Beside, once: bool, texts: &Texts) -> Result<Pass, Failure> {
        let (mut pass, mut house) = (Pass::default(), None);
        loop {
            let more = self.link.read_on(source.reader()).map_err(failure)?;
            if !self.link.waiting().is_empty() && house.is_none() {
                house = match House::open(common, texts) {
                    Err(busy) if busy.is_in_use() && !once => None,
                    opened => Some(opened?),
                };
                pass.before = house.as_ref().map_or(0, |house| house.seat.next_sequence());
                pass.in_use = house.is_none();
            }
            if let Some(house) = &house {
                self.report(house, &mut pass)?;
                self.keep()?;
            }
            if !more || pass.in_use {
                break;
            }
        }
        self.keep()?;
        house.map_or(Ok(()), House::close)?;
        let told = (self.link.unnamed().len(), pass.in_use);
        pass.news = told != std::mem::replace(&mut self.told, told);
        Ok(pass)
    }

    fn report(&mut self, house: &House, pass: &mut Pass) -> Result<(), Failure> {
        let submit = |command, id, actor| house.seat.submit(command, id, actor);
        while let Some(delivered) = self.link.deliver(&self.actor, submit).map_err(failure)? {
            pass.delivered.push(delivered);
        }
        Ok(())
    }

    /// Keeps the position where everything is answered.
    fn keep(&mut self) -> Result<(), Failure> {
        let position = self.link.position().filter(|position| self.written.as_ref() != Some(position));
        if let Some(position) = position {
            position.write(&self.place)?;
            self.written = Some(position);
        }
        Ok(())
    }

    fn said(&self, pass: &Pass, texts: &Texts) -> Said {
        let (ledger, next) = (self.link.source().to_string(), self.link.next_sequence());
        let (fresh, waiting) = (pass.fresh().count(), self.link.waiting().len());
        let known = pass.delivered.len().saturating_sub(fresh).saturating_sub(pass.refused());
        let json = json!({
            "ledger": ledger, "next_sequence": next, "reported": pass.fresh().map(entry).collect::<Vec<_>>(),
            "known": known, "refused": pass.turned_down().map(entry).collect::<Vec<_>>(), "waiting": waiting, "unnamed": self.link.unnamed(),
            "moved": self.link.moved(),
        });
        let count = |count: usize| count.to_string();
        let args = [
            ("ledger", ledger.clone()),
            ("next", next.to_string()),
            ("reported", count(fresh)),
            ("known", count(known)),
            ("refused", count(pass.refused())),
            ("waiting", count(waiting)),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut said = Said::new(json).line(texts.get("program-follow-read", &args));
        for (measure, seen) in self.link.unnamed() {
            let (measure, seen) = (measure.as_str(), seen.to_string());
            said = said.line(texts.get("program-follow-unnamed", &[("measure", measure), ("count", &seen)]));
        }
        if self.link.moved() {
            said = said.line(texts.get("program-follow-moved", &[("ledger", &ledger)]));
        }
        if pass.in_use {
            said = said.line(texts.get("program-follow-in-use", &[("count", &count(waiting))]));
        }
        let head =
            heads(texts, &["head-external", "head-about", "head-status", "head-amount", "head-result"]);
        said.table(head, pass.fresh().chain(pass.turned_down()).map(|one| row(one, texts)).collect())
    }
}

fn entry(one: &Delivered) -> Value {
    let request = &one.report.request;
    json!({
        "sequence": one.report.sequence, "award": request.award, "subject": request.subject,
        "programme": request.programme, "status": request.status, "amount": request.amount,
        "recorded": one.answer.sequence, "refused": one.answer.refused,
    })
}

fn row(one: &Delivered, texts: &Texts) -> Vec<String> {
    let request = &one.report.request;
    let result = match &one.answer.refused {
        None => texts.get("program-done", &[]),
        Some(refused) => texts.refusal(refused),
    };
    vec![
        request.award.to_string(),
        request.subject.to_string(),
        texts.word("external-status", request.status.word()),
        request.amount.map(|amount| amount.grouped()).unwrap_or_default(),
        result,
    ]
}

/// What is wrong with the command line or the table, and what has failed.
fn failure(error: LinkError) -> Failure {
    match error {
        LinkError::Itself(_)
        | LinkError::OtherLedger { .. }
        | LinkError::Simulated
        | LinkError::Role(_)
        | LinkError::Otherwise { .. } => Failure::usage(error),
        LinkError::Halt(_)
        | LinkError::Read { .. }
        | LinkError::Record { .. }
        | LinkError::HistoryMissing { .. }
        | LinkError::OtherHistory(_)
        | LinkError::Submit { .. } => Failure::fault(error),
    }
}
