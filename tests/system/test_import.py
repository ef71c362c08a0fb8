"""A real city's year, in and out: the figures that anybody can count in the file, whatever happens on the way."""

import lzma
import pathlib
import random
import signal
import sqlite3
import subprocess
import unittest

from harness import DATA, PROGRAM, ROOT, Case, Served, run

YEAR = DATA / "boston311/boston311_2015.csv.xz"
SOME_ROWS = 9_000
FIGURES = {"signals": 121_145, "incidents": 121_145, "cases": 121_145, "cases_closed": 101_272, "closed_on_time": 60_054,
           "closed_late": 19_154, "closed_no_promise": 22_064, "contradictions": 197, "quarantined": 0, "unknown_location": 17_070}

needs_year = unittest.skipUnless(YEAR.exists(), f"needs {YEAR}: the year of Boston's requests")


def words(data, file):
    return ["import", "requests", str(file), "--profile", "boston311", "--data", str(data), "--quiet"]


class ImportOfAYear(Case):
    @needs_year
    def test_every_figure_is_that_of_the_file(self):
        run(*words(self.data, YEAR))
        info = self.info()
        self.assertEqual({key: info[key] for key in FIGURES}, FIGURES)
        self.assertIn("sound", run("ledger", "verify", "--data", self.data, "--quiet").stdout)


