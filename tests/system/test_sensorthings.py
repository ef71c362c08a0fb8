"""SensorThings from outside, on both databases: the conformance suite; what was acknowledged is there after a kill -9, and once; a backup that holds observations."""

import datetime
import http.client
import json
import pathlib
import shutil
import subprocess
import threading
import unittest
import urllib.error
import urllib.request

from cluster import Cluster
from harness import Case, ROOT, Served, eventually, run

SUITE = ROOT / "tests/conformance/sensorthings/run.mjs"
BASE = "/sensorthings/v1.1"
SUITE_PATIENCE_S = 900
CREATE = "http://www.opengis.net/spec/iot_sensing/1.1/req/create-observations-via-mqtt/observations-creation"
DAYS_AGO = 20
SENDERS, BATCH = 4, 25

MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
GAUGE = {
    "name": "涵洞水位计", "description": "Ultrasonic, below the railway",
    "Locations": [{"name": "underpass", "description": "below the railway", "encodingType": "application/geo+json", "location": {"type": "Point", "coordinates": [117.55, 34.86]}}],
    "Datastreams": [{
        "name": "level", "description": "Above the road", "observationType": MEASUREMENT, "unitOfMeasurement": {"name": "centimetre", "symbol": "cm", "definition": "ucum:cm"},
        "Sensor": {"name": "US-1", "description": "ultrasonic", "encodingType": "application/pdf", "metadata": "https://example.org/us-1.pdf"},
        "ObservedProperty": {"name": "water level", "definition": "https://example.org/level", "description": "above the road"},
    }],
}


BEGIN = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0) - datetime.timedelta(days=DAYS_AGO)


