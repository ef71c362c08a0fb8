"""Whatever makes something is made once, however often it is sent: each POST of the description that answers 201."""

import datetime
import unittest

from city import City
from description import Description
from harness import Case
from people import Refused

# What is once by its own nature, so that a key would protect nothing more.
ONCE_BY_ITSELF = {
    "sendReport": "`token` names the receipt",
    "uploadPhoto": "named by its content",
    "makePasskey": "a challenge is good once",
    "registerCall": "a call becomes one report: the second is refused",
    "registerDevice": "a serial number is there once",
    "makeClaimCodes": "a serial number has one code: the next replaces it, and nothing else comes of it",
    "claimDevice": "a code is good once",
}
# Where the thing that it is about takes more than a test of keys to bring about; it is made once per thing as well.
NOT_TRIED = {"makeLink": "needs a provider; one link for one person there", "askExclusion": "one for each call-back"}


class Once(Case):
    def setUp(self):
        super().setUp()
        self.city = City(self.data)
        self.addCleanup(lambda: self.city.served.stop())
        self.description = Description.of(self.city.served.url)

    def made(self):
        """By operation: who makes it, where, and of what; `n` makes it another one."""
        city = self.city
        case = city.register(city.report())
        city.at("dispatch-desk").act(case, "dispatch")
        desk = city.at(f"{city.department(case)}-desk")
        desk.act(case, "take")
        lamp = city.admin.post("/api/v1/devices", type="lamp-controller", serial="L-1", lat=34.8601, lon=117.5502)["id"]
        return {
            "setAbsence": (desk, "/api/v1/absences", lambda n: {"until": f"2099-01-0{n}T00:00:00Z", "from": "2098-12-31T00:00:00Z"}),
            "makeWebhook": (city.admin, "/api/v1/hooks", lambda n: {"name": f"hook {n}", "url": "https://example.org/hook", "enabled": False}),
            "issueKey": (city.admin, "/api/v1/keys", lambda n: {"holder": f"holder {n}", "scopes": ["open311.write"]}),
            "keepContact": (desk, f"/api/v1/cases/{case}/contacts", lambda n: {"reached": n > 1}),
            "openCall": (city.at("call-desk"), "/api/v1/phone/calls", lambda n: {"number": f"1380013800{n}"}),
            "draftReport": (city.at("report-desk"), "/api/v1/reports", lambda n: {"template": "monthly" if n == 1 else "weekly"}),
            "issueDeviceCredential": (city.admin, f"/api/v1/devices/{lamp}/credentials", lambda n: {"kind": "token" if n == 1 else "mqtt"}),
            "askDevice": (city.admin, f"/api/v1/devices/{lamp}/commands", lambda n: {"command": "switch", "parameters": {"lit": n == 1}}),
            "setMaintenance": (city.admin, "/api/v1/maintenance", lambda n: {"type": "lamp-controller", "ends": f"{(datetime.date.today() + datetime.timedelta(days=n)).isoformat()}T23:59:59Z", "reason": "a trial"}),
            "saveView": (desk, "/api/v1/views", lambda n: {"name": f"view {n}"}),
        }

    def test_each_route_that_makes_something_takes_a_key(self):
        makes = {one.id: one for one in self.description.operations if one.method == "POST" and 201 in one.good()}
        self.assertTrue(makes)
        takes = {id for id, one in makes.items() if "Idempotency-Key" in [p["name"] for p in one.parameters("header")]}
        self.assertEqual(set(makes) - takes, set(ONCE_BY_ITSELF), "each takes a key, or says here why it needs none")

    def test_the_same_key_twice_makes_one(self):
        made = self.made()
        takes = {one.id for one in self.description.operations if one.method == "POST" and 201 in one.good()} - set(ONCE_BY_ITSELF)
        self.assertEqual(takes, set(made) | set(NOT_TRIED))
        for name, (person, path, body) in made.items():
            with self.subTest(name):
                self.make_twice(name, person, path, body)

    def make_twice(self, name, person, path, body):
        send = lambda key, n=1: person.ask("POST", path, body(n), **{"Idempotency-Key": f"{name}-{key}"})
        first = send("one")
        self.assertIsNone(person.headers["Idempotency-Replayed"])
        again = send("one")
        self.assertEqual(person.headers["Idempotency-Replayed"], "true")
        self.assertEqual(again, {name: None if name == "secret" else held for name, held in first.items()}, "a secret is shown once")
        self.assertNotEqual(send("two", 2)["id"], first["id"])
        with self.assertRaises(Refused) as refused:
            send("one", 2)
        self.assertEqual(refused.exception.problem["code"], "once.other")

    def test_a_kill_between_both_makes_no_difference(self):
        person, path, body = self.made()["issueKey"]
        first = person.ask("POST", path, body(1), **{"Idempotency-Key": "before-a-kill"})
        self.city.killed_and_begun_again()
        again = person.ask("POST", path, body(1), **{"Idempotency-Key": "before-a-kill"})
        self.assertEqual((again["id"], again["secret"]), (first["id"], None))
        self.assertEqual(len(person.get("/api/v1/keys")["keys"]), 1)


if __name__ == "__main__":
    unittest.main()
