"""Many who listen to live events while reports come in.

`bench/events.sh [--listeners N] [--events N] [--seconds N]`. The listeners are plain sockets of a second process; some of them read what
they are sent and keep when it came, the others only take it. The program's own time is read from /proc, once while reports come in and
nobody listens, and once more with all who listen.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import random
import re
import selectors
import socket
import sys
import tempfile
import threading
import time
import urllib.parse

from served import PROGRAM, Client, Served, line, percentile, timed

READERS = 20  # of the listeners
SENDERS = 8
COMMAND = "bench/events.sh"
NUMBER = re.compile(rb'"signal":"([^"]+)"')


def listen(port, count, ready, stop, told):
    """Takes what `count` listeners are sent until `stop`; then tells when each report was heard of by the readers, and the bytes."""
    look, readers, heard, taken = selectors.DefaultSelector(), set(), [], 0
    for i in range(count):
        s = socket.create_connection(("127.0.0.1", port))
        s.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n")
        s.setblocking(False)
        look.register(s, selectors.EVENT_READ)
        if i % max(1, count // READERS) == 0:
            readers.add(s)
    ready.set()
    while not stop.is_set():
        for key, _ in look.select(0.2):
            got = key.fileobj.recv(65536)
            now = time.time()
            if not got:
                sys.exit("a listener was let go")
            taken += len(got)
            if key.fileobj in readers:
                heard.extend((number.decode(), now) for number in NUMBER.findall(got))
    told.put((heard, taken))


class Reports:
    """Clients that send reports at an even pace together, each waiting for its answer, and keep when each was sent."""

    def __init__(self, served, key):
        self.clients, self.key, self.sent = [Client(served) for _ in range(SENDERS)], key, {}
        items = self.clients[0].get_json("/api/v1/items")["items"]
        self.item = next(i["code"] for i in items if i["public"] and not any(a["required"] for a in i["asks"]))

    def send(self, client, number):
        at = time.time()
        form = urllib.parse.urlencode({"api_key": self.key, "service_code": self.item, "lat": f"{34.86 + random.random() / 100:.6f}",
                                       "long": f"{117.55 + random.random() / 100:.6f}", "description": f"路边堆着垃圾 {number}"})
        self.sent[json.loads(client.timed("POST", "/open311/v2/requests.json", form)[1])[0]["service_request_id"]] = at

    def by_one(self, which, begin, count, per_second):
        for i in range(which, count, SENDERS):
            wait = begin + i / per_second - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            self.send(self.clients[which], i)

    def for_seconds(self, seconds, per_second):
        begin = time.perf_counter()
        senders = [threading.Thread(target=self.by_one, args=(i, begin, int(seconds * per_second), per_second)) for i in range(SENDERS)]
        for one in senders:
            one.start()
        for one in senders:
            one.join()
        return time.perf_counter() - begin


def cpu_seconds(served):
    fields = pathlib.Path(f"/proc/{served.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(served, reports, seconds, per_second):
    before = cpu_seconds(served)
    took = reports.for_seconds(seconds, per_second)
    return (cpu_seconds(served) - before) / took, took


def measure(options):
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data"
        with Served(data) as served:
            key = timed(PROGRAM, "key", "issue", "bench", "--scope", "open311.write", "--data", data)[2].split()[-1]
            reports = Reports(served, key)
            alone, _ = measured(served, reports, options.seconds, options.events)
            ready, stop, told = multiprocessing.Event(), multiprocessing.Event(), multiprocessing.Queue()
            ears = multiprocessing.Process(target=listen, args=(served.port, options.listeners, ready, stop, told), daemon=True)
            ears.start()
            ready.wait()
            time.sleep(1)
            reports.sent.clear()
            listening, took = measured(served, reports, options.seconds, options.events)
            rate = len(reports.sent) / took
            time.sleep(1)
            stop.set()
            heard, taken = told.get()
            ears.join()
            behind = [at - reports.sent[number] for number, at in heard if number in reports.sent]
            line(f"{options.listeners} listeners, {rate:.0f} events/s: for listening", f"{listening - alone:.2f} core", "≤ 0.5 core", COMMAND)
            line("… the reports themselves, nobody listening", f"{alone:.2f} core", "–", COMMAND)
            line("… sent to all of them", f"{taken / took / 1e6:.1f} MB/s", "–", COMMAND)
            line("… from sending a report to hearing of it, p50", f"{percentile(behind, 0.5):.0f} ms", "–", COMMAND)
            line("… p99", f"{percentile(behind, 0.99):.0f} ms", "≤ 300 ms", COMMAND)
            line("… heard of what was reported", f"{len(behind) / READERS / len(reports.sent):.1%}", "100.0%", COMMAND)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--listeners", type=int, default=2000)
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=15)
    measure(parser.parse_args())
