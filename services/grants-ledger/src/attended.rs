//! What the ledger asks of a log besides appending: whether something failed behind its back, and a clean end.

use grants_eventlog::{EventLog, MemoryLog, RocksLog, kafka::KafkaLog};

use crate::fault::Fault;

/// A log that the sequencer can write to.
pub trait AttendedLog: EventLog {
    /// Fails if something beside the answer path has failed: the head file, a flush in the background.
    ///
    /// # Errors
    /// It has.
    fn check(&self) -> Result<(), Fault>;

    /// Writes what is still to be written. Nothing is appended afterwards.
    ///
    /// # Errors
    /// The head file could not be written; the batches are durable all the same.
    fn close(&mut self) -> Result<(), Fault>;
}

impl AttendedLog for RocksLog {
    fn check(&self) -> Result<(), Fault> {
        if let Some(failure) = self.keeper().failure() {
            return Err(Fault::HeadFile(failure.to_string()));
        }
        match self.background_errors() {
            Ok(0) => Ok(()),
            Ok(errors) => Err(Fault::Log(format!("{errors} errors in the background"))),
            Err(fault) => Err(Fault::Log(fault.to_string())),
        }
    }

    fn close(&mut self) -> Result<(), Fault> {
        self.keeper().close().map(|_| ()).map_err(|fault| Fault::HeadFile(fault.to_string()))
    }
}

impl AttendedLog for KafkaLog {
    fn check(&self) -> Result<(), Fault> {
        self.keeper().failure().map_or(Ok(()), |failure| Err(Fault::HeadFile(failure.to_string())))
    }

    fn close(&mut self) -> Result<(), Fault> {
        self.keeper().close().map(|_| ()).map_err(|fault| Fault::HeadFile(fault.to_string()))
    }
}

impl AttendedLog for MemoryLog {
    fn check(&self) -> Result<(), Fault> {
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        Ok(())
    }
}
