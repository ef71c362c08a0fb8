"""Two processes on one PostgreSQL and one NATS server: devices are theirs together, and one of them is killed."""

import concurrent.futures
import json
import unittest

import test_alarms
from broker import Broker, publish
from cluster import Cluster
from harness import Served, eventually

GAUGES = 5
FLOODS = 60  # of each gauge: one reading above the limit, one below
SECOND_MS = 1000
AT_ONCE = {"raise: value > 15 cm for 3 min": "raise: value > 15 cm", "clear: value < 5 cm for 10 min": "clear: value < 5 cm\n    flap: none"}


class TwoProcesses(test_alarms.Watching):
    def begin(self):
        self.broker = Broker(self.folder)
        self.addCleanup(self.broker.stop)
        super().begin("--database", Cluster.get().new_database(), "--nats", self.broker.url, "--packs", self.packs_with(AT_ONCE))
        self.processes = [self.city.served, Served(self.data, *self.city.words)]
        self.addCleanup(lambda: [one.stop() for one in self.processes])

    def ask(self, process):
        """Questions go to this one."""
        self.city.served = self.processes[process]
        for person in (self.city.admin, *self.city.hired.values()):
            person.url = self.city.served.url

    def killed(self, process):
        self.processes[process].kill()
        self.ask(1 - process)

    def floods(self, gauge, begin, end):
        """So many floods of one gauge, by MQTT, in the order of their times."""
        lines = [json.dumps({"t": gauge.at + (2 * i + k) * SECOND_MS, "v": cm}) for i in range(begin, end) for k, cm in enumerate((24, 1))]
        self.assertTrue(publish(self.broker.mqtt, "gateway", "theirs", f"devices/{gauge.serial}/level", *lines))

    def raised(self, gauge):
        """How it stands, and how often it was raised."""
        found = self.deep(gauge)
        return (found["state"], found["times"]) if found else ("none", 0)

    def test_one_is_killed_and_no_alarm_is_lost_or_doubled(self):
        self.begin()
        gauges = self.gauges(GAUGES)
        for gauge in gauges:
            gauge.begins(minutes_ago=30)
        with concurrent.futures.ThreadPoolExecutor(GAUGES) as pool:
            def send(begin, end):
                return [pool.submit(self.floods, gauge, begin, end) for gauge in gauges]

            sending = send(0, FLOODS // 3)
            eventually(lambda: any(self.raised(gauge)[1] for gauge in gauges), "it has begun")
            self.killed(0)
            sending += send(FLOODS // 3, 2 * FLOODS // 3)
            [one.result() for one in sending]
            self.processes[0] = Served(self.data, *self.city.words)
            sending = send(2 * FLOODS // 3, FLOODS)
            eventually(lambda: all(self.raised(gauge)[1] > FLOODS // 3 for gauge in gauges), "the second goes on")
            self.killed(1)
            [one.result() for one in sending]
        for gauge in gauges:
            eventually(lambda: len(self.city.stored(gauge.stream)) == 2 * FLOODS, "all readings are stored")
            eventually(lambda: self.raised(gauge)[0] == "cleared" and self.raised(gauge)[1] >= FLOODS, f"all floods of {gauge.serial}")
            self.assertEqual(self.raised(gauge), ("cleared", FLOODS))
            steps = [step["kind"] for step in self.dispatcher.get(f"/api/v1/alarms/{self.deep(gauge)['id']}")["story"]]
            self.assertEqual((steps.count("alarm.raised"), steps.count("alarm.cleared")), (FLOODS, FLOODS))
            self.assertLessEqual(steps.count("alarm.signalled"), 1, "what is over before anybody was told opens nothing")


if __name__ == "__main__":
    unittest.main()
