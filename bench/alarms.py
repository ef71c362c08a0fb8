"""Measures from outside what happens between a message of a device and an alarm, beside Node-RED with Mosquitto where they are installed.

`bench/alarms.sh [rate|kill|burst|ten|absence …] [--small]`. One sender (bench/tool_mqtt_load.cpp) for all. An alarm of zhili is there when its entry of the ledger can be read from the
database by somebody else, that is, after the commit; each is compared with what the sender knows ought to come: which device, and at which reading. Node-RED's alarm is there when the
sender hears it from the broker.
"""

import argparse
import json
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

from node_red import CONNECTIONS, PATIENCE_S, Load, NodeRed, cpu_s, free_port, resident_mb
from served import PROGRAM, ROOT, line, timed

COMMAND = "bench/alarms.sh"
ALARM_RAISED = 640    # its number in the ledger
IMPORT_ROWS = 10_000  # of one file
SMALL = 10            # --small: so many times less of everything

THREE = "{watch: bench-level, raise: value > 50 cm 3 times, flap: none"
TEN = {
    "bench-three": THREE,
    "bench-high": "{watch: bench-level, raise: value > 90 cm, clear: value < 80 cm",
    "bench-long": "{watch: bench-level, raise: value > 50 cm for 3 min, clear: value < 40 cm for 10 min",
    "bench-rise": "{watch: bench-level, raise: 'rise(bench-level, 10 min) > 80 cm'",
    "bench-mean": "{watch: bench-level, raise: 'mean(bench-level, 15 min) > 50 cm'",
    "bench-max": "{watch: bench-level, raise: 'max(bench-level, 1 h) > 90 cm and value > 12 cm'",
    "bench-rate": "{watch: bench-level, raise: 'rate(bench-level, 10 min) > 1000000 m/h'",
    "bench-param": "{watch: bench-level, raise: value > param(limit), params: {limit: {name: {zh: 限值, en: Limit}, standard: 95 cm}}",
    "bench-graver": "{watch: bench-level, raise: value > 85 cm, escalate: to critical when value > 95 cm for 2 min, keep_firing: 5 min",
    "bench-silent": "{watch: bench-level, raise: value > 100 cm, fault: no data for 1 h",
}


def make_packs(folder, rules):
    """The packs of the program and one of our own: a type of gauge, and rules about it."""
    packs = folder / "packs"
    shutil.copytree(ROOT / "packs", packs)
    own = packs / "bench"
    own.mkdir()
    says = "name: {zh: 测试, en: Bench}, severity: minor, says: {zh: '{place}{value}厘米', en: '{place}: {value} cm'}"
    (own / "pack.yaml").write_text("pack: bench\nversion: '1'\nname: {zh: 测试, en: Bench}\nlevel: city\nneeds: [base, sensing]\ninclude: [things.yaml, rules.yaml]\n")
    (own / "things.yaml").write_text("""properties:
  bench-level: {name: {zh: 水深, en: Level}, definition: "urn:zhili:property:bench-level", kind: number, unit: cm}
things:
  bench-gauge:
    name: {zh: 测试水位计, en: Bench gauge}
    streams:
      level: {property: bench-level, range: [0, 300], every: 1 min, keep: {raw: 90 d}}
""")
    text = "algorithms:\n  bench:\n    name: {zh: 测试, en: Bench}\n    purpose: {zh: 测试, en: Bench}\n    does: acts\n    owner: {zh: 测试, en: Bench}\n    version: '1'\n    basis: {zh: 测试, en: Bench}\n    quality: {zh: 测试, en: Bench}\n"
    text += f"    rules: [{', '.join(rules)}]\n    uses: {{zh: 读数, en: Readings}}\n    overruled_by: dispatcher_lead\n    overruling: {{zh: 停用, en: Disarm it}}\nrules:\n"
    text += "".join(f"  {name}: {rule}, {says}}}\n" for name, rule in rules.items())
    (own / "rules.yaml").write_text(text)
    installation = packs / "installations/liucheng.yaml"
    installation.write_text(re.sub(r"^packs: \[", "packs: [bench, ", installation.read_text(), flags=re.M))
    return packs


