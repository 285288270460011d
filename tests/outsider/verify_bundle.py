#!/usr/bin/env python3
"""Verifies a bundle of a grants ledger without any program of the ledger.

Written from docs/reference/log-format.md alone, with the standard library and `cryptography`.

    verify_bundle.py BUNDLE --vkey FILE      exit code 0: sound; 1: not, and the reason is named
    verify_bundle.py BUNDLE                  integrity only: whoever made the bundle could have made all of it
"""

import argparse
import base64
import hashlib
import struct
import sys
from pathlib import Path

BATCH_BYTES_MAX = 921_600
EVENT_BYTES_MAX = 61_440
EVENTS_PER_BATCH_MAX = 65_536
HEADER = struct.Struct(">4sBBBB16sQ16sQQII32s")
TILE = 256
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Refused(Exception):
    """The bundle is not sound; the first argument names the reason for programs, the second tells people."""


def refuse(reason, told):
    raise Refused(reason, told)


def sha256(data):
    return hashlib.sha256(data).digest()


def crc32c_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


CRC_TABLE = crc32c_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def read(path):
    try:
        return path.read_bytes()
    except OSError as fault:
        refuse("file-missing", f"{path}: {fault.strerror}")


class Tree:
    """The roots of the perfect subtrees of a growing tree, as (leaves, root), largest first."""

    def __init__(self):
        self.parts = []

    def push(self, leaf):
        size, node = 1, leaf
        while self.parts and self.parts[-1][0] == size:
            node = sha256(b"\x01" + self.parts.pop()[1] + node)
            size *= 2
        self.parts.append((size, node))

    def root(self):
        if not self.parts:
            return EMPTY_ROOT
        node = self.parts[-1][1]
        for _, left in reversed(self.parts[:-1]):
            node = sha256(b"\x01" + left + node)
        return node


