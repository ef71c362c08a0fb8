"""A PostgreSQL server of the tests' own, on a socket in a temporary folder: one for all tests of a process."""

import atexit
import os
import pathlib
import shutil
import subprocess
import tempfile

PLACES = [pathlib.Path(f"/usr/lib/postgresql/{version}/bin") for version in (15, 16, 17)]


class Cluster:
    one = None

    @classmethod
    def get(cls):
        if cls.one is None:
            cls.one = cls()
            atexit.register(cls.one.end)
        return cls.one

    def __init__(self):
        self.programs = next((place for place in PLACES if (place / "initdb").exists()), None)
        if self.programs is None:
            raise AssertionError("PostgreSQL is not installed (apt-get install postgresql-15); the tests need it")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="zhili-pg-"))
        self.databases = 0
        self.as_user = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.run("initdb", "-D", self.folder / "data", "-U", "zhili", "-A", "trust", "-N", "--no-locale", "-E", "UTF8", "--no-instructions")
        self.start()

    def run(self, program, *words):
        done = subprocess.run([*self.as_user, str(self.programs / program), *map(str, words)], cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=(said := tempfile.TemporaryFile("w+")), timeout=120)
        if done.returncode != 0:
            said.seek(0)
            raise AssertionError(f"{program}: {said.read()}")

    def start(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-t", "60", "-s", "-l", self.folder / "log", "-o",
                 f"-k {self.folder} -c listen_addresses='' -c fsync=off -c shared_buffers=32MB -c max_connections=200", "start")

    def crash(self):
        """As a power cut would end it."""
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "-s", "stop")

    def new_database(self):
        """The url of an empty one."""
        self.databases += 1
        self.run("createdb", "-h", self.folder, "-U", "zhili", f"test{self.databases}")
        return f"postgresql:///test{self.databases}?host={self.folder}&user=zhili"

    def column(self, url, sql):
        """What a question of one column gives."""
        done = subprocess.run([*self.as_user, str(self.programs / "psql"), url, "-XAtc", sql], cwd="/", capture_output=True, text=True, check=True, timeout=120)
        return done.stdout.splitlines()

    def end(self):
        self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)