class Zhili:
    def __init__(self, folder, name, rules):
        self.folder = folder / name
        self.folder.mkdir()
        self.data, self.packs = self.folder / "data", make_packs(self.folder, rules)
        self.rules = rules
        self.port, self.mqtt = free_port(), free_port()
        self.key = timed(PROGRAM, "key", "issue", "bench", "--scope", "sensing.write", "--data", self.data)[2].split()[-1]
        self.used_s = 0  # by processes that are gone
        self.seen, self.last_seq = {}, 0  # alarm entries: (alarm, happened) → when it was seen
        self.twice = 0
        self.serve()
        self.records = sqlite3.connect(f"file:{self.data}/zhili.db?mode=ro", uri=True)

    def serve(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([PROGRAM, "serve", "--data", self.data, "--packs", self.packs, "--listen", f"127.0.0.1:{self.port}", "--mqtt", f"127.0.0.1:{self.mqtt}"], stdout=log, stderr=log)
        until = time.time() + PATIENCE_S
        while time.time() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=10).read()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
        sys.exit(f"serve does not answer\n{(self.folder / 'log').read_text()[-2000:]}")

    def register(self, devices):
        """Gauges B-000000 and on, and waits until all rules know them."""
        begin = time.time()
        for first in range(0, devices, IMPORT_ROWS):
            file = self.folder / "devices.csv"
            rows = (f"bench-gauge,B-{n:06},{34.80 + n % 1000 / 10000:.4f},{117.50 + n // 1000 / 1000:.4f}\n" for n in range(first, min(devices, first + IMPORT_ROWS)))
            file.write_text("type,serial,lat,lon\n" + "".join(rows))
            timed(PROGRAM, "device", "import", file, "--mode", "all", "--data", self.data)
        self.registered_s = time.time() - begin
        until = time.time() + PATIENCE_S
        while time.time() < until:
            known = self.records.execute("SELECT min(subjects), count(*) FROM rule_standing WHERE rule LIKE 'bench-%'").fetchone()
            if known == (devices, len(self.rules)):
                return
            time.sleep(0.1)
        sys.exit(f"the rules do not know the devices: {known}")

    def kill(self):
        self.used_s += cpu_s(self.process)
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def cpu_s(self):
        return self.used_s + cpu_s(self.process)

    def look(self):
        """Takes in what the ledger has of alarms since the last look. How many there are."""
        rows = self.records.execute("SELECT seq, subject, coalesce(happened, at) FROM ledger WHERE seq > ? AND kind = ? ORDER BY seq", (self.last_seq, ALARM_RAISED)).fetchall()
        now = time.time() * 1000
        for seq, alarm, happened in rows:
            self.twice += (alarm, happened) in self.seen
            self.seen.setdefault((alarm, happened), now)
            self.last_seq = seq
        return len(self.seen)

    def compared(self, expected_file):
        """(right, wrong, missing, seen ms by (serial, reading's ms)) against what the sender wrote down."""
        expected = {(serial, int(at)) for serial, at in (row.split() for row in expected_file.read_text().splitlines())}
        serial_of = dict(self.records.execute("SELECT a.id, d.serial FROM alarm a JOIN device d ON d.thing = a.thing"))
        found = {(serial_of.get(alarm), happened): at for (alarm, happened), at in self.seen.items()}
        return len(expected & found.keys()), len(found.keys() - expected) + self.twice, len(expected - found.keys()), found

    def stored(self):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/sensorthings/v1.1/Observations?$top=0&$count=true", headers={"Authorization": f"Bearer {self.key}"})
        return json.loads(urllib.request.urlopen(request, timeout=60).read())["@iot.count"]

    def run(self, expect_more=True, look_s=0.05, midway=None, **words):
        """Lets the sender send, and waits until every alarm is there that ought to be. What the sender said, with more."""
        file = self.folder / "expected"
        before = self.cpu_s()
        load = Load(self.mqtt, user="key", password=self.key, connections=CONNECTIONS, expected=file, **words)
        peak = 0
        while not load.is_over():
            self.look()
            peak = max(peak, resident_mb(self.process))
            if midway and midway(len(self.seen)):
                midway = None
            time.sleep(look_s)
        said = load.said()
        changed, known = time.time(), -1
        while expect_more and self.look() < said["expected"] and time.time() - changed < PATIENCE_S:
            changed = time.time() if len(self.seen) != known else changed
            known = len(self.seen)
            time.sleep(look_s)
        said["cpu"] = self.cpu_s() - before
        said["right"], said["wrong"], said["missing"], said["found"] = self.compared(file)
        said["last_alarm_ms"] = max(self.seen.values(), default=0)
        said["resident"] = max(peak, resident_mb(self.process))
        return said

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.records.close()
        self.stop()


