//! The end that takes commands in: one listener for every ledger of this process.

use super::{Errand, Greeting, Hello, NotWelcome, Outcome, PEER_LINE_BYTES_MAX, Reply, Token, Welcome};
use crate::{bounded, hex, script::ToldTime};
use grants_domain::ids::LedgerId;
use grants_ledger::Ledger;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::{
    io::{AsyncWriteExt, BufReader, BufWriter},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Semaphore, mpsc},
    time::timeout,
};

/// Lines that are open at once: some for every process of every ledger.
const LINES_MAX: usize = 256;
/// How long somebody who has connected may take to say who it is.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// Commands of one line that are under way at once; who sends more waits.
const ERRANDS_MAX: usize = 1_024;

/// Where the commands of one ledger go, while this process writes it.
pub(crate) struct Desk {
    token: Token,
    told: Option<ToldTime>,
    writes: RwLock<Option<Ledger>>,
}

impl Desk {
    /// A desk at which nobody sits. Whoever comes may tell the time, where it comes from a script.
    pub(crate) fn new(token: Token, told: Option<ToldTime>) -> Desk {
        Desk { token, told, writes: RwLock::new(None) }
    }

    /// This process writes from now on.
    pub(crate) fn open(&self, ledger: Ledger) {
        *self.writes.write().unwrap_or_else(PoisonError::into_inner) = Some(ledger);
    }

    /// It does not any more.
    pub(crate) fn close(&self) -> Option<Ledger> {
        self.writes.write().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn with<T>(&self, ask: impl FnOnce(&Ledger) -> T) -> Option<T> {
        self.writes.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(ask)
    }

    fn welcome(&self, nonce: &str, hello: &Hello) -> Welcome {
        if !self.token.proves(nonce, hello.ledger, &hello.proof) {
            return Welcome::Error(NotWelcome::WrongToken);
        }
        let Some(epoch) = self.with(Ledger::epoch) else {
            return Welcome::Error(NotWelcome::NotTheWriter);
        };
        if let (Some(told), Some(at)) = (&self.told, hello.at) {
            told.set(at);
        }
        Welcome::Epoch(epoch)
    }
}

/// The desks of a process, by ledger.
#[derive(Clone, Default)]
pub(crate) struct Desks(Arc<RwLock<BTreeMap<LedgerId, Arc<Desk>>>>);

impl Desks {
    /// Adds one; no if there is one for this ledger already.
    pub(crate) fn add(&self, ledger: LedgerId, desk: Arc<Desk>) -> bool {
        let mut desks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        !desks.contains_key(&ledger) && desks.insert(ledger, desk).is_none()
    }

    fn of(&self, ledger: LedgerId) -> Option<Arc<Desk>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&ledger).cloned()
    }
}

/// Takes lines until the process ends.
pub(crate) async fn serve(listener: TcpListener, desks: Desks) {
    let room = Arc::new(Semaphore::new(LINES_MAX));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, from)) => {
                let desks = desks.clone();
                tokio::spawn(async move {
                    if let Err(fault) = converse(stream, &desks).await {
                        tracing::debug!(%from, %fault, "a line ended: {fault}");
                    }
                    drop(place);
                });
            }
            // Too many files, or a connection that was gone at once: the listener itself goes on.
            Err(fault) => {
                tracing::warn!(%fault, "a connection was not taken: {fault}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn converse(stream: TcpStream, desks: &Desks) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (read, write) = stream.into_split();
    let (mut read, mut write) = (BufReader::new(read), BufWriter::new(write));
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(io::Error::other)?;
    let nonce = hex::encode(&nonce);
    send(&mut write, &Greeting { nonce: nonce.clone() }).await?;
    write.flush().await?;
    let line = timeout(HELLO_WITHIN, bounded::line(&mut read, PEER_LINE_BYTES_MAX)).await;
    let Some(line) = line.map_err(io::Error::other)?? else { return Ok(()) };
    let hello: Option<Hello> = serde_json::from_slice(&line).ok();
    let desk = hello.as_ref().and_then(|hello| desks.of(hello.ledger));
    let welcome = match (&hello, &desk) {
        (None, _) => Welcome::Error(NotWelcome::NotUnderstood),
        // Whether a ledger is here is told to nobody who does not know its token.
        (Some(_), None) => Welcome::Error(NotWelcome::WrongToken),
        (Some(hello), Some(desk)) => desk.welcome(&nonce, hello),
    };
    send(&mut write, &welcome).await?;
    write.flush().await?;
    match (welcome, desk) {
        (Welcome::Epoch(epoch), Some(desk)) => take(read, write, &desk, epoch).await,
        (Welcome::Error(_) | Welcome::Epoch(_), _) => Ok(()),
    }
}

/// Gives on what comes until the line ends, or this process does not write any more.
async fn take(
    mut read: BufReader<OwnedReadHalf>,
    write: BufWriter<OwnedWriteHalf>,
    desk: &Desk,
    epoch: u64,
) -> io::Result<()> {
    let (answers, to_write) = mpsc::unbounded_channel::<Option<Reply>>();
    let writing = tokio::spawn(answer(write, to_write));
    let room = Arc::new(Semaphore::new(ERRANDS_MAX));
    while let Some(line) = bounded::line(&mut read, PEER_LINE_BYTES_MAX).await? {
        let errand: Errand = serde_json::from_slice(&line).map_err(io::Error::other)?;
        let Some(command) = errand.command() else {
            let reply = Reply { id: errand.id, outcome: Outcome::NotACommand };
            drop(answers.send(Some(reply)));
            continue;
        };
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { break };
        let (answers, id) = (answers.clone(), errand.id);
        let given = desk.with(|ledger| {
            if ledger.epoch() != epoch {
                return false;
            }
            ledger.submit_then(command, id, errand.actor, move |outcome| {
                // What is unknown ends the line: whoever waits asks the next writer.
                drop(answers.send(Outcome::of(outcome).map(|outcome| Reply { id, outcome })));
                drop(place);
            });
            true
        });
        if given != Some(true) || writing.is_finished() {
            break;
        }
    }
    drop(answers);
    writing.await.map_err(io::Error::other)?
}

/// Writes answers in groups, as they come; ends at the first that there is not.
async fn answer(
    mut write: BufWriter<OwnedWriteHalf>,
    mut answers: mpsc::UnboundedReceiver<Option<Reply>>,
) -> io::Result<()> {
    while let Some(first) = answers.recv().await {
        let mut next = Some(first);
        while let Some(reply) = next {
            let Some(reply) = reply else { return write.shutdown().await };
            send(&mut write, &reply).await?;
            next = answers.try_recv().ok();
        }
        write.flush().await?;
    }
    write.shutdown().await
}

async fn send(write: &mut BufWriter<OwnedWriteHalf>, what: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(what).map_err(io::Error::other)?;
    line.push(b'\n');
    write.write_all(&line).await
}
