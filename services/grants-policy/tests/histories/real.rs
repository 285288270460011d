//! The ledger itself, with the shipped catalogue, driven step by step; and the log that it would have.

mod again;
mod ask;
mod catalogue;
mod kin;
mod tell;

pub(crate) use again::replay;
pub(crate) use ask::money;
pub(crate) use catalogue::{AMOUNTS, ANSWERS, REACHES};
pub(crate) use tell::holds;

use crate::{
    step::{Nth, Step, Wish},
    told::Outcome,
    unlinted::Unlinted,
};
use grants_domain::{
    artifact::record_chunk::{CHUNK_BYTES_MAX, RecordChunk},
    asked::Asked,
    commands::Command,
    context::{Actor, AuthMethod, Context},
    events::Event,
    ids::{AttemptId, AwardId, LedgerId, RecoveryId},
    ledger::{self, Answer, Earlier, open::OpenLedger},
    policy::publish_version::PublishVersion,
    refusal::RefusalCode,
    state::{MemoryState, StateWrite},
    values::{CommandId, Sha256Hex, Timestamp},
    wire::Blob,
};
use grants_policy::{pack, shipped};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, sync::OnceLock};

/// A command as the log has it.
pub(crate) struct Entry {
    pub(crate) context: Context,
    pub(crate) asked: Asked,
    pub(crate) events: Vec<Event>,
}

/// The names that the ledger gave to what the steps name otherwise.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) awards: BTreeMap<String, AwardId>,
    pub(crate) applications: BTreeMap<AwardId, String>,
    payments: BTreeMap<AwardId, Vec<AttemptId>>,
    recoveries: BTreeMap<AwardId, Vec<RecoveryId>>,
}

/// A number that no award, payment or recovery of a history reaches.
const NOBODY: u64 = 999_999_999;

impl Names {
    pub(crate) fn award(&self, name: &str) -> AwardId {
        self.awards.get(name).copied().unwrap_or(AwardId(NOBODY))
    }
    pub(crate) fn payment(&self, name: &Nth) -> AttemptId {
        let of_award = self.payments.get(&self.award(&name.award));
        of_award.and_then(|all| all.get(name.nth)).copied().unwrap_or(AttemptId(NOBODY))
    }
    pub(crate) fn recovery(&self, name: &Nth) -> RecoveryId {
        let of_award = self.recoveries.get(&self.award(&name.award));
        of_award.and_then(|all| all.get(name.nth)).copied().unwrap_or(RecoveryId(NOBODY))
    }
    /// Learns what an event names.
    fn learn(&mut self, event: &Event) {
        match event {
            Event::AwardProposed(fact) => {
                self.awards.insert(fact.application.to_string(), fact.award);
                self.applications.insert(fact.award, fact.application.to_string());
            }
            Event::PaymentInstructed(fact) => {
                self.payments.entry(fact.award).or_default().push(fact.payment);
            }
            Event::RecoveryProposed(fact) => {
                self.recoveries.entry(fact.award).or_default().push(fact.recovery);
            }
            _ => {}
        }
    }
}

/// The ledger.
pub(crate) struct World {
    pub(crate) state: MemoryState,
    pub(crate) rules: Unlinted,
    pub(crate) names: Names,
    pub(crate) log: Vec<Entry>,
    sequence: u64,
    others: u32,
}

/// An open ledger with the shipped catalogue in force, once for all histories.
struct Founded {
    state: MemoryState,
    rules: Unlinted,
    sequence: u64,
}

fn founded() -> &'static Founded {
    static FOUNDED: OnceLock<Founded> = OnceLock::new();
    FOUNDED.get_or_init(|| {
        let (state, rules, names) = (MemoryState::default(), Unlinted::default(), Names::default());
        let mut world = World { state, rules, names, log: Vec::new(), sequence: 0, others: 0 };
        let (actor, at) = (("policy", "policy-1"), 1_717_200_000);
        let open = OpenLedger { name: "示例市".parse().unwrap(), simulated: true };
        world.run(open.into(), actor, at, None);
        world.publish(&pack(&shipped()), actor, at, None);
        Founded { state: world.state, rules: world.rules, sequence: world.sequence }
    })
}

