//! `grants serve`: one process of a ledger on brokers, or of several. It follows each with a hot state, and writes it when
//! its turn comes; commands reach it over lines from other processes.

use crate::{
    actor::Actors,
    cli::{Common, Role, Serve},
    failure::Failure,
    hosting::{Hosted, Stop},
    house,
    kafka_url::KafkaUrl,
    output::Said,
    peer::door::{self, Desk, Desks},
    place::{self, LogPlace},
    verbs::feed::Run,
};
use grants_eventlog::kafka::Security;
use grants_files::{Lang, Texts, feed::Progress};
use grants_ledger::DataDir;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};
use tokio::net::TcpListener;

/// How often it is looked for ledgers that were added.
const LOOK_FOR_MORE: Duration = Duration::from_secs(1);

/// How long to wait before a feed that cannot be published is tried again.
const FEED_AGAIN: Duration = Duration::from_secs(5);

/// What comes of a ledger that is not kept any more.
type Ended = (PathBuf, Result<(), Failure>);

/// Performs it, until it is told to end or no ledger is left.
pub(crate) fn perform(common: &Common, request: &Serve, texts: &Texts) -> Result<Said, Failure> {
    // Nobody acts here: whoever gives a command says who.
    Actors::parse(&common.actors, true)?;
    let loopback = request.listen.ip().is_loopback();
    if !loopback && !request.trusted_network {
        return Err(Failure::usage_of("program-listen-beyond", &[("address", &request.listen)]));
    }
    let several = !DataDir::at(&common.data).manifest_path().exists();
    let (stop, desks) = (Stop::default(), Desks::default());
    stop.on_signals()?;
    let address = start_door(request.listen, desks.clone())?;
    let (tell, ended) = mpsc::channel::<Ended>();
    let mut serving =
        Serving { request, address, desks, stop, tell, kept: BTreeSet::new(), threads: Vec::new() };
    say(&json!({ "listening": address, "role": request.role.word() }))?;
    let mut failed = None;
    loop {
        for dir in ledgers(&common.data, several)? {
            if let Err(failure) = serving.add(&dir) {
                if !several {
                    return Err(failure);
                }
                eprintln!("{}: {}", dir.display(), failure.text(texts));
                serving.kept.insert(dir);
            }
        }
        if serving.kept.is_empty() && !several {
            return Err(Failure::usage_of("program-not-on-brokers", &[("data", &common.data.display())]));
        }
        match ended.recv_timeout(LOOK_FOR_MORE) {
            Ok((dir, Err(failure))) => {
                // The other ledgers go on: a city does not stop because another one must.
                eprintln!("{}: {}", dir.display(), failure.text(texts));
                failed = Some(failure);
            }
            Ok((_, Ok(()))) | Err(_) => {}
        }
        if serving.stop.is_set() || serving.all_ended() {
            break;
        }
    }
    let late = serving.finish(&ended);
    failed.or(late).map_or_else(|| Ok(Said::new(Value::Null).silent()), Err)
}

