//! Where the valid batches lie among the records of a partition.

/// For each stretch of batches that lie side by side: its first batch, and how many records before it do not count.
///
/// Nearly every record counts, so there are few stretches: one, and one more for each group of skipped records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    // Invariant: both numbers rise from entry to entry.
    stretches: Vec<(u64, u64)>,
}

impl Places {
    /// Notes that a batch, which is the next one, lies at an offset.
    pub(super) fn push(&mut self, batch: u64, offset: u64) {
        // Invariant: a valid batch takes a record, so its offset is never below its number.
        let skipped = offset.saturating_sub(batch);
        if self.stretches.last().is_none_or(|(_, last)| *last != skipped) {
            self.stretches.push((batch, skipped));
        }
    }

    /// Where a batch lies; nothing if it lies before the first that is known. The caller knows that it is there at all.
    pub(super) fn of(&self, batch: u64) -> Option<u64> {
        let behind = self.stretches.partition_point(|(first, _)| *first <= batch);
        let (_, skipped) = self.stretches.get(behind.checked_sub(1)?)?;
        batch.checked_add(*skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_found_between_records_that_do_not_count() {
        let mut places = Places::default();
        assert_eq!(places.of(0), None);
        for (batch, offset) in [(0, 0), (1, 1), (2, 4), (3, 5), (4, 9)] {
            places.push(batch, offset);
        }
        assert_eq!(places.stretches.len(), 3);
        for (batch, offset) in [(0, 0), (1, 1), (2, 4), (3, 5), (4, 9)] {
            assert_eq!(places.of(batch), Some(offset), "batch {batch}");
        }
    }
}
