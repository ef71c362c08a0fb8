"""Measures sensing from outside: data arrays in, an import while others read, a day out of a year, bytes of a stored point.

`bench/sensing.sh [arrays|import|history …]`. Bodies are made before the clock runs; what is sent is counted again afterwards, so that nothing that was
acknowledged is missing.
"""

import argparse
import datetime
import json
import math
import pathlib
import random
import re
import socket
import sqlite3
import sys
import tempfile
import threading
import time
import urllib.parse

from served import PROGRAM, Client, Served, line, percentile, timed

BASE = "/sensorthings/v1.1"
STREAMS = 100
ROWS = 1_000          # of one data array
SENDERS = 4
COMMAND = "bench/sensing.sh"
MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


class Gateway:
    """A key that may send, and one connection that speaks plain HTTP/1.1, so that the sender costs little beside the server."""

    def __init__(self, served, key):
        self.key = key
        self.socket = socket.create_connection(("127.0.0.1", served.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.read = self.socket.makefile("rb")

    def request(self, path, body):
        return (f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.key}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode() + body

    def send(self, request):
        """Status and body of one request."""
        self.socket.sendall(request)
        status, length, chunked = int(self.read.readline().split()[1]), 0, False
        while (header := self.read.readline().strip().lower()):
            if header.startswith(b"content-length:"):
                length = int(header.split(b":")[1])
            chunked = chunked or header == b"transfer-encoding: chunked"
        if not chunked:
            return status, self.read.read(length)
        body = b""
        while (size := int(self.read.readline(), 16)):
            body += self.read.read(size)
            self.read.readline()
        self.read.readline()
        return status, body


def iso(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def make_streams(gateway, count):
    """Numbers of new datastreams: one thing with ten each."""
    for n in range(0, count, 10):
        thing = {"name": f"station {n}", "description": "of a benchmark", "Datastreams": [{
            "name": f"stream {n + k}", "description": "of a benchmark", "observationType": MEASUREMENT,
            "unitOfMeasurement": {"name": "centimetre", "symbol": "cm", "definition": "ucum:cm"},
            "Sensor": {"name": "any", "description": "any", "encodingType": "text/plain", "metadata": "none"},
            "ObservedProperty": {"name": "level", "definition": "https://example.org/level", "description": "of water"}} for k in range(10)]}
        status, said = gateway.send(gateway.request(BASE + "/Things", json.dumps(thing).encode()))
        if status != 201:
            sys.exit(f"Things: {status} {said[:500]}")


def datastreams(client, asked="Datastreams?$select=id&$top=1000"):
    found, path = [], f"{BASE}/{asked}"
    while path:
        page = client.get_json(path)
        found += [one["@iot.id"] for one in page["value"]]
        path = page.get("@iot.nextLink")
        path = path and BASE + path.partition(BASE)[2]
    return found


def arrays(streams, begin_ms, every_ms, per_stream, seed):
    """Bodies of ROWS observations: ten streams with a hundred readings each, in the order of time."""
    random.seed(seed)
    chunk, bodies = ROWS // 10, []
    levels = {stream: 20 + 10 * random.random() for stream in streams}
    for first in range(0, per_stream, chunk):
        for group in range(0, len(streams), 10):
            body = []
            for stream in streams[group:group + 10]:
                rows = []
                for n in range(first, min(first + chunk, per_stream)):
                    levels[stream] += random.uniform(-0.5, 0.5)
                    rows.append([iso(begin_ms + n * every_ms), round(levels[stream] + 5 * math.sin(n / 200), 1)])
                body.append({"Datastream": {"@iot.id": stream}, "components": ["phenomenonTime", "result"], "dataArray": rows})
            bodies.append(json.dumps(body, separators=(",", ":")).encode())
    return bodies


def send_all(served, key, bodies, senders=SENDERS):
    """Sends all bodies over some connections; seconds. Each stream stays with one connection, so its order is kept."""
    refused = []
    lanes = [[] for _ in range(senders)]
    groups = STREAMS // 10
    for n, body in enumerate(bodies):
        lanes[n % groups % senders].append(body)
    gateways = [Gateway(served, key) for _ in range(senders)]
    requests = [[gateway.request(BASE + "/CreateObservations", body) for body in lane] for gateway, lane in zip(gateways, lanes)]

    def run(gateway, mine):
        for request in mine:
            while True:
                status, said = gateway.send(request)
                if status == 201:
                    break
                if status != 429:
                    refused.append((status, said[:300]))
                    return
                time.sleep(0.05)

    threads = [threading.Thread(target=run, args=pair) for pair in zip(gateways, requests)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    if refused:
        sys.exit(f"refused: {refused[0]}")
    return seconds


def stored(client):
    return client.get_json(f"{BASE}/Observations?$top=0&$count=true")["@iot.count"]


class City:
    def __init__(self, folder, name):
        self.data = folder / name
        self.key = timed(PROGRAM, "key", "issue", "bench", "--scope", "sensing.write", "--data", self.data)[2].split()[-1]

    def serve(self):
        return Served(self.data)


def now_ms():
    return int(time.time() * 1000)


def metric(served, name):
    return float(re.search(rf"^{name} (\S+)$", served.get("/metrics").decode(), re.M)[1])


def measure_arrays(folder):
    """Water gauges, at each of which the rules of their pack look; the water stands where the alarm of deep water comes and goes."""
    city = City(folder, "arrays")
    per_stream = 40_000
    gauges = folder / "gauges.csv"
    gauges.write_text("type,serial,lat,lon\n" + "".join(f"water-gauge,B-{n},{34.8 + n * 0.002:.4f},117.55\n" for n in range(STREAMS)))
    with city.serve():
        timed(PROGRAM, "device", "import", gauges, "--mode", "all", "--data", city.data)
    with city.serve() as served:  # whose rules know them from the first moment on
        client = Client(served)
        streams = datastreams(client, "Datastreams?$select=id&$top=1000&$filter=" + urllib.parse.quote("endswith(ObservedProperty/definition,'water-level')"))
        assert len(streams) == STREAMS, streams
        bodies = arrays(streams, now_ms() - per_stream * 1000, 1000, per_stream, 1)
        begin = time.perf_counter()
        seconds = send_all(served, city.key, bodies)
        sent = per_stream * STREAMS
        while metric(served, "zhili_rules_readings_total") < sent:
            time.sleep(0.05)
        judged = time.perf_counter() - begin
        line("data arrays over HTTP, durable, rules on, observations/s", f"{sent / seconds:,.0f}/s", "≥ 200,000/s", f"{COMMAND} arrays")
        line("the same until the rules have judged the last of them", f"{sent / judged:,.0f}/s", "–", f"{COMMAND} arrays")
        line("of what was acknowledged, stored", f"{stored(client):,} of {sent:,}", "all", f"{COMMAND} arrays")
        line("resident after it", f"{served.resident_mb():.0f} MB", "–", f"{COMMAND} arrays")


def measure_import(folder):
    """250,000 observations while somebody reads a day of another stream again and again."""
    city = City(folder, "import")
    with city.serve() as served:
        make_streams(Gateway(served, city.key), STREAMS)
        client = Client(served)
        streams = datastreams(client)
        begin = now_ms() - 10 * 86_400_000
        send_all(served, city.key, arrays(streams, begin, 60_000, 2_000, 2))
        bodies = arrays(streams, begin + 5 * 86_400_000, 60_000, 2_500, 3)
        times, done = [], threading.Event()

        def read():
            reader, n = Client(served), 0
            while not done.is_set():
                path = f"{BASE}/Datastreams({streams[n % STREAMS]})/Observations?$orderby=phenomenonTime%20desc&$top=100"
                times.append(reader.timed_get(path)[0])
                n += 1
                time.sleep(0.005)

        thread = threading.Thread(target=read)
        thread.start()
        seconds = send_all(served, city.key, bodies)
        done.set()
        thread.join()
        line("import of 250,000 observations while reading", f"{seconds:.2f} s", "≤ 3 s", f"{COMMAND} import")
        line("reading meanwhile, p99", f"{percentile(times, 0.99):.1f} ms of {len(times)}", "≤ 50 ms", f"{COMMAND} import")


def measure_history(folder):
    """A year of readings every five minutes of 100 streams, then one day of each; bytes after compaction."""
    city = City(folder, "history")
    every, per_stream = 300_000, 365 * 288
    begin = now_ms() - per_stream * every
    with city.serve() as served:
        make_streams(Gateway(served, city.key), STREAMS)
        client = Client(served)
        streams = datastreams(client)
        send_all(served, city.key, arrays(streams, begin, every, per_stream, 4))
        points = per_stream * STREAMS
        last = None
        while (files := size_of(city.data)) != last:
            last = files
            time.sleep(15)
        client = Client(served)
        random.seed(5)
        times = []
        for _ in range(400):
            day = begin + random.randrange(364) * 86_400_000
            path = (f"{BASE}/Datastreams({random.choice(streams)})/Observations?$top=1000&$filter=phenomenonTime%20ge%20{iso(day)}"
                    f"%20and%20phenomenonTime%20lt%20{iso(day + 86_400_000)}")
            seconds, body = client.timed_get(path)
            times.append(seconds)
            if len(json.loads(body)["value"]) != 288:
                sys.exit(f"a day without its 288 readings: {path}")
        line("one day out of a year, 288 of 10,512,000, p95", f"{percentile(times, 0.95):.1f} ms", "≤ 20 ms", f"{COMMAND} history")
    line("a stored point after compaction", f"{used_bytes(city.data) / points:.2f} bytes", "≤ 4 bytes", f"{COMMAND} history")
    line("the same as rows of a plain SQLite table", f"{plain_row_bytes(folder, streams):.1f} bytes", "–", f"{COMMAND} history")


def size_of(data):
    return sum(path.stat().st_size for path in pathlib.Path(data).glob("observations.db*"))


def used_bytes(data):
    """Of all tables and indices; pages that are free are written to again."""
    with sqlite3.connect(f"file:{data}/observations.db?mode=ro", uri=True) as db:
        pages, free, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size"))
    return (pages - free) * size


def plain_row_bytes(folder, streams, rows=200_000):
    path = folder / "plain.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE o (stream INTEGER, at INTEGER, value REAL, PRIMARY KEY (stream, at)) WITHOUT ROWID")
        db.executemany("INSERT INTO o VALUES (?, ?, ?)", ((streams[n % STREAMS], 1_700_000_000_000 + n // STREAMS * 300_000, round(20 + random.random(), 1)) for n in range(rows)))
    return path.stat().st_size / rows


PARTS = {"arrays": measure_arrays, "import": measure_import, "history": measure_history}


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all if none is named")
    parts = asked.parse_args().parts or list(PARTS)
    with tempfile.TemporaryDirectory(prefix="zhili-bench-") as folder:
        for part in parts:
            PARTS[part](pathlib.Path(folder))


if __name__ == "__main__":
    main()
