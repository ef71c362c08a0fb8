"""Measures the way from a message to an alarm: MQTT beside Node-RED, a burst, ten rules at ten thousand devices, deadlines over a restart.

`bench/mqtt.sh [consecutive|burst|ten|absence …] [--devices N]`. Alarms are read from the database of the serving process, where they are durable;
Node-RED, where it can be installed, keeps its own in memory. Reading → alarm is what the ledger says: the entry's time less the reading's.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from node_red import NodeRed
from served import PROGRAM, ROOT, Served, line, percentile, timed

SENDER = ROOT / "build/release/bench-tools/mqtt"
COMMAND = "bench/mqtt.sh"
PATIENCE_S = 120
ALARM_RAISED = 640
THRICE = {"thrice": "raise: value > 15 cm 3 times\n    clear: value < 5 cm"}
TEN = {
    "once": "raise: value > 15 cm\n    clear: value < 5 cm",
    "lasting": "raise: value > 15 cm for 3 min\n    clear: value < 5 cm for 10 min",
    "thrice": "raise: value > 15 cm 3 times\n    clear: value < 5 cm",
    "mean": "raise: mean(water-level, 5 min) > 15 cm",
    "most": "raise: max(water-level, 10 min) - min(water-level, 10 min) > 40 cm",
    "rises": "raise: rise(water-level, 10 min) > 30 cm",
    "many": "raise: count(water-level, 1 min) > 100000",
    "silent": "raise: value > 100 cm\n    fault: no data for 1 h",
    "stuck": "raise: no change of water-level for 24 h\n    fault: no data for 30 min",
    "night": "raise: value > 40 cm for 2 min\n    during: 22:00-06:00",
}
ABSENT = {"absent": "raise: value > 100 cm\n    fault: no data for 40 s"} | {f"lasts-{n}": f"raise: value < 5 cm for {43 + 3 * n} s" for n in range(9)}


def packs_with(folder, rules):
    """The packs of the program, of flooding with these rules only."""
    packs = folder / "packs"
    shutil.rmtree(packs, ignore_errors=True)
    shutil.copytree(ROOT / "packs", packs)
    path = packs / "urban-flood/rules.yaml"
    said = "name: {zh: 测, en: Bench}\n    of: [water-gauge]\n    watch: water-level\n    severity: minor\n    says: {zh: \"{place}有水\", en: \"Water at {place}\"}\n    basis: bench\n    "
    text = (f"algorithms:\n  bench:\n    name: {{zh: 测, en: Bench}}\n    purpose: {{zh: 测, en: Bench}}\n    does: acts\n    owner: {{zh: 测, en: Bench}}\n    basis: {{zh: 测, en: Bench}}\n"
            f"    version: \"1\"\n    rules: [{', '.join(rules)}]\n    uses: {{zh: 测, en: Bench}}\n    quality: {{zh: 测, en: Bench}}\n    measured_by: bench\n    overruled_by: dispatcher_lead\n    overruling: {{zh: 测, en: Bench}}\n\nrules:\n")
    path.write_text(text + "".join(f"  {name}:\n    {said}{body}\n" for name, body in rules.items()))
    for pack in packs.iterdir():
        shutil.rmtree(pack / "tests", ignore_errors=True)
    return packs


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class City:
    """Devices "B-0" … of type water-gauge, and a door for MQTT."""

    def __init__(self, folder, name, rules, devices):
        self.data, self.packs, self.devices = folder / name, packs_with(folder, rules), devices
        gauges = folder / "gauges.csv"
        gauges.write_text("type,serial,lat,lon\n" + "".join(f"water-gauge,B-{n},{34 + n // 100 * 0.01:.4f},{117 + n % 100 * 0.01:.4f}\n" for n in range(devices)))
        self.key = timed(PROGRAM, "key", "issue", "bench", "--scope", "sensing.write", "--data", self.data)[2].split()[-1]
        self.mqtt_port = free_port()
        with self.serve():
            timed(PROGRAM, "device", "import", gauges, "--mode", "all", "--data", self.data)

    def serve(self):
        return Served(self.data, "--packs", str(self.packs), "--mqtt", f"127.0.0.1:{self.mqtt_port}")

    def asked(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.data}/zhili.db?mode=ro", uri=True, timeout=30)) as db:
            return db.execute(sql).fetchall()

    def alarms(self):
        """How many were ever raised."""
        return self.asked("SELECT count(*) FROM alarm WHERE kind = (SELECT min(kind) FROM alarm)")[0][0]

    def raised(self):
        """(when written, when it was so) of each raising, in ms."""
        return self.asked(f"SELECT at, coalesce(happened, at) FROM ledger WHERE kind = {ALARM_RAISED} ORDER BY seq")

    def sent(self, rounds, qos, rate, pattern):
        return sender(self.mqtt_port, "key", self.key, self.devices, rounds, qos, rate, pattern)


def sender(port, user, password, devices, rounds, qos, rate, pattern):
    words = [SENDER, port, user, password, devices, min(100, devices), rounds, qos, rate, pattern]
    return subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, text=True)


def result(process):
    out = process.communicate()[0]
    if process.returncode != 0:
        sys.exit("the sender failed")
    return json.loads(out)


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until(count, expected):
    """Waits for so many; seconds of Unix when they were there."""
    end = time.time() + PATIENCE_S
    while (found := count()) < expected:
        if time.time() > end:
            sys.exit(f"{found} of {expected} alarms after {PATIENCE_S} s")
        time.sleep(0.02)
    return time.time()


def run_thrice(count, cpu, send, expected, messages):
    """Messages a second until the last alarm, processor seconds, and how long after the last message the last alarm was there."""
    before, begin = cpu(), time.time()
    sending = send()
    last = result(sending)["last"]
    end = until(count, expected)
    return messages / (end - begin), cpu() - before, max(0.0, end - last)


def measure_consecutive(folder, devices):
    rounds, expected = 30, devices // 10
    messages = devices * rounds
    city = City(folder, "consecutive", THRICE, devices)
    with city.serve() as served:
        rate, cpu, _ = run_thrice(city.alarms, lambda: cpu_seconds(served.process.pid), lambda: city.sent(rounds, 1, 0, "thrice"), expected, messages)
        time.sleep(1)
        found = city.alarms()
    line(f"MQTT QoS 1 to alarm, {devices:,} topics, messages/s", f"{rate:,.0f}/s", "≥ 1.1 × peer", f"{COMMAND} consecutive")
    line("its processor time", f"{cpu / messages * 1e6:.1f} µs a message", "≤ 0.5 × peer", f"{COMMAND} consecutive")
    line("alarms, all that should be and no other", f"{found:,} of {expected:,}", "all", f"{COMMAND} consecutive")
    peer = NodeRed.start(folder)
    if peer is None:
        line("Node-RED and Mosquitto", "not installed", "–", f"{COMMAND} consecutive")
    else:
        with peer:
            peer_rate, peer_cpu, _ = run_thrice(peer.alarms, peer.cpu_seconds, lambda: sender(peer.mqtt_port, "bench", "bench", devices, rounds, 1, 0, "thrice"), expected, messages)
        line("Node-RED and Mosquitto, the same messages/s", f"{peer_rate:,.0f}/s", "–", f"{COMMAND} consecutive")
        line("their processor time", f"{peer_cpu / messages * 1e6:.1f} µs a message", "–", f"{COMMAND} consecutive")
        line("zhili to peer: messages/s, processor time", f"{rate / peer_rate:.2f} ×, {cpu / peer_cpu:.2f} ×", "≥ 1.1, ≤ 0.5", f"{COMMAND} consecutive")
    measure_killed(folder, devices, rounds, expected)


def measure_killed(folder, devices, rounds, expected):
    """The same, killed twice while it takes in."""
    city = City(folder, "killed", THRICE, devices)
    served = city.serve()
    sending = city.sent(rounds, 1, devices * rounds / 6, "thrice")
    for _ in range(2):
        time.sleep(1.5)
        served.process.send_signal(signal.SIGKILL)
        served.process.wait()
        served = city.serve()
    with served:
        said = result(sending)
        until(city.alarms, expected)
        time.sleep(1)
        found = len(city.raised())
    line("the same, killed twice meanwhile: alarms", f"{found:,} of {expected:,}", "all, none doubled", f"{COMMAND} consecutive")
    line("connections that were made again", f"{said['broken']:,}", "–", f"{COMMAND} consecutive")


def measure_burst(folder, devices):
    rounds, rate = max(6, 1_000_000 // devices), 80_000
    messages, expected = devices * rounds, devices // 10
    city = City(folder, "burst", THRICE, devices)
    with city.serve() as served:
        _, cpu, late = run_thrice(city.alarms, lambda: cpu_seconds(served.process.pid), lambda: city.sent(rounds, 0, rate, "thrice"), expected, messages)
        time.sleep(1)
        found = city.alarms()
    line(f"burst of {messages:,}, QoS 0 at {rate:,}/s: alarms", f"{found:,} of {expected:,}", "all", f"{COMMAND} burst")
    line("last message → last alarm", f"{late:.2f} s", "≤ 2 s", f"{COMMAND} burst")
    line("processor time", f"{cpu:.1f} s", "–", f"{COMMAND} burst")
    peer = NodeRed.start(folder)
    if peer is None:
        line("Node-RED and Mosquitto", "not installed", "–", f"{COMMAND} burst")
        return
    with peer:
        sending = sender(peer.mqtt_port, "bench", "bench", devices, rounds, 0, rate, "thrice")
        last = result(sending)["last"]
        found, quiet_since = peer.alarms(), time.time()
        while time.time() - quiet_since < 5 and found < expected:
            time.sleep(0.1)
            if (now := peer.alarms()) != found:
                found, quiet_since = now, time.time()
        line("Node-RED and Mosquitto: alarms", f"{found:,} of {expected:,}", "–", f"{COMMAND} burst")
        line("last message → last alarm there", f"{max(0.0, quiet_since - last):.2f} s", "–", f"{COMMAND} burst")
        line("processor time there", f"{peer.cpu_seconds():.1f} s", "–", f"{COMMAND} burst")


def measure_ten(folder, devices):
    rate, seconds = 2 * devices, 60
    city = City(folder, "ten", TEN, devices)
    with city.serve() as served:
        cpu = cpu_seconds(served.process.pid)
        said = result(city.sent(rate * seconds // devices, 1, rate, "once"))
        cpu = cpu_seconds(served.process.pid) - cpu
        time.sleep(1)
        late = [(at - happened) / 1000 for at, happened in city.raised()]
        line(f"{len(TEN)} rules × {devices:,} devices at {rate:,}/s: kept up", f"{said['messages'] / said['seconds']:,.0f}/s", f"{rate:,}/s", f"{COMMAND} ten")
        line("reading → alarm in the ledger, p50", f"{percentile(late, 0.5):.0f} ms of {len(late):,}", "–", f"{COMMAND} ten")
        line("the same, p99", f"{percentile(late, 0.99):.0f} ms", "≤ 50 ms", f"{COMMAND} ten")
        line("resident", f"{served.resident_mb():.0f} MB", "≤ 150 MB", f"{COMMAND} ten")
        line("processors", f"{cpu / said['seconds']:.2f}", "–", f"{COMMAND} ten")


def measure_absence(folder, devices):
    """Each device speaks once, over half a minute. Then nothing comes any more: it is missed by one rule, and what it said has lasted long enough for nine
    others, each at another time. Killed and begun again in the middle."""
    city = City(folder, "absence", ABSENT, devices)
    expected = devices * len(ABSENT)
    served = city.serve()
    result(city.sent(1, 1, devices / 30, "last"))
    time.sleep(25)  # past the first deadlines
    served.process.send_signal(signal.SIGKILL)
    served.process.wait()
    before = len(city.raised())
    begin = time.time()
    served = city.serve()
    again = int(time.time() * 1000)
    with served:
        until(lambda: len(city.raised()), expected)
        time.sleep(1)
        raised = city.raised()
        late = [(at - max(happened, again if at >= begin * 1000 else 0)) / 1000 for at, happened in raised]
        line(f"{expected:,} deadlines, killed after {before:,}: fired once each", f"{len(raised):,} of {expected:,}", "all, once", f"{COMMAND} absence")
        line("late at most (of those due while it was down: after its start)", f"{max(late):.2f} s", "≤ 1 s", f"{COMMAND} absence")
        line("late, p99", f"{percentile(late, 0.99):.0f} ms", "–", f"{COMMAND} absence")
        line("begins again within", f"{again / 1000 - begin:.2f} s", "–", f"{COMMAND} absence")


PARTS = {"consecutive": measure_consecutive, "burst": measure_burst, "ten": measure_ten, "absence": measure_absence}


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("parts", nargs="*", help=f"all if none is named: {', '.join(PARTS)}")
    asked.add_argument("--devices", type=int, default=10_000)
    given = asked.parse_args()
    for part in given.parts or PARTS:
        with tempfile.TemporaryDirectory(prefix="zhili-bench-") as folder:
            PARTS[part](pathlib.Path(folder), given.devices)


if __name__ == "__main__":
    main()
