"""A NATS server of a test's own, with its MQTT endpoint, and a publisher of somebody else (mosquitto_pub)."""

import socket
import subprocess

from harness import PATIENCE_S, eventually, free_port

NATS = """
listen: "127.0.0.1:{client}"
server_name: broker
jetstream {{ store_dir: "{folder}" }}
mqtt {{ listen: "127.0.0.1:{mqtt}" }}
authorization {{ users = [
  {{ user: zhili, password: ours }}
  {{ user: gateway, password: theirs, permissions: {{ publish: ["devices.>"], subscribe: ["$MQTT.sub.>"] }} }}
] }}
"""


def publish(port, user, password, topic, *messages, qos=1):
    """True if all were taken."""
    done = subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-u", user, "-P", password, "-q", str(qos), "-t", topic, "-l"],
                          input="\n".join(messages) + "\n", text=True, capture_output=True, timeout=PATIENCE_S)
    return done.returncode == 0


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class Broker:
    def __init__(self, folder):
        self.folder, self.client, self.mqtt = folder, free_port(), free_port()
        self.url = f"nats://zhili:ours@127.0.0.1:{self.client}"
        self.configuration = folder / "nats.conf"
        self.configuration.write_text(NATS.format(client=self.client, mqtt=self.mqtt, folder=folder / "nats"))
        self.start()

    def start(self):
        with open(self.folder / "nats.log", "ab") as log:
            self.process = subprocess.Popen(["nats-server", "-c", str(self.configuration)], stdout=log, stderr=log)
        eventually(lambda: listens(self.mqtt) and listens(self.client), "nats-server listens")

    def stop(self):
        """As kill -9 ends it."""
        self.process.kill()
        self.process.wait()
