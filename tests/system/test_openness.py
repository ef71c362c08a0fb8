"""What everybody may see and take along: releases with parts kept back, objections to that, feeds."""

import unittest
import urllib.error
import urllib.request
import xml.etree.ElementTree as xml

from harness import ROOT, Served
from people import Office, Person, hire


class Openness(Office):
    def command(self, person, no, verb, **more):
        version = person.get(f"/api/v1/work/signals/{no}")["version"]
        return person.post(f"/api/v1/signals/{no}/commands", verb=verb, version=version, **more)

    def test_a_person_releases_keeps_back_and_the_reporter_objects(self):
        with Served(self.data) as served:
            admin = self.first(served)
            ann, abe = hire(admin, served.url, "ann", "acceptance-desk"), hire(admin, served.url, "abe", "acceptance-desk")
            looker = hire(admin, served.url, "col", "collectors")
            sent = self.report(served)
            no, mine = sent["no"], f"/api/v1/receipts/{sent['token']}"
            self.command(ann, no, "ask_check")
            face = looker.upload(ROOT / "ui/public/icon-192.png")
            self.command(looker, no, "check", found="found", photos=[{"name": face, "shows": "near"}])
            condition = ann.get(f"/api/v1/work/signals/{no}")["conditions"][0]["code"]
            self.command(ann, no, "register", condition=condition)
            painted = ann.upload(ROOT / "ui/public/icon-512.png")
            with self.subTest("without a reason nothing is kept back"):
                self.assertEqual(self.refused("case.release.reason", lambda: self.command(ann, no, "release", withheld=["words"])).problem["field"], "reason")
            self.command(ann, no, "release", withheld=["words", "place", face], reason="有人脸", photos=[{"name": painted}])
            reporter = Person(served.url)
            case = served.json(f"/api/v1/signals/{sent['token']}")["case_no"]
            shown = served.json(f"/api/v1/cases/{case}")
            self.assertEqual((shown["words"], shown["exact"]), (None, False))
            [report] = shown["signals"]
            self.assertEqual(report["withheld"], {"words": True, "place": True, "photos": 1, "because": "有人脸"})
            self.assertEqual([p["url"] for p in report["photos"]], [f"/photos/{painted}"])
            self.refused("photo.unknown", lambda: reporter.bytes(f"/photos/{face}"))
            self.assertTrue(reporter.bytes(f"/photos/{painted}"))
            self.assertIn("有人脸", str(served.json(f"/api/v1/signals/{sent['token']}")["story"]))

            step = reporter.get(mine + "/steps")["report"]
            reporter.post(mine + "/commands", verb="appeal_release", version=step["version"], reason="照片里是我自己")
            waits = lambda person: [one["no"] for group in person.get("/api/v1/inbox")["groups"] if group["title"]["en"].startswith("Objections") for one in group["signals"]]
            self.assertEqual(waits(abe), [no])
            self.assertEqual(served.json(f"/api/v1/signals/{sent['token']}")["withheld"]["because"], "有人脸")
            self.refused("case.decide_release.actor", lambda: self.command(ann, no, "decide_release", upheld=True, reason="好"))
            self.command(abe, no, "decide_release", upheld=True, reason="本人同意")
            self.assertEqual(waits(abe), [])
            self.command(abe, no, "release")
            shown = served.json(f"/api/v1/cases/{case}")
            self.assertEqual((shown["words"], shown["exact"], shown["signals"][0]["withheld"]), ("桥下全是水", True, None))
            self.assertTrue(reporter.bytes(f"/photos/{face}"))

    def test_feeds_are_read_by_readers_of_feeds(self):
        with Served(self.data) as served:
            admin = self.first(served)
            ann = hire(admin, served.url, "ann", "acceptance-desk")
            looker = hire(admin, served.url, "col", "collectors")
            no = self.report(served)["no"]
            self.command(ann, no, "ask_check")
            self.command(looker, no, "check", found="found", photos=[{"name": looker.upload(ROOT / "ui/public/icon-192.png"), "shows": "near"}])
            self.command(ann, no, "register", condition=ann.get(f"/api/v1/work/signals/{no}")["conditions"][0]["code"])
            reader = Person(served.url)
            [item] = reader.get("/api/v1/feeds/cases.json?lang=en")["items"]
            channel = xml.fromstring(reader.bytes("/api/v1/feeds/cases.rss?lang=en")).find("channel")
            [entry] = channel.findall("item")
            self.assertEqual((entry.find("title").text, entry.find("link").text), (item["title"], item["url"]))
            self.assertTrue(item["url"].startswith(served.url + "/cases/"))
            self.assertEqual(entry.find("guid").text, item["id"], "one id in every form")
            self.assertEqual(reader.get("/api/v1/feeds/cases.json?item=no-such")["items"], [])
            self.assertTrue(reader.get("/api/v1/feeds/cases.json?item=no-such")["feed_url"].endswith("/api/v1/feeds/cases.json?item=no-such"))
            for path in ("/api/v1/feeds/cases.rss", "/api/v1/feeds/cases.json"):
                with urllib.request.urlopen(served.url + path) as answer:
                    tag = answer.headers["ETag"]
                with self.assertRaises(urllib.error.HTTPError) as again:
                    urllib.request.urlopen(urllib.request.Request(served.url + path, headers={"If-None-Match": tag}))
                self.assertEqual(again.exception.code, 304)
                again.exception.close()

    def test_open_data_say_what_they_are_before_anything_is_published(self):
        with Served(self.data) as served:
            said = served.json("/api/v1/open-data")
            self.assertEqual((said["smallest_cell"], said["months"], said["licence"]["name"]), (5, [], "CC BY 4.0"))
            self.assertEqual(served.json("/api/v1/open-data/figures.json")["rows"], [])
            with urllib.request.urlopen(served.url + "/api/v1/open-data/figures.csv") as answer:
                lines = answer.read().decode("utf-8-sig").splitlines()
            self.assertIn("CC BY 4.0", lines[1])
            self.assertEqual(lines[-1].split(",")[:3], ["month", "figure", "area"])


if __name__ == "__main__":
    unittest.main()