def moment(n):
    """The time of the observation with that number: a millisecond each, so that millions are all in the past."""
    return (BEGIN + datetime.timedelta(milliseconds=n)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Sender(threading.Thread):
    """Sends its own numbers one after the other until the service is gone, in single observations or in data arrays. Remembers what was acknowledged."""

    def __init__(self, port, key, datastream, numbers, batch):
        super().__init__(daemon=True)
        self.port, self.key, self.datastream, self.numbers, self.batch = port, key, datastream, numbers, batch
        self.acknowledged, self.sent, self.trouble = [], [], None

    def run(self):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            for at in range(0, len(self.numbers), self.batch):
                some = self.numbers[at:at + self.batch]
                path, body = self.message(some)
                self.sent += some
                line.request("POST", BASE + path, json.dumps(body), {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"})
                answer = line.getresponse()
                said = answer.read()
                if answer.status == 201:
                    links = json.loads(said) if self.batch > 1 else []
                    if any(str(link).startswith("error") for link in links):
                        raise AssertionError(f"not taken: {said[:500]}")
                    self.acknowledged += some
                elif answer.status not in (429, 503):  # full: it says so, and keeps nothing
                    raise AssertionError(f"{answer.status} {said[:500]}")
        except (OSError, http.client.HTTPException):
            pass  # it was killed
        except AssertionError as error:
            self.trouble = error
        finally:
            line.close()

    def message(self, numbers):
        if self.batch == 1:
            return f"/Datastreams({self.datastream})/Observations", {"phenomenonTime": moment(numbers[0]), "resultTime": moment(numbers[0]), "result": numbers[0]}
        rows = [[moment(n), moment(n), n] for n in numbers]
        return "/CreateObservations", [{"Datastream": {"@iot.id": self.datastream}, "components": ["phenomenonTime", "resultTime", "result"], "dataArray@iot.count": len(rows), "dataArray": rows}]


class SensorThings(Case):
    words = ()

    def key(self, *scopes):
        return run("key", "issue", "gauges", *[word for scope in scopes for word in ("--scope", scope)], "--data", self.data, *self.words).stdout.strip()

    def begin(self):
        served = Served(self.data, *self.words)
        self.addCleanup(served.stop)
        return served, self.key("sensing.write")

    def again(self, served):
        served.kill()
        back = Served(self.data, *self.words)
        self.addCleanup(back.stop)
        return back

    def post(self, served, key, path, body):
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        request = urllib.request.Request(served.url + BASE + path, data=json.dumps(body).encode(), headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers.get("Location", ""), answer.read()

    def gauge(self, served, key):
        """A new Thing; gives the id of its Datastream."""
        _, link, _ = self.post(served, key, "/Things", GAUGE)
        thing = link.rsplit("/", 1)[1]
        return served.json(f"{BASE}/{thing}/Datastreams")["value"][0]["@iot.id"]

    def observations(self, served, datastream, step=500):
        """All of them, page by page."""
        path, found = f"{BASE}/Datastreams({datastream})/Observations?$orderby=phenomenonTime&$top={step}", []
        while path:
            page = served.json(path)
            found += page["value"]
            path = page.get("@iot.nextLink", "")
            path = path[path.index(BASE):] if path else ""
        return found

    def test_it_keeps_the_standard(self):
        node = shutil.which("node")
        self.assertTrue(node, "node is not installed (apt-get install nodejs); the conformance suite needs it")
        served, key = self.begin()
        words = [node, str(SUITE), "--url", served.url + BASE, "--key", key]
        endpoint = served.json(BASE)["serverSettings"].get(CREATE, {}).get("endpoints", [None])[0]
        if endpoint:
            words += ["--mqtt", endpoint]
        done = subprocess.run(words, capture_output=True, text=True, timeout=SUITE_PATIENCE_S)
        print("\n".join(line for line in done.stdout.splitlines() if not line.startswith("ok")), flush=True)
        self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])
        self.assertIsNone(served.process.poll(), "it is still there")

    def test_reading_is_open_and_writing_needs_a_key_that_may(self):
        served, key = self.begin()
        datastream = self.gauge(served, key)
        self.assertEqual(served.json(f"{BASE}/Datastreams({datastream})")["name"], "level")
        for other, status in ((None, 401), ("zk_" + "x" * 43, 403), (self.key("open311.write"), 403)):
            for path, body in (("/Things", GAUGE), (f"/Datastreams({datastream})/Observations", {"result": 1, "phenomenonTime": moment(1)}), ("/CreateObservations", [])):
                with self.assertRaises(urllib.error.HTTPError) as refused:
                    self.post(served, other, path, body)
                self.assertIn(refused.exception.code, {status, 401, 403}, path)
        self.assertEqual(self.observations(served, datastream), [])
        self.assertEqual(len(served.json(f"{BASE}/Things")["value"]), 1)

    def send_until_killed(self, served, key, datastream, first, batch, enough):
        """Senders at once; when `enough` are acknowledged the process is killed in the midst of it. Gives what was acknowledged and what was sent."""
        room = 1000000
        senders = [Sender(served.port, key, datastream, range(first + i * room, first + i * room + 100000), batch) for i in range(SENDERS)]
        for sender in senders:
            sender.start()
        eventually(lambda: sum(len(sender.acknowledged) for sender in senders) >= enough or all(not sender.is_alive() for sender in senders), "acknowledged observations")
        back = self.again(served)
        for sender in senders:
            sender.join(60)
            self.assertFalse(sender.is_alive())
            self.assertIsNone(sender.trouble, sender.trouble)
        return back, [n for sender in senders for n in sender.acknowledged], [n for sender in senders for n in sender.sent]

    def check(self, served, datastream, acknowledged, sent):
        found = [round(one["result"]) for one in self.observations(served, datastream, 5000)]
        once = set(found)
        self.assertEqual(len(found), len(once), f"twice: {sorted({n for n in found if found.count(n) > 1})[:20]}" if len(found) != len(once) else "")
        self.assertEqual(set(acknowledged) - once, set(), "acknowledged, and lost")
        self.assertEqual(once - set(sent), set(), "never sent")
        return once

    def killed(self, batch, enough):
        served, key = self.begin()
        datastream = self.gauge(served, key)
        acknowledged, sent = [], []
        for turn in range(2):
            served, taken, tried = self.send_until_killed(served, key, datastream, turn * 10000000, batch, enough)
            acknowledged += taken
            sent += tried
            there = self.check(served, datastream, acknowledged, sent)
        # Whoever heard nothing sends again: it is there once, also where it had been kept before the crash.
        unheard = sorted(set(sent) - set(acknowledged))
        self.assertTrue(there <= set(sent))
        again = Sender(served.port, key, datastream, unheard + sorted(acknowledged)[-200:], batch)
        again.run()
        self.assertIsNone(again.trouble, again.trouble)
        self.assertEqual(len(again.acknowledged), len(again.numbers))
        self.assertEqual(self.check(served, datastream, sent, sent), set(sent))

    def test_killed_while_observations_come_one_by_one(self):
        self.killed(1, 300)

    def test_killed_while_observations_come_in_data_arrays(self):
        self.killed(BATCH, 8000)

    def test_two_kills_in_a_row_change_nothing(self):
        served, key = self.begin()
        datastream = self.gauge(served, key)
        sender = Sender(served.port, key, datastream, range(2000), BATCH)
        sender.run()
        self.assertIsNone(sender.trouble, sender.trouble)
        before = self.observations(served, datastream)
        self.assertEqual(len(before), 2000)
        for _ in range(2):
            served = self.again(served)
        stripped = [{name: held for name, held in one.items() if "Link" not in name} for one in before]
        self.assertEqual([{name: held for name, held in one.items() if "Link" not in name} for one in self.observations(served, datastream)], stripped)


class OnSqlite(SensorThings):
    def test_a_backup_holds_the_observations_of_its_moment(self):
        served, key = self.begin()
        datastream = self.gauge(served, key)
        before = Sender(served.port, key, datastream, range(3000), BATCH)
        before.run()
        self.assertEqual(len(before.acknowledged), 3000, before.trouble)
        meanwhile = Sender(served.port, key, datastream, range(10000, 60000), BATCH)
        meanwhile.start()
        copy, keys, back = self.folder / "copy", self.folder / "keys", self.folder / "back"
        run("backup", "--data", self.data, "--to", copy, "--keys-to", keys)
        served.stop()
        meanwhile.join(60)
        self.assertIsNone(meanwhile.trouble, meanwhile.trouble)
        run("restore", "--from", copy, "--keys-from", keys, "--data", back)
        with Served(back) as restored:
            there = self.check(restored, datastream, before.acknowledged, [*before.sent, *meanwhile.sent])
            later = sorted(n for n in there if n >= 10000)
            self.assertEqual(later, list(range(10000, 10000 + len(later))), "a prefix of what came meanwhile: no holes")
            self.assertEqual(restored.json(f"{BASE}/Things")["value"][0]["name"], GAUGE["name"])
        pathlib.Path(back).with_suffix(".log").unlink(missing_ok=True)


class OnPostgresql(SensorThings):
    def setUp(self):
        super().setUp()
        self.words = ("--database", Cluster.get().new_database())


del SensorThings  # its tests run in the two classes above

if __name__ == "__main__":
    unittest.main()
