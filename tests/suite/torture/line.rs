//! A line to one process, laid by hand: whatever it answers is seen, also when it answers late.

use crate::house::ledger;
use base64::{Engine, prelude::BASE64_STANDARD};
use grants_domain::{
    commands::Command,
    context::{Actor, AuthMethod},
    values::CommandId,
    wire::Message,
};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::{
    io::{self, BufRead, BufReader, Write},
    net::TcpStream,
    path::Path,
    time::Duration,
};

/// A process that is silent for so long hangs, or stands still for longer than any test lets it.
const PATIENCE: Duration = Duration::from_secs(120);

/// An open line to a process that writes.
pub(crate) struct Line {
    read: BufReader<TcpStream>,
    write: TcpStream,
    /// The epoch in which it said it writes.
    pub(crate) epoch: u64,
}

impl Line {
    /// Opens a line to a process with the token in a data directory; nothing if it does not write.
    pub(crate) fn open(address: &str, data: &Path) -> io::Result<Option<Line>> {
        let write = TcpStream::connect(address)?;
        write.set_read_timeout(Some(PATIENCE))?;
        let mut read = BufReader::new(write.try_clone()?);
        let greeting = receive(&mut read)?;
        let nonce = greeting["nonce"].as_str().unwrap_or_default().to_owned();
        let token = std::fs::read_to_string(data.join("peer-token"))?;
        let mac = Hmac::<Sha256>::new_from_slice(&unhex(token.trim())).unwrap();
        let mac = mac.chain_update(b"grants/peer/v1").chain_update(ledger().0);
        let proof = hex(&mac.chain_update(nonce.as_bytes()).finalize().into_bytes());
        let mut line = Line { read, write, epoch: 0 };
        line.send(&json!({ "ledger": hex(&ledger().0), "proof": proof }))?;
        match receive(&mut line.read)?["epoch"].as_u64() {
            Some(epoch) => Ok(Some(Line { epoch, ..line })),
            None => Ok(None),
        }
    }

    /// Gives a command by whoever may give it.
    pub(crate) fn give(&mut self, id: CommandId, command: &Command) -> io::Result<()> {
        let role = command.roles()[0];
        let actor = Actor { id: "example".parse().unwrap(), role, auth: AuthMethod::Simulated };
        self.send(&json!({ "id": id, "actor": actor, "command": BASE64_STANDARD.encode(command.encode()) }))
    }

    /// The next answer: the command, and the sequence of its first event.
    pub(crate) fn answer(&mut self) -> io::Result<(CommandId, u64)> {
        let answer = receive(&mut self.read)?;
        let sequence = answer["outcome"]["answered"]["sequence"].as_u64();
        let id = serde_json::from_value(answer["id"].clone()).map_err(io::Error::other)?;
        Ok((id, sequence.unwrap_or_else(|| panic!("{answer}"))))
    }

    /// The same, if it comes soon.
    pub(crate) fn answer_within(&mut self, patience: Duration) -> io::Result<(CommandId, u64)> {
        self.write.set_read_timeout(Some(patience))?;
        self.answer()
    }

    fn send(&mut self, what: &Value) -> io::Result<()> {
        self.write.write_all(format!("{what}\n").as_bytes())
    }
}

fn receive(read: &mut BufReader<TcpStream>) -> io::Result<Value> {
    let mut line = String::new();
    match read.read_line(&mut line)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => serde_json::from_str(&line).map_err(io::Error::other),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().collect();
    digits.chunks(2).map(|two| u8::from_str_radix(&two.iter().collect::<String>(), 16).unwrap()).collect()
}
