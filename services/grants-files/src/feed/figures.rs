//! The figures of a feed, as Prometheus reads them from a file (the textfile collector of node_exporter).

use grants_eventlog::LedgerId;
use std::fmt;

use super::{awards::Awards, publish::Progress};

/// How things stand, with what is needed to tell it.
pub(super) struct Figures<'a> {
    pub(super) ledger: LedgerId,
    pub(super) to: &'a str,
    pub(super) progress: Progress,
    pub(super) log_end: u64,
    pub(super) awards: &'a Awards,
}

impl fmt::Display for Figures<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress { next_sequence, lag, records, .. } = self.progress;
        let awards = u64::try_from(self.awards.len()).unwrap_or(u64::MAX);
        let rows = [
            ("grants_feed_lag_events", "gauge", "Events of the log that are not published yet.", lag),
            (
                "grants_feed_position",
                "gauge",
                "Sequence of the first event that is not published.",
                next_sequence,
            ),
            ("grants_feed_log_end", "gauge", "Sequence that the next event of the log gets.", self.log_end),
            ("grants_feed_records_total", "counter", "Records that this process has published.", records),
            ("grants_feed_awards", "gauge", "Awards that are remembered to tell what stands.", awards),
        ];
        for (name, kind, help, value) in rows {
            writeln!(out, "# HELP {name} {help}")?;
            writeln!(out, "# TYPE {name} {kind}")?;
            writeln!(out, "{name}{{ledger=\"{}\",to=\"{}\"}} {value}", self.ledger, self.to)?;
        }
        Ok(())
    }
}
