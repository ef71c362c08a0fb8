"""From a gauge to a case: water rises and falls, a device is silent, somebody cleans the pumps, the program is killed in the middle."""

import datetime
import shutil
import time
import unittest

from harness import Case, ROOT, eventually
from people import Refused
from sensing import Measured

MINUTE_MS = 60_000
FAR_APART_DEGREES = 0.02  # some two kilometres: not the same thing
DEEP = "ponding-deep"


class Gauge:
    def __init__(self, city, serial, place):
        made = city.admin.post("/api/v1/devices", type="water-gauge", serial=serial, lat=34.86 + place * FAR_APART_DEGREES, lon=117.55)
        self.city, self.serial, self.id, self.thing = city, serial, made["id"], made["thing"]
        self.stream = next(one["id"] for one in city.admin.get(f"/api/v1/devices/{self.id}")["streams"] if one["stream"] == "level")
        self.token = city.credential(made, "token")
        self.at = 0

    def begins(self, minutes_ago):
        self.at = int(time.time() * 1000) - minutes_ago * MINUTE_MS

    def reads(self, cm, minutes=1):
        """One reading a minute, acknowledged."""
        lines = []
        for _ in range(minutes):
            self.at += MINUTE_MS
            lines.append({"s": "level", "t": self.at, "v": cm})
        status, _, said = self.city.lines(*lines, token=self.token)
        assert status == 201 and said["stored"] == minutes, said


class Watching(Case):
    """A city whose rules look at gauges."""

    def begin(self, *words):
        self.city = Measured(self.data, *words)
        self.addCleanup(lambda: self.city.served.stop())
        self.dispatcher = self.city.at("dispatch-desk")

    def packs_with(self, other):
        """A folder of our packs with some lines of the flood's rules written otherwise."""
        packs = self.folder / "packs"
        shutil.copytree(ROOT / "packs", packs)
        rules = packs / "urban-flood" / "rules.yaml"
        text = rules.read_text()
        for old, new in other.items():
            self.assertIn(old, text)
            text = text.replace(old, new)
        rules.write_text(text)
        return str(packs)

    def gauges(self, many, kind="condition"):
        """So many, that the rules know: they take in what is new a moment later. Readings of more than a day ago run no rule."""
        made = [Gauge(self.city, f"G-{n}", n) for n in range(many)]
        last = Gauge(self.city, "G-last", many)
        last.begins(minutes_ago=20 * 60)

        def known():
            last.reads(30, minutes=5)
            return self.alarms(last, kind=kind)

        eventually(known, "the rules know of the last gauge")
        return made

    def alarms(self, gauge=None, **asked):
        query = {"state": "all", "kind": "condition", "limit": 500} | asked | ({"thing": gauge.thing} if gauge else {})
        return self.dispatcher.get("/api/v1/alarms?" + "&".join(f"{k}={v}" for k, v in query.items()))["alarms"]

    def deep(self, gauge):
        found = self.alarms(gauge, rule=DEEP)
        self.assertLessEqual(len(found), 1)
        return found[0] if found else None

    def flooded(self, gauge):
        gauge.begins(minutes_ago=30)
        gauge.reads(24, minutes=5)
        return eventually(lambda: self.deep(gauge), "the alarm of the flood")

    def with_case(self, gauge):
        return eventually(lambda: (lambda alarm: alarm if alarm and alarm["case_no"] else None)(self.deep(gauge)), "its case")


