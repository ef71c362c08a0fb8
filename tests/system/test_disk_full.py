"""The disk is full while devices send: what cannot be kept is refused, what was acknowledged stays, and when there is room all goes on."""

import time
import unittest
import urllib.error

from harness import Case, eventually
from sensing import Measured
from small_disk import SmallDisk

DISK_MB = 160
LEFT_BYTES = 3 << 20
AT_ONCE = 2_000
BATCHES_MAX = 400


class DiskFull(Case):
    def setUp(self):
        super().setUp()
        try:
            self.disk = SmallDisk(self.folder / "disk", DISK_MB)
        except OSError as error:
            self.skipTest(f"nobody may mount a disk here: {error}")
        self.addCleanup(self.disk.close)
        self.city = Measured(self.disk.folder / "data")
        self.addCleanup(lambda: self.city.served.stop())
        self.stream = self.city.datastream()
        self.acknowledged, self.next = 0, int(time.time() * 1000) - 40 * 60_000

    def send(self):
        """So many readings that nobody can press together."""
        status, _, said = self.city.lines(*[[self.stream, self.next + i, (self.next + i) * 2654435761 % 1_000_003 / 7] for i in range(AT_ONCE)])
        if status == 201:
            self.assertEqual(said["stored"], AT_ONCE)
            self.next += AT_ONCE
            self.acknowledged += AT_ONCE
        return status, said

    def fill(self):
        """What is said when nothing more goes in."""
        self.assertEqual(self.send()[0], 201)
        self.disk.fill(LEFT_BYTES)
        for _ in range(BATCHES_MAX):
            status, said = self.send()
            if status != 201:
                return status, said
        self.fail("the disk is never full")

    def count(self):
        return self.city.ask("GET", f"/sensorthings/v1.1/Datastreams({self.stream})/Observations?$top=0&$count=true")[2]["@iot.count"]

    def test_what_cannot_be_kept_is_refused_and_goes_in_when_there_is_room(self):
        status, said = self.fill()
        self.assertEqual(status, 503, said)
        self.assertEqual(said["code"], "store.full", said)
        self.assertIn("Free some space", said["detail"]["en"])
        self.assertEqual(self.count(), self.acknowledged, "people read on")
        self.city.served.get("/health")
        self.disk.empty()
        eventually(lambda: self.send()[0] == 201, "readings go in again")
        self.assertEqual(self.count(), self.acknowledged)

    def test_killed_with_a_full_disk(self):
        self.fill()
        self.city.served.kill()
        self.disk.empty()
        self.city.begin_again()
        self.assertEqual(self.count(), self.acknowledged)
        self.assertEqual(self.send()[0], 201)


if __name__ == "__main__":
    unittest.main()
