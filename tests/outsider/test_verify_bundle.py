"""The outsider accepts a sound bundle and refuses every damage, with the reason named.

    python3 -m unittest tests/outsider/test_verify_bundle.py

With BUNDLE and VKEY in the environment, the bundle and the key there are used instead of the golden ones. Of its small
files some bytes are changed, not every one, because each change has the whole bundle read again.
"""

import base64
import hashlib
import os
import shutil
import struct
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import verify_bundle  # noqa: E402

GOLDEN = HERE.parents[1] / "services/grants-eventlog/golden/bundle"
VKEY = "ledger.example/grants+9b30d74f+ASFS+NGbeR0kRTJC4V8uq2y3z/p7al7TAJeWDgaYgdsS\n"
OTHER_KEY = base64.b64decode("AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c")
PLACES = 12


class Verify(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.bundle = Path(self.folder.name) / "bundle"
        shutil.copytree(os.environ.get("BUNDLE", GOLDEN), self.bundle)
        self.vkey = Path(self.folder.name) / "key"
        self.vkey.write_text(Path(os.environ["VKEY"]).read_text() if "BUNDLE" in os.environ else VKEY)
        self.batches = self.bundle / "batches" / f"{0:020}"

    def tearDown(self):
        self.folder.cleanup()

    def refused(self):
        with self.assertRaises(verify_bundle.Refused) as caught:
            verify_bundle.verify(self.bundle, self.vkey)
        return caught.exception.args[0]

    def split(self):
        data, batches = self.batches.read_bytes(), []
        while data:
            (size,) = struct.unpack(">I", data[:4])
            batches.append(data[4 : 4 + size])
            data = data[4 + size :]
        return batches

    def join(self, batches):
        self.batches.write_bytes(b"".join(struct.pack(">I", len(batch)) + batch for batch in batches))

    def test_a_sound_bundle_is_accepted(self):
        told = verify_bundle.verify(self.bundle, self.vkey)
        self.assertIn("root", told)
        self.assertEqual(told, verify_bundle.verify(self.bundle, None))

    def test_every_changed_byte_of_every_small_file_is_refused(self):
        files = [path for path in self.bundle.rglob("*") if path.is_file() and path.stat().st_size < 2_000]
        self.assertLess(2, len(files))
        for path in files:
            original = path.read_bytes()
            step = max(1, len(original) // PLACES) if "BUNDLE" in os.environ else 1
            for place in range(0, len(original), step):
                with self.subTest(file=path.name, place=place):
                    bent = bytearray(original)
                    bent[place] ^= 1
                    path.write_bytes(bent)
                    self.refused()
            path.write_bytes(original)

    def test_lost_and_moved_batches_are_refused(self):
        batches = self.split()
        self.join(batches[:-1])
        self.assertIn(self.refused(), ("manifest-differs", "tile-differs", "file-missing"))
        self.join(batches[:1] + batches[2:])
        self.assertEqual(self.refused(), "not-chained")
        self.join([batches[0], batches[2], batches[1]] + batches[3:])
        self.assertEqual(self.refused(), "not-chained")
        self.join(batches[:2] + batches[1:])
        self.assertEqual(self.refused(), "not-chained")
        self.join(batches)
        self.batches.write_bytes(self.batches.read_bytes()[:-1])
        self.assertEqual(self.refused(), "batch-cut")

    def test_missing_and_surplus_files_are_refused(self):
        for path in [path for path in self.bundle.rglob("*") if path.is_file()][:20]:
            with self.subTest(file=path.name):
                original = path.read_bytes()
                path.unlink()
                self.assertIn(self.refused(), ("file-missing", "batch-file", "manifest-differs", "tile-surplus"))
                path.write_bytes(original)
        (self.bundle / "tile/0/999").write_bytes(bytes(8192))
        self.assertEqual(self.refused(), "tile-surplus")

    def test_another_key_is_refused(self):
        name, _, key = self.vkey.read_text().strip().split("+", 2)
        other = hashlib.sha256(name.encode() + b"\n" + OTHER_KEY).hexdigest()[:8]
        self.vkey.write_text(f"{name}+{other}+{base64.b64encode(OTHER_KEY).decode()}\n")
        self.assertEqual(self.refused(), "checkpoint-unsigned")
        self.vkey.write_text(f"{name}+00000000+{key}\n")
        self.assertEqual(self.refused(), "verifier-key")

    def test_a_foreign_manifest_is_refused(self):
        manifest = self.bundle / "manifest"
        lines = manifest.read_text().split("\n")
        lines[1] = "ledger " + "77" * 16
        manifest.write_text("\n".join(lines))
        self.assertEqual(self.refused(), "foreign-ledger")


if __name__ == "__main__":
    unittest.main()
