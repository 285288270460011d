#!/usr/bin/python3
"""Keeps a table of awards from the public feed, and prints it as CSV.

    report.py follow --brokers HOST:PORT --topic TOPIC --db FILE [--until-end]
    report.py print  --db FILE

The table is right however often this program is killed, and however often a record comes again:

- What a record changes and the offset behind it are written in one transaction, so neither is ever there alone. Offsets
  are kept here and not by the brokers, which could not write them together with the rows.
- The publisher may repeat records. Each has an id for ever; a record whose id was seen changes nothing.
- Records of one award come in order, because they have it as their key. Every record says what stands afterwards, and
  this program sees that its own sums say the same. If not, it stops: a wrong table is worse than an old one.

Needs python3-confluent-kafka, python3-protobuf and protobuf-compiler (Debian).
"""

import argparse
import csv
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"

TABLES = """
CREATE TABLE IF NOT EXISTS place (partition INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS award (
    award TEXT PRIMARY KEY, measure TEXT NOT NULL, policy_version INTEGER NOT NULL, enterprise TEXT NOT NULL,
    status TEXT NOT NULL, held INTEGER NOT NULL, amount INTEGER NOT NULL, paid INTEGER NOT NULL,
    owed_back INTEGER NOT NULL, sequence INTEGER NOT NULL);
"""

# What one 分 of a change does to amount, paid sum and debt of its award. What is not here changes none of them.
EFFECTS = {
    "award_proposed": (1, 0, 0),
    "award_raised": (1, 0, 0),
    "award_reduced": (-1, 0, 0),
    "award_revoked": (-1, 0, 0),
    "payment_settled": (0, 1, 0),
    "payment_returned": (0, -1, 0),
    "recovery_approved": (0, 0, 1),
    "recovery_owed": (0, 0, 1),
    "recovery_reversed": (0, 0, -1),
    "recovery_received": (-1, -1, -1),
}


def schema():
    """The classes of the public schema, made by protoc from the file that the publisher is held to."""
    with tempfile.TemporaryDirectory() as made:
        file = "grants/public/v1/feed.proto"
        subprocess.run(["protoc", f"--proto_path={PROTO}", f"--python_out={made}", file], check=True)
        sys.path.insert(0, made)
        try:
            from grants.public.v1 import feed_pb2
        finally:
            sys.path.remove(made)
    return feed_pb2


def open_table(path):
    table = sqlite3.connect(path, isolation_level=None)
    # A transaction that was committed is there after a power cut, and one that was not leaves nothing.
    table.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + TABLES)
    return table


def word(feed, kind, number):
    """The word of a closed list; what a newer publisher added is shown as its number."""
    names = feed.DESCRIPTOR.enum_types_by_name[kind].values_by_number
    prefix = {"AwardStatus": "AWARD_STATUS_"}[kind]
    return names[number].name.removeprefix(prefix).lower() if number in names else str(number)


def take(feed, table, message):
    """Takes one record into the table, inside the caller's transaction."""
    headers = {name: value.decode() for name, value in message.headers() or []}
    place = (message.partition(), message.offset() + 1)
    table.execute("INSERT OR REPLACE INTO place VALUES (?, ?)", place)
    if not headers.get("ce_type", "").startswith("grants."):
        return
    if table.execute("INSERT OR IGNORE INTO seen VALUES (?)", (headers["ce_id"],)).rowcount == 0:
        return
    entry = feed.Entry.FromString(message.value())
    award, stands = entry.award, entry.standing
    change = entry.change.WhichOneof("change")
    row = table.execute("SELECT amount, paid, owed_back FROM award WHERE award = ?", (award.award,)).fetchone()
    effect = EFFECTS.get(change, (0, 0, 0))
    by = getattr(entry.change, change).amount if change in EFFECTS else 0
    sums = tuple(sum + sign * by for sum, sign in zip(row or (0, 0, 0), effect))
    if sums != (stands.amount, stands.paid, stands.owed_back):
        raise SystemExit(f"{headers['ce_id']}: {award.award} adds up to {sums}, and stands at\n{stands}")
    status = word(feed, "AwardStatus", stands.status)
    table.execute(
        "INSERT OR REPLACE INTO award VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (award.award, award.measure, award.policy_version, award.enterprise, status, stands.held, *sums, entry.sequence),
    )


def follow(arguments):
    # Imported here, so that printing the table needs neither.
    import confluent_kafka as kafka

    feed, table = schema(), open_table(arguments.db)
    consumer = kafka.Consumer({
        "bootstrap.servers": arguments.brokers,
        "group.id": "grants-report",
        # The table knows what was read, and nobody else.
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "enable.partition.eof": True,
        # An offset that is gone was not read in time. Going on behind it would leave a hole.
        "auto.offset.reset": "error",
    })
    places = dict(table.execute("SELECT partition, next_offset FROM place"))
    topic = consumer.list_topics(arguments.topic, timeout=30).topics[arguments.topic]
    if topic.error is not None:
        raise SystemExit(f"{arguments.topic}: {topic.error}")
    begin = lambda part: places.get(part, kafka.OFFSET_BEGINNING)
    consumer.assign([kafka.TopicPartition(arguments.topic, part, begin(part)) for part in topic.partitions])
    open_ends = set(topic.partitions)
    while open_ends or not arguments.until_end:
        messages = consumer.consume(num_messages=arguments.batch, timeout=0.5)
        table.execute("BEGIN IMMEDIATE")
        for message in messages:
            fault = message.error()
            if fault is None:
                take(feed, table, message)
                open_ends.add(message.partition())
            elif fault.code() == kafka.KafkaError._PARTITION_EOF:
                open_ends.discard(message.partition())
            elif fault.code() not in (kafka.KafkaError._TRANSPORT, kafka.KafkaError._ALL_BROKERS_DOWN):
                # While brokers are away, the client goes on connecting. Everything else needs a person.
                raise SystemExit(f"{arguments.topic}: {fault}")
        table.execute("COMMIT")
    consumer.close()


def show(arguments):
    out = csv.writer(sys.stdout, lineterminator="\n")
    rows = open_table(arguments.db).execute(
        "SELECT award, measure, policy_version, enterprise, status, held, amount, paid, owed_back FROM award"
        " ORDER BY CAST(substr(award, 4) AS INTEGER)"
    )
    out.writerow([column for column, *_ in rows.description])
    out.writerows(rows)


def main():
    arguments = argparse.ArgumentParser(description="Keeps a table of awards from the public feed.")
    verbs = arguments.add_subparsers(dest="verb", required=True)
    following, printing = verbs.add_parser("follow"), verbs.add_parser("print")
    for verb in (following, printing):
        verb.add_argument("--db", required=True, help="the table, an SQLite file")
    following.add_argument("--brokers", required=True, help="HOST:PORT[,HOST:PORT]")
    following.add_argument("--topic", required=True)
    following.add_argument("--batch", type=int, default=500, help="most records of one transaction")
    following.add_argument("--until-end", action="store_true", help="end when everything is read that is there")
    chosen = arguments.parse_args()
    {"follow": follow, "print": show}[chosen.verb](chosen)


if __name__ == "__main__":
    main()
