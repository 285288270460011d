//! Beside the stages: tells the others that the writer lives, and hears when one of them has taken over.

use grants_eventlog::kafka::Heart;
use std::{
    sync::Arc,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

use super::shared::Shared;
use crate::fault::Fault;

/// Beats once per interval until the ledger is closed or has failed: whoever answers nobody any more is not alive.
pub(super) fn run(mut heart: Heart, interval: Duration, open: &Receiver<()>, shared: &Shared) {
    loop {
        match heart.beat() {
            Ok(None) => {}
            Ok(Some(epoch)) => return shared.fail(Fault::Replaced { epoch }),
            // If it lasts, somebody else takes over, and the log says so.
            Err(fault) => tracing::warn!(%fault, "no heartbeat: {fault}"),
        }
        let closed = open.recv_timeout(interval) != Err(RecvTimeoutError::Timeout);
        if closed || shared.latch.is_latched() {
            return;
        }
    }
}

/// The other end of [`run`]'s channel keeps the heart beating.
pub(super) type Open = std::sync::mpsc::Sender<()>;

/// What a thread needs to [`run`].
pub(super) fn thread(
    heart: (Heart, Duration),
    shared: &Arc<Shared>,
) -> (Open, impl FnOnce() + Send + 'static) {
    let (keeps, open) = std::sync::mpsc::channel();
    let ((heart, interval), shared) = (heart, Arc::clone(shared));
    (keeps, move || run(heart, interval, &open, &shared))
}
