"""Observations as JSON lines: from a device and from a program; broken devices; what was acknowledged is there after a kill -9."""

import threading
import time
import unittest

from harness import Case, eventually
from sensing import Measured

DAY_MS = 86_400_000


class Ingest(Case):
    def setUp(self):
        super().setUp()
        self.city = Measured(self.data)
        self.addCleanup(lambda: self.city.served.stop())
        self.now = int(time.time() * 1000)

    def test_a_program_writes_any_datastream_by_its_number(self):
        city, stream = self.city, self.city.datastream()
        status, _, said = city.lines({"d": stream, "t": self.now - 2000, "v": 12.5}, [stream, self.now - 1000, 0.13, "m"], b"nonsense", {"d": stream, "t": 0, "v": 1})
        self.assertEqual(status, 201, said)
        self.assertEqual([said[what] for what in ("received", "stored", "refused", "quarantined")], [4, 2, 1, 1])
        self.assertEqual([(p["line"], p["code"]) for p in said["problems"]], [(3, "ingest.json"), (4, "ingest.past")])
        self.assertEqual(sorted(city.stored(stream).values()), [12.5, 13])
        again = city.lines({"d": stream, "t": self.now - 2000, "v": 12.5})[2]
        self.assertEqual((again["stored"], again["duplicates"]), (0, 1))

    def test_a_device_writes_its_own_streams_by_their_names(self):
        city = self.city
        device, name, stream = city.device("G-7")
        token = city.credential(device, "token")
        self.assertEqual(city.lines({"s": name, "t": self.now - 1000, "v": 1}, token=token)[0], 201)
        foreign = city.datastream()
        status, _, said = city.lines({"d": foreign, "v": 1}, token=token)
        self.assertEqual((status, said["code"]), (400, "ingest.stream"))
        self.assertEqual(len(city.stored(stream)), 1)
        self.assertEqual(city.stored(foreign), {})
        self.assertEqual(city.lines({"s": name, "v": 1}, token="zd_nobody")[0], 401)
        city.admin.ask("PATCH", f"/api/v1/devices/{device['id']}", {"disabled": True})
        eventually(lambda: city.lines({"s": name, "v": 1}, token=token)[0] == 401, "a device that is disabled is refused")

    def test_broken_devices_do_no_harm_to_others(self):
        city = self.city
        device, name, stream = city.device("G-7")
        broken, good = city.credential(device, "token"), city.datastream()
        self.assertEqual(city.lines(b"\xff" * 1_000_000, token=broken)[0], 400)
        self.assertEqual(city.lines(b"garbage\n" * 125_000, token=broken)[0], 400)
        self.assertEqual(city.lines(*[{"s": name, "t": k, "v": 1} for k in range(700)], token=broken)[2]["quarantined"], 700)
        held = None
        for k in range(10):
            status, headers, _ = city.lines(*[[name, self.now - 100_000 + k * 1000 + i, i] for i in range(1000)], token=broken)
            if status == 429:
                held = int(headers["Retry-After"])
        self.assertGreater(held, 0)
        self.assertEqual(city.lines({"d": good, "v": 1})[0], 201)
        health = city.health()
        self.assertGreater(health["throttled"], 0)
        kept = city.admin.get("/api/v1/ingest/quarantine?problem=ingest.past&limit=200")
        self.assertEqual(len(kept["quarantine"]), 200)
        self.assertIsNotNone(kept["next"])

    def test_what_is_in_quarantine_can_go_in_after_all(self):
        city, stream = self.city, self.city.datastream()
        city.lines({"d": stream, "t": self.now + DAY_MS, "v": 5}, {"d": stream, "t": 1, "v": 6})
        past, future = city.admin.get("/api/v1/ingest/quarantine")["quarantine"]
        decide = "/api/v1/ingest/quarantine/{}/commands"
        city.admin.post(decide.format(future["id"]), command="release_at_arrival")
        city.admin.post(decide.format(past["id"]), command="drop")
        self.assertEqual(list(city.stored(stream).values()), [5])
        self.assertEqual(city.admin.get("/api/v1/ingest/quarantine")["quarantine"], [])
        self.assertEqual(len(city.admin.get("/api/v1/ingest/quarantine?all=true")["quarantine"]), 2)

    def test_what_was_acknowledged_is_there_after_a_kill(self):
        city, stream = self.city, self.city.datastream()
        acknowledged, stop = [], threading.Event()

        def send(sender):
            for k in range(100_000):
                if stop.is_set():
                    return
                at = self.now - 10 * DAY_MS + sender * DAY_MS + k * 10
                try:
                    status, _, said = city.lines(*[[stream, at + i, at + i] for i in range(10)])
                except OSError:
                    return
                if status == 201:
                    acknowledged.extend(range(at, at + 10))

        senders = [threading.Thread(target=send, args=(n,)) for n in range(4)]
        for one in senders:
            one.start()
        eventually(lambda: len(acknowledged) > 2_000, "some are acknowledged")
        city.served.process.kill()
        stop.set()
        for one in senders:
            one.join()
        city.killed_and_begun_again()
        self.assertEqual(set(acknowledged) - set(map(int, city.stored(stream).values())), set())

    def test_health_says_what_happened(self):
        city, stream = self.city, self.city.datastream()
        city.lines({"d": stream, "t": self.now - 1000, "v": 12.5}, b"nonsense")
        health = city.health()
        lines = next(s for s in health["sources"] if s["way"] == "lines")
        self.assertEqual((lines["received"], lines["stored"], lines["refused"]), (2, 1, 1))
        self.assertGreaterEqual(health["lag_ms"], 1000)
        self.assertEqual(sum(p["stored"] for p in health["recent"]), 1)


if __name__ == "__main__":
    unittest.main()
