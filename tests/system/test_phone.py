"""A call from ring to rate, and work orders of another hotline, with the program as it is served."""

import csv
import io
import json
import unittest
import urllib.error
import urllib.request

from harness import ROOT, Served, run
from people import Office, hire

SPOT = {"lat": 34.8601, "lon": 117.5502}
NUMBER = "138 0013 8000"
SAID = "桥下的水淹到膝盖了"
ORDERS = """工单编号,诉求类别,来电人,联系电话,是否保密,事发地址,纬度,经度,诉求内容
H-1,道路积水,刘女士,13900139000,否,解放路 3 号,34.8601,117.5502,"桥下积水，过不去"
H-2,外星人,王先生,13900139001,否,解放路 5 号,,,看见了
H-3,垃圾暴露,李先生,13900139002,是,解放路 9 号,,,"楼下垃圾没人收"
"""


class Phone(Office):
    def become_a_case(self, admin, served, no):
        """Looked at, registered, sent out; gives the case and the department."""
        acceptor = hire(admin, served.url, "ann", "acceptance-desk")
        looker = hire(admin, served.url, "col", "collectors")
        dispatcher = hire(admin, served.url, "ben", "dispatch-desk")
        command = lambda who, verb, **more: who.post(f"/api/v1/signals/{no}/commands", verb=verb, version=who.get(f"/api/v1/work/signals/{no}")["version"], **more)
        command(acceptor, "ask_check")
        command(looker, "check", found="found", photos=[{"name": looker.upload(ROOT / "ui/public/icon-192.png"), "shows": "near"}])
        command(acceptor, "register", condition=acceptor.get(f"/api/v1/work/signals/{no}")["conditions"][0]["code"])
        case = acceptor.get(f"/api/v1/work/signals/{no}")["case_no"]
        dispatcher.act(case, "dispatch")
        return acceptor, case, served.json(f"/api/v1/cases/{case}")["department"]["code"]

    def look_near(self, dora, item, no, case):
        near = dora.post("/api/v1/phone/near", item=item, words=SAID, **SPOT)
        [same] = near["same"]
        self.assertEqual((same["case"]["no"], same["no"], same["reports"], near["cases"]), (case, no, 1, []), "what may be the same stands once")
        self.assertIn("在同一处", same["reason"]["zh"])
        self.assertEqual([(it["no"], it["away_m"]) for it in dora.post("/api/v1/phone/near", **SPOT)["cases"]], [(case, 0)], "without an item nothing is compared")

    def note_contacts(self, worker, acceptor, case):
        contacts = f"/api/v1/cases/{case}/contacts"
        before = worker.get(contacts)
        self.assertEqual((before["contacts"], before["may"], before["reached_at"]), ([], True, None))
        self.assertIsNotNone(before["due_at"], "until when they are to be reached")
        worker.post(contacts, reached=False)
        worker.post(contacts, reached=True)
        self.assertEqual([it["reached"] for it in acceptor.get(contacts)["contacts"]], [False, True])
        self.assertFalse(acceptor.get(contacts)["may"], "whoever does not do the work only reads it")

    def test_a_call_from_ring_to_rate(self):
        with Served(self.data) as served:
            admin = self.first(served)
            dora = hire(admin, served.url, "dora", "call-desk")
            call = dora.post("/api/v1/phone/calls", number=NUMBER)
            self.assertEqual((call["number"], call["earlier"]), ("138****8000", []))
            dora.post(f"/api/v1/phone/calls/{call['id']}/draft", draft={"words": SAID})
            served.kill()
        for file in self.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(SAID.encode(), file.read_bytes(), f"{file} has the caller's words in the clear")
        with Served(self.data) as served:
            for person in (admin, dora):
                person.url = served.url
            self.assertEqual([c["id"] for c in dora.get("/api/v1/phone/calls")["calls"]], [call["id"]])
            resumed = dora.post(f"/api/v1/phone/calls/{call['id']}/resume")
            self.assertEqual((resumed["draft"], resumed["number"]), ({"words": SAID}, "138****8000"))
            item = served.json("/api/v1/items?q=" + "%E9%81%93%E8%B7%AF%E7%A7%AF%E6%B0%B4")["items"][0]["code"]
            self.refused("report.place", lambda: dora.post(f"/api/v1/phone/calls/{call['id']}/report", item=item, words=SAID))
            made = dora.post(f"/api/v1/phone/calls/{call['id']}/report", item=item, words=SAID, secret=True, **SPOT)
            self.refused("call.ended", lambda: dora.post(f"/api/v1/phone/calls/{call['id']}/report", item=item, words=SAID, **SPOT))

            again = dora.post("/api/v1/phone/calls", number="+86" + NUMBER)
            self.assertEqual([it["no"] for it in again["earlier"]], [made["no"]], "who calls again is known by the number")
            dora.post(f"/api/v1/phone/calls/{again['id']}/answer", item=item)
            self.refused("role.missing", lambda: admin.post("/api/v1/phone/calls", number=NUMBER))

            acceptor, case, department = self.become_a_case(admin, served, made["no"])
            self.look_near(dora, item, made["no"], case)
            worker = hire(admin, served.url, "cai", f"{department}-desk")
            lead = hire(admin, served.url, "lea", f"{department}-lead")
            self.refused("private.secret", lambda: worker.post(f"/api/v1/work/signals/{made['no']}/private", purpose="contact"))
            self.refused("private.purpose", lambda: acceptor.post(f"/api/v1/work/signals/{made['no']}/private", purpose="curious"))
            opened = acceptor.post(f"/api/v1/work/signals/{made['no']}/private", purpose="check")["fields"]
            self.assertEqual(opened, {"phone": NUMBER})
            readings = served.json(f"/api/v1/signals/{made['token']}/readings")["readings"]
            self.assertEqual([it["opened"] for it in readings], [False, True], "the look-up by number, and the opening")
            self.assertEqual((readings[1]["post"]["name"]["en"], readings[1]["purpose"]["en"]), ("Acceptance desk", "Check what was said"))
            self.assertNotIn("ann", json.dumps(readings), "the post is told, not the person")

            self.note_contacts(worker, acceptor, case)
            hire(admin, served.url, "dan", "dispatch-lead").act(case, "force_close", reason="水已退")
            cora = hire(admin, served.url, "cora", "call-back-desk")
            [due] = cora.get("/api/v1/phone/call-backs")["call_backs"]
            self.assertEqual((due["case_no"], due["signal_no"]), (case, made["no"]))
            waits = lambda who: [line for group in who.get("/api/v1/inbox")["groups"] for line in group.get("call_backs", [])]
            self.assertEqual(waits(cora), [due], "it waits in the inbox too")
            self.assertEqual(waits(acceptor), [])
            self.refused("contact.closed", lambda: worker.post(f"/api/v1/cases/{case}/contacts", reached=True))
            result = f"/api/v1/phone/call-backs/{due['id']}/result"
            self.refused("call_back.solved", lambda: cora.post(result, reached=True))
            cora.post(result, reached=True, contacted="yes", solved="no", satisfied=1, words="还在漏", reopen=True)
            self.assertEqual(served.json(f"/api/v1/cases/{case}")["stage"], "registered", "the case is open again")
            self.assertEqual(cora.get("/api/v1/phone/call-backs")["call_backs"], [])

            rates = served.json("/api/v1/phone/rates")["all"]
            self.assertEqual(rates["solution-rate"], {"numerator": None, "denominator": 1, "excluded": 0}, "so few answers are not told apart")
            answers = "/api/v1/phone/rates/answers?rate=solution-rate"
            self.assertEqual([it["case_no"] for it in lead.get(answers)["answers"]], [case])
            self.assertEqual(worker.get(answers)["answers"], [])
            ask = f"/api/v1/phone/call-backs/{due['id']}/exclusion"
            lead.post(ask, rates=["solution-rate"], reason="not-ours", evidence="河道属省管")
            eva = hire(admin, served.url, "eva", "evaluation-desk")
            [wish] = eva.get("/api/v1/phone/exclusions/waiting")["exclusions"]
            eva.post(f"/api/v1/phone/exclusions/{wish['id']}/decision", granted=True, decision="查过，属实")
            self.assertEqual(served.json("/api/v1/phone/rates")["all"]["solution-rate"], {"numerator": None, "denominator": 0, "excluded": 1})
            published = served.json("/api/v1/phone/exclusions")
            self.assertEqual(published["counts"], {"granted": 1})
            for hidden in (case, made["no"], "河道属省管", "lea", "eva"):
                self.assertNotIn(hidden, json.dumps(published, ensure_ascii=False))

    def hotline(self, served, key, path, file=None):
        mark = "----zhili"
        body = file and f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="orders.csv"\r\n\r\n'.encode() + file + f"\r\n--{mark}--\r\n".encode()
        request = urllib.request.Request(f"{served.url}/api/v1/hotlines/liucheng-12345/{path}", data=body,
                                         headers={"Authorization": f"Bearer {key}", "Content-Type": f"multipart/form-data; boundary={mark}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode("utf-8-sig"), answer.headers

    def replies(self, served, key, after):
        text, headers = self.hotline(served, key, f"replies?after={after}")
        return [(row["工单编号"], row["处理状态"]) for row in csv.DictReader(io.StringIO(text))], headers["X-Next"]

    def test_work_orders_of_a_hotline_are_taken_once_and_answered(self):
        file = self.folder / "orders.csv"
        file.write_text(ORDERS)
        with Served(self.data) as served:
            key = run("key", "issue", "liucheng-12345", "--scope", "hotline.write", "--data", self.data).stdout.strip()
            other = run("key", "issue", "somebody-else", "--scope", "hotline.write", "--data", self.data).stdout.strip()
            with self.assertRaises(urllib.error.HTTPError) as refused:
                self.hotline(served, other, "orders", ORDERS.encode())
            self.assertEqual(refused.exception.code, 403)
            said = json.loads(self.hotline(served, key, "orders", ORDERS.encode())[0])
            self.assertEqual((said["taken"], said["known"], said["rejected"]), (2, 0, 1))
            self.assertEqual((said["rejects"][0]["line"], said["rejects"][0]["field"]), (3, "诉求类别"))
            once_more = run("hotline", "import", file, "--profile", "liucheng-12345", "--data", self.data, check=False)
            self.assertEqual((once_more.returncode, once_more.stdout), (3, "taken 0, known 2, rejected 1.\n"))
            self.assertIn("3\t诉求类别\t", once_more.stderr)
            first, after = self.replies(served, key, 0)
            self.assertEqual(first, [("H-1", "已接收"), ("H-3", "已接收")])
            with self.assertRaises(urllib.error.HTTPError) as refused:
                self.hotline(served, key, "orders", ORDERS.replace("H-", "G-").encode("gbk"))
            self.assertEqual(json.loads(refused.exception.read())["code"], "order.encoding", "GBK is said to be GBK, and nothing is taken")
            admin = self.first(served)
            acceptor = hire(admin, served.url, "ann", "acceptance-desk")
            [group] = [g for g in acceptor.get("/api/v1/inbox")["groups"] if g["kind"] == "signals" and g["signals"]]
            third = next(s["no"] for s in group["signals"] if s["words"] == "楼下垃圾没人收")
            acceptor.post(f"/api/v1/signals/{third}/commands", verb="reject", version=1, reason="物业负责，已转告")
            second, after = self.replies(served, key, after)
            self.assertEqual(second, [("H-3", "不予受理")])
            self.assertEqual(self.replies(served, key, after)[0], [], "nothing is told twice")
            step = lambda who, verb, **more: who.post(f"/api/v1/signals/{third}/commands", verb=verb, version=acceptor.get(f"/api/v1/work/signals/{third}")["version"], **more)
            step(hire(admin, served.url, "han", "sanitation-service-desk"), "appeal_rejection", reason="归我们管")
            step(hire(admin, served.url, "eva", "evaluation-desk"), "decide_rejection", upheld=True, reason="应受理")
            self.assertEqual(self.replies(served, key, after)[0], [("H-3", "已接收")], "an order that waits again is not left as rejected")
            printed = run("hotline", "replies", "--profile", "liucheng-12345", "--data", self.data).stdout
            self.assertIn("物业负责，已转告", printed)


if __name__ == "__main__":
    unittest.main()
