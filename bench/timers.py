"""Many timers due in one second, fired by two serving processes on one PostgreSQL, while both answer requests.

`bench/timers.sh [--timers N]`. The server is a cluster of its own in a temporary folder, synced as it comes.
"""

import argparse
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from served import ROOT, Client, Served, line, percentile, timed

REGISTER = ROOT / "build/release/bench-tools/timers"
QUIET_SECONDS = 15
PAUSE_SECONDS = 0.02  # between the requests of one client
DUE_IN_MS = 1_000


class Cluster:
    """PostgreSQL on a Unix socket, in a folder that goes away."""

    def __init__(self, folder):
        self.folder = folder
        self.programs = next(p for v in ("15", "16", "17") if (p := pathlib.Path(f"/usr/lib/postgresql/{v}/bin")).exists())
        self.rights = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        if self.rights:
            shutil.chown(folder, "postgres")
        self.run("initdb", "-D", folder / "data", "-U", "zhili", "-A", "trust", "--no-locale", "-E", "UTF8", "--no-instructions")
        self.run("pg_ctl", "-D", folder / "data", "-w", "-s", "-l", folder / "log", "-o", f"-k {folder} -c listen_addresses=''", "start")
        self.run("createdb", "-h", folder, "-U", "zhili", "city")
        self.url = f"postgresql:///city?host={folder}&user=zhili"

    def run(self, program, *words):
        done = subprocess.run([*self.rights, str(self.programs / program), *map(str, words)], capture_output=True, text=True, cwd="/")
        if done.returncode != 0:
            sys.exit(f"{program}: {done.stderr}")
        return done.stdout

    def number(self, sql):
        return int(self.run("psql", "-h", self.folder, "-U", "zhili", "-Atqc", sql, "city"))

    def stop(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "fast", "-w", "-s", "stop")


class Clerk(threading.Thread):
    """Asks one process again and again, a list, a case and a report in turn, and keeps how long each took."""

    def __init__(self, served):
        super().__init__(daemon=True)
        self.client = Client(served)
        self.item = next(item["code"] for item in self.client.get_json("/api/v1/items?public=1")["items"]
                         if not any(ask["required"] for ask in item["asks"]))
        self.times = collections.defaultdict(list)
        self.stopping = False
        self.start()

    def run(self):
        while not self.stopping:
            self.times["list"].append(self.client.timed_get("/api/v1/cases?state=open&limit=50")[0])
            self.times["counts"].append(self.client.timed_get("/api/v1/counts?state=open&by=stage")[0])
            report = urllib.parse.urlencode({"item": self.item, "lat": 34.86, "lon": 117.55, "words": "路边垃圾"})
            self.times["report"].append(self.client.timed("POST", "/api/v1/signals", report, 201)[0])
            time.sleep(PAUSE_SECONDS)

    def taken(self):
        """What it has measured since it was asked last."""
        times, self.times = self.times, collections.defaultdict(list)
        return times


def together(clerks):
    out = collections.defaultdict(list)
    for clerk in clerks:
        for what, times in clerk.taken().items():
            out[what] += times
    return out


def measure(cluster, folder, count):
    (folder / "one").mkdir()
    made = json.loads(timed(REGISTER, folder / "one", cluster.url, count)[2])
    shutil.copytree(folder / "one", folder / "two")  # processes share the master key
    timers = cluster.number("SELECT count(*) FROM timer")
    line("timers present", f"{timers:,}", "100,000", f"build/release/bench-tools/timers, {made['per_second']:,}/s")
    cluster.run("psql", "-h", cluster.folder, "-U", "zhili", "-qc", f"UPDATE timer SET due_at = {int(time.time() * 1000) + 86_400_000}", "city")
    # As autovacuum does within a minute where cases come one by one.
    cluster.run("psql", "-h", cluster.folder, "-U", "zhili", "-qc", "ANALYZE", "city")
    more = ("--database", cluster.url)
    with Served(folder / "one", *more) as one, Served(folder / "two", *more) as two:
        clerks = [Clerk(one), Clerk(two)]
        time.sleep(2)
        together(clerks)
        time.sleep(QUIET_SECONDS)
        quiet = together(clerks)
        due = int(time.time() * 1000) + DUE_IN_MS
        cluster.run("psql", "-h", cluster.folder, "-U", "zhili", "-qc", f"UPDATE timer SET due_at = {due} + subject % 1000", "city")
        together(clerks)
        begin = time.perf_counter()
        while cluster.number(f"SELECT count(*) FROM timer WHERE due_at <= {due} + 1000") > 0:
            time.sleep(0.5)
        seconds = time.perf_counter() - begin
        busy = together(clerks)
        for clerk in clerks:
            clerk.stopping = True
            clerk.join()
    fired = cluster.number("SELECT count(*) FROM ledger WHERE kind = 331")
    once = cluster.number("SELECT count(DISTINCT (subject, payload)) FROM ledger WHERE kind = 331")
    line("fired, of them once", f"{fired:,} / {once:,}", f"{timers:,}", f"2 × zhili serve --database, {fired / seconds:,.0f}/s")
    for what in quiet:
        before, during = percentile(quiet[what], 0.95), percentile(busy[what], 0.95)
        line(f"{what}: p95 before / while they fire", f"{before:.1f} / {during:.1f} ms", "not doubled", f"{during / before:.2f} times, {len(busy[what])} requests")
    if not fired == once == timers:
        sys.exit("a timer did not fire once")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--timers", type=int, default=100_000)
    given = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="zhili-bench-"))
    folder.chmod(0o755)
    (folder / "pg").mkdir()
    cluster = None
    try:
        cluster = Cluster(folder / "pg")
        measure(cluster, folder, given.timers)
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