/// The folders of ledgers: the one that was named, or every one in it.
fn ledgers(data: &Path, several: bool) -> Result<Vec<PathBuf>, Failure> {
    if !several {
        return Ok(vec![data.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(data).map_err(|fault| Failure::usage(format!("{}: {fault}", data.display())))? {
        let path = entry?.path();
        // A ledger that is being made has its token last.
        let whole = path.join(place::FILE).exists() && path.join(crate::peer::TOKEN_FILE).exists();
        if whole && DataDir::at(&path).manifest_path().exists() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The ledgers of this process.
struct Serving<'a> {
    request: &'a Serve,
    address: SocketAddr,
    desks: Desks,
    stop: Stop,
    tell: mpsc::Sender<Ended>,
    kept: BTreeSet<PathBuf>,
    threads: Vec<JoinHandle<()>>,
}

impl Serving<'_> {
    /// Keeps one more, unless it is kept already.
    fn add(&mut self, path: &Path) -> Result<(), Failure> {
        let dir = DataDir::at(path);
        if self.kept.contains(path) {
            return Ok(());
        }
        let Some(place) = LogPlace::of(&dir)? else { return Ok(()) };
        let (manifest, token) = (dir.manifest()?, place::token(&dir)?);
        if place.is_single_broker() {
            tracing::warn!(ledger = %manifest.ledger, "durability = \"single-broker\": if this broker's disk is lost, so is the ledger");
        }
        let feed = place.feed_to()?;
        let times = house::times(&dir, &manifest)?;
        let desk = Arc::new(Desk::new(token, times.told().cloned()));
        let hosted = Hosted {
            dir,
            manifest,
            place,
            role: self.request.role,
            address: self.request.advertise.clone().unwrap_or_else(|| self.address.to_string()),
            desk: Arc::clone(&desk),
            times,
            stop: self.stop.clone(),
            begun: Instant::now(),
        };
        if !self.desks.add(hosted.id(), desk) {
            let args: [(&'static str, &dyn std::fmt::Display); 2] =
                [("data", &path.display()), ("ledger", &hosted.id())];
            return Err(Failure::usage_of("program-kept-twice", &args));
        }
        if let (Role::All, Some(feed)) = (self.request.role, feed) {
            self.publish(path, feed)?;
        }
        let (tell, path) = (self.tell.clone(), path.to_owned());
        self.kept.insert(path.clone());
        let keep = move || drop(tell.send((path, hosted.keep())));
        self.threads.push(thread::Builder::new().name("ledger".to_owned()).spawn(keep)?);
        Ok(())
    }

    /// Publishes the feed of a ledger beside keeping it. Where it cannot be published, it is tried again.
    fn publish(&mut self, path: &Path, (to, security): (KafkaUrl, Security)) -> Result<(), Failure> {
        let (stop, data) = (self.stop.clone(), path.to_owned());
        let publish = move || {
            while !stop.is_set() {
                let run = Run { data: &data, to: &to, security: security.clone(), folder: None, once: false };
                let lag = |progress: &Progress| tracing::info!(lag = progress.lag, "the feed goes on");
                match run.publish(&stop, lag) {
                    Ok(_) => return,
                    Err(failure) => {
                        let why = failure.text(&Texts::new(Lang::En));
                        tracing::warn!(data = %data.display(), "nothing is published: {why}");
                        stop.wait(FEED_AGAIN);
                    }
                }
            }
        };
        // Nobody waits for it at the end: it may be ended at any moment.
        drop(thread::Builder::new().name("feed".to_owned()).spawn(publish)?);
        Ok(())
    }

    fn all_ended(&self) -> bool {
        !self.threads.is_empty() && self.threads.iter().all(JoinHandle::is_finished)
    }

    /// Waits until every ledger is closed; a failure of one that was not told yet.
    fn finish(self, ended: &mpsc::Receiver<Ended>) -> Option<Failure> {
        self.stop.now();
        for thread in self.threads {
            // A panic has said why.
            drop(thread.join());
        }
        ended.try_iter().find_map(|(_, kept)| kept.err())
    }
}

/// Listens on a thread of its own for as long as the process lives: while the ledgers close, what they answer is heard.
fn start_door(listen: SocketAddr, desks: Desks) -> Result<SocketAddr, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let at = |fault: std::io::Error| Failure::usage(format!("--listen {listen}: {fault}"));
    let listener = runtime.block_on(TcpListener::bind(listen)).map_err(at)?;
    let address = listener.local_addr()?;
    let serve = move || runtime.block_on(door::serve(listener, desks));
    thread::Builder::new().name("door".to_owned()).spawn(serve)?;
    Ok(address)
}

/// Says something while it goes on.
fn say(what: &Value) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{what}")?;
    Ok(out.flush()?)
}
