//! The end that gives commands: it finds the writer, sends, and sends again to the next writer what had no answer.
//!
//! One thread keeps what is under way, in its order; another reads the answers of the line that is open.

use super::{Errand, Greeting, Hello, NotWelcome, PEER_LINE_BYTES_MAX, Reply, Token, Welcome};
use grants_domain::{
    commands::Command,
    context::Actor,
    ids::LedgerId,
    values::{CommandId, Timestamp},
};
use grants_eventlog::{GrowingLog, writer_address};
use grants_ledger::{Fault, FaultLatch, Outcome, SubmitError};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    collections::VecDeque,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::{Duration, Instant},
};

/// How long one step of opening a line may take.
const STEP_WITHIN: Duration = Duration::from_secs(10);
/// How long an answer is waited for before it is looked whether the writer was replaced, and nothing at all.
const LOOK_AFTER: Duration = Duration::from_secs(1);
const IDLE: Duration = Duration::from_secs(3_600);
/// Between two attempts to find the writer.
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Whom to give to, and for how long to look for a writer before giving up.
pub(crate) struct Address {
    pub(crate) log: Arc<dyn GrowingLog>,
    pub(crate) ledger: LedgerId,
    pub(crate) token: Token,
    /// The time of the next command, where the ledger is simulated.
    pub(crate) at: Option<Timestamp>,
    pub(crate) patience: Duration,
}

/// Gives commands to whoever writes.
pub(crate) struct Courier {
    to_carry: Sender<Event>,
    latch: FaultLatch,
}

type Then = Box<dyn FnOnce(Outcome) + Send>;

enum Event {
    Give(CommandId, Actor, Box<Command>, Then),
    /// An answer, or the end, of the line of this number.
    Heard(u64, Option<Reply>),
}

impl Courier {
    /// Starts it; no line is opened before there is something to give.
    pub(crate) fn start(address: Address) -> io::Result<Courier> {
        let (to_carry, events) = channel();
        let latch = FaultLatch::new();
        let round = Round {
            address,
            latch: latch.clone(),
            heard: to_carry.clone(),
            under_way: VecDeque::new(),
            line: None,
            lines: 0,
            moved: Instant::now(),
        };
        std::thread::Builder::new().name("courier".to_owned()).spawn(move || round.run(&events))?;
        Ok(Courier { to_carry, latch })
    }

    /// Gives a command; `then` is called once, on a thread of the courier, and must not block.
    pub(crate) fn give(
        &self,
        command: Command,
        id: CommandId,
        actor: Actor,
        then: impl FnOnce(Outcome) + Send + 'static,
    ) {
        let give = Event::Give(id, actor, Box::new(command), Box::new(then));
        if let Err(unsent) = self.to_carry.send(give)
            && let Event::Give(.., then) = unsent.0
        {
            then(Err(SubmitError::Unknown(self.latch.get().unwrap_or(Fault::Thread("courier")))));
        }
    }

    /// Set when no writer was found for too long.
    pub(crate) fn fault(&self) -> FaultLatch {
        self.latch.clone()
    }
}

/// What is under way.
struct Round {
    address: Address,
    latch: FaultLatch,
    heard: Sender<Event>,
    // Invariant: in the order in which they were given; what is sent over a line has this order too.
    under_way: VecDeque<(CommandId, Vec<u8>, Then)>,
    /// The line that is open, and the epoch of the writer at its other end.
    line: Option<(u64, TcpStream)>,
    /// How many lines were opened; the number of the newest.
    lines: u64,
    /// When something was answered last, or nothing was under way.
    moved: Instant,
}

