//! An entry as a record of a topic: a CloudEvent of Kafka's protocol binding, in binary mode.

use grants_domain::wire::Message;

use super::entry::Entry;

/// What the value of a record is.
pub const CONTENT_TYPE: &str = "application/protobuf";
/// Which message it is, in which schema.
pub const DATA_SCHEMA: &str = "urn:grants:schema:grants.public.v1.Entry";

/// A record, before a topic gives it a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Sequence of the event that it tells of.
    pub sequence: u64,
    /// The award. Records of one award keep their order.
    pub key: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The entry, encoded.
    pub value: Vec<u8>,
}

impl Record {
    /// The record of an entry. The same entry gives the same record, so that a repetition is known by its `ce_id`.
    #[must_use]
    pub fn of(entry: &Entry) -> Record {
        let Entry { ledger, sequence, award, .. } = entry;
        let headers = vec![
            ("ce_specversion", "1.0".to_owned()),
            // One event of the ledger gives one record. A further one would get the same id with `-2` behind it.
            ("ce_id", format!("{ledger}-{sequence}")),
            ("ce_source", format!("urn:grants:ledger:{ledger}")),
            ("ce_type", format!("grants.{}.v1", entry.change.word())),
            ("ce_time", entry.recorded_at.to_string()),
            ("ce_subject", award.award.to_string()),
            ("ce_dataschema", DATA_SCHEMA.to_owned()),
            // As wide as the widest, so that the order of the texts is the order of the numbers.
            ("ce_sequence", format!("{sequence:020}")),
            ("content-type", CONTENT_TYPE.to_owned()),
        ];
        Record { sequence: *sequence, key: award.award.to_string(), headers, value: entry.encode() }
    }
}
