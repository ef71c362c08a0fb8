"""People sign in by password at an even pace, while others read a list.

`bench/sign_in.sh [--rate N] [--seconds N] [--readers N]`. Readers ask for the list of items at an even pace of their own; they run before anybody signs
in and again meanwhile. Then everybody signs in as fast as they can, and what is too much is counted: it is refused, not lost.
"""

import argparse
import http.client
import json
import pathlib
import re
import tempfile
import threading
import time

import served
from served import Client, Served, line, percentile, timed

COMMAND = "bench/sign_in.sh"
PEOPLE = 20
READS_PER_S = 25  # of each reader
HANDS = 16        # that sign in side by side, so that one who waits holds up nobody


def reads(here, seconds, out):
    """What each read of the list took, from when it was due."""
    client, begin = Client(here), time.perf_counter()
    for n in range(int(seconds * READS_PER_S)):
        due = begin + n / READS_PER_S
        time.sleep(max(0, due - time.perf_counter()))
        client.timed_get("/api/v1/items")
        out.append(time.perf_counter() - due)


def sign_in(connection, login, password):
    body = json.dumps({"login": login, "password": password})
    connection.request("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def hand(here, people, number, rate, seconds, out):
    """Signs in at its part of the pace; `rate` 0: as fast as it can. Keeps status and seconds of each."""
    connection, begin, n = http.client.HTTPConnection("127.0.0.1", here.port, timeout=60), time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        due = begin + (n * HANDS + number) / rate if rate else time.perf_counter()
        if due - begin >= seconds:
            return
        time.sleep(max(0, due - time.perf_counter()))
        out.append((sign_in(connection, *people[(n * HANDS + number) % len(people)]), time.perf_counter() - due))
        n += 1


def together(jobs):
    threads = [threading.Thread(target=act, args=args) for act, *args in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure(here, people, args):
    quiet, meanwhile, done, flood = [], [], [], []
    together([(reads, here, args.seconds, quiet)] * args.readers)
    together([(reads, here, args.seconds, meanwhile)] * args.readers + [(hand, here, people, n, args.rate, args.seconds, done) for n in range(HANDS)])
    good = [took for status, took in done if status == 200]
    line(f"sign-ins a second, of {args.rate} that were wanted", f"{len(good) / args.seconds:.1f}", f"≥ {args.rate}", COMMAND)
    line("sign-in, p50 / p99", f"{percentile(good, 0.5):.0f} / {percentile(good, 0.99):.0f} ms", "", COMMAND)
    line("read of a list, p99, nobody signs in", f"{percentile(quiet, 0.99):.1f} ms", "", COMMAND)
    line("read of a list, p99, meanwhile", f"{percentile(meanwhile, 0.99):.1f} ms", "about the same", COMMAND)
    together([(hand, here, people, n, 0, args.seconds / 2, flood) for n in range(8 * HANDS)])
    statuses = {status: sum(1 for one, _ in flood if one == status) for status in sorted({one for one, _ in flood})}
    line(f"{8 * HANDS} at once: sign-ins a second; refused with 503", f"{statuses.get(200, 0) / (args.seconds / 2):.1f}; {statuses.get(503, 0)}", "no others", COMMAND)
    assert set(statuses) <= {200, 503}, statuses


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--readers", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhili-bench-") as folder:
        data = pathlib.Path(folder) / "data"
        people = []
        for n in range(PEOPLE):
            said = timed(served.PROGRAM, "user", "add", f"p{n}", "--data", data)[2]
            people.append((f"p{n}", re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", said).group(0)))
        with Served(data) as here:
            measure(here, people, args)


if __name__ == "__main__":
    main()
