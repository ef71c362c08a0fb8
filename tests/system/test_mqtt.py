"""MQTT with a client of somebody else (mosquitto_pub, mosquitto_sub): our own door, and a NATS server in between; either of them killed."""

import json
import re
import shutil
import subprocess
import time
import unittest

from broker import Broker, listens, publish
from harness import PATIENCE_S, ROOT, Case, Served, eventually, free_port
from sensing import BASE, HERE, Measured


class Listening:
    """mosquitto_sub, until so many messages have come."""

    def __init__(self, port, user, password, topic, messages):
        self.process = subprocess.Popen(["stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", str(port), "-u", user, "-P", password, "-t", topic, "-C", str(messages), "-W", str(PATIENCE_S), "-d"],
                                        stdout=subprocess.PIPE, text=True)
        while "SUBACK" not in self.process.stdout.readline():
            assert self.process.poll() is None

    def heard(self):
        with self.process.stdout as said:  # not communicate(): what came with the SUBACK was read already, and would be lost
            lines = said.read().splitlines()
        self.process.wait(PATIENCE_S)
        return [json.loads(line) for line in lines if line.startswith("{")]


class OwnDoor(Case):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.city = Measured(self.data, "--mqtt", f"127.0.0.1:{self.port}")
        self.addCleanup(lambda: self.city.served.stop())
        self.now = int(time.time() * 1000)

    def test_a_device_publishes_with_its_own_credentials(self):
        device, name, stream = self.city.device("G-7")
        password = self.city.credential(device, "mqtt")
        self.assertTrue(publish(self.port, "G-7", password, f"devices/G-7/{name}", json.dumps({"t": self.now - 1000, "v": 1}), "2"))
        self.assertEqual(sorted(self.city.stored(stream).values()), [1, 2])
        self.assertFalse(publish(self.port, "G-7", "zm_wrong", f"devices/G-7/{name}", "3"))
        self.city.admin.ask("PATCH", f"/api/v1/devices/{device['id']}", {"disabled": True})
        eventually(lambda: not publish(self.port, "G-7", password, f"devices/G-7/{name}", "3"), "a device that is disabled is refused")

    def test_a_lamp_is_switched_and_says_so(self):
        city = self.city
        made = city.admin.post("/api/v1/devices", type="lamp-controller", serial="L-1", name="L-1", **HERE)
        password = city.credential(made, "mqtt")

        def switch(lit):
            return city.admin.post(f"/api/v1/devices/{made['id']}/commands", command="switch", parameters={"lit": lit})["id"]

        def states():
            return {one["id"]: (one["state"], one["result"]) for one in city.admin.get(f"/api/v1/devices/{made['id']}")["commands"]}

        before = switch(True)  # nobody listens yet
        listening = Listening(self.port, "L-1", password, "devices/L-1/commands", 1)
        told = listening.heard()[0]
        self.assertEqual((str(told["id"]), told["command"], told["parameters"]), (str(before), "switch", {"lit": True}))
        eventually(lambda: states()[before][0] == "sent", "the device may have it before that is written")
        self.assertTrue(publish(self.port, "L-1", password, f"devices/L-1/commands/{told['id']}", json.dumps({"done": True, "result": "100 %"})))
        self.assertEqual(states()[before], ("acknowledged", "100 %"))
        listening = Listening(self.port, "L-1", password, "devices/L-1/#", 1)
        after = switch(False)  # it listens
        self.assertEqual(str(listening.heard()[0]["id"]), str(after))
        eventually(lambda: states()[after][0] == "sent", "it is told")
        for wrong in ("no JSON", json.dumps({"result": "?"})):
            self.assertTrue(publish(self.port, "L-1", password, f"devices/L-1/commands/{after}", wrong), "what will never be right is not sent again and again")
        self.assertEqual(states()[after][0], "sent")
        self.assertTrue(publish(self.port, "L-1", password, f"devices/L-1/commands/{after}", json.dumps({"done": False})))
        self.assertEqual(states()[after][0], "failed")

    def test_observations_of_sensorthings_go_in_and_come_out(self):
        city, stream = self.city, self.city.datastream()
        topic = f"v1.1/Datastreams({stream})/Observations"
        listening = Listening(self.port, "key", city.key, topic, 2)
        self.assertTrue(publish(self.port, "key", city.key, topic, json.dumps({"result": 12.5, "phenomenonTime": "2026-01-01T00:00:00Z"})))
        city.lines({"d": stream, "t": self.now, "v": 13})
        heard = listening.heard()
        self.assertEqual([one["result"] for one in heard], [12.5, 13])
        for one in heard:
            self.assertEqual(city.ask("GET", f"{BASE}/Observations({one['@iot.id']})")[2]["result"], one["result"])

    def test_what_was_acknowledged_is_there_after_a_kill(self):
        city, stream = self.city, self.city.datastream()
        topic = f"v1.1/Datastreams({stream})/Observations"
        messages = [json.dumps({"result": i, "phenomenonTime": f"2026-01-01T00:00:{i // 1000:02}.{i % 1000:03}Z"}) for i in range(2_000)]
        self.assertTrue(publish(self.port, "key", city.key, topic, *messages))
        city.killed_and_begun_again()
        self.assertEqual(set(map(int, city.stored(stream).values())), set(range(2_000)))


