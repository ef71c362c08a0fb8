"""The peer of the MQTT benchmarks: Node-RED behind Mosquitto, with a flow that does what the rule does. Installed outside of the repository, where npm can."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import time

VERSION = "4.1.15"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "zhili-bench"
START_S = 60
JUDGE = """
const it = flow.get(msg.topic) || {times: 0, raised: false};
it.times = msg.payload.v > 15 ? it.times + 1 : 0;
const raise = !it.raised && it.times >= 3;
if (raise) it.raised = true;
if (it.raised && msg.payload.v < 5) it.raised = false;
flow.set(msg.topic, it);
return raise ? {payload: msg.topic} : null;
"""


def installed():
    """Node-RED's program, or None."""
    program = CACHE / "node_modules/node-red/red.js"
    if not program.exists() and shutil.which("npm"):
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", f"node-red@{VERSION}"], cwd=CACHE, check=False)
    return program if program.exists() else None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class NodeRed:
    @classmethod
    def start(cls, folder):
        """None where it, or Mosquitto, cannot be had."""
        program, mosquitto = installed(), shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        return cls(folder / "node-red", program, mosquitto) if program and mosquitto else None

    def __init__(self, folder, program, mosquitto):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self.mqtt_port, self.found = free_port(), folder / "alarms"
        # Nothing is thrown away when it falls behind, and it need not wait for each acknowledgement.
        (folder / "mosquitto.conf").write_text(f"listener {self.mqtt_port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {folder}/\nuser root\n"
                                               "max_queued_messages 0\nmax_inflight_messages 1000\n")
        (folder / "settings.js").write_text(f"module.exports = {{flowFile: 'flows.json', uiHost: '127.0.0.1', uiPort: {free_port()}, logging: {{console: {{level: 'info'}}}}}}\n")
        (folder / "flows.json").write_text(json.dumps([
            {"id": "tab", "type": "tab", "label": "bench"},
            {"id": "broker", "type": "mqtt-broker", "broker": "127.0.0.1", "port": str(self.mqtt_port), "clientid": "node-red", "autoConnect": True, "usetls": False, "protocolVersion": "4", "keepalive": "60", "cleansession": True},
            {"id": "in", "type": "mqtt in", "z": "tab", "topic": "devices/+/level", "qos": "1", "datatype": "json", "broker": "broker", "inputs": 0, "wires": [["judge"]]},
            {"id": "judge", "type": "function", "z": "tab", "func": JUDGE, "outputs": 1, "wires": [["out"]]},
            {"id": "out", "type": "file", "z": "tab", "filename": str(self.found), "filenameType": "str", "appendNewline": True, "createDir": False, "overwriteFile": "false", "wires": [[]]},
        ]))
        self.broker = subprocess.Popen([mosquitto, "-c", folder / "mosquitto.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.log = open(folder / "log", "wb")
        self.node = subprocess.Popen(["node", program, "--userDir", folder, "--settings", folder / "settings.js"], stdout=self.log, stderr=self.log)
        end = time.time() + START_S
        while b"Connected to broker" not in (folder / "log").read_bytes():
            if time.time() > end or self.node.poll() is not None:
                self.stop()
                raise SystemExit(f"Node-RED does not start: {(folder / 'log').read_text()[-500:]}")
            time.sleep(0.2)

    def alarms(self):
        return len(set(self.found.read_text().split())) if self.found.exists() else 0

    def cpu_seconds(self):
        total = 0
        for process in (self.broker, self.node):
            fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def stop(self):
        for process in (self.node, self.broker):
            process.terminate()
            process.wait()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
