"""People with different duties sign in and work together."""

import pathlib
import unittest

from harness import ROOT, Served, run
from people import PASSWORD, Office, Person, Refused, hire

class People(Office):
    def waiting(self, person):
        return [case for group in person.get("/api/v1/inbox")["groups"] if group["kind"] == "cases" for case in group["cases"]]

    def refuse_to(self, person, no, verb):
        with self.assertRaises(Refused) as refused:
            person.act(no, verb)
        return refused.exception

    def test_a_report_goes_from_hand_to_hand_to_its_end(self):
        with Served(self.data) as served:
            admin = self.first(served)
            acceptor = hire(admin, served.url, "ann", "acceptance-desk")
            dispatcher = hire(admin, served.url, "ben", "dispatch-desk")
            sent = self.report(served)
            no = sent["no"]
            looker = hire(admin, served.url, "col", "collectors")
            [new] = [g for g in acceptor.get("/api/v1/inbox")["groups"] if g["kind"] == "signals" and g["signals"]]
            self.assertEqual((new["signals"][0]["no"], new["signals"][0]["words"]), (no, "桥下全是水"))
            seen = acceptor.get(f"/api/v1/work/signals/{no}")
            may = {step["verb"]: step for step in seen["steps"]}
            self.assertFalse(may["register"]["allowed"], "somebody has to look first")
            acceptor.post(f"/api/v1/signals/{no}/commands", verb="ask_check", version=seen["version"])
            photo = looker.upload(ROOT / "ui/public/icon-192.png")
            self.assertEqual(looker.get(f"/api/v1/work/signals/{no}")["state"], "checking")
            looker.post(f"/api/v1/signals/{no}/commands", verb="check", version=2, found="found", photos=[{"name": photo, "shows": "near"}])
            self.assertTrue(looker.bytes(f"/photos/{photo}"), "staff see a photo before it is released")
            self.refused("photo.unknown", lambda: Person(served.url).get(f"/photos/{photo}"))
            seen = acceptor.get(f"/api/v1/work/signals/{no}")
            acceptor.post(f"/api/v1/signals/{no}/commands", verb="register", version=seen["version"], condition=seen["conditions"][0]["code"])
            [case] = [c["no"] for c in self.waiting(dispatcher)]
            self.assertIn("dispatch", dispatcher.may(case))
            self.assertNotIn("dispatch", acceptor.may(case))
            self.assertEqual(self.refuse_to(acceptor, case, "dispatch").status, 403)
            dispatcher.act(case, "dispatch")
            department = served.json(f"/api/v1/cases/{case}")["department"]["code"]
            worker = hire(admin, served.url, "cai", f"{department}-desk")
            elsewhere = next(p["code"] for p in admin.get("/api/v1/accounts")["posts"] if p["role"] == "handler" and p["department"] != department)
            stranger = hire(admin, served.url, "eva", elsewhere)
            self.refused("case.not_yours", lambda: stranger.get(f"/api/v1/work/signals/{no}"))
            self.refused("photo.unknown", lambda: stranger.bytes(f"/photos/{photo}"))
            self.assertEqual(worker.get(f"/api/v1/work/signals/{no}")["words"], "桥下全是水", "whoever has the work sees what it is about")
            self.assertTrue(worker.bytes(f"/photos/{photo}"))
            self.assertEqual([c["stage"] for c in self.waiting(worker)], ["dispatched"])
            worker.act(case, "take")
            self.assertEqual([c["stage"] for c in self.waiting(worker)], ["handling"])
            [back] = [s for s in worker.get(f"/api/v1/cases/{case}/steps")["steps"] if s["verb"] == "report_back"]
            shows = next(ask for ask in back["asks"] if ask["field"] == "photos")["choices"]
            worker.act(case, "report_back", photos=[{"name": worker.upload(ROOT / "ui/public/icon-192.png"), "shows": s} for s in shows])
            dispatcher.act(case, "send_to_verify")
            verifier = hire(admin, served.url, "vera", "verification-desk")
            asks = next(s for s in verifier.get(f"/api/v1/cases/{case}/steps")["steps"] if s["verb"] == "pass")["asks"]
            shows = next((ask["choices"] for ask in asks if ask["field"] == "photos"), [])
            verifier.act(case, "pass", photos=[{"name": verifier.upload(ROOT / "ui/public/icon-192.png"), "shows": s} for s in shows])
            acceptor.act(case, "close", closing_condition_met=True)
            self.assertEqual(served.json(f"/api/v1/cases/{case}")["stage"], "closed")
            self.assertEqual(self.waiting(dispatcher), [])
            reporter = Person(served.url)
            mine = f"/api/v1/receipts/{sent['token']}"
            version = reporter.get(mine + "/steps")["case"]["version"]
            self.assertEqual(self.refused("body.field", lambda: reporter.post(mine + "/commands", verb="rate", version=version, score=6)).problem["field"], "score")
            self.assertEqual(self.refused("body.field", lambda: reporter.post(mine + "/commands", verb="close", version=version)).problem["field"], "verb")
            reporter.post(mine + "/commands", verb="rate", version=version, score=5)
            self.assertNotIn("rate", [s["verb"] for s in reporter.get(mine + "/steps")["case"]["steps"] if s["allowed"]])

    def reported_back(self, served, admin, *logins):
        """A case that a department says is done: its number, and those who did it, signed in with each of their accounts."""
        ann = hire(admin, served.url, "ann", "acceptance-desk", "dispatch-desk", "collectors")
        no = self.report(served)["no"]
        ann.post(f"/api/v1/signals/{no}/commands", verb="ask_check", version=ann.get(f"/api/v1/work/signals/{no}")["version"])
        photo = {"name": ann.upload(ROOT / "ui/public/icon-192.png"), "shows": "near"}
        col = hire(admin, served.url, "col", "collectors")
        photo["name"] = col.upload(ROOT / "ui/public/icon-192.png")
        col.post(f"/api/v1/signals/{no}/commands", verb="check", version=2, found="found", photos=[photo])
        seen = ann.get(f"/api/v1/work/signals/{no}")
        ann.post(f"/api/v1/signals/{no}/commands", verb="register", version=seen["version"], condition=seen["conditions"][0]["code"])
        [case] = [c["no"] for c in self.waiting(ann)]
        ann.act(case, "dispatch")
        department = served.json(f"/api/v1/cases/{case}")["department"]["code"]
        first = hire(admin, served.url, logins[0], f"{department}-desk")
        people = [first] + [hire(admin, served.url, login, same_person_as=logins[0]) for login in logins[1:]]
        first.act(case, "take")
        [back] = [s for s in first.get(f"/api/v1/cases/{case}/steps")["steps"] if s["verb"] == "report_back"]
        shows = next(ask for ask in back["asks"] if ask["field"] == "photos")["choices"]
        first.act(case, "report_back", photos=[{"name": first.upload(ROOT / "ui/public/icon-192.png"), "shows": s} for s in shows])
        ann.act(case, "send_to_verify")
        return case, people

    def test_a_second_account_of_the_same_person_does_not_verify_their_work(self):
        with Served(self.data) as served:
            admin = self.first(served)
            case, [cai, other] = self.reported_back(served, admin, "cai", "cai-lead")
            admin.post("/api/v1/appointments", login="cai-lead", post="verification-desk")
            for person in (cai, other):
                self.assertNotIn("pass", person.may(case))
                refused = self.refuse_to(person, case, "pass")
                self.assertEqual(refused.status, 403, refused.problem)
                self.assertNotEqual(refused.problem["code"], "case.not_yours", "they have the post; it is their own work that they may not judge")
            self.assertIn("pass", hire(admin, served.url, "vera", "verification-desk").may(case))

    def test_a_deputy_stands_in_until_the_absence_ends(self):
        with Served(self.data) as served:
            admin = self.first(served)
            ben = hire(admin, served.url, "ben", "dispatch-desk")
            dan = hire(admin, served.url, "dan")
            roles = lambda who: [g["role"] for g in who.get("/api/v1/session")["grants"]]
            self.assertIn("dan", ben.get("/api/v1/absences")["deputies"])
            away = ben.post("/api/v1/absences", deputy="dan", until="2027-06-01T00:00:00Z")["id"]
            self.assertEqual((roles(ben), roles(dan)), ([], ["dispatcher"]))
            self.refused("absence.other", lambda: dan.ask("DELETE", f"/api/v1/absences/{away}"))
            self.assertEqual([a["id"] for a in ben.get("/api/v1/absences")["absences"]], [away])
            ben.ask("DELETE", f"/api/v1/absences/{away}")
            self.assertEqual((roles(ben), roles(dan)), (["dispatcher"], []))
            self.assertEqual(ben.get("/api/v1/absences")["absences"], [])
            self.refused("account.no_administrator_present", lambda: admin.post("/api/v1/absences", until="2027-06-01T00:00:00Z"))

    def test_nobody_who_is_not_signed_in_does_anything(self):
        with Served(self.data) as served:
            stranger = Person(served.url)
            for method, path in (("GET", "/api/v1/inbox"), ("GET", "/api/v1/accounts"), ("POST", "/api/v1/accounts"),
                                 ("POST", "/api/v1/appointments"), ("POST", "/api/v1/cases/LC-2611-1/commands"),
                                 ("POST", "/api/v1/signals/LC-2611-1/commands"), ("GET", "/api/v1/access?verb=dispatch")):
                with self.assertRaises(Refused) as refused:
                    stranger.ask(method, path, {} if method == "POST" else None)
                self.assertEqual((refused.exception.status, refused.exception.problem["code"]), (401, "session.none"), path)
            self.assertIsNone(stranger.get("/api/v1/session")["login"])

    def test_a_forged_request_without_the_token_of_the_session_is_refused(self):
        with Served(self.data) as served:
            admin = self.first(served)
            admin.csrf = "forged"
            self.refused("session.csrf", lambda: admin.post("/api/v1/accounts", login="eve"))
            admin.csrf = ""
            self.refused("session.csrf", lambda: admin.post("/api/v1/accounts", login="eve"))
            admin.get("/api/v1/accounts")

    def test_only_administrators_make_accounts(self):
        with Served(self.data) as served:
            admin = self.first(served)
            ben = hire(admin, served.url, "ben", "dispatch-desk")
            self.refused("role.missing", lambda: ben.post("/api/v1/accounts", login="eve"))
            self.refused("role.missing", lambda: ben.post("/api/v1/appointments", login="ben", post="administration"))
            self.refused("role.missing", lambda: ben.get("/api/v1/accounts"))
            self.refused("absence.other", lambda: ben.post("/api/v1/absences", login="admin", until="2099-01-01T00:00:00Z"))

    def test_a_field_that_is_wrong_is_named(self):
        with Served(self.data) as served:
            admin = self.first(served)
            for body, field in (({}, "login"), ({"login": 7}, "login"), ({"login": "Ä"}, "login"), ({"login": "ann", "pasword": "x"}, "pasword"),
                                ({"login": "ann", "same_person_as": "nobody"}, "same_person_as")):
                with self.assertRaises(Refused) as refused:
                    admin.post("/api/v1/accounts", **body)
                self.assertEqual(refused.exception.problem["field"], field, refused.exception.problem)
            self.assertEqual(self.refused("appointment.post", lambda: admin.post("/api/v1/appointments", login="admin", post="king")).status, 400)

    def test_sessions_live_through_a_restart_and_end_with_signing_out(self):
        with Served(self.data) as served:
            admin = self.first(served)
        with Served(self.data) as served:
            self.assertNotIn("password", pathlib.Path(served.log.name).read_text().split("listening")[-1])
            admin.url = served.url
            admin.get("/api/v1/accounts")
            admin.ask("DELETE", "/api/v1/session")
            self.refused("session.none", lambda: admin.get("/api/v1/accounts"))

    def test_a_lost_administrator_comes_back_by_the_command_line(self):
        with Served(self.data) as served:
            self.first(served)
            password = run("user", "password", "--data", self.data, "admin").stdout.split()[-1]
            again = Person(served.url)
            self.refused("sign_in.wrong", lambda: again.sign_in("admin"))
            self.assertTrue(again.sign_in("admin", password)["must_change"])
            made = run("user", "add", "--data", self.data, "dora", "--post", "administration").stdout.split()[-1]
        with Served(self.data) as served:
            dora = Person(served.url)
            dora.sign_in("dora", made)
            dora.choose_password(made, PASSWORD)
            self.assertIn("dora", [a["login"] for a in dora.get("/api/v1/accounts")["accounts"]])


if __name__ == "__main__":
    unittest.main()
