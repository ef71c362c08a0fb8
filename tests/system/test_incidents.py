"""Many reports of one thing: offered, joined and split by people who sign in, and read by everybody who reported."""

import time
import unittest

from harness import ROOT, Case, Served
from people import Refused, first_administrator, hire

HERE = {"lat": "34.8601", "lon": "117.5502"}
NEAR = {"lat": "34.86025", "lon": "117.5502"}
OPEN311 = "/open311/v2/requests/{}.json?extensions=true"


class Incidents(Case):
    def setUp(self):
        super().setUp()
        self.served = Served(self.data)
        self.addCleanup(self.served.stop)
        self.admin = first_administrator(self.served)
        self.acceptor = hire(self.admin, self.served.url, "ann", "acceptance-desk")
        self.dispatcher = hire(self.admin, self.served.url, "ben", "dispatch-desk")
        self.looker = hire(self.admin, self.served.url, "col", "collectors")

    def report(self, words, place=HERE, item="0102"):
        return self.served.post("/api/v1/signals", item=item, words=words, **place)

    def does(self, person, no, verb, **more):
        version = person.get(f"/api/v1/work/signals/{no}")["version"]
        return person.post(f"/api/v1/signals/{no}/commands", verb=verb, version=version, **more)

    def registered(self, no):
        """The number of the case that a report begins."""
        self.does(self.acceptor, no, "ask_check")
        photo = self.looker.upload(ROOT / "ui/public/icon-192.png")
        self.does(self.looker, no, "check", found="found", photos=[{"name": photo, "shows": "near"}])
        condition = self.acceptor.get(f"/api/v1/work/signals/{no}")["conditions"][0]["code"]
        self.does(self.acceptor, no, "register", condition=condition)
        return self.acceptor.get(f"/api/v1/work/signals/{no}")["case_no"]

    def receipt(self, taken):
        return self.served.json(f"/api/v1/signals/{taken['token']}")

    def sentences(self, taken):
        return " ".join(line["sentence"]["zh"] for line in self.receipt(taken)["story"])

    def test_two_that_wait_are_registered_together_and_parted_again(self):
        first, second = self.report("桥下堆了很多垃圾没人收"), self.report("桥下垃圾堆了很多天", NEAR)
        [offered] = self.acceptor.get(f"/api/v1/work/signals/{first['no']}/candidates")["candidates"]
        self.assertEqual((offered["report"]["no"], offered["join"], offered["may_follow"], offered["why_not"]), (second["no"], None, True, None))
        [for_others] = self.dispatcher.get(f"/api/v1/work/signals/{first['no']}/candidates")["candidates"]
        self.assertEqual((for_others["may_follow"], for_others["why_not"] is None), (False, False), "registering is not the dispatcher's")
        self.does(self.acceptor, first["no"], "ask_check")
        [checking] = self.acceptor.get(f"/api/v1/work/signals/{second['no']}/candidates")["candidates"]
        self.assertFalse(checking["may_follow"])
        photo = self.looker.upload(ROOT / "ui/public/icon-192.png")
        self.does(self.looker, first["no"], "check", found="found", photos=[{"name": photo, "shows": "near"}])
        condition = self.acceptor.get(f"/api/v1/work/signals/{first['no']}")["conditions"][0]["code"]
        with self.assertRaises(Refused) as refused:
            self.does(self.acceptor, first["no"], "register", condition=condition, along=[second["no"], "LC-2601-99999"])
        self.assertEqual(self.receipt(first)["state"], "collected", f"all of it or nothing: {refused.exception.problem}")
        self.does(self.acceptor, first["no"], "register", condition=condition, along=[second["no"]])
        case = self.receipt(first)["case_no"]
        for taken in (first, second):
            self.assertEqual((self.receipt(taken)["case_no"], self.receipt(taken)["reports"]), (case, 2))
        self.assertIn("合在一起办", self.sentences(second))
        self.does(self.acceptor, second["no"], "split", reason="另一堆")
        self.assertEqual((self.receipt(second)["case_no"], self.receipt(second)["state"]), (None, "collected"))
        self.assertEqual(self.receipt(first)["case_no"], case)

    def test_what_may_be_the_same_is_offered_joined_and_split_and_every_reporter_hears(self):
        first, second = self.report("桥下堆了很多垃圾没人收"), self.report("桥下垃圾堆了很多天", NEAR)
        case = self.registered(first["no"])
        offered = self.acceptor.get(f"/api/v1/work/signals/{second['no']}/candidates")
        [best] = offered["candidates"]
        self.assertEqual(best["report"]["no"], first["no"])
        self.assertEqual([p["part"] for p in best["parts"]], ["place", "time", "item", "text"])
        self.assertIn("相距 17 米", best["reason"]["zh"])
        self.assertEqual(best["join"], {"no": second["no"], "version": 1, "into": case})
        [from_case] = self.acceptor.get(f"/api/v1/work/cases/{case}/candidates")["candidates"]
        self.assertEqual(from_case["join"], best["join"], "from either side the same report joins the same case")
        self.assertEqual(self.receipt(second)["reports"], 1)

        self.acceptor.post(f"/api/v1/signals/{second['no']}/commands", verb="join", version=1, into=case, reason="同一堆")
        for taken in (first, second):
            self.assertEqual((self.receipt(taken)["reports"], self.receipt(taken)["case_no"]), (2, case))
        self.assertIn("合在一起办（地点相近，一天之内，事项相同）：同一堆", self.sentences(second))
        self.assertEqual(self.served.json(f"/api/v1/cases/{case}")["incident"]["signals"], 2)
        incident = self.dispatcher.get(f"/api/v1/incidents/{self.served.json(f'/api/v1/cases/{case}')['incident']['id']}")
        self.assertEqual([(s["no"], bool(s["joined"]), s["may_split"]) for s in incident["signals"]],
                         [(first["no"], False, False), (second["no"], True, True)])
        self.assertEqual(incident["signals"][1]["joined"]["reason"], "同一堆")

        self.does(self.acceptor, second["no"], "release")
        self.dispatcher.act(case, "dispatch")
        [asked] = self.served.json(OPEN311.format(second["no"]))
        self.assertEqual((asked["service_request_id"], asked["status"]), (second["no"], "open"))
        self.assertIn("case.dispatched", [note["type"] for note in asked["notes"]])
        self.assertIn("合在一起办", asked["status_notes"])
        department = self.served.json(f"/api/v1/cases/{case}")["department"]["name"]["zh"]
        self.assertIn(department, self.sentences(second))

        self.does(self.dispatcher, second["no"], "split", reason="另一堆")
        self.assertEqual((self.receipt(second)["reports"], self.receipt(second)["case_no"]), (1, None))
        self.assertNotIn(department, self.sentences(second))
        self.assertEqual(self.acceptor.get(f"/api/v1/work/signals/{second['no']}/candidates")["candidates"], [])

    def test_a_case_is_joined_with_all_its_reports_and_is_then_not_counted_twice(self):
        one, two, three = self.report("桥下有垃圾"), self.report("桥下有垃圾", NEAR), self.report("桥下有垃圾", NEAR)
        first, second = self.registered(one["no"]), self.registered(two["no"])
        self.does(self.acceptor, three["no"], "join", into=second)
        self.assertEqual(self.served.json("/api/v1/counts?state=open&by=stage")["total"], 2)
        self.dispatcher.act(second, "join", into=first)
        self.assertEqual(self.served.json("/api/v1/counts?state=open&by=stage")["total"], 1)
        self.assertEqual(self.served.json(f"/api/v1/cases/{second}")["joined_to"], first)
        self.assertEqual([self.receipt(t)["case_no"] for t in (one, two, three)], [first] * 3)
        self.dispatcher.act(second, "split", reason="桥的两头")
        self.assertEqual([self.receipt(t)["case_no"] for t in (one, two, three)], [first, second, second])

    def test_whoever_has_no_post_there_sees_and_does_nothing(self):
        first, second = self.report("桥下有垃圾"), self.report("桥下有垃圾", NEAR)
        case = self.registered(first["no"])
        away = hire(self.admin, self.served.url, "eva")
        self.admin.post("/api/v1/appointments", login="eva", post="acceptance-desk", area="999999")
        incident = self.served.json(f"/api/v1/cases/{case}")["incident"]["id"]
        for path in (f"/api/v1/work/signals/{second['no']}/candidates", f"/api/v1/work/cases/{case}/candidates", f"/api/v1/incidents/{incident}"):
            with self.assertRaises(Refused) as refused:
                away.get(path)
            self.assertEqual((refused.exception.status, refused.exception.problem["code"]), (403, "case.not_yours"), path)
        with self.assertRaises(Refused) as refused:
            away.post(f"/api/v1/signals/{second['no']}/commands", verb="join", version=1, into=case)
        self.assertEqual(refused.exception.status, 403)

    def test_a_rule_joins_by_itself_and_says_so(self):
        first = self.report("污水冒出来了", item="0405")
        case = self.registered(first["no"])
        second = self.report("污水冒出来了", NEAR, item="0405")
        deadline = time.monotonic() + 30
        while self.receipt(second)["state"] != "merged" and time.monotonic() < deadline:
            pass  # its timer is due at once and fires within half a second
        self.assertEqual(self.receipt(second)["case_no"], case)
        self.assertIn("按规则“city-appearance/0405/same_thing”自动合并的，工作人员可以撤销", self.sentences(second))


if __name__ == "__main__":
    unittest.main()