@needs_year
class ImportOfSomeRows(Case):
    """The beginning of the year: enough to be broken off, few enough to be quick."""

    @classmethod
    def setUpClass(cls):
        with lzma.open(YEAR, "rt", encoding="utf-8", newline="") as year:
            cls.lines = [next(year) for _ in range(SOME_ROWS + 1)]

    def write(self, name, lines):
        file = self.folder / name
        file.write_text("".join(lines), encoding="utf-8")
        return file

    def test_twice_is_once(self):
        file = self.write("some.csv", self.lines)
        run(*words(self.data, file))
        before = self.info()
        again = run(*words(self.data, file))
        self.assertIn(f"known {SOME_ROWS}", again.stdout)
        after = self.info()
        self.assertEqual({**before, "events": 0}, {**after, "events": 0})

    def test_killed_at_any_moment_it_goes_on_where_the_disk_ends(self):
        file = self.write("some.csv", self.lines)
        whole = self.folder / "whole"
        run(*words(whole, file))
        chance = random.Random(20150101)
        for _ in range(4):
            process = subprocess.Popen([PROGRAM, *words(self.data, file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(timeout=chance.uniform(0.02, 0.4))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
        run(*words(self.data, file))
        same = ("signals", "incidents", "cases", "cases_closed", "closed_on_time", "closed_late", "unknown_location")
        self.assertEqual({k: self.info()[k] for k in same}, {k: self.info(whole)[k] for k in same})
        run("ledger", "verify", "--data", self.data, "--quiet")

    def test_bad_rows_go_into_a_file_with_the_reason(self):
        header, good, other = self.lines[0], self.lines[1], self.lines[2]
        no_such_type = other.replace("Street Light Outages", "Flying Saucers")
        broken_time = self.lines[3].replace("/2015", "-2015", 1)
        file = self.write("bad.csv", [header, good, no_such_type, broken_time, "only,three,fields\n", '"open quote\n', self.lines[4]])
        done = run(*words(self.data, file), check=False)
        self.assertEqual(done.returncode, 3)
        self.assertEqual((self.info()["cases"], self.info()["quarantined"]), (2, 4))
        rejects = (self.data / "bad.csv.rejected.csv").read_text(encoding="utf-8")
        for reason in ("Flying Saucers", "MM/DD/YYYY", "has 3 fields", "quote is never closed"):
            self.assertIn(reason, rejects)

    def test_the_directory_remembers_its_city_and_is_served_at_once(self):
        file = self.write("some.csv", self.lines[:401])
        mine = self.folder / "mine.yaml"  # a profile of one's own, outside of any pack
        mine.write_text((ROOT / "packs/boston311/profiles/boston311.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        run("import", "requests", file, "--profile", mine, "--data", self.data, "--quiet")
        with Served(self.data) as served:
            city = served.json("/api/v1/city")
            self.assertEqual((city["name"]["en"], city["zone"], city["has_places"]), ("Boston", "America/New_York", False))
            self.assertAlmostEqual(city["centre"][0], -71.09)
            areas = {area["name"]["en"]: area["id"] for area in served.json("/api/v1/areas")["areas"]}
            self.assertIn("Roxbury", areas)
            self.assertEqual(len(served.json("/open311/v2/services.json")), sum(item["public"] for item in served.json("/api/v1/items")["items"]))
            requests = served.json("/open311/v2/requests.json?start_date=2015-01-01T00:00:00Z&end_date=2015-03-31T00:00:00Z")
            self.assertTrue(requests and all(one["service_name"] for one in requests))
            page = served.json("/api/v1/cases?from=2015-01-01&to=2016-01-01")
            self.assertTrue(page["cases"] and all(one["item"]["name"]["en"] for one in page["cases"]))
            there = served.json(f"/api/v1/cases?from=2015-01-01&to=2016-01-01&area={areas['Roxbury']}")["cases"]
            self.assertTrue(there and all(one["area"]["name"]["en"] == "Roxbury" for one in there))

    def test_a_header_without_the_columns_is_refused_by_name(self):
        file = self.write("other.csv", ["a,b\n", "1,2\n"])
        done = run(*words(self.data, file), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("CASE_ENQUIRY_ID", done.stderr)

    def test_a_cut_off_xz_file_is_said_and_what_came_before_stays(self):
        packed = lzma.compress("".join(self.lines).encode())
        file = self.folder / "cut.csv.xz"
        file.write_bytes(packed[: len(packed) // 2])
        done = run(*words(self.data, file), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("not a whole xz file", done.stderr)
        self.assertEqual(self.info()["cases"] % 2000, 0)


@needs_year
class LedgerOfAnImport(Case):
    def setUp(self):
        super().setUp()
        with lzma.open(YEAR, "rt", encoding="utf-8", newline="") as year:
            lines = [next(year) for _ in range(501)]
        file = self.folder / "few.csv"
        file.write_text("".join(lines), encoding="utf-8")
        run(*words(self.data, file))
        self.database = self.data / "zhili.db"

    def tampered(self, *statements):
        with sqlite3.connect(self.database) as db:
            for statement in statements:
                db.execute(statement)
        db.close()
        return run("ledger", "verify", "--data", self.data, "--quiet", check=False)

    def test_a_changed_payload_is_found_and_named(self):
        found = self.tampered("UPDATE ledger SET payload = replace(payload, '}', ' }') WHERE seq = 77")
        self.assertEqual((found.returncode, "77" in found.stdout), (3, True), found.stdout)

    def test_a_missing_entry_is_found_and_named(self):
        found = self.tampered("DELETE FROM ledger WHERE seq = 300")
        self.assertEqual((found.returncode, "300" in found.stdout), (3, True), found.stdout)

    def test_two_entries_in_each_others_place_are_found(self):
        found = self.tampered("UPDATE ledger SET seq = -1 WHERE seq = 40", "UPDATE ledger SET seq = 40 WHERE seq = 41",
                              "UPDATE ledger SET seq = 41 WHERE seq = -1")
        self.assertEqual((found.returncode, "40" in found.stdout), (3, True), found.stdout)

    def test_one_entry_is_proved_without_the_rest(self):
        head = run("ledger", "verify", "--data", self.data, "--quiet").stdout.split()[-1]
        proof = self.folder / "proof.json"
        proof.write_text(run("ledger", "prove", "77", "--data", self.data).stdout)
        self.assertIn("entry 77", run("ledger", "check", proof, "--head", head).stdout)
        proof.write_text(proof.read_text().replace("signal", "sIgnal", 1))
        self.assertEqual(run("ledger", "check", proof, "--head", head, check=False).returncode, 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
