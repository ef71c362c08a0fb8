"""All cases at once: whole, harmless in a spreadsheet, and in memory that does not grow with them."""

import csv
import datetime
import io
import json
import pathlib
import socket
import unittest
import urllib.request

from harness import PATIENCE_S, Case, Served, run
from people import Person

ROWS = 100_000
MEMORY_MAX_BYTES = 64 << 20  # more than before the export
NUMBERS = {"area", "lat", "lon", "exact", "source_recorded"}
HEADER = ("CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,OnTime_Status,CASE_STATUS,CLOSURE_REASON,CASE_TITLE,SUBJECT,REASON,TYPE,QUEUE,Department,SubmittedPhoto,ClosedPhoto,Location,"
          "fire_district,pwd_district,city_council_district,police_district,neighborhood,neighborhood_services_district,ward,precinct,land_usage,LOCATION_STREET_NAME,LOCATION_ZIPCODE,"
          "Property_Type,Property_ID,LATITUDE,LONGITUDE,Source,Geocoded_Location").split(",")
FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1"]


def write_year(file):
    """Cases of one year, some with numbers and areas that are formulas."""
    began = datetime.datetime(2015, 1, 1)
    with open(file, "w", encoding="utf-8", newline="") as out:
        rows = csv.DictWriter(out, HEADER)
        rows.writeheader()
        for i in range(ROWS):
            hostile = i % 1000 == 0
            number = FORMULAS[i // 1000 % len(FORMULAS)] + f"-{i}" if hostile else f"1010{i:08}"
            rows.writerow({"CASE_ENQUIRY_ID": number, "OPEN_DT": (began + datetime.timedelta(seconds=300 * i)).strftime("%m/%d/%Y %I:%M:%S %p"), "CASE_STATUS": "Open", "TYPE": "Animal Found",
                           "Department": FORMULAS[1] if hostile else "PWDx", "neighborhood": FORMULAS[0] if hostile else "Roxbury", "LATITUDE": f"42.{3000 + i % 900}",
                           "LONGITUDE": f"-71.{1000 - i % 900:04}", "Source": "Constituent Call"})


class Export(Case):
    @classmethod
    def setUpClass(cls):
        cls.holder = Case()
        Case.setUp(cls.holder)
        file = cls.holder.folder / "year.csv"
        write_year(file)
        run("import", "requests", file, "--profile", "boston311", "--data", cls.holder.data, "--quiet")
        cls.served = Served(cls.holder.data)

    @classmethod
    def tearDownClass(cls):
        cls.served.stop()
        cls.holder.doCleanups()

    def memory(self):
        lines = pathlib.Path(f"/proc/{self.served.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))

    def test_a_hundred_thousand_rows_are_whole_and_take_no_memory(self):
        total = self.served.json("/api/v1/counts")["total"]
        self.assertEqual(total, ROWS)
        before = self.memory()
        with urllib.request.urlopen(self.served.url + "/api/v1/export/cases.csv", timeout=PATIENCE_S) as answer:
            self.assertEqual(answer.headers["Content-Type"], "text/csv; charset=utf-8")
            self.assertIsNone(answer.headers["Content-Length"])
            rows = list(csv.DictReader(io.TextIOWrapper(answer, encoding="utf-8-sig", newline="")))
        self.assertLess(self.memory() - before, MEMORY_MAX_BYTES)
        self.assertEqual(len({row["no"] for row in rows}), ROWS)
        self.assertEqual([row["opened_at"] for row in rows], sorted((row["opened_at"] for row in rows), reverse=True))
        hostile = 0
        for row in rows:
            for column, cell in row.items():
                if column not in NUMBERS and cell:
                    self.assertNotIn(cell[0], "=+-@\t\r", (column, cell))
                    hostile += cell.startswith("'")
        self.assertGreaterEqual(hostile, ROWS // 1000, "formulas were among them")

    def test_the_filters_of_the_list_hold(self):
        asker = Person(self.served.url)
        told = asker.get("/api/v1/export/cases.json?from=2015-01-01&to=2015-01-03")["cases"]  # held against the description
        self.assertEqual(len(told), asker.get("/api/v1/counts?from=2015-01-01&to=2015-01-03")["total"])
        listed, page = [], asker.get("/api/v1/cases?from=2015-01-01&to=2015-01-03&limit=200")
        while True:
            listed += page["cases"]
            if not page["next"]:
                break
            link = asker.headers["Link"]
            self.assertIn('; rel="next"', link)
            page = asker.get(link[1:link.index(">")])
        self.assertEqual([case["no"] for case in told], [case["no"] for case in listed])
        self.assertEqual(asker.get("/api/v1/export/cases.json?state=closed"), {"cases": []})
        with urllib.request.urlopen(self.served.url + "/api/v1/export/cases.csv?state=closed", timeout=PATIENCE_S) as answer:
            self.assertEqual(len(answer.read().decode("utf-8-sig").splitlines()), 1, "its titles")

    def test_whoever_hangs_up_in_the_middle_takes_nothing_along(self):
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", self.served.port), timeout=PATIENCE_S) as peer:
                peer.sendall(b"GET /api/v1/export/cases.csv HTTP/1.1\r\nHost: test\r\n\r\n")
                peer.recv(1000)
        self.assertTrue(json.loads(self.served.get("/health"))["ready"])


if __name__ == "__main__":
    unittest.main()
