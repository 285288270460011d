//! Writes the head file on a thread of its own, so that no answer ever waits for it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::{HeadFile, Vouched};

/// The handle of the thread that writes the head file. Clones share the thread.
#[derive(Clone)]
pub struct HeadKeeper(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct State {
    // Invariant: `wanted` is never shorter than `written`.
    wanted: Vouched,
    written: Vouched,
    closing: bool,
    failure: Option<String>,
}

/// The head file could not be written; the process has to end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the head file could not be written: {0}")]
pub struct KeeperFailed(pub String);

impl HeadKeeper {
    /// Starts the thread for a head file that says `written`.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn start(file: HeadFile, written: Vouched) -> std::io::Result<HeadKeeper> {
        let state = State { wanted: written, written, closing: false, failure: None };
        let shared = Shared { state: Mutex::new(state), changed: Condvar::new(), thread: Mutex::new(None) };
        let keeper = HeadKeeper(Arc::new(shared));
        let shared = Arc::clone(&keeper.0);
        let thread =
            std::thread::Builder::new().name("head-file".to_owned()).spawn(move || shared.run(file))?;
        *keeper.0.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        Ok(keeper)
    }

    /// Asks for `head` to be written soon and returns at once; when several wait, the latest is written.
    ///
    /// Call it only after the log has synced up to `head`.
    pub fn vouch(&self, head: Vouched) {
        let mut state = self.0.lock();
        if state.wanted.next_batch < head.next_batch {
            state.wanted = head;
            self.0.changed.notify_all();
        }
    }

    /// What the head file durably says.
    pub fn vouched(&self) -> Vouched {
        self.0.lock().written
    }

    /// Why the thread stopped, if it did. Poll this: after a failure the process has to end.
    pub fn failure(&self) -> Option<KeeperFailed> {
        self.0.lock().failure.clone().map(KeeperFailed)
    }

    /// Waits until everything asked for so far is durable. Not for the answer path.
    ///
    /// # Errors
    /// The head file could not be written.
    pub fn settle(&self) -> Result<Vouched, KeeperFailed> {
        let mut state = self.0.lock();
        while state.written.next_batch < state.wanted.next_batch {
            if let Some(failure) = &state.failure {
                return Err(KeeperFailed(failure.clone()));
            }
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(state.written)
    }

    /// Writes what is still wanted and ends the thread. Further calls do nothing.
    ///
    /// # Errors
    /// The head file could not be written.
    pub fn close(&self) -> Result<Vouched, KeeperFailed> {
        {
            self.0.lock().closing = true;
            self.0.changed.notify_all();
        }
        let thread = self.0.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            return Err(KeeperFailed("its thread panicked".to_owned()));
        }
        self.failure().map_or_else(|| Ok(self.vouched()), Err)
    }
}

impl Shared {
    fn run(&self, mut file: HeadFile) {
        let mut state = self.lock();
        loop {
            if state.written.next_batch < state.wanted.next_batch {
                let wanted = state.wanted;
                drop(state);
                let result = file.write(&wanted);
                state = self.lock();
                match result {
                    Ok(()) => state.written = wanted,
                    Err(fault) => {
                        tracing::error!(log.batch = wanted.next_batch, %fault, "Could not write the head file: {fault}");
                        state.failure = Some(fault.to_string());
                    }
                }
                self.changed.notify_all();
                if state.failure.is_some() {
                    return;
                }
            } else if state.closing {
                return;
            } else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