class Tiles:
    """Compares the files below tile/ with the events, one full tile at a time."""

    def __init__(self, bundle):
        self.bundle = bundle
        self.levels = [[]]
        self.counts = [0]
        self.entries = []
        self.seen = set()

    def push(self, event, leaf):
        self.entries.append(struct.pack(">H", len(event)) + event)
        if len(self.entries) == TILE:
            self.compare("entries", self.counts[0] // TILE, TILE, b"".join(self.entries))
            self.entries = []
        level, node = 0, leaf
        while True:
            if level == len(self.levels):
                self.levels.append([])
                self.counts.append(0)
            self.levels[level].append(node)
            self.counts[level] += 1
            if len(self.levels[level]) < TILE:
                return
            self.compare(level, self.counts[level] // TILE - 1, TILE, b"".join(self.levels[level]))
            tree = Tree()
            for part in self.levels[level]:
                tree.push(part)
            node, self.levels[level] = tree.root(), []
            level += 1

    def finish(self):
        for level, hashes in enumerate(self.levels):
            if hashes:
                self.compare(level, self.counts[level] // TILE, len(hashes), b"".join(hashes))
        if self.entries:
            self.compare("entries", self.counts[0] // TILE, len(self.entries), b"".join(self.entries))
        for path in (self.bundle / "tile").rglob("*"):
            if path.is_file() and path not in self.seen:
                refuse("tile-surplus", f"{path} belongs to no tree of this size")

    def compare(self, level, number, width, expected):
        groups = [f"{number % 1000:03}"]
        while number >= 1000:
            number //= 1000
            groups.insert(0, f"x{number % 1000:03}")
        name = "/".join(groups) + (f".p/{width}" if width < TILE else "")
        path = self.bundle / "tile" / str(level) / name
        self.seen.add(path)
        if read(path) != expected:
            refuse("tile-differs", f"{path} does not fit the batches")


class Log:
    """Applies the rule which batches count; in a bundle, every batch must."""

    def __init__(self, ledger, tiles):
        self.ledger, self.tiles, self.tree = ledger, tiles, Tree()
        self.epoch, self.writer = 0, None
        self.next_batch, self.next_sequence = 0, 0
        self.moved = False

    def stop(self, reason, told):
        refuse(reason, f"at sequence {self.next_sequence} (batch {self.next_batch}): {told}")

    def push(self, data):
        if not HEADER.size + 4 <= len(data) <= BATCH_BYTES_MAX:
            self.stop("batch-length", f"a batch cannot have {len(data)} bytes")
        (magic, version, algorithm, kind, spare, ledger, epoch, writer, number, first, count, length, previous) = (
            HEADER.unpack_from(data)
        )
        if magic != b"GRLB" or (version, algorithm, spare) != (1, 1, 0) or kind not in (1, 2):
            self.stop("batch-format", "this is not a batch of format 1")
        if struct.unpack(">I", data[-4:])[0] != crc32c(data[:-4]):
            self.stop("batch-crc", "the CRC does not fit the bytes")
        items = self.items(data[HEADER.size : -4], length)
        if ledger != self.ledger:
            self.stop("foreign-ledger", f"the batch belongs to ledger {ledger.hex()}")
        opens = kind == 2 and self.control(items, count) == 1
        if opens and epoch != self.epoch + 1 or not opens and (epoch, writer) != (self.epoch, self.writer):
            self.stop("wrong-epoch", f"epoch {epoch} and its writer are not those that may write here")
        if self.moved:
            self.stop("after-move", "the ledger had moved before this batch")
        if (number, first, previous) != (self.next_batch, self.next_sequence, self.tree.root()):
            self.stop("not-chained", "number, first sequence or previous root are not those of the log's end")
        if kind == 1:
            if not 1 <= count <= EVENTS_PER_BATCH_MAX or count != len(items):
                self.stop("batch-count", f"{len(items)} events are there, {count} are counted")
            for event in items:
                leaf = sha256(b"\x00" + event)
                self.tree.push(leaf)
                self.tiles.push(event, leaf)
            self.next_sequence += count
        elif opens:
            self.epoch, self.writer = epoch, writer
        else:
            self.moved = True
        self.next_batch += 1

    def items(self, body, length):
        if length != len(body):
            self.stop("batch-body", f"the body has {len(body)} bytes, the header says {length}")
        items, place = [], 0
        while place < len(body):
            size = int.from_bytes(body[place : place + 2], "big")
            item = body[place + 2 : place + 2 + size]
            if place + 2 > len(body) or len(item) != size or not 1 <= size <= EVENT_BYTES_MAX:
                self.stop("batch-body", f"item {len(items)} is empty, too long or cut off")
            items.append(item)
            place += 2 + size
        return items

    def control(self, items, count):
        if count != 0 or len(items) != 1 or items[0][0] not in (1, 2) or len(items[0]) > 1025:
            self.stop("control-record", "this is not a control record")
        return items[0][0]


def manifest_of(bundle):
    lines = read(bundle / "manifest").decode("utf-8", "replace").split("\n")
    names = ["ledger", "batches", "events", "root"]
    if len(lines) != 6 or lines[0] != "grants bundle 1" or lines[5] != "":
        refuse("manifest", "the manifest is not one")
    values = []
    for name, line in zip(names, lines[1:5]):
        found, _, value = line.partition(" ")
        if found != name:
            refuse("manifest", f"the manifest has no {name}")
        values.append(value)
    try:
        ledger, batches, events, root = bytes.fromhex(values[0]), int(values[1]), int(values[2]), bytes.fromhex(values[3])
    except ValueError:
        refuse("manifest", "a value of the manifest cannot be read")
    if [ledger.hex(), str(batches), str(events), root.hex()] != values:
        refuse("manifest", "a value of the manifest is not written in the one way allowed")
    return ledger, batches, events, root


def batches_of(bundle, log):
    """Yields every batch; the name of each file is the number of its first."""
    for path in sorted((bundle / "batches").iterdir()):
        if path.name != f"{log.next_batch:020}":
            refuse("batch-file", f"{path} does not begin with batch {log.next_batch}")
        data, place = read(path), 0
        while place < len(data):
            size = int.from_bytes(data[place : place + 4], "big")
            batch = data[place + 4 : place + 4 + size]
            if place + 4 > len(data) or len(batch) != size:
                refuse("batch-cut", f"at sequence {log.next_sequence} (batch {log.next_batch}): {path} is cut off")
            yield batch
            place += 4 + size


def key_of(path):
    try:
        name, key_id, key = read(path).decode().strip().split("+", 2)
        key_bytes = base64.b64decode(key, validate=True)
        expected = sha256(name.encode() + b"\n" + key_bytes)[:4]
    except ValueError:
        refuse("verifier-key", f"{path} is not a verifier key")
    if len(key_bytes) != 33 or key_bytes[0] != 1 or key_id != expected.hex():
        refuse("verifier-key", f"{path} is not an Ed25519 verifier key")
    return name, expected, key_bytes[1:]


def note_of(bundle):
    """The signed text, its three lines, and the signature lines."""
    try:
        note = read(bundle / "checkpoint").decode()
    except UnicodeDecodeError:
        refuse("checkpoint", "the checkpoint is not text")
    text, blank, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    if not blank or not signatures.endswith("\n") or len(lines) != 3:
        refuse("checkpoint", "the checkpoint does not have three lines, an empty line and signatures")
    return (text + "\n").encode(), lines, signatures[:-1].split("\n")


def check_signature(text, origin, signatures, key):
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    name, key_id, public = key
    if origin != name:
        refuse("checkpoint-origin", f"the checkpoint is of {origin}, the key of {name}")
    signed = False
    for line in signatures:
        dash, _, rest = line.partition(" ")
        signer, _, encoded = rest.partition(" ")
        try:
            data = base64.b64decode(encoded, validate=True)
        except ValueError:
            refuse("checkpoint", "a signature line is not one")
        if dash != "\u2014" or len(data) < 5:
            refuse("checkpoint", "a signature line is not one")
        if signer == name and data[:4] == key_id:
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(data[4:], text)
            except InvalidSignature:
                refuse("checkpoint-signature", "the signature does not fit the checkpoint")
            signed = True
    if not signed:
        refuse("checkpoint-unsigned", f"the checkpoint is not signed by {name}")


def verify(bundle, vkey):
    ledger, batches, events, root = manifest_of(bundle)
    tiles = Tiles(bundle)
    log = Log(ledger, tiles)
    if not (bundle / "batches").is_dir():
        refuse("file-missing", f"{bundle / 'batches'} is not there")
    for batch in batches_of(bundle, log):
        log.push(batch)
    tiles.finish()
    if (log.next_batch, log.next_sequence, log.tree.root()) != (batches, events, root):
        refuse("manifest-differs", f"the batches give {log.next_batch} batches, {log.next_sequence} events, root {log.tree.root().hex()}")
    text, (origin, size, signed_root), signatures = note_of(bundle)
    if size != str(events) or signed_root != base64.b64encode(root).decode():
        refuse("checkpoint-differs", "size or root of the checkpoint are not those of the batches")
    if vkey is not None:
        check_signature(text, origin, signatures, key_of(vkey))
    return f"{batches} batches, {events} events, root {root.hex()}"


def main():
    parser = argparse.ArgumentParser(description="Verifies a bundle of a grants ledger.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--vkey", type=Path, help="file with the verifier key, held from elsewhere")
    arguments = parser.parse_args()
    try:
        found = verify(arguments.bundle, arguments.vkey)
    except Refused as refusal:
        reason, told = refusal.args
        print(f"{reason}: {told}")
        return 1
    trust = "signer verified" if arguments.vkey else "integrity only, signer not trusted"
    print(f"sound: {found} ({trust})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
