"""What the benchmarks of the whole program share: a serving process, a client, times and how they are printed."""

import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "build/release/zhili"


def line(what, value, reach, command):
    print(f"{what:<58} {value:>22}   reach {reach:<14} {command}", flush=True)


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


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


class Served:
    def __init__(self, data, *more):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen([PROGRAM, "serve", "--data", data, "--listen", f"127.0.0.1:{self.port}", *more],
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


class Client:
    """One connection that stays open, as a browser's does."""

    def __init__(self, served):
        self.connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)

    def timed(self, method, path, form=None, expected=200):
        """Seconds and body of one request; ends the program if the answer is another than expected."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        begin = time.perf_counter()
        self.connection.request(method, path, form, headers)
        answer = self.connection.getresponse()
        body = answer.read()
        seconds = time.perf_counter() - begin
        if answer.status != expected:
            sys.exit(f"{method} {path}: {answer.status} {body[:300]}")
        return seconds, body

    def timed_get(self, path):
        return self.timed("GET", path)

    def get_json(self, path):
        return json.loads(self.timed_get(path)[1])
