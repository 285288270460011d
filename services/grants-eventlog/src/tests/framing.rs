//! A batch reads back as it was built, and no damage goes unseen.

use proptest::prelude::*;

use super::sample::{LEDGER, WRITER, batch_of, batches};
use crate::batch::{
    BATCH_BYTES_MAX, Batch, BatchBuilder, EVENT_BYTES_MAX, EVENTS_PER_BATCH_MAX, FrameError, HEADER_BYTES,
    Kind, PushError, SealedBatch,
};
use crate::control::ControlRecord;
use crate::head::Head;
use crate::judge::Judge;
use crate::tree::leaf_hash;

/// Replaces a field of a batch and makes the CRC fit again.
fn forged(bytes: &[u8], offset: usize, field: &[u8]) -> Vec<u8> {
    let mut forged = bytes[..bytes.len() - 4].to_vec();
    forged[offset..offset + field.len()].copy_from_slice(field);
    let crc = crc32c::crc32c(&forged);
    [forged, crc.to_be_bytes().to_vec()].concat()
}

#[test]
fn a_batch_is_laid_out_as_documented() {
    let batch = &batches(&[&[b"one", b"three"]])[1];
    let bytes = batch.bytes();
    assert_eq!(bytes.len(), HEADER_BYTES + 2 + 3 + 2 + 5 + 4);
    assert_eq!(&bytes[..8], b"GRLB\x01\x01\x01\x00");
    assert_eq!(&bytes[8..24], &LEDGER.0);
    assert_eq!(&bytes[24..32], &1_u64.to_be_bytes());
    assert_eq!(&bytes[32..48], &WRITER.0);
    assert_eq!(&bytes[48..56], &1_u64.to_be_bytes());
    assert_eq!(&bytes[56..64], &0_u64.to_be_bytes());
    assert_eq!(&bytes[64..72], &[0, 0, 0, 2, 0, 0, 0, 12]);
    assert_eq!(&bytes[72..104], &Head::genesis(LEDGER).root().0);
    assert_eq!(&bytes[104..116], b"\x00\x03one\x00\x05three");
}

#[test]
fn every_bit_flip_and_every_cut_is_seen() {
    for batch in batches(&[&[b"one", b"two", &[7; 300]]]) {
        let bytes = batch.bytes();
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut bent = bytes.to_vec();
                bent[place] ^= 1 << bit;
                assert!(Batch::decode(&bent).is_err(), "bit {bit} of byte {place}");
            }
            assert!(Batch::decode(&bytes[..place]).is_err(), "cut at {place}");
        }
        assert!(Batch::decode(&[bytes, &[0]].concat()).is_err());
    }
}

#[test]
fn a_wrong_field_under_a_right_crc_is_named() {
    let all = batches(&[&[b"one", b"three"]]);
    let (control, events) = (all[0].bytes(), all[1].bytes());
    for (bytes, offset, field, fault) in [
        (events, 0, b"X".as_slice(), FrameError::Magic),
        (events, 4, &[2], FrameError::UnknownVersion(2)),
        (events, 5, &[2], FrameError::UnknownHash(2)),
        (events, 6, &[3], FrameError::UnknownKind(3)),
        (events, 7, &[1], FrameError::Spare(1)),
        (events, 64, &[0, 0, 0, 0], FrameError::Count(0)),
        (events, 64, &[0, 1, 0, 1], FrameError::Count(EVENTS_PER_BATCH_MAX + 1)),
        (events, 64, &[0, 0, 0, 1], FrameError::Surplus(7)),
        (events, 64, &[0, 0, 0, 3], FrameError::Event(2)),
        (events, 68, &[0, 0, 0, 13], FrameError::BodyLength { told: 13, found: 12 }),
        (events, 104, &[0, 0], FrameError::Event(0)),
        (events, 109, &[0, 6], FrameError::Event(1)),
        (events, 109, &[0, 4], FrameError::Surplus(1)),
        (control, 64, &[0, 0, 0, 1], FrameError::Count(1)),
    ] {
        assert_eq!(Batch::decode(&forged(bytes, offset, field)).err(), Some(fault));
    }
    let unknown_record = forged(control, HEADER_BYTES + 2, &[9]);
    assert!(matches!(Batch::decode(&unknown_record), Err(FrameError::Control(_))));
    assert_eq!(
        Batch::decode(&vec![0; BATCH_BYTES_MAX + 1]).err(),
        Some(FrameError::TooLong(BATCH_BYTES_MAX + 1))
    );
}

