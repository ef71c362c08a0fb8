"""Measures the program from outside: import of a year, ledger, requests under load, lists and tiles at 1.2 million cases.

`bench/system.sh [--cases N] [import|load|queries …]`. Each line: what, value, what it must reach, and the command.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "build/release/zhili"
FILL = ROOT / "build/release/bench-tools/fill"
YEAR = ROOT / "../shared/data/boston311/boston311_2015.csv.xz"
CONNECTIONS = 64
LOAD_SECONDS = 15
QUERY_ROUNDS = 200


def line(what, value, reach, command):
    print(f"{what:<58} {value:>22}   reach {reach:<14} {command}", flush=True)


def fsync_ms(folder):
    """Median and 95th percentile of an 8 KiB append with fdatasync."""
    times = []
    with open(folder / "fsync", "wb", buffering=0) as file:
        for _ in range(300):
            file.write(b"x" * 8192)
            begin = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begin) * 1000)
    times.sort()
    return f"{times[150]:.2f} / {times[285]:.2f} ms"


def timed(*words):
    """Seconds and peak resident megabytes of a command."""
    begin = time.perf_counter()
    process = subprocess.Popen([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{words}: exit {process.returncode}\n{out}")
    return time.perf_counter() - begin, usage.ru_maxrss / 1024, out


def size_mb(folder):
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6


class Served:
    def __init__(self, data):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen([PROGRAM, "serve", "--data", data, "--listen", f"127.0.0.1:{self.port}"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1200):
            try:
                self.get("/health")
                return
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"serve ended with {self.process.returncode}")
                time.sleep(0.05)
        sys.exit("serve does not answer")

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return answer.read()

    def resident_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def measure_import(folder):
    if not YEAR.exists():
        print(f"import: skipped, needs {YEAR}")
        return
    data = folder / "year"
    command = f"zhili import requests {YEAR.name} --profile boston311"
    seconds, resident, _ = timed(PROGRAM, "import", "requests", YEAR, "--profile", "boston311", "--data", data, "--quiet")
    line("import of a year, seconds", f"{seconds:.1f} s", "≤ 8 s", command)
    line("import of a year, resident at most", f"{resident:.0f} MB", "≤ 200 MB", command)
    line("import of a year, on disk", f"{size_mb(data):.0f} MB", "≤ 260 MB", command)
    with Served(data) as served:
        served.get("/api/v1/cases?limit=50")
        line("resident after the import, serving", f"{served.resident_mb():.0f} MB", "≤ 250 MB", "zhili serve")
    entries = json.loads(timed(PROGRAM, "info", "--data", data, "--json")[2])["events"]
    start, _, _ = timed(PROGRAM, "--version")
    seconds, _, _ = timed(PROGRAM, "ledger", "verify", "--data", data, "--quiet")
    line("ledger verify, entries a second", f"{entries / (seconds - start):,.0f}/s", "≥ 1,000,000/s", "zhili ledger verify")


def wrk(served, key, items, seconds=LOAD_SECONDS):
    env = dict(os.environ, BENCH_KEY=key, BENCH_ITEMS=items)
    out = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", ROOT / "bench/post.lua", served.url],
                         capture_output=True, text=True, env=env)
    found = [text for text in out.stdout.splitlines() if text.startswith("{")]
    if not found:
        sys.exit(f"wrk: {out.stdout}{out.stderr}")
    return json.loads(found[-1])


def measure_load(folder, data):
    command = f"wrk -c{CONNECTIONS} -s bench/post.lua"
    key = timed(PROGRAM, "key", "issue", "bench", "--data", data)[2].split()[-1]
    with Served(data) as served:
        items = ",".join(item["code"] for item in json.loads(served.get("/api/v1/items"))["items"]
                         if item["public"] and not any(ask["required"] for ask in item["asks"]))
        line("the disk: fdatasync of 8 KiB, p50 / p95", fsync_ms(folder), "–", "")
        wrk(served, key, items, 3)
        got = wrk(served, key, items)
        line("POST requests.json, acknowledged after fsync", f"{got['per_second']:,}/s", "≥ 4,000/s", command)
        line("POST requests.json, p99", f"{got['p99_ms']:.1f} ms", "≤ 40 ms", f"{got['not_2xx']} not 2xx, {got['socket_errors']} socket errors")
        copy = threading.Thread(target=timed, args=(PROGRAM, "backup", "--data", data, "--to", folder / "copy"))
        copy.start()
        got = wrk(served, key, items)
        line("POST requests.json, p99 while a backup runs", f"{got['p99_ms']:.1f} ms", "≤ 80 ms", f"{command} + zhili backup, {got['per_second']:,}/s")
        copy.join()


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def measure_queries(data):
    with Served(data) as served:
        first = json.loads(served.get("/api/v1/cases?limit=1"))["cases"][0]
        item, department = first["item"]["code"], (first["department"] or {}).get("code", "")
        to = first["opened_at"]
        lists = {
            "list: newest 50": "/api/v1/cases?limit=50",
            "list: open 50": "/api/v1/cases?state=open&limit=50",
            "list: of one stage": "/api/v1/cases?stage=registered&limit=50",
            "list: of one item": f"/api/v1/cases?item={item}&limit=50",
            "list: of one department": f"/api/v1/cases?department={department}&limit=50",
            "list: overdue": "/api/v1/cases?overdue=1&limit=50",
            "list: in a box": "/api/v1/cases?bbox=-71.08,42.35,-71.05,42.37&limit=50",
            "counts: by stage": "/api/v1/counts?by=stage",
            "counts: open by stage": "/api/v1/counts?state=open&by=stage",
            "counts: by outcome": "/api/v1/counts?by=outcome",
            "case page": f"/api/v1/cases/{first['no']}",
        }
        for what, path in lists.items():
            served.get(path)
            times = []
            for _ in range(QUERY_ROUNDS):
                begin = time.perf_counter()
                served.get(path)
                times.append(time.perf_counter() - begin)
            line(f"{what}, p50 / p95", f"{percentile(times, .5):.1f} / {percentile(times, .95):.1f} ms", "p95 ≤ 10 ms", f"GET {path}")
        print(f"newest case opened {to}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1_200_000)
    parser.add_argument("what", nargs="*", default=["import", "load", "queries"])
    given = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="zhili-bench-"))
    try:
        if "import" in given.what:
            measure_import(folder)
        if {"load", "queries"} & set(given.what):
            data = folder / "full"
            made = json.loads(timed(FILL, data, given.cases)[2])
            line("cases present", f"{made['cases']:,}", "1,200,000", f"build/release/bench-tools/fill, {made['per_second']:,}/s")
            if "queries" in given.what:
                measure_queries(data)
            if "load" in given.what:
                measure_load(folder, data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
