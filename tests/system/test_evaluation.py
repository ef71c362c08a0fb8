"""Figures of a real city's year: what anybody can count in the file, each with the cases behind it."""

import csv
import io
import unittest
import zipfile
from datetime import datetime

from harness import DATA, Case, Served, run
from people import Refused, first_administrator

YEAR = DATA / "boston311/boston311_2015.csv.xz"
ON_TIME, LATE = 60_054, 19_154
YEARS = range(2011, 2027)  # a promise of 2015 may run out years later


@unittest.skipUnless(YEAR.exists(), f"needs {YEAR}: the year of Boston's requests")
class EvaluationOfAYear(Case):
    def test_on_time_and_late_are_those_of_the_file_and_every_figure_opens_its_cases(self):
        run("import", "requests", str(YEAR), "--profile", "boston311", "--data", str(self.data), "--quiet")
        with Served(self.data) as served:
            self.staff = first_administrator(served)
            served.until(lambda: served.json("/api/v1/evaluation?by=source")["complete"])
            self.sums_are_those_of_the_file()
            self.all_dimensions_add_up()
            self.figures_are_as_long_as_their_lists()
            self.nobody_outside_sees_small_cells(served)
            self.tables_have_the_same_figures(served)
            self.a_trial_of_a_score_keeps_nothing(served)

    def page(self, **query):
        return self.staff.get("/api/v1/evaluation?" + "&".join(f"{key}={value}" for key, value in query.items()))

    def sums_are_those_of_the_file(self):
        totals = [self.page(by="source", period=year, indicators="on_time_closing,late_closing")["total"]["figures"] for year in YEARS]
        self.assertEqual(sum(one["on_time_closing"]["numerator"] for one in totals), ON_TIME)
        self.assertEqual(sum(one["late_closing"]["numerator"] for one in totals), LATE)
        months = [self.page(by="item", period=f"2015-{month:02}", indicators="on_time_closing")["total"]["figures"]["on_time_closing"] for month in range(1, 13)]
        year = self.page(by="area", period=2015, indicators="on_time_closing")["total"]["figures"]["on_time_closing"]
        self.assertEqual(sum(month["numerator"] for month in months), year["numerator"])

    def all_dimensions_add_up(self):
        for period in ("2015", "2015-Q2", "2015-06", "2015-W23", "2015-06-05"):
            one = [self.page(by=by, period=period, indicators="closing")["total"]["figures"]["closing"]
                   for by in ("area", "department", "item", "function", "source")]
            self.assertTrue(all(figure == one[0] for figure in one), one)

    def figures_are_as_long_as_their_lists(self):
        page = self.page(by="item", period="2015-03", indicators="late_closing,closing")
        self.assertGreater(len(page["rows"]), 20)
        for row in page["rows"][-12:]:
            for code in page["indicators"]:
                for part in ("numerator", "denominator", "excluded"):
                    self.assertEqual(len(self.behind(code, part, item=row["key"], period="2015-03")), row["figures"][code][part], (row, part))
        late = page["total"]["figures"]["late_closing"]["numerator"]
        cases = self.behind("late_closing", "numerator", period="2015-03")
        self.assertEqual(len(cases), late)
        self.assertTrue(all(datetime.fromisoformat(case["closed_at"]) > datetime.fromisoformat(case["due_at"]) for case in cases))
        self.assertTrue(all(case["due_at"].startswith("2015-03") for case in cases))

    def behind(self, indicator, part, **query):
        path = f"/api/v1/evaluation/cases?indicator={indicator}&part={part}&limit=200&" + "&".join(f"{k}={v}" for k, v in query.items())
        cases, cursor = [], ""
        while cursor is not None:
            page = self.staff.get(path + (f"&cursor={cursor}" if cursor else ""))
            cases += page["cases"]
            cursor = page["next"]
        self.assertEqual(len({case["no"] for case in cases}), len(cases))
        return cases

    def nobody_outside_sees_small_cells(self, served):
        everybody = served.json("/api/v1/evaluation?by=item&period=2015-03&indicators=closing")["rows"]
        staff = {row["key"]: row["figures"]["closing"] for row in self.page(by="item", period="2015-03", indicators="closing")["rows"]}
        hidden = [row["key"] for row in everybody if row["figures"]["closing"].get("hidden")]
        self.assertTrue(hidden)
        small = [key for key, figure in staff.items() if 0 < figure["denominator"] < 5]
        self.assertLessEqual(set(small), set(hidden))
        with self.assertRaises(Refused) as refused:
            type(self.staff)(served.url).get(f"/api/v1/evaluation/cases?indicator=closing&period=2015-03&item={small[0]}")
        self.assertEqual(refused.exception.problem["code"], "evaluation.small")
        self.assertNotIn("on_time_check", [one["code"] for one in served.json("/api/v1/indicators")["indicators"]])

    def tables_have_the_same_figures(self, served):
        path = "/api/v1/evaluation.{}?by=department&period=2015&indicators=closing&lang=en"
        lines = list(csv.reader(io.StringIO(served.get(path.format("csv")).decode("utf-8-sig"))))
        head = next(i for i, line in enumerate(lines) if line[0] == "Name")
        total = self.page(by="department", period=2015, indicators="closing")["total"]["figures"]["closing"]
        self.assertEqual(lines[-1][2:5], [str(total[part]) for part in ("numerator", "denominator", "excluded")])
        self.assertEqual(lines[head][1], "Closed")
        with zipfile.ZipFile(io.BytesIO(served.get(path.format("xlsx")))) as book:
            self.assertIn("xl/worksheets/sheet1.xml", book.namelist())

    def a_trial_of_a_score_keeps_nothing(self, served):
        rules = served.json("/api/v1/indicators")["scores"]
        published = self.page(by="department", period=2015, score="jinhua")["total"]["score"]
        tried = self.staff.post("/api/v1/evaluation/what-if", by="department", period="2015", score=rules[0]["parts"])
        self.assertEqual(tried["total"]["score"], published)
        harder = [{**part, "reach": 100} for part in rules[0]["parts"]]
        self.assertLess(self.staff.post("/api/v1/evaluation/what-if", by="department", period="2015", score=harder)["total"]["score"]["total"], published["total"])
        self.assertEqual(self.page(by="department", period=2015, score="jinhua")["total"]["score"], published)
        for bad in ([], [{"points": 5}], [{"indicator": "on_time_closing", "points": -1}], [{"indicator": "nothing", "points": 1}]):
            with self.assertRaises(Refused):
                self.staff.post("/api/v1/evaluation/what-if", by="department", score=bad)


if __name__ == "__main__":
    unittest.main()
