"""A city's own map, from GeoJSON files as a survey office hands them over."""

import json
import lzma
import sqlite3
import unittest

from harness import Case, Served, run

COMMUNITY = "370402001001"


def square(lat, lon, side=0.001):
    return {"type": "Polygon", "coordinates": [[[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]]}


def point(lat, lon):
    return {"type": "Point", "coordinates": [lon, lat]}


def feature(geometry=None, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


AREAS = [feature(code="3704", name={"zh": "枣庄", "en": "Zaozhuang"}), feature(code="370402", name={"zh": "市中区", "en": "Centre"}),
         feature(code="370402001", name={"zh": "河东街道", "en": "Hedong"}), feature(code=COMMUNITY, name={"zh": "石榴社区", "en": "Shiliu"})]
GRIDS = [feature(square(34.860, 117.550 + i / 1000), code=f"{COMMUNITY}{i + 1:03}", land_use="residential") for i in range(3)]
LAMPS = [feature(point(34.8605, 117.5505 + i / 1000), code=f"37040201150000{i + 1:02}", name={"zh": "路灯", "en": "Lamp"},
                 keeper="lighting-service") for i in range(3)]


class Places(Case):
    def write(self, name, features, **members):
        text = json.dumps({"type": "FeatureCollection", **members, "features": features}, ensure_ascii=False)
        file = self.folder / name
        file.write_bytes(lzma.compress(text.encode()) if name.endswith(".xz") else text.encode())
        return file

    def take(self, file, *more, check=True):
        return run("import", "places", file, "--data", self.data, "--quiet", *more, check=check)

    def said(self, sql, *values):
        with sqlite3.connect(self.data / "zhili.db") as db:
            rows = db.execute(sql, values).fetchall()
        db.close()
        return rows

    def test_a_report_finds_its_grid_and_its_area_on_the_imported_map(self):
        self.assertIn("added 4,", self.take(self.write("areas.geojson", AREAS), "--kind", "area").stdout)
        self.assertIn("added 3,", self.take(self.write("grids.geojson.xz", GRIDS), "--kind", "grid").stdout)
        self.assertIn("added 3,", self.take(self.write("lamps.geojson", LAMPS), "--kind", "component").stdout)
        before = self.info()["events"]
        again = self.take(self.folder / "lamps.geojson", "--kind", "component")
        self.assertIn("added 0, changed 0, unchanged 3, rejected 0", again.stdout)
        self.assertEqual(self.info()["events"], before)
        with Served(self.data) as served:
            self.assertEqual([a["name"]["zh"] for a in served.json("/api/v1/areas")["areas"]], ["枣庄", "市中区", "河东街道", "石榴社区"])
            item = next(i["code"] for i in served.json("/api/v1/items")["items"] if i["public"] and not any(a["required"] for a in i["asks"]))
            served.post("/api/v1/signals", item=item, words="dark", lat="34.8605", lon="117.5515")
        self.assertEqual(self.said("SELECT grid FROM signal"), [(f"{COMMUNITY}002",)])
        self.assertIn("sound", run("ledger", "verify", "--data", self.data, "--quiet").stdout)

    def test_bad_features_come_back_as_they_stood_with_the_reason_and_may_be_mended(self):
        bad = [feature(point(117.55, 34.86), code="3704020115000009", note="swapped"), feature(point(34.86, 117.55), code="37", note="short")]
        done = self.take(self.write("lamps.geojson", [LAMPS[0], bad[0], LAMPS[1], bad[1]]), "--kind", "component", check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("added 2, changed 0, unchanged 0, rejected 2", done.stdout)
        rejects = self.data / "lamps.geojson.rejected.geojson"
        back = json.loads(rejects.read_text(encoding="utf-8"))["features"]
        self.assertEqual([(f["fault"]["feature"], f["fault"]["property"]) for f in back], [(2, "geometry"), (4, "code")])
        self.assertEqual(back[0]["properties"], bad[0]["properties"])
        self.assertIn("swapped", back[0]["fault"]["en"])
        back[0]["geometry"], back[1]["properties"]["code"] = point(34.86, 117.55), "3704020115000010"
        self.assertIn("added 2,", self.take(self.write("mended.geojson", back), "--kind", "component").stdout)

    def test_a_survey_counts_more_than_a_later_import_and_both_are_kept(self):
        lamp = feature(point(34.8605, 117.5505), code="3704020115000001", name={"zh": "路灯", "en": "Lamp"}, keeper="lighting-service")
        other = feature(point(34.8605, 117.5505), code="3704020115000001", keeper="power-company")
        self.take(self.write("survey.geojson", [lamp]), "--kind", "component", "--source", "survey:2026")
        self.assertIn("changed 1", self.take(self.write("list.geojson", [other]), "--kind", "component").stdout)
        said = self.said("SELECT source, fields FROM register_said WHERE code = '3704020115000001' ORDER BY seq")
        self.assertEqual([source for source, _ in said], ["survey:2026", "import:list.geojson"])
        self.assertIn("power-company", said[1][1])

    def test_the_datum_is_converted_and_the_first_coordinate_kept(self):
        self.take(self.write("lamps.geojson", LAMPS[:1]), "--kind", "component", "--datum", "gcj02")
        fields = json.loads(self.said("SELECT fields FROM register_said")[0][0])
        self.assertEqual(fields["original"], "gcj02 117.5505,34.8605")
        self.assertNotIn("1175505000", fields["shape"])

    def test_of_a_file_that_is_broken_nothing_is_taken(self):
        text = json.dumps({"type": "FeatureCollection", "features": LAMPS})
        for name, content in (("cut.geojson", text[:-30]), ("late.geojson", text[:-1] + ', "datum": "gcj02"}'), ("no.geojson", "{}")):
            file = self.folder / name
            file.write_text(content)
            done = self.take(file, "--kind", "component", check=False)
            self.assertEqual((done.returncode, self.said("SELECT count(*) FROM register_said")), (1, [(0,)]), name)
            self.assertIn(name, done.stderr)

    def test_grids_that_overlap_are_named(self):
        self.take(self.write("areas.geojson", AREAS), "--kind", "area")
        twin = feature(square(34.8605, 117.5505), code=f"{COMMUNITY}009")
        done = self.take(self.write("grids.geojson", GRIDS + [twin]), "--kind", "grid")
        self.assertIn(f"{COMMUNITY}009", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
