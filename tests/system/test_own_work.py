"""One's own figures: the person sees them, their direct lead with a trace, and nobody else."""

import datetime
import unittest

from city import City
from harness import Case
from people import Refused, hire


class OwnWork(Case):
    def setUp(self):
        super().setUp()
        self.city = City(self.data)
        self.addCleanup(lambda: self.city.served.stop())
        case = self.city.register(self.city.report())
        self.city.handle(case)
        self.department = self.city.department(case)
        self.worker = self.city.at(f"{self.department}-desk")
        self.login = self.worker.get("/api/v1/session")["login"]

    def hire(self, login, *posts, **more):
        return hire(self.city.admin, self.city.served.url, login, *posts, **more)

    def refused(self, who):
        with self.assertRaises(Refused) as refused:
            self.look(who)
        self.assertEqual((refused.exception.status, refused.exception.problem["code"]), (403, "own_work.not_lead"))

    def look(self, who, **more):
        return who.post(f"/api/v1/led-people/{self.login}/own-work", **more)

    def test_a_person_sees_their_work_and_who_looked_at_it(self):
        own = self.worker.get("/api/v1/own-work")
        self.assertEqual((own["handled"], own["on_time"], own["reworked"], own["returned"], own["looks"]), (1, 1, 0, 0, []))
        before = self.worker.get("/api/v1/own-work?month=2020-01")
        self.assertEqual((before["month"], before["handled"]), ("2020-01", 0))
        lead = self.hire("hua", f"{self.department}-lead")
        self.assertEqual(lead.get("/api/v1/led-people")["people"], [self.login])
        seen = self.look(lead)
        self.assertEqual((seen["person"], seen["handled"], seen["on_time"]), (self.login, 1, 1))
        looks = self.worker.get("/api/v1/own-work")["looks"]
        self.assertEqual([(one["by"], one["month"]) for one in looks], [("hua", own["month"])])
        self.assertEqual(lead.get("/api/v1/own-work")["looks"], [], "what one looked at is the other's to read")

    def test_nobody_else_sees_it(self):
        """Whatever their post; and what is refused leaves no trace that could frighten anybody."""
        posts = self.city.admin.get("/api/v1/accounts")["posts"]
        others = {post["role"]: post["code"] for post in posts if (post["role"], post["department"]) not in (("handler_lead", self.department), ("administrator", ""))}
        for n, (role, post) in enumerate(sorted(others.items())):
            with self.subTest(role=role):
                who = self.hire(f"o{n}", post)
                self.assertNotIn(self.login, who.get("/api/v1/led-people")["people"])
                self.refused(who)
        self.refused(self.city.admin)
        self.refused(self.worker)
        self.assertEqual(self.worker.get("/api/v1/own-work")["looks"], [])

    def test_a_deputy_of_the_lead_does_not_see_it(self):
        lead, deputy = self.hire("hua", f"{self.department}-lead"), self.hire("dan")
        tomorrow = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        lead.post("/api/v1/absences", deputy="dan", until=tomorrow.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.assertIn("handler_lead", [grant["role"] for grant in deputy.get("/api/v1/session")["grants"]])
        self.refused(deputy)
        self.refused(lead)

    def test_a_month_that_is_none_is_named(self):
        for month in ("2026", "2026-13", "2026-W01", "yesterd"):
            with self.assertRaises(Refused) as refused:
                self.worker.get(f"/api/v1/own-work?month={month}")
            self.assertEqual((refused.exception.status, refused.exception.problem["field"]), (400, "month"))


if __name__ == "__main__":
    unittest.main()
