"""The sender of the bench of alarms (bench/tool_mqtt_load.cpp), and its peer: Mosquitto and Node-RED, which is installed from npm into ~/.cache/zhili-bench."""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

from served import ROOT

SENDER = ROOT / "build/release/bench-tools/mqtt_load"
CACHE = pathlib.Path.home() / ".cache/zhili-bench"
NODE_RED = "node-red@4.1"
PEERS = ROOT / "bench/peers"
CONNECTIONS = 100
PATIENCE_S = 120      # without any progress


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_s(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(process, what="VmRSS"):
    return int(re.search(rf"{what}:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())[1]) / 1024


class Load:
    """The sender at work."""

    def __init__(self, port, **words):
        given = [str(word) for name, value in words.items() if value is not False for word in ([f"--{name}"] if value is True else [f"--{name}", value])]
        self.process = subprocess.Popen([SENDER, "--port", str(port), "--patience", str(PATIENCE_S), *given], stdout=subprocess.PIPE, text=True)

    def is_over(self):
        return self.process.poll() is not None

    def said(self):
        out = self.process.communicate()[0]
        if self.process.returncode != 0:
            sys.exit("the sender could not send")
        return json.loads(out)


class NodeRed:
    """Mosquitto and Node-RED with bench/peers/node-red-flow.json. Nothing that they are told is on a disk, and no queue of the broker has an end."""

    def __init__(self, folder):
        self.folder = folder / f"node-red-{free_port()}"
        self.folder.mkdir()
        self.mqtt = free_port()
        (self.folder / "mosquitto.conf").write_text(f"listener {self.mqtt} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages 0\nlog_type error\n")
        shutil.copy(PEERS / "node-red-flow.json", self.folder / "flow.json")
        with open(self.folder / "log", "wb") as log:
            self.broker = subprocess.Popen(["mosquitto", "-c", self.folder / "mosquitto.conf"], stdout=log, stderr=log)
            self.process = subprocess.Popen(["node", CACHE / "node_modules/node-red/red.js", "-u", self.folder, "-s", PEERS / "node-red-settings.js", "-p", str(free_port()), "flow.json"], stdout=log, stderr=log,
                                            env=os.environ | {"MQTT_PORT": str(self.mqtt)}, cwd=self.folder)
        for _ in range(30):  # a device of its own, until it is answered
            if self.process.poll() is None and self.run(devices=1, messages=10, connections=1, first=900_000, patience=2)["right"] == 1:
                return
            time.sleep(0.5)
        sys.exit(f"Node-RED does not answer\n{(self.folder / 'log').read_text()[-2000:]}")

    @staticmethod
    def why_not():
        """Why it cannot be run here; installs it if it is not there."""
        for program in ("mosquitto", "node", "npm"):
            if not shutil.which(program):
                return f"{program} not installed"
        if not (CACHE / "node_modules/node-red/red.js").exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(CACHE), NODE_RED], capture_output=True, text=True, cwd=CACHE)
            if done.returncode != 0:
                return "not installed"
        return None

    def cpu_s(self):
        return cpu_s(self.process), cpu_s(self.broker)

    def run(self, connections=CONNECTIONS, **words):
        before = self.cpu_s()
        said = Load(self.mqtt, connections=connections, alarms=True, **words).said()
        said["cpu_red"], said["cpu_broker"] = (now - then for now, then in zip(self.cpu_s(), before))
        said["cpu"] = said["cpu_red"] + said["cpu_broker"]
        said["resident"] = resident_mb(self.process)
        return said

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in (self.process, self.broker):
            process.terminate()
            process.wait()
