"""Webhooks with a receiver of another process: one that dies, hangs, refuses, comes back; and a kill of ours in between."""

import base64
import collections
import hashlib
import hmac
import http.server
import json
import threading
import time
import unittest

from city import City, installation
from harness import Case, eventually
from people import Refused


class Receiver:
    """Takes messages, and answers each with what `answer(message)` says; None: it hangs until it is stopped."""

    def __init__(self, answer=lambda message: 204):
        self.messages, self.over = [], threading.Event()
        outside = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                message = {"id": self.headers["webhook-id"], "at": self.headers["webhook-timestamp"], "signature": self.headers["webhook-signature"], "body": body}
                outside.messages.append(message)
                status = answer(message)
                if status is None:
                    outside.over.wait()
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def told(self):
        """What was delivered, each message once, in the order in which it came first."""
        return list({m["id"]: json.loads(m["body"]) for m in self.messages}.values())

    def kinds(self):
        return [(one["data"].get("signal") or one["data"].get("case"), one["type"]) for one in self.told()]


class Hooks(Case):
    def begin(self, **outbound):
        self.data.mkdir()
        (self.data / "installation.yaml").write_text(installation(outbound='{inside_allowed: ["127.0.0.0/8"]}' if outbound.get("inside", True) else "{}"))
        city = self.city(self.data)
        self.addCleanup(lambda: city.served.stop())
        return city

    def city(self, data):
        return City(data)

    def receiver(self, *answer):
        out = Receiver(*answer)
        self.addCleanup(out.stop)
        return out

    def hook(self, city, url, **more):
        return city.admin.post("/api/v1/hooks", name="test", url=url, enabled=True, **more)

    def log(self, city, hook):
        return city.admin.get(f"/api/v1/hooks/{hook['id']}/deliveries")["deliveries"]

    def test_what_happens_is_told_signed_and_in_order(self):
        city, receiver = self.begin(), self.receiver()
        hook = self.hook(city, receiver.url)
        first = city.report()
        case = city.register(first)
        eventually(lambda: (case, "case.registered") in receiver.kinds() and (first, "signal.registered") in receiver.kinds(), "the whole story")
        self.assertEqual([kind for no, kind in receiver.kinds() if no == first],
                         ["signal.received", "signal.check_asked", "signal.checked", "signal.released", "signal.registered"])
        message = receiver.messages[0]
        key = base64.b64decode(hook["secret"].removeprefix("whsec_"))
        signed = f"{message['id']}.{message['at']}.".encode() + message["body"]
        self.assertEqual(message["signature"], "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode())
        self.assertLess(abs(int(message["at"]) - time.time()), 600)
        for message in receiver.messages:
            self.assertNotIn("桥下".encode(), message["body"])

    def test_filters_leave_out_what_is_not_asked_for(self):
        city, receiver = self.begin(), self.receiver()
        self.hook(city, receiver.url, kinds=["case."])
        case = city.register(city.report())
        eventually(lambda: (case, "case.registered") in receiver.kinds(), "the case")
        self.assertTrue(all(kind.startswith("case.") for _, kind in receiver.kinds()))

    def test_a_receiver_that_fails_gets_the_same_message_again_and_the_rest_in_order(self):
        failing = {"left": 2}

        def answer(_):
            failing["left"] -= 1
            return 500 if failing["left"] >= 0 else 204

        city, receiver = self.begin(), self.receiver(answer)
        hook = self.hook(city, receiver.url)
        no = city.report()
        eventually(lambda: len(receiver.messages) >= 3, "a third attempt")
        self.assertEqual(len({m["id"] for m in receiver.messages[:3]}), 1, "the same id on each attempt")
        eventually(lambda: self.log(city, hook)[-1]["state"] == "delivered", "that it is delivered")
        self.assertEqual(self.log(city, hook)[-1]["attempts"], 3)
        self.assertEqual(receiver.kinds()[0], (no, "signal.received"))

    def test_a_receiver_that_hangs_delays_only_itself(self):
        city, hanging, good = self.begin(), self.receiver(lambda _: None), self.receiver()
        slow = self.hook(city, hanging.url)
        self.hook(city, good.url)
        numbers = [city.report(f"水 {i}") for i in range(5)]
        eventually(lambda: len(good.told()) == 5, "all of them at the other")
        self.assertEqual([no for no, _ in good.kinds()], numbers)
        self.assertEqual({d["state"] for d in self.log(city, slow)}, {"waiting"})
        hanging.stop()

    def test_a_kill_in_the_middle_loses_nothing(self):
        city, receiver = self.begin(), self.receiver()
        self.hook(city, receiver.url)
        numbers = []
        for i in range(6):
            numbers.append(city.report(f"水 {i}"))
            if i % 2:
                city.killed_and_begun_again()
        eventually(lambda: len(receiver.told()) == 6, "all of them")
        self.assertEqual([no for no, _ in receiver.kinds()], numbers)
        self.assertLessEqual(max(collections.Counter(m["id"] for m in receiver.messages).values()), 4)

    def test_a_report_that_is_sent_arrives_although_its_receiver_hung_and_we_were_killed(self):
        awake = threading.Event()
        city, receiver, other = self.begin(), self.receiver(lambda _: 204 if awake.is_set() else None), self.receiver()
        hook = self.hook(city, receiver.url, kinds=["report."], department="drainage-service")
        self.hook(city, other.url, kinds=["report."], department="sanitation-service")
        with self.assertRaises(Refused) as refused:
            self.hook(city, other.url, department="nobody")
        self.assertEqual(refused.exception.problem["field"], "department")
        made = city.at("report-desk").post("/api/v1/reports", template="daily")
        path, approver = f"/api/v1/reports/{made['id']}", city.at("report-approver")
        approver.post(f"{path}/commands", verb="approve", version=1)
        approver.post(f"{path}/commands", verb="send", version=1, departments=["drainage-service"])
        eventually(lambda: receiver.messages, "that it is tried")
        sent = lambda: approver.get(path)["sent"][0]
        self.assertEqual((sent()["department"], sent()["deliveries"][0]["state"]), ("drainage-service", "waiting"))
        with self.assertRaises(Refused) as refused:
            city.at("sanitation-service-desk").get(path)
        self.assertEqual(refused.exception.status, 404)
        self.assertEqual([r["id"] for r in city.at("drainage-service-desk").get("/api/v1/reports")["reports"]], [made["id"]])
        city.killed_and_begun_again()
        awake.set()
        eventually(lambda: sent()["deliveries"][0]["state"] == "delivered", "that it has arrived")
        [message] = receiver.told()
        self.assertEqual((message["type"], message["data"]["report"], message["data"]["version"]), ("report.sent", made["id"], 1))
        self.assertEqual(message["data"]["document"], json.loads(approver.bytes(f"{path}/1.json")))
        self.assertEqual(len({m["id"] for m in receiver.messages}), 1, "the same id on each attempt")
        self.assertEqual(other.messages, [], "the other department was sent nothing")
        self.assertEqual([d["state"] for d in self.log(city, hook)], ["delivered"])

    def test_a_receiver_that_wants_no_more_is_not_told_any_more(self):
        city, receiver = self.begin(), self.receiver(lambda _: 410)
        hook = self.hook(city, receiver.url)
        city.report()
        state = lambda: next(h for h in city.admin.get("/api/v1/hooks")["hooks"] if h["id"] == hook["id"])
        eventually(lambda: state()["stopped"] == "gone", "that it is stopped")
        self.assertFalse(state()["enabled"])

    def test_the_test_button_says_what_came_of_it(self):
        city, receiver = self.begin(), self.receiver()
        hook = self.hook(city, receiver.url)
        self.assertEqual(city.admin.post(f"/api/v1/hooks/{hook['id']}/test"), {"delivered": True, "status": 204, "trouble": None})
        self.assertEqual(json.loads(receiver.messages[-1]["body"])["type"], "hook.test")

    def test_an_address_inside_is_not_called_unless_the_installation_says_so(self):
        city, receiver = self.begin(inside=False), self.receiver()
        hook = self.hook(city, receiver.url)
        came = city.admin.post(f"/api/v1/hooks/{hook['id']}/test")
        self.assertEqual((came["delivered"], came["trouble"]), (False, "client.inside"))
        self.assertEqual(receiver.messages, [])

    def test_only_administrators_see_hooks_and_bad_addresses_are_named(self):
        city = self.begin()
        for act in (lambda: city.at("dispatch-desk").get("/api/v1/hooks"), lambda: city.at("dispatch-desk").post("/api/v1/hooks", name="x", url="https://a.example", enabled=True)):
            with self.assertRaises(Refused) as refused:
                act()
            self.assertEqual(refused.exception.status, 403)
        for bad in ("ftp://a.example/", "/relative", "https://user:pass@a.example/"):
            with self.assertRaises(Refused) as refused:
                self.hook(city, bad)
            self.assertEqual(refused.exception.problem["field"], "url")


if __name__ == "__main__":
    unittest.main()
