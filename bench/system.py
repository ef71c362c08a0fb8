"""Measures the program from outside: import of a year, ledger, requests under load, lists and tiles at 1.2 million cases.

`bench/system.sh [--cases N] [import|load|queries …]`. Each line: what, value, what it must reach, and the command.
"""

import argparse
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from served import PROGRAM, ROOT, Client, Served, line, percentile, timed

FILL = ROOT / "build/release/bench-tools/fill"
YEAR = ROOT / "../shared/data/boston311/boston311_2015.csv.xz"
CONNECTIONS = 64
LOAD_SECONDS = 15
QUERY_ROUNDS = 200
TILE_ZOOMS = (8, 10, 12, 13, 14, 15, 16, 17)
TILES_PER_ZOOM = 200


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


def size_mb(folder):
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6


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
    key = timed(PROGRAM, "key", "issue", "bench", "--scope", "open311.write", "--data", data)[2].split()[-1]
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


def queries_of(client):
    """What the screens ask: each filter alone, and combinations of rare with frequent ones."""
    first = client.get_json("/api/v1/cases?limit=1")["cases"][0]
    rare = client.get_json("/api/v1/counts?by=item")["by"][-1]["key"]
    areas = client.get_json("/api/v1/areas")["areas"]
    street = next(area["id"] for area in areas if area["level"] == "street")
    community = next(area["id"] for area in areas if area["level"] == "community")
    lon, lat = client.get_json("/api/v1/city")["centre"]
    box = f"{lon - .01:.4f},{lat - .01:.4f},{lon + .01:.4f},{lat + .01:.4f}"
    department = first["department"]["code"]
    year_ago = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 360 * 86400))
    week_ago = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 7 * 86400))
    cases, counts = "/api/v1/cases?limit=50&", "/api/v1/counts?"
    return {
        "list: newest 50": cases,
        "list: open": f"{cases}state=open",
        "list: of one stage": f"{cases}stage=verifying",
        "list: of one item": f"{cases}item={rare}",
        "list: of one department": f"{cases}department={department}",
        "list: of one street": f"{cases}area={street}",
        "list: overdue": f"{cases}overdue=1",
        "list: nearly late": f"{cases}soon=1",
        "list: closed this week": f"{cases}state=closed&dates=closed&from={week_ago}",
        "list: in a box": f"{cases}bbox={box}",
        "list: rare item, overdue, in a box": f"{cases}overdue=1&item={rare}&bbox={box}",
        "list: a year, one community, department, stage": f"{cases}from={year_ago}&area={community}&department={department}&stage=verifying",
        "list: the map's 200 open cases in a box": f"/api/v1/cases?limit=200&state=open&bbox={box}",
        "counts: all by stage": f"{counts}by=stage",
        "counts: open by area": f"{counts}state=open&by=area",
        "counts: open by item": f"{counts}state=open&by=item",
        "counts: by outcome": f"{counts}by=outcome",
        "counts: overdue by department": f"{counts}overdue=1&by=department",
        "counts: a year, one street, in a box, by item": f"{counts}from={year_ago}&area={street}&bbox={box}&by=item",
        "first page: the city now": "/api/v1/now?limit=30",
        "case page": f"/api/v1/cases/{first['no']}",
    }


def measure_queries(data):
    begin = time.perf_counter()
    with Served(data) as served:
        line("start with these cases, seconds", f"{time.perf_counter() - begin:.1f} s", "–", "zhili serve")
        client = Client(served)
        for what, path in queries_of(client).items():
            client.timed_get(path)
            times = [client.timed_get(path)[0] for _ in range(QUERY_ROUNDS)]
            line(f"{what}, p50 / p95", f"{percentile(times, .5):.1f} / {percentile(times, .95):.1f} ms", "p95 ≤ 10 ms", f"GET {path}")
        measure_tiles(client)
        line("resident with these cases, serving", f"{served.resident_mb():.0f} MB", "–", "zhili serve")


def tile_at(lon, lat, zoom):
    """The number of the tile that holds a place."""
    n = 2**zoom
    return int((lon / 360 + 0.5) * n), int((0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)) * n)


def measure_tiles(client):
    """Every tile of the city at each zoom, up to a bound, each asked for the first time: none is kept."""
    west, south, east, north = client.get_json("/api/v1/city")["bounds"]
    for zoom in TILE_ZOOMS:
        left, top = tile_at(west, north, zoom)
        right, bottom = tile_at(east, south, zoom)
        numbers = [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
        numbers = numbers[:: max(1, len(numbers) // TILES_PER_ZOOM)]
        asked = [client.timed_get(f"/tiles/{zoom}/{x}/{y}.mvt") for x, y in numbers]
        times, largest = [seconds for seconds, _ in asked], max(len(body) for _, body in asked)
        line(f"map tiles of zoom {zoom}, {len(asked)} of them, p50 / p95", f"{percentile(times, .5):.1f} / {percentile(times, .95):.1f} ms",
             "p95 ≤ 50 ms", f"GET /tiles/{zoom}/{left}/{top}.mvt …, up to {largest / 1000:.0f} kB")


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


if __name__ == "__main__":
    main()