#[test]
fn a_control_batch_has_a_record_and_no_event() {
    let all = batches(&[]);
    let opened = Batch::decode(all[0].bytes()).unwrap();
    assert_eq!(opened.header().kind, Kind::Control);
    assert_eq!(opened.events().count(), 0);
    assert_eq!(opened.control(), Ok(Some(ControlRecord::EpochOpened { address: "host:1".to_owned() })));
    let moved = SealedBatch::ledger_moved(all[0].head_after(), "there").unwrap();
    assert_eq!(moved.head_after().next_sequence(), 0);
    assert!(moved.head_after().moved());
}

#[test]
fn a_builder_keeps_the_limits() {
    let head = batches(&[])[0].head_after().clone();
    let mut builder = BatchBuilder::new(&head);
    assert_eq!(builder.push(&[]), Err(PushError::Empty));
    assert_eq!(
        builder.push(&vec![0; EVENT_BYTES_MAX + 1]),
        Err(PushError::EventTooLong(EVENT_BYTES_MAX + 1))
    );
    assert!(builder.is_empty());
    for sequence in 0..u64::from(EVENTS_PER_BATCH_MAX) {
        assert_eq!(builder.push(b"x"), Ok(sequence));
    }
    assert_eq!(builder.push(b"x"), Err(PushError::BatchFull));
    let full = builder.seal();
    assert_eq!(Judge::new(head).accept(full.bytes()), Ok(full.head_after().clone()));
}

#[test]
#[should_panic(expected = "without an event")]
fn an_empty_batch_is_a_bug() {
    let _ = BatchBuilder::new(&Head::genesis(LEDGER)).seal();
}

#[test]
fn a_copied_batch_is_the_same_batch() {
    let all = batches(&[&[b"a"], &[b"b", b"c"]]);
    let copied = SealedBatch::copied(all[2].bytes().to_vec(), all[1].head_after()).unwrap();
    assert_eq!(copied, all[2]);
    let halt = SealedBatch::copied(all[2].bytes().to_vec(), all[0].head_after()).unwrap_err();
    assert_eq!((halt.sequence, halt.batch), (0, 1));
}

proptest! {
    #[test]
    fn any_events_read_back(events in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..400), 1..60)) {
        let head = batches(&[&[b"before"]])[1].head_after().clone();
        let mut builder = BatchBuilder::new(&head);
        for (number, event) in events.iter().enumerate() {
            prop_assert_eq!(builder.push(event), Ok(1 + number as u64));
        }
        let (root, length) = (builder.root(), builder.len_bytes());
        let sealed = builder.seal();
        prop_assert_eq!(sealed.bytes().len(), length);
        prop_assert_eq!(sealed.head_after().root(), root);
        let batch = Batch::decode(sealed.bytes()).unwrap();
        prop_assert_eq!(batch.header(), sealed.header());
        let read: Vec<&[u8]> = batch.events().collect();
        prop_assert_eq!(read, events.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let leaves: Vec<_> = events.iter().map(|event| leaf_hash(event)).collect();
        prop_assert_eq!(sealed.leaves(), leaves.as_slice());
        prop_assert_eq!(Judge::new(head).accept(sealed.bytes()), Ok(sealed.head_after().clone()));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = Batch::decode(&bytes);
        let _ = Head::from_bytes(&bytes);
        let _ = ControlRecord::decode(&bytes);
    }

    #[test]
    fn a_mutated_batch_never_panics(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let all = batches(&[&[b"one", b"three", b"sixteen"]]);
        for batch in &all {
            let mut bytes = batch.bytes().to_vec();
            for (place, value) in &edits {
                let place = place.index(bytes.len() - 4);
                bytes[place] = *value;
            }
            // With a CRC that fits, the later checks are reached too.
            let bytes = forged(&bytes, 0, &bytes[..1]);
            let mut judge = Judge::new(Head::genesis(LEDGER));
            judge.judge(&bytes);
            judge.judge(all[0].bytes());
            judge.judge(&bytes);
        }
    }

    #[test]
    fn how_batches_are_cut_does_not_change_the_root(cuts in prop::collection::vec(1_usize..6, 1..8)) {
        let total: usize = cuts.iter().sum();
        let events: Vec<Vec<u8>> = (0..total).map(|number| format!("e{number}").into_bytes()).collect();
        let views: Vec<&[u8]> = events.iter().map(Vec::as_slice).collect();
        let start = batches(&[])[0].head_after().clone();
        let whole = batch_of(&start, &views);
        let (mut head, mut rest) = (start, views.as_slice());
        for cut in cuts {
            let (now, later) = rest.split_at(cut);
            head = batch_of(&head, now).head_after().clone();
            rest = later;
        }
        prop_assert_eq!(head.root(), whole.head_after().root());
        prop_assert_eq!(head.edge(), whole.head_after().edge());
    }
}
