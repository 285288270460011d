//! The validity rule, one case per line of its table.

use super::sample::{LEDGER, OTHER_WRITER, WRITER, batch_of, batches};
use crate::batch::{FrameError, SealedBatch};
use crate::head::Head;
use crate::ids::LedgerId;
use crate::judge::{Halt, HaltReason, Judge, Past, REMEMBERED_BATCHES_MAX, SkipReason, Verdict};
use crate::tree::Hash;

/// A judge that has seen `batches`, and where it is.
fn judge_after(batches: &[SealedBatch]) -> Judge {
    let mut judge = Judge::new(Head::genesis(LEDGER));
    for batch in batches {
        assert_eq!(judge.judge(batch.bytes()), Verdict::Valid(batch.head_after().clone()));
    }
    judge
}

fn halt(sequence: u64, batch: u64, reason: HaltReason) -> Verdict {
    Verdict::Halt(Halt { sequence, batch, reason })
}

/// The log of most cases: epoch 1, two events, one event, epoch 2 by another writer, one event.
fn two_epochs() -> Vec<SealedBatch> {
    let mut all = batches(&[&[b"a", b"b"], &[b"c"]]);
    all.push(SealedBatch::epoch_opened(all[2].head_after(), OTHER_WRITER, "").unwrap());
    all.push(batch_of(all[3].head_after(), &[b"d"]));
    all
}

#[test]
fn a_log_of_two_epochs_is_valid() {
    let judge = judge_after(&two_epochs());
    let head = judge.head();
    assert_eq!(
        (head.epoch(), head.writer(), head.next_batch(), head.next_sequence()),
        (2, OTHER_WRITER, 5, 4)
    );
}

#[test]
fn a_writer_that_was_replaced_is_skipped() {
    let all = two_epochs();
    let late = batch_of(all[2].head_after(), &[b"late"]);
    let lower = Verdict::Skipped(SkipReason::LowerEpoch { current: 2, found: 1 });
    assert_eq!(judge_after(&all[..4]).judge(late.bytes()), lower);
    let later = batch_of(late.head_after(), &[b"later"]);
    assert_eq!(judge_after(&all).judge(later.bytes()), lower);
    let moved = SealedBatch::ledger_moved(all[2].head_after(), "there").unwrap();
    assert_eq!(judge_after(&all).judge(moved.bytes()), lower);
}

#[test]
fn an_epoch_opened_that_lost_the_race_is_skipped() {
    let all = two_epochs();
    let skipped = |epoch| Verdict::Skipped(SkipReason::InvalidEpochOpened(epoch));
    let lost = SealedBatch::epoch_opened(all[2].head_after(), WRITER, "").unwrap();
    assert_eq!(judge_after(&all[..4]).judge(lost.bytes()), skipped(2));
    let leapt = SealedBatch::epoch_opened(all[4].head_after(), WRITER, "").unwrap();
    assert_eq!(judge_after(&all[..2]).judge(leapt.bytes()), skipped(3));
    // The right epoch, but the writer has not read to the end.
    let unread = SealedBatch::epoch_opened(all[1].head_after(), WRITER, "").unwrap();
    assert_eq!(judge_after(&all[..3]).judge(unread.bytes()), skipped(2));
}

#[test]
fn a_batch_that_comes_again_is_skipped() {
    let all = two_epochs();
    for seen in 1..=all.len() {
        for batch in &all[..seen] {
            let verdict = judge_after(&all[..seen]).judge(batch.bytes());
            assert_eq!(verdict, Verdict::Skipped(SkipReason::Duplicate(batch.batch())), "after {seen}");
        }
    }
}

#[test]
fn another_batch_with_a_known_number_halts() {
    let all = two_epochs();
    let forked = batch_of(all[3].head_after(), &[b"another d"]);
    assert_eq!(judge_after(&all).judge(forked.bytes()), halt(4, 5, HaltReason::BatchNumber { found: 4 }));
}

#[test]
fn a_foreign_ledger_halts() {
    let foreign_ledger = LedgerId([0x44; 16]);
    let foreign = SealedBatch::epoch_opened(&Head::genesis(foreign_ledger), WRITER, "").unwrap();
    let reason = HaltReason::ForeignLedger { found: foreign_ledger };
    assert_eq!(judge_after(&[]).judge(foreign.bytes()), halt(0, 0, reason.clone()));
    assert_eq!(judge_after(&two_epochs()).judge(foreign.bytes()), halt(4, 5, reason));
}

#[test]
fn damage_halts_and_names_the_place() {
    let all = two_epochs();
    let mut bent = all[2].bytes().to_vec();
    bent[110] ^= 1;
    let verdict = judge_after(&all[..2]).judge(&bent);
    let Verdict::Halt(Halt { sequence: 2, batch: 2, reason: HaltReason::Frame(FrameError::Crc { .. }) }) =
        verdict
    else {
        panic!("{verdict:?}")
    };
    let text = judge_after(&all[..2]).halt_at(FrameError::Magic.into()).to_string();
    assert_eq!(
        text,
        "the log cannot be trusted from sequence 2 (batch 2) on: the bytes do not begin like a batch"
    );
}

