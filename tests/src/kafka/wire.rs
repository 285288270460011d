//! A wire between clients and a broker, which a test can cut.

use std::{
    io,
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// Passes connections on to a port of this machine.
pub struct Wire {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    target: u16,
    over: AtomicBool,
    // Both ends of every connection that was not cut.
    open: Mutex<Vec<[TcpStream; 2]>>,
}

impl Wire {
    /// A wire to `target`, where somebody may begin to listen later.
    ///
    /// # Panics
    /// There is no free port.
    #[must_use]
    pub fn to(target: u16) -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let shared = Arc::new(Shared { target, over: AtomicBool::new(false), open: Mutex::default() });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming() {
                if accepting.over.load(Ordering::SeqCst) {
                    return;
                }
                // A broker that is away shows to the client as a connection that ends at once.
                let _ = client.and_then(|client| accepting.join(client));
            }
        });
        Wire { port, shared }
    }

    /// Where clients connect.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends every connection at once, in the middle of whatever it carries. How many there were.
    pub fn cut(&self) -> usize {
        let cut = std::mem::take(&mut *self.shared.open());
        // An end that is gone already needs no ending.
        let end = |stream: &TcpStream| drop(stream.shutdown(Shutdown::Both));
        cut.iter().flatten().for_each(end);
        cut.len()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        self.cut();
        // Wakes the thread that accepts, so that it sees that all is over.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, Vec<[TcpStream; 2]>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn join(self: &Arc<Shared>, client: TcpStream) -> io::Result<()> {
        let broker = TcpStream::connect(("127.0.0.1", self.target))?;
        for end in [&client, &broker] {
            end.set_nodelay(true)?;
        }
        pass(client.try_clone()?, broker.try_clone()?);
        pass(broker.try_clone()?, client.try_clone()?);
        self.open().push([client, broker]);
        Ok(())
    }
}

/// Carries bytes one way until either end is gone.
fn pass(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    });
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn a_wire_carries_both_ways_until_it_is_cut() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let wire = Wire::to(listener.local_addr().unwrap().port());
        let mut client = TcpStream::connect(("127.0.0.1", wire.port())).unwrap();
        let (mut broker, _) = listener.accept().unwrap();
        let mut heard = [0; 4];
        client.write_all(b"ping").unwrap();
        broker.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"ping");
        broker.write_all(b"pong").unwrap();
        client.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"pong");
        // What was accepted is noted before a byte is carried, or a moment later.
        while wire.cut() == 0 {
            thread::yield_now();
        }
        assert_eq!(client.read(&mut heard).unwrap_or(0), 0);
        assert_eq!(broker.read(&mut heard).unwrap_or(0), 0);
        // A new connection is carried again.
        let mut client = TcpStream::connect(("127.0.0.1", wire.port())).unwrap();
        let (mut broker, _) = listener.accept().unwrap();
        client.write_all(b"more").unwrap();
        broker.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"more");
    }
}
