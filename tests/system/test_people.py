"""People with different duties sign in and work together."""

import pathlib
import re
import unittest

from harness import ROOT, Case, Served, run
from people import PASSWORD, Person, Refused, hire

HERE = {"lat": "34.8601", "lon": "117.5502"}


class People(Case):
    def first(self, served):
        """The administrator of the first start."""
        said = pathlib.Path(served.log.name).read_text()
        password = re.search(r"admin\s+(\S{19})", said).group(1)
        admin = Person(served.url)
        self.assertTrue(admin.sign_in("admin", password)["must_change"])
        with self.assertRaises(Refused) as refused:
            admin.get("/api/v1/accounts")
        self.assertEqual(refused.exception.problem["code"], "password.must_change")
        admin.choose_password(password)
        return admin

    def refused(self, code, act):
        with self.assertRaises(Refused) as refused:
            act()
        self.assertEqual(refused.exception.problem["code"], code, refused.exception.problem)
        return refused.exception

    def waiting(self, person):
        return [case for group in person.get("/api/v1/inbox")["groups"] if group["kind"] == "cases" for case in group["cases"]]

    def refuse_to(self, person, no, verb):
        with self.assertRaises(Refused) as refused:
            person.act(no, verb)
        return refused.exception

    def report(self, served):
        item = next(i["code"] for i in served.json("/api/v1/items")["items"] if i["public"] and not any(a["required"] for a in i["asks"]))
        return served.post("/api/v1/signals", item=item, words="桥下全是水", **HERE)["no"]

    def test_a_report_goes_from_hand_to_hand_to_its_end(self):
        with Served(self.data) as served:
            admin = self.first(served)
            acceptor = hire(admin, served.url, "ann", "acceptance-desk")
            dispatcher = hire(admin, served.url, "ben", "dispatch-desk")
            no = self.report(served)
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