#[test]
fn an_epoch_that_nobody_opened_halts() {
    let all = two_epochs();
    let reason = HaltReason::UnopenedEpoch { current: 1, found: 2 };
    assert_eq!(judge_after(&all[..3]).judge(all[4].bytes()), halt(3, 3, reason));
    let none = batch_of(&Head::genesis(LEDGER), &[b"a"]);
    assert_eq!(
        judge_after(&[]).judge(none.bytes()),
        halt(0, 0, HaltReason::UnopenedEpoch { current: 0, found: 0 })
    );
}

#[test]
fn another_writer_in_the_open_epoch_halts() {
    let all = two_epochs();
    let pretender = SealedBatch::epoch_opened(&Head::genesis(LEDGER), OTHER_WRITER, "").unwrap();
    let events = batch_of(pretender.head_after(), &[b"a"]);
    assert_eq!(judge_after(&all[..1]).judge(events.bytes()), halt(0, 1, HaltReason::ForeignWriter));
}

#[test]
fn the_current_writer_must_chain() {
    let all = two_epochs();
    // A number left out.
    let gap = HaltReason::BatchNumber { found: 2 };
    assert_eq!(judge_after(&all[..1]).judge(all[2].bytes()), halt(0, 1, gap));
    // The right number at another sequence, and the right sequence on another root.
    let shorter = batch_of(batch_of(all[0].head_after(), &[b"a"]).head_after(), &[b"c"]);
    let other = batch_of(batch_of(all[0].head_after(), &[b"a", b"x"]).head_after(), &[b"c"]);
    assert_eq!(
        judge_after(&all[..2]).judge(shorter.bytes()),
        halt(2, 2, HaltReason::FirstSequence { found: 1 })
    );
    let reason = HaltReason::PreviousRoot { found: other.header().previous_root };
    assert_eq!(judge_after(&all[..2]).judge(other.bytes()), halt(2, 2, reason));
}

#[test]
fn swapped_batches_halt() {
    let all = batches(&[&[b"a"], &[b"b"], &[b"c"]]);
    let verdict = judge_after(&all[..2]).judge(all[3].bytes());
    assert_eq!(verdict, halt(1, 2, HaltReason::BatchNumber { found: 3 }));
}

#[test]
fn nothing_is_valid_after_a_move() {
    let mut all = two_epochs();
    all.push(SealedBatch::ledger_moved(all[4].head_after(), "there").unwrap());
    let end = all[5].head_after().clone();
    let after = batch_of(&end, &[b"after"]);
    assert_eq!(judge_after(&all).judge(after.bytes()), halt(4, 6, HaltReason::AfterLedgerMoved));
    let again = SealedBatch::ledger_moved(&end, "elsewhere").unwrap();
    assert_eq!(judge_after(&all).judge(again.bytes()), halt(4, 6, HaltReason::AfterLedgerMoved));
    let opened = SealedBatch::epoch_opened(&end, WRITER, "").unwrap();
    assert_eq!(judge_after(&all).judge(opened.bytes()), Verdict::Skipped(SkipReason::InvalidEpochOpened(3)));
    let late = batch_of(all[2].head_after(), &[b"late"]);
    assert!(matches!(judge_after(&all).judge(late.bytes()), Verdict::Skipped(SkipReason::LowerEpoch { .. })));
    assert_eq!(judge_after(&all).judge(all[5].bytes()), Verdict::Skipped(SkipReason::Duplicate(5)));
}

#[test]
fn a_store_of_valid_batches_skips_nothing() {
    let all = two_epochs();
    let late = batch_of(all[2].head_after(), &[b"late"]);
    let skipped = SkipReason::LowerEpoch { current: 2, found: 1 };
    let refused = judge_after(&all).accept(late.bytes());
    assert_eq!(refused, Err(Halt { sequence: 4, batch: 5, reason: HaltReason::NotValid(skipped) }));
}

#[test]
fn a_judge_that_begins_late_knows_the_last_batch_and_asks_for_older_ones() {
    struct Log(Vec<Hash>);
    impl Past for Log {
        fn sha256_of(&self, batch: u64) -> Option<Hash> {
            self.0.get(batch as usize).copied()
        }
    }
    let all = two_epochs();
    let head = all[4].head_after().clone();
    let mut alone = Judge::new(head.clone());
    assert_eq!(alone.judge(all[4].bytes()), Verdict::Skipped(SkipReason::Duplicate(4)));
    let past: Vec<Hash> = all.iter().map(|batch| batch.head_after().last_batch_sha256()).collect();
    let mut helped = Judge::with_past(head, Box::new(Log(past)));
    for batch in &all {
        assert_eq!(helped.judge(batch.bytes()), Verdict::Skipped(SkipReason::Duplicate(batch.batch())));
    }
}

#[test]
fn memory_of_old_batches_is_bounded() {
    let mut head = batches(&[])[0].head_after().clone();
    let mut judge = Judge::new(head.clone());
    let (mut early, mut late) = (None, None);
    for round in 0..=REMEMBERED_BATCHES_MAX {
        let next = batch_of(&head, &[&round.to_be_bytes()]);
        assert!(matches!(judge.judge(next.bytes()), Verdict::Valid(_)));
        head = next.head_after().clone();
        early = early.or_else(|| Some(next.clone()));
        if round == 1 {
            late = Some(next);
        }
    }
    // The first event batch is one too old, the second the oldest that is remembered.
    assert!(matches!(judge.judge(early.unwrap().bytes()), Verdict::Halt(_)));
    assert_eq!(judge.judge(late.unwrap().bytes()), Verdict::Skipped(SkipReason::Duplicate(2)));
}
