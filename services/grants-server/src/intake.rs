//! Commands in, answers out: in order, many under way at once, each answer durable.

use crate::{failure::Failure, house::House, output};
use grants_domain::{commands::Command, context::Actor, ledger::Answer, values::CommandId};
use grants_ledger::{Outcome, SubmitError};
use std::{collections::VecDeque, sync::mpsc::Receiver};

/// Commands under way. Together they stay below what the ledger lets wait, so that none is turned away and the
/// order holds.
const UNDER_WAY_MAX: usize = 1_024;

/// One command to give.
pub(crate) struct Order {
    pub(crate) id: CommandId,
    pub(crate) command: Command,
    pub(crate) actor: Actor,
}

/// What became of it.
#[derive(Clone, Debug)]
pub(crate) enum Became {
    /// It was recorded now.
    Recorded(Answer),
    /// It was recorded before; this is the same answer.
    Repeated(Answer),
    /// Another command stands under its id.
    Conflict,
}

impl Became {
    /// The answer, if there is one.
    pub(crate) fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Recorded(answer) | Self::Repeated(answer) => Some(answer),
            Self::Conflict => None,
        }
    }
}

impl House {
    /// Gives commands in order and waits for every answer.
    pub(crate) fn give(&self, orders: Vec<Order>, label: &str) -> Result<Vec<Became>, Failure> {
        let before = self.seat.next_sequence();
        let bar = output::bar(orders.len(), label);
        let mut under_way: VecDeque<Receiver<Outcome>> = VecDeque::new();
        let mut became = Vec::with_capacity(orders.len());
        let take = |waiting: &Receiver<Outcome>| {
            bar.inc(1);
            let outcome = waiting.recv().map_err(|_| self.failed())?;
            self.read_outcome(outcome, before)
        };
        for order in orders {
            if UNDER_WAY_MAX <= under_way.len()
                && let Some(first) = under_way.pop_front()
            {
                became.push(take(&first)?);
            }
            under_way.push_back(self.seat.submit(order.command, order.id, order.actor));
        }
        for waiting in under_way {
            became.push(take(&waiting)?);
        }
        bar.finish_and_clear();
        Ok(became)
    }

    fn read_outcome(&self, outcome: Outcome, before: u64) -> Result<Became, Failure> {
        match outcome {
            Ok(answer) if before <= answer.sequence => Ok(Became::Recorded(answer)),
            Ok(answer) => Ok(Became::Repeated(answer)),
            Err(SubmitError::IdConflict) => Ok(Became::Conflict),
            Err(error) => Err(Failure::fault(error)),
        }
    }

    fn failed(&self) -> Failure {
        match self.seat.fault().get() {
            Some(fault) => Failure::fault(fault),
            None => Failure::fault_of("program-no-answer", &[]),
        }
    }
}