class BehindNats(Case):
    def setUp(self):
        super().setUp()
        self.broker = Broker(self.folder)
        self.addCleanup(self.broker.stop)
        self.words = ("--nats", self.broker.url)
        self.city = Measured(self.data, *self.words)
        self.addCleanup(lambda: self.city.served.stop())
        self.device, self.name, self.stream = self.city.device("G-7")
        self.now = int(time.time() * 1000)

    def send(self, begin, end):
        values = [json.dumps({"t": self.now - 1_000_000 + i, "v": i}) for i in range(begin, end)]
        return publish(self.broker.mqtt, "gateway", "theirs", f"devices/G-7/{self.name}", *values)

    def count(self):
        return len(self.city.stored(self.stream))

    def test_what_a_gateway_publishes_is_stored(self):
        eventually(lambda: self.city.health()["mqtt"]["connected"], "zhili has its stream")
        self.assertTrue(self.send(0, 500))
        eventually(lambda: self.count() == 500, "all are stored")
        self.assertEqual(self.city.health()["mqtt"]["unacknowledged"], 0)

    def test_zhili_killed_loses_nothing(self):
        eventually(lambda: self.city.health()["mqtt"]["connected"], "zhili has its stream")
        self.assertTrue(self.send(0, 300))
        self.city.served.kill()
        self.assertTrue(self.send(300, 600))
        self.city.served = Served(self.data, *self.words)
        self.city.admin.url = self.city.served.url
        eventually(lambda: self.count() == 600, "all are stored")

    def test_the_server_killed_loses_nothing_and_comes_back(self):
        eventually(lambda: self.city.health()["mqtt"]["connected"], "zhili has its stream")
        self.assertTrue(self.send(0, 300))
        self.broker.stop()
        eventually(lambda: not self.city.health()["mqtt"]["connected"], "it is noticed")
        self.broker.start()
        self.assertTrue(self.send(300, 600))
        eventually(lambda: self.count() == 600, "all are stored")


@unittest.skipUnless(shutil.which("mosquitto"), "needs mosquitto")
class BehindABridge(Case):
    """A Mosquitto that is there already, with the configuration of the page."""

    def configuration(self, mine, ours, key):
        page = (ROOT / "docs/operate/mqtt.md").read_text()
        found = re.search(r"^    persistence true\n(?:    .*\n)+", page, re.M).group(0)
        found = found.replace("zhili.example:1883", f"127.0.0.1:{ours}").replace("zk_…", key)
        return f"persistence_location {self.folder}/\nlistener {mine} 127.0.0.1\nallow_anonymous true\n" + re.sub(r"^    ", "", found, flags=re.M)

    def test_what_others_publish_comes_over_the_bridge_also_after_a_kill(self):
        ours, mine = free_port(), free_port()
        city = Measured(self.data, "--mqtt", f"127.0.0.1:{ours}")
        self.addCleanup(lambda: city.served.stop())
        _, name, stream = city.device("G-7")
        file = self.folder / "mosquitto.conf"
        file.write_text(self.configuration(mine, ours, city.key))
        bridge = subprocess.Popen(["mosquitto", "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(bridge.wait)
        self.addCleanup(bridge.kill)
        eventually(lambda: listens(mine), "mosquitto listens")
        now = int(time.time() * 1000)
        for part in range(2):
            self.assertTrue(publish(mine, "somebody", "", f"devices/G-7/{name}", *[json.dumps({"t": now - 1000 + 100 * part + i, "v": i}) for i in range(50)]))
            eventually(lambda: len(city.stored(stream)) == 50 * (part + 1), "everything is stored")
            city.killed_and_begun_again()
        self.assertEqual(city.admin.get("/api/v1/ingest/quarantine")["quarantine"], [])


if __name__ == "__main__":
    unittest.main()
