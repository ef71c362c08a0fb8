"""Two cities hand a case to each other over Open311, whatever is killed or does not answer in between."""

import contextlib
import datetime
import http.server
import json
import sqlite3
import threading
import unittest
import urllib.parse

from city import City, installation
from harness import Case, eventually, free_port
from people import Refused

OTHER = "{name: {zh: 清河市, en: Qinghe}}"


def with_peer(url, item, **more):
    """The installation of a city for which `url` does the work of one department."""
    text = installation().replace("departments:\n", f"departments:\n  other-city: {OTHER}\n", 1)
    return text + "\n".join(["exchanges:", "  qinghe:", "    name: {zh: 清河市, en: Qinghe}", f"    url: {url}", "    key_file: qinghe.key", "    department: other-city",
                             f"    services: {{\"{item}\": \"{more.get('service', item)}\"}}", "    ask_every_seconds: 1", ""])


class Exchange(Case):
    def begin(self, name, text, **files):
        data = self.folder / name
        data.mkdir()
        (data / "installation.yaml").write_text(text)
        for file, held in files.items():
            (data / file.replace("_", ".")).write_text(held)
        city = self.city(data)
        self.addCleanup(lambda: city.served.stop())
        return city

    def city(self, data):
        return City(data)

    def handovers(self, city, case):
        return city.at("dispatch-desk").get(f"/api/v1/cases/{case}/exchange")

    def remote(self, city, case):
        return eventually(lambda: self.handovers(city, case)["handovers"] and self.handovers(city, case)["handovers"][-1]["remote"], "their number of the request")

    def send(self, city, **release):
        """A case that goes to the other city."""
        case = city.register(city.report(), **release)
        city.at("dispatch-desk").act(case, "dispatch", department="other-city", reason="在清河市境内")
        return case

    def test_a_case_goes_to_another_city_and_comes_back_done(self):
        other = self.begin("other", installation(prefix="QH"))
        here = self.begin("here", with_peer(f"{other.served.url}/open311/v2", other.item()), qinghe_key=other.key_for("liucheng"))
        case = self.send(here)
        remote = self.remote(here, case)
        theirs = other.register(remote)
        self.assertEqual(here.stage(case), "dispatched")
        other.handle(theirs)
        eventually(lambda: here.stage(case) == "handling", "that they work on it")
        other.verify_and_close(theirs)
        eventually(lambda: here.stage(case) == "reported_back", "that they have done it")
        self.assertEqual(here.department(case), "other-city")
        here.verify_and_close(case)
        heard = lambda: [s for s in other.at("dispatch-desk").get(f"/api/v1/cases/{theirs}/exchange")["said"] if s["status"] == "closed"]
        self.assertEqual(eventually(heard, "that we closed it")[0]["who"], "open311:liucheng")
        story = self.handovers(here, case)
        self.assertEqual(story["handovers"][0]["state"], "ended")
        self.assertIn("in_progress", [s["status"] for s in story["said"]])

    def test_a_kill_at_either_end_loses_and_doubles_nothing(self):
        other = self.begin("other", installation(prefix="QH"))
        here = self.begin("here", with_peer(f"{other.served.url}/open311/v2", other.item()), qinghe_key=other.key_for("liucheng"))
        cases = [here.register(here.report(f"水 {i}")) for i in range(4)]
        for case in cases:
            here.at("dispatch-desk").act(case, "dispatch", department="other-city", reason="在清河市境内")
            here.killed_and_begun_again()
        remotes = [self.remote(here, case) for case in cases]
        self.assertEqual(len(set(remotes)), 4)
        self.assertEqual(len(other.served.json("/open311/v2/requests.json")), 4)

    def test_what_cannot_be_said_is_seen_and_said_later_in_its_order(self):
        port = free_port()
        here = self.begin("here", with_peer(f"http://127.0.0.1:{port}/v2", self.item_of_the_pack(), service="WATER"), qinghe_key="key")
        case = self.send(here)
        trouble = eventually(lambda: self.handovers(here, case)["handovers"] and self.handovers(here, case)["handovers"][0]["messages"][0]["trouble"], "that nobody answers")
        self.assertTrue(trouble)
        self.assertIn("exchange.troubled", [s["kind"] for s in self.handovers(here, case)["said"]])
        peers = here.admin.get("/api/v1/exchange")
        self.assertEqual((peers["peers"][0]["waiting"], peers["handovers"][0]["case"]), (1, case))
        soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=10)).isoformat(timespec="seconds")
        here.at("supervision-desk").act(case, "supervise", reason="请尽快", level=1, until=soon)
        said = []
        with Peer(port, said):
            here.admin.post(f"/api/v1/exchange/{peers['handovers'][0]['id']}/again")
            eventually(lambda: len(said) >= 2, "both to be said")
        self.assertEqual([kind for kind, _ in said[:2]], ["requests", "servicerequestupdates"])
        request, update = said[0][1], said[1][1]
        self.assertEqual((request["service_code"], request["api_key"]), ("WATER", "key"))
        self.assertIn(request["service_request_id_ext"], request["description"])
        self.assertEqual((update["service_request_id"], update["status"], update["description"]), ("77", "UNCHANGED", "请尽快"))

    def test_what_others_write_is_sealed_and_opened_for_a_purpose(self):
        port, said = free_port(), []
        here = self.begin("here", with_peer(f"http://127.0.0.1:{port}/v2", self.item_of_the_pack(), service="WATER"), qinghe_key="key")
        told = {"service_request_id": "77", "update_id": "u1", "status": "IN_PROGRESS", "updated_datetime": "2026-07-12T08:05:00Z", "description": "住户王某 13812345678 不在家"}
        with Peer(port, said, [told, told | {"update_id": "u2", "status": "call 13812345678", "description": "再联系"}]):
            case = self.send(here)
            lines = eventually(lambda: (lambda found: found if len(found) == 2 else None)([s for s in self.handovers(here, case)["said"] if s["kind"] == "exchange.said"]), "both updates")
        self.assertEqual(here.stage(case), "handling")
        self.assertEqual({line["status"] for line in lines}, {"in_progress", None})
        self.assertTrue(all(line["sealed"] and "words" not in line for line in lines))
        self.assertNotIn("13812345678", "".join(payload for payload, in self.ledger(here)))
        open_it = lambda post, **body: here.at(post).post(f"/api/v1/work/cases/{case}/exchange/{lines[-1]['seq']}/private", **body)["fields"]["words"]
        self.assertEqual(open_it("dispatch-desk", purpose="contact"), "住户王某 13812345678 不在家")
        self.refused(400, "private.purpose", lambda: open_it("dispatch-desk", purpose="curiosity"))
        self.refused(403, "private.not_yours", lambda: open_it("evaluation-desk", purpose="contact"))
        self.refused(404, "exchange.no_words", lambda: here.at("dispatch-desk").post(f"/api/v1/work/cases/{case}/exchange/1/private", purpose="contact"))

    def test_what_a_system_tells_of_its_request_is_sealed_too(self):
        here = self.begin("here", installation())
        no, key = here.report(), here.key_for("qinghe")
        tell = lambda: here.served.post("/open311/v2/servicerequestupdates.json", api_key=key, service_request_id=no, update_id="u1", status="OPEN",
                                        updated_datetime="2026-07-12T08:05:00Z", description="请打 13812345678")
        self.assertEqual(tell(), tell())
        case = here.register(no)
        line, = self.handovers(here, case)["said"]
        self.assertEqual((line["who"], line["status"], line["sealed"]), ("open311:qinghe", "open", True))
        self.assertNotIn("13812345678", "".join(payload for payload, in self.ledger(here)))
        words = here.at("acceptance-desk").post(f"/api/v1/work/cases/{case}/exchange/{line['seq']}/private", purpose="check")
        self.assertEqual(words["fields"], {"words": "请打 13812345678"})

    def test_a_place_that_is_kept_back_goes_out_only_when_somebody_says_so(self):
        port, said = free_port(), []
        here = self.begin("here", with_peer(f"http://127.0.0.1:{port}/v2", self.item_of_the_pack(), service="WATER"), qinghe_key="key")
        with Peer(port, said):
            case = self.send(here, withheld=["place"], reason="住户安全")
            remote = self.remote(here, case)
            request = said[0][1]
            self.assertNotEqual((request["lat"], request["long"]), ("34.8601000", "117.5502000"))
            self.assertNotIn("address_string", request)
            handover = self.handovers(here, case)["handovers"][0]
            self.assertTrue(handover["place_kept_back"])
            tell = lambda post, **body: here.at(post).post(f"/api/v1/cases/{case}/exchange/{handover['id']}/place", **body)
            self.refused(403, "role.missing", lambda: tell("acceptance-desk", reason="要到现场"))
            self.refused(400, "body.field", lambda: tell("dispatch-desk"))
            tell("dispatch-desk", reason="要到现场")
            update = eventually(lambda: next((fields for kind, fields in said if kind == "servicerequestupdates"), None), "the exact place")
            self.refused(409, "exchange.place_known", lambda: tell("dispatch-desk", reason="再说一次"))
        self.assertEqual((update["service_request_id"], update["status"]), (remote, "UNCHANGED"))
        self.assertIn("34.8601000, 117.5502000", update["description"])
        told = next(s for s in self.handovers(here, case)["said"] if s["kind"] == "exchange.place_told")
        self.assertEqual((told["who"].split(":")[0], told["reason"]), ("staff", "要到现场"))
        self.assertFalse(self.handovers(here, case)["handovers"][0]["place_kept_back"])

    def refused(self, status, code, act):
        with self.assertRaises(Refused) as refused:
            act()
        self.assertEqual((refused.exception.status, refused.exception.problem["code"]), (status, code), refused.exception.problem)

    def ledger(self, city):
        with contextlib.closing(sqlite3.connect(city.data / "zhili.db")) as db:
            return db.execute("SELECT payload FROM ledger").fetchall()

    def item_of_the_pack(self):
        city = City(self.folder / "look")
        item = city.item()
        city.served.stop()
        return item


class Peer:
    """Another vendor's server: it knows what every one must know, and answers numbers as numbers."""

    def __init__(self, port, said, updates=()):
        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, body):
                data = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self):
                self.answer(list(updates) if "servicerequestupdates" in self.path else [])

            def do_POST(self):
                fields = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                kind = self.path.split("/")[-1].removesuffix(".json")
                said.append((kind, fields))
                self.answer([{"service_request_id": 77}] if kind == "requests" else [{"update_id": fields["update_id"]}])

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


if __name__ == "__main__":
    unittest.main()
