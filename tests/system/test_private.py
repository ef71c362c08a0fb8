"""A report that its reporter keeps private: whoever is on duty for it works on its case, and nobody else learns that there is one."""

import json
import unittest

from city import City, installation
from harness import Case
from people import HERE, Person, Refused
from test_events import Ear
from test_hooks import Receiver

AWAY = "999999"  # the code of an area in which nothing lies
WORDS = "我家楼上漏水，我是三单元的刘某"


class Private(Case):
    def private_case(self, city):
        """A private report that was registered: its receipt, the number of the report and that of its case."""
        sent = city.served.post("/api/v1/signals", item=city.item(), words=WORDS, private="1", **HERE)
        no = sent["no"]
        city.signal_step("acceptance-desk", no, "ask_check")
        city.signal_step("collectors", no, "check", found="found", photos=city.photos(city.at("collectors"), ["near"]))
        seen = city.at("acceptance-desk").get(f"/api/v1/work/signals/{no}")
        city.signal_step("acceptance-desk", no, "register", condition=seen["conditions"][0]["code"])
        return sent, no, city.at("acceptance-desk").get(f"/api/v1/work/signals/{no}")["case_no"]

    def unknown(self, act):
        with self.assertRaises(Refused) as refused:
            act()
        self.assertEqual((refused.exception.status, refused.exception.problem["code"]), (404, "case.unknown"))

    def away(self, city, login, post):
        """Somebody with the same post, for another area."""
        made = city.admin.post("/api/v1/accounts", login=login)
        city.admin.post("/api/v1/appointments", login=login, post=post, area=AWAY)
        person = Person(city.served.url)
        person.sign_in(login, made["one_time_password"])
        person.choose_password(made["one_time_password"])
        return person

    def nobody_else_learns_of_it(self, city, case, strangers):
        path, work = f"/api/v1/cases/{case}", f"/api/v1/work/cases/{case}"
        for person in strangers:
            self.unknown(lambda: person.get(path))
        for person in strangers[1:]:  # the first is not signed in
            for read in (path + "/steps", path + "/exchange", work + "/reports", work + "/candidates", f"/api/v1/events?case={case}"):
                self.unknown(lambda: person.get(read))
            self.unknown(lambda: person.post(path + "/commands", verb="dispatch", version=1))
            self.unknown(lambda: person.post(path + "/contacts", reached=True))
        self.assertEqual(city.served.json("/api/v1/cases?limit=200")["cases"], [])

    def nothing_of_it_went_out(self, city, ear, receiver, secrets):
        open_one = city.report()
        self.assertEqual(ear.next()["signal"], open_one, "the first that everybody hears of")
        city.served.until(lambda: len(receiver.told()) > 0)
        self.assertEqual({number for number, _ in receiver.kinds()}, {open_one})
        for public in ("/api/v1/export/cases.json", "/api/v1/export/cases.csv", "/api/v1/feeds/cases.json", "/api/v1/feeds/cases.rss",
                       "/open311/v2/requests.json", "/api/v1/now"):
            text = city.served.get(public).decode()
            for secret in secrets:
                self.assertNotIn(secret, text, public)

    def test_those_on_duty_take_it_the_whole_way_and_nobody_else_knows_of_it(self):
        self.data.mkdir()
        (self.data / "installation.yaml").write_text(installation(outbound='{inside_allowed: ["127.0.0.0/8"]}'))
        city = City(self.data)
        self.addCleanup(lambda: city.served.stop())
        receiver = Receiver()
        self.addCleanup(receiver.stop)
        city.admin.post("/api/v1/hooks", name="test", url=receiver.url, enabled=True)
        ear = Ear(city.served.url)
        self.addCleanup(ear.close)
        sent, no, case = self.private_case(city)
        path = f"/api/v1/cases/{case}"
        strangers = [Person(city.served.url), city.at("road-service-desk"), city.at("call-desk"), city.at("report-desk"), city.admin,
                     self.away(city, "far-dispatcher", "dispatch-desk"), self.away(city, "far-acceptor", "acceptance-desk")]

        with self.subTest("who is on duty sees it, with its place and photos, and its words only for a purpose"):
            for post in ("acceptance-desk", "dispatch-desk", "dispatch-lead", "verification-desk", "supervision-desk", "evaluation-desk", "collectors"):
                seen = city.at(post).get(path)
                self.assertEqual((seen["no"], seen["private"], seen["exact"], seen["words"]), (case, True, True, None), post)
                self.assertEqual([report["no"] for report in seen["signals"]], [no])
                self.assertNotIn("漏水", json.dumps(seen, ensure_ascii=False))
            photo = city.at("verification-desk").get(path)["signals"][0]["photos"][0]["url"]
            self.assertTrue(city.at("verification-desk").bytes(photo))
            self.assertIn("漏水", json.dumps(city.at("dispatch-desk").post(f"/api/v1/work/signals/{no}/private", purpose="check"), ensure_ascii=False))

        self.nobody_else_learns_of_it(city, case, strangers)
        with self.subTest("a search by its number finds it for those on duty"):
            end = case.split("-")[-1]
            self.assertEqual([it["no"] for it in city.at("dispatch-desk").get(f"/api/v1/cases?no={end}")["cases"]], [case])
            self.assertEqual(city.at("road-service-desk").get(f"/api/v1/cases?no={end}")["cases"], [])

        with self.subTest("the inbox has it for those whose turn it is"):
            self.assertIn(case, json.dumps(city.at("dispatch-desk").get("/api/v1/inbox")))
            self.assertNotIn(case, json.dumps(strangers[5].get("/api/v1/inbox")))

        city.at("dispatch-desk").act(case, "dispatch")
        department = city.at("dispatch-desk").get(path)["department"]["code"]
        desk, other = f"{department}-desk", "road-service-desk" if department != "road-service" else "parks-service-desk"
        with self.subTest("of the hands only those who do the work"):
            self.assertEqual(city.at(desk).get(path)["no"], case)
            self.unknown(lambda: city.at(other).get(path))
            self.assertIn(case, json.dumps(city.at(desk).get("/api/v1/inbox")))
            self.assertNotIn(case, json.dumps(city.at(other).get("/api/v1/inbox")))
        city.at(desk).act(case, "take")
        city.with_evidence(desk, case, "report_back")
        city.at("dispatch-desk").act(case, "send_to_verify")
        shown = [p["url"] for entry in city.at("verification-desk").get(path)["story"] for p in entry["photos"]]
        self.assertTrue(shown and all(city.at("verification-desk").bytes(url) for url in shown), "whoever judges the work sees its photos")
        city.with_evidence("verification-desk", case, "pass")
        city.at("acceptance-desk").act(case, "close", closing_condition_met=True)

        with self.subTest("its reporter hears of everything"):
            receipt = city.served.json(f"/api/v1/signals/{sent['token']}")
            self.assertEqual(receipt["case_no"], case)
            self.assertIn("case.closed", [entry["kind"] for entry in receipt["story"]])

        with self.subTest("figures count it, and their lists show it to those on duty"):
            city.served.until(lambda: city.admin.get("/api/v1/evaluation?by=source")["complete"])
            year = city.at("dispatch-desk").get(path)["due_at"][:4]
            behind = f"/api/v1/evaluation/cases?by=source&period={year}&indicator=closing&part=numerator"
            for person, seen, kept in ((city.at("evaluation-desk"), [case], 0), (city.at(other), [], 1), (city.at("report-desk"), [], 1)):
                listed = person.get(behind)
                self.assertEqual((listed["numerator"], [it["no"] for it in listed["cases"]], listed["kept_private"]), (1, seen, kept))

        self.nothing_of_it_went_out(city, ear, receiver, (case, no, "漏水"))


if __name__ == "__main__":
    unittest.main()
