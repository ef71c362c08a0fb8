"""Pages of evaluation over many cases, on both databases, and how long it takes to count a real year.

`bench/evaluation.sh [--cases N] [sqlite|postgresql|year …]`. The cells of N cases are made without the cases.
"""

import argparse
import json
import pathlib
import shutil
import tempfile
import time

from served import PROGRAM, ROOT, Client, Served, line, percentile, timed
from timers import Cluster

CELLS = ROOT / "build/release/bench-tools/cells"
YEAR = ROOT / "../shared/data/boston311/boston311_2015.csv.xz"
ROUNDS = 60


def pages(client):
    """A year's page, which is what a screen asks: one indicator by row, and all of them in total."""
    year, month = time.strftime("%Y"), time.strftime("%Y-%m")
    areas = client.get_json("/api/v1/areas")["areas"]
    street = next(area["id"] for area in areas if area["level"] == "street")
    every = ",".join(one["code"] for one in client.get_json("/api/v1/indicators")["indicators"] if one["of"] == "cases")
    page = "/api/v1/evaluation?indicators=on_time_closing"
    return {
        "a year by department": f"{page}&period={year}&by=department",
        "a year by item": f"{page}&period={year}&by=item",
        "a year by community": f"{page}&period={year}&by=area&level=community",
        "a year by function": f"{page}&period={year}&by=function",
        "a year by item in one street": f"{page}&period={year}&by=item&area={street}",
        "a year by unit grid of one street": f"{page}&period={year}&by=grid&area={street}",
        "the year before by item": f"{page}&period={int(year) - 1}&by=item",
        "a month by item": f"{page}&period={month}&by=item",
        "a year, every indicator, by source": f"/api/v1/evaluation?indicators={every}&period={year}&by=source",
        "a year, every indicator, by department": f"/api/v1/evaluation?indicators={every}&period={year}&by=department",
    }


def measure(folder, cases, engine):
    cluster = None
    if engine == "postgresql":
        (folder / "pg").mkdir()
        cluster = Cluster(folder / "pg")
    try:
        data = folder / engine
        made = json.loads(timed(CELLS, data, cluster.url if cluster else "", ROOT / "packs", cases)[2])
        line(f"{engine}: cases counted, cells", f"{made['cases']:,} in {made['cells']:,}", "20,000,000", f"build/release/bench-tools/cells, {made['seconds']:.0f} s")
        with Served(data, *(["--database", cluster.url] if cluster else [])) as served:
            client = Client(served)
            for what, path in pages(client).items():
                client.timed_get(path)
                times = [client.timed_get(path)[0] for _ in range(ROUNDS)]
                line(f"{engine}: {what}, p50 / p95", f"{percentile(times, .5):.1f} / {percentile(times, .95):.1f} ms", "p95 ≤ 50 ms", f"GET {path[:100]}")
    finally:
        if cluster:
            cluster.stop()


def measure_year(folder):
    """An imported year: counted when it is served, beside what it serves."""
    if not YEAR.exists():
        print(f"year: skipped, needs {YEAR}")
        return
    data = folder / "year"
    timed(PROGRAM, "import", "requests", YEAR, "--profile", "boston311", "--data", data, "--quiet")
    with Served(data) as served:
        begin = time.perf_counter()
        client = Client(served)
        while not client.get_json("/api/v1/evaluation?by=source")["complete"]:
            time.sleep(0.05)
        line("an imported year is counted after", f"{time.perf_counter() - begin:.1f} s", "–", "zhili serve")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=20_000_000)
    parser.add_argument("what", nargs="*", default=["sqlite", "postgresql", "year"])
    given = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="zhili-bench-"))
    folder.chmod(0o755)
    try:
        for engine in ("sqlite", "postgresql"):
            if engine in given.what:
                measure(folder, given.cases, engine)
        if "year" in given.what:
            measure_year(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
