//! One process that serves commands: lines go in, whole lines come out, and it may end at any moment.

use crate::house;
use std::{
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread::JoinHandle,
    time::Duration,
};

/// Longer than anything takes on a busy machine: a process that is silent for so long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// `grants run`, perhaps under another program.
pub(crate) struct Session {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<String>,
    readers: [JoinHandle<String>; 2],
}

/// How a session ended.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    /// Answers that nobody had taken yet.
    pub(crate) answers: Vec<String>,
    /// What it said on standard error.
    pub(crate) errors: String,
}

impl Session {
    /// Starts one on a ledger.
    pub(crate) fn start(data: &Path) -> Session {
        Session::start_under(&[], data)
    }

    /// The same under a program such as a tracer.
    pub(crate) fn start_under(wrapper: &[String], data: &Path) -> Session {
        let program = house::program().display().to_string();
        let mut words: Vec<String> = wrapper.to_vec();
        words.push(program);
        words.extend(house::arguments(data));
        words.push("run".to_owned());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, answers) = channel();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let lines = std::thread::spawn(move || {
            let mut line = String::new();
            // A line without its end was cut off: nobody could take it for an answer.
            while matches!(output.read_line(&mut line), Ok(length) if 0 < length) && line.ends_with('\n') {
                drop(sender.send(std::mem::take(&mut line).trim_end().to_owned()));
            }
            line
        });
        let mut errors = child.stderr.take().unwrap();
        let said = std::thread::spawn(move || {
            let mut text = Vec::new();
            drop(errors.read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        });
        Session { input: child.stdin.take(), child, answers, readers: [lines, said] }
    }

    /// Gives a line; whether the process still takes any.
    pub(crate) fn give(&mut self, line: &str) -> bool {
        let input = self.input.as_mut().unwrap();
        input
            .write_all(line.as_bytes())
            .and_then(|()| input.write_all(b"\n"))
            .and_then(|()| input.flush())
            .is_ok()
    }

    /// Takes the input away, so that another thread may give lines.
    pub(crate) fn take_input(&mut self) -> ChildStdin {
        self.input.take().unwrap()
    }

    /// Gives the input back.
    pub(crate) fn give_back(&mut self, input: ChildStdin) {
        self.input = Some(input);
    }

    /// The next answer; `None` when the process has ended.
    pub(crate) fn answer(&self) -> Option<String> {
        match self.answers.recv_timeout(PATIENCE) {
            Ok(answer) => Some(answer),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("process {} is silent", self.child.id()),
        }
    }

    /// The next answer, if it comes soon.
    pub(crate) fn answer_within(&self, patience: Duration) -> Option<String> {
        match self.answers.recv_timeout(patience) {
            Ok(answer) => Some(answer),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("process {} has ended", self.child.id()),
        }
    }

    /// Ends the process at once, as a kernel does that is out of memory.
    pub(crate) fn kill(mut self) -> Ended {
        self.child.kill().unwrap();
        self.ended()
    }

    /// Ends the input, and waits for the process.
    pub(crate) fn finish(mut self) -> Ended {
        drop(self.input.take());
        self.ended()
    }

    fn ended(mut self) -> Ended {
        drop(self.input.take());
        let mut answers = Vec::new();
        while let Some(answer) = self.answer() {
            answers.push(answer);
        }
        let status = self.child.wait().unwrap();
        let [_, errors] = self.readers.map(|reader| reader.join().unwrap());
        Ended { status, answers, errors }
    }
}

impl Ended {
    /// It ended as it should.
    pub(crate) fn well(self) -> Vec<String> {
        assert!(self.status.success(), "{:?}: {}", self.status, self.errors);
        self.answers
    }
}