impl Round {
    fn run(mut self, events: &Receiver<Event>) {
        loop {
            let wait = match (&self.line, self.under_way.is_empty()) {
                (_, true) => IDLE,
                (None, false) => AGAIN_AFTER,
                (Some(_), false) => LOOK_AFTER,
            };
            match events.recv_timeout(wait) {
                Ok(Event::Give(id, actor, command, then)) => self.take(id, actor, &command, then),
                Ok(Event::Heard(line, reply)) if line == self.lines => self.hear(reply),
                // Of a line that was given up: what it says is said again on the next.
                Ok(Event::Heard(..)) => {}
                Err(RecvTimeoutError::Timeout) => self.look(),
                // `heard` keeps the channel open, so this is never met.
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.line.is_none() && !self.under_way.is_empty() && !self.try_line() {
                return self.give_up();
            }
        }
    }

    fn take(&mut self, id: CommandId, actor: Actor, command: &Command, then: Then) {
        let sent = line_of(&Errand::new(id, actor, command));
        if self.under_way.is_empty() {
            self.moved = Instant::now();
        }
        let written = self.line.as_mut().map(|(_, line)| line.write_all(&sent));
        if matches!(written, Some(Err(_))) {
            self.line = None;
        }
        self.under_way.push_back((id, sent, then));
    }

    /// Gives up a line to a process that was replaced: one that stands still, or cannot be reached, does not say so.
    fn look(&mut self) {
        if let Some((epoch, _)) = &self.line
            && !self.under_way.is_empty()
            && self.address.log.catch_up().is_ok_and(|vouched| vouched.epoch != *epoch)
        {
            self.line = None;
        }
    }

    fn hear(&mut self, reply: Option<Reply>) {
        let Some(Reply { id, outcome }) = reply else {
            self.line = None;
            return;
        };
        if let Some(place) = self.under_way.iter().position(|(one, ..)| *one == id)
            && let Some((_, _, then)) = self.under_way.remove(place)
        {
            self.moved = Instant::now();
            then(outcome.into_outcome());
        }
    }

    /// Opens a line and sends everything that is under way; no if it is time to give up.
    fn try_line(&mut self) -> bool {
        match self.open() {
            Ok(line) => {
                self.line = Some(line);
                true
            }
            Err(LineError::Refused(NotWelcome::WrongToken)) => {
                self.latch.latch(Fault::Log(NotWelcome::WrongToken.to_string()));
                false
            }
            Err(fault) => {
                tracing::info!(%fault, "no writer: {fault}");
                let in_time = self.moved.elapsed() < self.address.patience;
                if !in_time {
                    self.latch.latch(Fault::Log(format!("no writer was found: {fault}")));
                }
                in_time
            }
        }
    }

    fn open(&mut self) -> Result<(u64, TcpStream), LineError> {
        let Address { log, ledger, token, at, .. } = &self.address;
        log.catch_up().map_err(|fault| LineError::Log(fault.to_string()))?;
        let found = writer_address(&**log).map_err(|fault| LineError::Log(fault.to_string()))?;
        let place = found.filter(|place| !place.is_empty()).ok_or(LineError::NoAddress)?;
        let at_place = |fault: io::Error| LineError::Io(place.clone(), fault);
        let socket = place.to_socket_addrs().map_err(at_place)?.next().ok_or(LineError::NoAddress)?;
        let mut line = TcpStream::connect_timeout(&socket, STEP_WITHIN).map_err(at_place)?;
        let mut read = BufReader::new(line.try_clone().map_err(at_place)?);
        line.set_nodelay(true).and_then(|()| line.set_read_timeout(Some(STEP_WITHIN))).map_err(at_place)?;
        let Greeting { nonce } = receive(&mut read).and_then(ended).map_err(at_place)?;
        let hello = Hello { ledger: *ledger, proof: token.proof(&nonce, *ledger), at: *at };
        line.write_all(&line_of(&hello)).map_err(at_place)?;
        let epoch = match receive(&mut read).and_then(ended).map_err(at_place)? {
            Welcome::Error(why) => return Err(LineError::Refused(why)),
            Welcome::Epoch(epoch) => epoch,
        };
        line.set_read_timeout(None).map_err(at_place)?;
        line.set_write_timeout(Some(STEP_WITHIN)).map_err(at_place)?;
        self.lines += 1;
        for (_, sent, _) in &self.under_way {
            line.write_all(sent).map_err(at_place)?;
        }
        let (number, heard) = (self.lines, self.heard.clone());
        std::thread::Builder::new()
            .name("answers".to_owned())
            .spawn(move || listen(&mut read, number, &heard))
            .map_err(at_place)?;
        Ok((epoch, line))
    }

    /// Nobody knows what became of what is under way.
    fn give_up(mut self) {
        let fault = self.latch.get().unwrap_or(Fault::Thread("courier"));
        for (_, _, then) in self.under_way.drain(..) {
            then(Err(SubmitError::Unknown(fault.clone())));
        }
    }
}

/// Why there is no line to a writer.
#[derive(Debug, thiserror::Error)]
enum LineError {
    #[error("the log cannot be read: {0}")]
    Log(String),
    #[error("no process has taken the ledger over yet: start `grants serve`")]
    NoAddress,
    #[error("{0}: {1}")]
    Io(String, io::Error),
    #[error(transparent)]
    Refused(NotWelcome),
}

fn listen(read: &mut BufReader<TcpStream>, number: u64, heard: &Sender<Event>) {
    // A line that cannot be read is over, like one that was cut.
    while let Ok(Some(reply)) = receive::<Reply>(read) {
        if heard.send(Event::Heard(number, Some(reply))).is_err() {
            return;
        }
    }
    drop(heard.send(Event::Heard(number, None)));
}

fn line_of(what: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(what).expect("plain data has a form in JSON");
    line.push(b'\n');
    line
}

fn receive<T: DeserializeOwned>(read: &mut BufReader<TcpStream>) -> io::Result<Option<T>> {
    let room = u64::try_from(PEER_LINE_BYTES_MAX).unwrap_or(u64::MAX);
    let mut line = Vec::new();
    read.take(room).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    serde_json::from_slice(&line).map(Some).map_err(io::Error::other)
}

fn ended<T>(found: Option<T>) -> io::Result<T> {
    found.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}
