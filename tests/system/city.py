"""A city with its staff: reports come in and go from hand to hand."""

import pathlib
import re

from harness import ROOT, Served, run
from people import Person, hire

HERE = {"lat": "34.8601", "lon": "117.5502"}
PICTURE = ROOT / "ui/public/icon-192.png"


def installation(**more):
    """The demo city's installation file with more in it: text behind a key, or instead of a line that begins so."""
    text = (ROOT / "packs/installations/liucheng.yaml").read_text()
    for key, held in more.items():
        text, found = re.subn(rf"^{key}:.*$", f"{key}: {held}", text, flags=re.M)
        text += "" if found else f"{key}: {held}\n"
    return text


class City:
    """A serving process, its administrator, and whoever is hired."""

    def __init__(self, data, *words):
        self.data, self.words, self.hired = pathlib.Path(data), words, {}
        self.served = Served(self.data, *words)
        password = re.search(r"admin\s+(\S{19})", pathlib.Path(self.served.log.name).read_text()).group(1)
        self.admin = Person(self.served.url)
        self.admin.sign_in("admin", password)
        self.admin.choose_password(password)

    def killed_and_begun_again(self):
        self.served.kill()
        self.begin_again()

    def begin_again(self):
        self.served = Served(self.data, *self.words)
        for person in (self.admin, *self.hired.values()):
            person.url = self.served.url

    def at(self, post):
        """Somebody at this desk."""
        if post not in self.hired:
            self.hired[post] = hire(self.admin, self.served.url, f"p{len(self.hired)}", post)
        return self.hired[post]

    def item(self):
        """One that anybody may report, without questions."""
        return next(i["code"] for i in self.served.json("/api/v1/items")["items"] if i["public"] and not any(a["required"] for a in i["asks"]))

    def report(self, words="桥下全是水"):
        return self.served.post("/api/v1/signals", item=self.item(), words=words, **HERE)["no"]

    def signal_step(self, post, no, verb, **more):
        version = self.at(post).get(f"/api/v1/work/signals/{no}")["version"]
        return self.at(post).post(f"/api/v1/signals/{no}/commands", verb=verb, version=version, **more)

    def photos(self, person, kinds):
        return [{"name": person.upload(PICTURE), "shows": kind} for kind in kinds]

    def register(self, no, **release):
        """Checks a report on site, releases it, and registers it. Gives the number of the case."""
        self.signal_step("acceptance-desk", no, "ask_check")
        collector = self.at("collectors")
        self.signal_step("collectors", no, "check", found="found", photos=self.photos(collector, ["near"]))
        self.signal_step("acceptance-desk", no, "release", **release)
        seen = self.at("acceptance-desk").get(f"/api/v1/work/signals/{no}")
        self.signal_step("acceptance-desk", no, "register", condition=seen["conditions"][0]["code"])
        cases = self.served.json("/api/v1/cases?limit=200")["cases"]
        return max(cases, key=lambda case: case["opened_at"] + case["no"])["no"]

    def stage(self, case):
        return self.served.json(f"/api/v1/cases/{case}")["stage"]

    def department(self, case):
        return self.served.json(f"/api/v1/cases/{case}")["department"]["code"]

    def with_evidence(self, post, case, verb, **more):
        """A step with all the photos that it asks for."""
        person = self.at(post)
        asks = next(s for s in person.get(f"/api/v1/cases/{case}/steps")["steps"] if s["verb"] == verb)["asks"]
        kinds = next((ask["choices"] for ask in asks if ask["field"] == "photos"), [])
        return person.act(case, verb, photos=self.photos(person, kinds), **more)

    def handle(self, case):
        """Dispatches a case to whoever has the duty, and has the work reported done."""
        self.at("dispatch-desk").act(case, "dispatch")
        desk = f"{self.department(case)}-desk"
        self.at(desk).act(case, "take")
        self.with_evidence(desk, case, "report_back")

    def verify_and_close(self, case):
        self.at("dispatch-desk").act(case, "send_to_verify")
        self.with_evidence("verification-desk", case, "pass")
        self.at("acceptance-desk").act(case, "close", closing_condition_met=True)

    def key_for(self, holder):
        """An API key, as whoever runs this installation gives it out."""
        said = run("key", "issue", holder, "--scope", "open311.write", "--data", self.data).stdout
        return re.search(r"zk_\S+", said).group(0)