def with_peer(folder, what, command, **words):
    """What Node-RED says of the same, or nothing where it is not installed."""
    why_not = NodeRed.why_not()
    if why_not:
        line(what, why_not, "–", command)
        return None
    with NodeRed(folder) as red:
        return red.run(**words)


def right_ones(said):
    return f"{said['right']:,} of {said['expected']:,}, {said['wrong']} wrong"


def rate_of(said):
    """Messages a second, from the first until the last alarm is there."""
    return said["sent"] / ((max(said["last_alarm_ms"], said["last_sent_ms"]) - said["began_ms"]) / 1000)


def measure_rate(folder, less):
    command = f"{COMMAND} rate"
    words = {"devices": 10_000 // less, "messages": 400_000 // less, "qos": 1}
    with Zhili(folder, "rate", {"bench-three": THREE}) as ours:
        ours.register(words["devices"])
        said = ours.run(**words)
        line("MQTT QoS 1 to alarm, messages a second", f"{rate_of(said):,.0f}/s", "–", command)
        line("… alarms, the right ones", right_ones(said), "all", command)
        line("… processor time of zhili", f"{said['cpu']:.1f} s", "–", command)
        line("… resident at most", f"{said['resident']:.0f} MB", "–", command)
    theirs = with_peer(folder, "Node-RED + Mosquitto, messages a second", command, **words)
    if theirs:
        line("Node-RED + Mosquitto, messages a second", f"{rate_of(theirs):,.0f}/s", "–", command)
        line("… alarms, the right ones", right_ones(theirs), "–", command)
        line("… processor time of Node-RED, of Mosquitto", f"{theirs['cpu_red']:.1f} s, {theirs['cpu_broker']:.1f} s", "–", command)
        line("… resident (Node-RED)", f"{theirs['resident']:.0f} MB", "–", command)
        line("zhili by Node-RED: messages a second", f"{rate_of(said) / rate_of(theirs):.2f} ×", "≥ 1.1 ×", command)
        line("zhili by Node-RED + Mosquitto: processor time", f"{said['cpu'] / theirs['cpu']:.2f} ×", "≤ 0.5 ×", command)


def measure_kill(folder, less):
    command = f"{COMMAND} kill"
    words = {"devices": 10_000 // less, "messages": 400_000 // less, "qos": 1, "rate": 40_000}
    with Zhili(folder, "kill", {"bench-three": THREE}) as ours:
        ours.register(words["devices"])

        def midway(alarms):
            if alarms < words["messages"] // 40:
                return False
            ours.kill()
            ours.serve()
            return True

        said = ours.run(midway=midway, look_s=0.005, **words)
        line("QoS 1 with kill -9 of zhili in the middle: alarms", right_ones(said), "all", command)
        line("… of what was acknowledged, stored", f"{ours.stored():,} of {said['acknowledged']:,}", "all", command)
        line("… connections that were opened again", f"{said['reconnects']}", "–", command)


def measure_burst(folder, less):
    command = f"{COMMAND} burst"
    words = {"devices": 10_000 // less, "messages": 1_000_000 // less, "qos": 0, "rate": 80_000}

    def told(who, said, reach):
        line(f"{who}: burst, QoS 0, sent at", f"{said['sent'] / ((said['last_sent_ms'] - said['began_ms']) / 1000):,.0f}/s", "80,000/s", command)
        line("… alarms, the right ones", right_ones(said), "all" if reach else "–", command)
        line("… the last one after the last message", f"{(said['last_alarm_ms'] - said['last_sent_ms']) / 1000:.2f} s", reach or "–", command)

    with Zhili(folder, "burst", {"bench-three": THREE}) as ours:
        ours.register(words["devices"])
        said = ours.run(**words)
        told("zhili", said, "≤ 2 s")
        line("… resident at most", f"{said['resident']:.0f} MB", "–", command)
    theirs = with_peer(folder, "Node-RED + Mosquitto: burst", command, patience=30, **words)
    if theirs:
        told("Node-RED + Mosquitto", theirs, None)


def measure_ten(folder, less):
    """Each device raises one alarm in the run."""
    command = f"{COMMAND} ten"
    seconds, rate = 60 // (3 if less > 1 else 1), 20_000 // less
    words = {"devices": 10_000 // less, "messages": seconds * rate, "qos": 1, "rate": rate}
    with Zhili(folder, "ten", TEN) as ours:
        ours.register(words["devices"])
        said = ours.run(look_s=0.005, period=words["messages"] // words["devices"], **words)
        behind = sorted(seen - at for (_, at), seen in said["found"].items())
        if not behind:
            sys.exit("no alarms")
        line(f"10 rules × {words['devices']:,} devices, sent for {seconds} s at", f"{said['sent'] / said['seconds']:,.0f}/s", f"{rate:,}/s", command)
        line("… alarms, the right ones", right_ones(said), "all", command)
        line("… from the reading to the alarm, p50", f"{behind[len(behind) // 2]:.0f} ms of {len(behind)}", "–", command)
        line("… p99", f"{behind[len(behind) * 99 // 100]:.0f} ms", "≤ 50 ms", command)
        line("… resident at most", f"{said['resident']:.0f} MB", "≤ 150 MB", command)
        line("… processor time of zhili", f"{said['cpu'] / said['seconds']:.2f} core", "–", command)


def measure_absence(folder, less):
    """Every device is heard once and is silent from then on; zhili is killed after the last reading and before the first deadline."""
    command = f"{COMMAND} absence"
    devices, spread_s, silent_s = 100_000 // less, 60 // (3 if less > 1 else 1), 90 // (2 if less > 1 else 1)
    with Zhili(folder, "absence", {"bench-silent": f"{{watch: bench-level, raise: value > 200 cm, fault: no data for {silent_s} s"}) as ours:
        ours.register(devices)
        line(f"{devices:,} devices registered by CSV", f"{devices / ours.registered_s:,.0f}/s", "–", command)
        ours.run(expect_more=False, devices=devices, messages=devices, quiet=True, qos=1, rate=devices // spread_s)
        begin = time.time()
        ours.kill()
        ours.serve()
        down_s = time.time() - begin
        changed = time.time()
        while ours.look() < devices and time.time() - changed < silent_s + PATIENCE_S:
            time.sleep(0.02)
        time.sleep(5)
        ours.look()
        late = sorted(seen - at for (_, at), seen in ours.seen.items())
        line(f"absence: {devices:,} deadlines, killed in the middle: each once", f"{len(late):,}, {ours.twice} twice", f"{devices:,}", command)
        line("… late, at most", f"{late[-1] / 1000:.2f} s" if late else "–", "≤ 1 s", command)
        line("… late, p50", f"{late[len(late) // 2] / 1000:.2f} s" if late else "–", "–", command)
        line("… from kill -9 to the next answer", f"{down_s:.1f} s", "–", command)
        line("… resident", f"{resident_mb(ours.process):.0f} MB", "–", command)


PARTS = {"rate": measure_rate, "kill": measure_kill, "burst": measure_burst, "ten": measure_ten, "absence": measure_absence}


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all if none is named")
    asked.add_argument("--small", action="store_true", help="a tenth of everything: shows that it works, measures nothing")
    options = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for part in options.parts or list(PARTS):
        with tempfile.TemporaryDirectory(prefix="zhili-bench-") as folder:
            PARTS[part](pathlib.Path(folder), SMALL if options.small else 1)


if __name__ == "__main__":
    main()