class Alarms(Watching):
    def test_water_rises_and_falls(self):
        self.begin()
        gauge, = self.gauges(1)
        self.flooded(gauge)
        alarm = self.with_case(gauge)
        self.assertEqual((alarm["state"], alarm["severity"], alarm["value"], alarm["unit"]), ("raised", "major", 24, "cm"))
        self.assertEqual(alarm["keeper"]["department"], "drainage-service")
        self.assertEqual(alarm["device"], gauge.id)
        self.assertEqual(next(one["alarm"] for one in self.dispatcher.get("/api/v1/devices?q=G-0")["devices"]), "major")
        case = alarm["case_no"]
        with self.assertRaises(Refused) as refused:
            self.city.at("road-service-desk").get(f"/api/v1/alarms/{alarm['id']}")
        self.assertEqual(refused.exception.status, 404, "it is not for the roads")
        desk = self.city.at("drainage-service-desk")
        desk.post(f"/api/v1/alarms/{alarm['id']}/commands", command="acknowledge")
        with self.assertRaises(Refused) as refused:
            self.dispatcher.post(f"/api/v1/alarms/{alarm['id']}/commands", command="acknowledge")
        self.assertEqual(refused.exception.problem["code"], "alarm.state")
        gauge.reads(1, minutes=15)
        eventually(lambda: self.deep(gauge)["state"] == "cleared", "it falls dry")
        whole = self.dispatcher.get(f"/api/v1/alarms/{alarm['id']}")
        self.assertEqual([step["kind"] for step in whole["story"]], ["alarm.raised", "alarm.signalled", "alarm.acknowledged", "alarm.cleared"])
        told = eventually(lambda: [one for one in self.dispatcher.get(f"/api/v1/cases/{case}")["story"] if one["kind"] == "case.alarm_told"], "the case is told")
        self.assertEqual(len(told), 1)
        self.assertEqual(self.city.stage(case), "registered", "people say when the work is done")

    def test_a_silent_device_is_a_fault_and_says_nothing_of_the_place(self):
        self.begin("--packs", self.packs_with({"fault: no data for 30 min": "fault: no data for 3 s"}))
        gauge, = self.gauges(1, kind="fault")
        cases = len(self.city.served.json("/api/v1/cases?limit=200")["cases"])
        gauge.begins(minutes_ago=1)
        gauge.reads(2)
        fault = eventually(lambda: self.alarms(gauge, kind="fault"), "the fault of the device")
        self.assertEqual([(one["rule"]["id"], one["state"], one["case_no"]) for one in fault], [("device-fault", "raised", None)])
        self.assertEqual(self.alarms(gauge), [])
        self.assertEqual(len(self.city.served.json("/api/v1/cases?limit=200")["cases"]), cases)

        def speaks():
            gauge.at = int(time.time() * 1000) - MINUTE_MS
            gauge.reads(2)
            return self.alarms(gauge, kind="fault")[0]["state"] == "cleared"

        eventually(speaks, "the fault is over")

    def test_in_a_maintenance_window_nobody_is_bothered(self):
        self.begin()
        gauge, = self.gauges(1)
        ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        window = self.dispatcher.post("/api/v1/maintenance", thing=gauge.thing, ends=ends.isoformat(timespec="seconds"), reason="水泵检修")["id"]
        alarm = self.flooded(gauge)
        self.assertEqual((alarm["state"], alarm["maintenance"], alarm["case_no"]), ("suppressed", window, None))
        self.dispatcher.ask("DELETE", f"/api/v1/maintenance/{window}?reason=done")
        alarm = self.with_case(gauge)
        self.assertEqual((alarm["state"], alarm["times"]), ("raised", 1))

    def test_what_was_acknowledged_outlives_kill_9_and_comes_once(self):
        self.begin()
        gauges = self.gauges(12)
        for gauge in gauges:
            gauge.begins(minutes_ago=40)
            gauge.reads(24, minutes=5)
        self.city.killed_and_begun_again()  # somewhere between the readings and the cases
        first = [self.with_case(gauge) for gauge in gauges]
        self.assertEqual(len({alarm["case_no"] for alarm in first}), len(gauges))
        for gauge in gauges:
            gauge.reads(1, minutes=15)
        self.city.killed_and_begun_again()
        for gauge, alarm in zip(gauges, first):
            now = eventually(lambda: (lambda one: one if one["state"] == "cleared" else None)(self.deep(gauge)), "it is over")
            self.assertEqual((now["id"], now["times"], now["case_no"]), (alarm["id"], 1, alarm["case_no"]))
            kinds = [step["kind"] for step in self.dispatcher.get(f"/api/v1/alarms/{now['id']}")["story"]]
            self.assertEqual(kinds, ["alarm.raised", "alarm.signalled", "alarm.cleared"])


if __name__ == "__main__":
    unittest.main()
