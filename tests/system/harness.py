"""Runs the program as a user would: `zhili` of the build under test (ZHILI_PROGRAM), in a folder of its own."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("ZHILI_PROGRAM", str(ROOT / "build/release/zhili"))
DATA = ROOT / "../shared/data"
PATIENCE_S = 120


def run(*words, check=True, **how):
    """Runs a verb to its end. What it prints is text; English unless told otherwise."""
    env = dict(os.environ, LANG="C.UTF-8", LC_ALL="C.UTF-8")
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, env=env, timeout=PATIENCE_S, **how)
    if check and done.returncode != 0:
        raise AssertionError(f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def eventually(look, what):
    """What `look()` gives as soon as it is something; for what other threads and processes do in their own time."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"never came: {what}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Case(unittest.TestCase):
    """A test with a folder of its own, which goes when the test is over."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="zhili-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = self.folder / "data"

    def info(self, data=None):
        return json.loads(run("info", "--data", data or self.data, "--json").stdout)


class Served:
    """A serving process. As a context it is ended kindly at the end; kill() is kill -9."""

    def __init__(self, data, *more):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = open(pathlib.Path(data).with_suffix(".log"), "ab")
        self.process = subprocess.Popen([PROGRAM, "serve", "--data", str(data), "--listen", f"127.0.0.1:{self.port}", *more],
                                        stdout=self.log, stderr=self.log)
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(f"serve ended with {self.process.returncode}; see {self.log.name}: "
                                     + pathlib.Path(self.log.name).read_text()[-2000:])
            try:
                self.get("/health")
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)  # the only wait: for a process of the operating system to begin
        raise AssertionError("serve does not answer")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def get(self, path, **headers):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=PATIENCE_S) as answer:
            return answer.read()

    def json(self, path):
        return json.loads(self.get(path))

    def until(self, holds):
        """Waits for what the process does by itself."""
        end = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > end:
                raise AssertionError("it did not come to pass")
            time.sleep(0.05)

    def post(self, path, **fields):
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.url + path, data=body)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())

    def refusal(self, path, **fields):
        """Status and JSON of a POST that must be refused."""
        try:
            self.post(path, **fields)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())
        raise AssertionError(f"{path} was not refused")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=PATIENCE_S)
        self.log.close()
        return self.process.returncode