impl World {
    /// An open ledger with the shipped catalogue, and nothing else.
    pub(crate) fn new() -> Self {
        let Founded { state, rules, sequence } = founded();
        let (state, rules, names) = (state.clone(), rules.clone(), Names::default());
        Self { state, rules, names, log: Vec::new(), sequence: *sequence, others: 0 }
    }

    /// Where the history begins.
    fn beginning() -> (MemoryState, Unlinted) {
        (founded().state.clone(), founded().rules.clone())
    }

    /// Gives a step to the ledger.
    pub(crate) fn take(&mut self, step: &Step) -> Outcome {
        let (actor, id) = ((step.role, step.actor.as_str()), Some(step.id));
        match &step.wish {
            Wish::Publish { changes } => {
                let bytes = pack(&catalogue::changed(changes));
                self.publish(&bytes, actor, step.at, id)
            }
            Wish::PublishNonsense => self.publish(b"no catalogue", actor, step.at, id),
            wish => {
                let command = ask::command(wish, &self.names);
                self.run(command, actor, step.at, id)
            }
        }
    }

    /// Records the chunks, in commands of their own, and publishes them.
    fn publish(&mut self, bytes: &[u8], actor: (&str, &str), at: i64, id: Option<u32>) -> Outcome {
        let artifact = Sha256Hex(Sha256::digest(bytes).into());
        let chunks: Vec<&[u8]> = bytes.chunks(CHUNK_BYTES_MAX).collect();
        let count = u32::try_from(chunks.len()).unwrap();
        for (index, chunk) in (0u32..).zip(chunks) {
            let chunk = RecordChunk { artifact, index, count, bytes: Blob(chunk.to_vec()) };
            let recorded = self.run(chunk.into(), ("policy", "policy-1"), at, None);
            assert!(matches!(recorded, Outcome::Taken(_)), "{recorded:?}");
        }
        let version = PublishVersion { catalogue: artifact, title: "示例版本".parse().unwrap() };
        self.run(version.into(), actor, at, id)
    }

    fn run(&mut self, command: Command, actor: (&str, &str), at: i64, id: Option<u32>) -> Outcome {
        let context = self.context(actor, at, id);
        let asked = Asked::of(command);
        match ledger::earlier(&self.state, context.command, asked.hash()) {
            Earlier::Conflict => return Outcome::Conflict,
            Earlier::Same(answer) => {
                return Outcome::Same(answer.refused.map(|refused| refused.code.word().to_owned()));
            }
            Earlier::New => {}
        }
        let executed = ledger::execute(&self.state, &mut self.rules, &asked, &context);
        for (key, row) in executed.rows {
            self.state.write(key, row);
        }
        self.sequence += u64::from(executed.answer.events);
        let Answer { sequence, refused, .. } = executed.answer;
        assert_eq!(sequence, context.sequence);
        executed.events.iter().for_each(|event| self.names.learn(event));
        let outcome = match refused {
            Some(refused) => {
                assert_eq!(executed.events.len(), 1, "a refusal is the only event");
                // Of who is barred both sides say by which sanction.
                let sanction = refused.detail("sanctioned").zip(refused.detail("document"));
                let rule = match (refused.code, sanction) {
                    (RefusalCode::EnterpriseBarred, Some((code, document))) => {
                        Some(format!("{code} {document}"))
                    }
                    _ => refused.rule.map(|rule| rule.to_string()),
                };
                Outcome::Refused(refused.code.word().to_owned(), rule)
            }
            None => {
                Outcome::taken(executed.events.iter().filter_map(|event| tell::tell(self, event)).collect())
            }
        };
        self.log.push(Entry { context, asked, events: executed.events });
        outcome
    }

    fn context(&mut self, (role, actor): (&str, &str), at: i64, id: Option<u32>) -> Context {
        let name = id.map_or_else(
            || {
                self.others += 1;
                format!("other-{}-{}", self.sequence, self.others)
            },
            |id| format!("step-{id}"),
        );
        let digest: [u8; 32] = Sha256::digest(name.as_bytes()).into();
        Context {
            ledger: LedgerId([0x7e; 16]),
            actor: Actor {
                id: actor.parse().unwrap(),
                role: role.parse().unwrap(),
                auth: AuthMethod::Simulated,
            },
            recorded_at: Timestamp::from_micros(at * 1_000_000).unwrap(),
            sequence: self.sequence,
            command: CommandId(digest[..16].try_into().unwrap()),
        }
    }
}
