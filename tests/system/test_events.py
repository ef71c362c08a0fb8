"""Live events over a real connection: what comes, what does not, and going on after a break."""

import http.client
import json
import unittest
import urllib.parse

from city import City
from harness import Case


class Ear:
    """Reads events of one connection as a browser does."""

    def __init__(self, url, query="", after=None):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
        self.connection.request("GET", "/api/v1/events" + query, headers={"Last-Event-ID": str(after)} if after else {})
        self.answer = self.connection.getresponse()
        self.last = after

    def next(self):
        """The next event with data."""
        data = None
        while True:
            text = self.answer.readline().decode().rstrip("\n")
            if text.startswith("id: "):
                self.last = int(text[4:])
            elif text.startswith("data: "):
                data = json.loads(text[6:])
            elif not text and data is not None:
                return data

    def until(self, kind):
        seen = [self.next()]
        while seen[-1].get("kind") != kind:
            seen.append(self.next())
        return seen

    def close(self):
        self.connection.close()


class Events(Case):
    def begin(self):
        city = self.city(self.data)
        self.addCleanup(lambda: city.served.stop())
        return city

    def city(self, data):
        return City(data)

    def test_what_happens_comes_at_once_and_without_words(self):
        city = self.begin()
        ear = Ear(city.served.url)
        self.assertEqual(ear.answer.headers["Content-Type"], "text/event-stream; charset=utf-8")
        no = city.report("桥下全是水")
        event = ear.next()
        self.assertEqual((event["kind"], event["signal"]), ("signal.received", no))
        self.assertNotIn("桥下", json.dumps(event, ensure_ascii=False))

    def test_who_comes_back_hears_what_was_missed_once_and_in_order(self):
        city = self.begin()
        ear = Ear(city.served.url)
        first = city.report("一")
        self.assertEqual(ear.next()["signal"], first)
        last = ear.last
        ear.close()
        missed = [city.report(f"二 {i}") for i in range(3)]
        city.killed_and_begun_again()
        after = city.report("三")
        again = Ear(city.served.url, after=last)
        self.assertEqual([again.next()["signal"] for _ in range(4)], [*missed, after])

    def test_one_case_can_be_listened_to(self):
        city = self.begin()
        case = city.register(city.report())
        ear = Ear(city.served.url, f"?case={case}&kind=case.")
        other = city.report("别的事")
        city.at("dispatch-desk").act(case, "dispatch")
        seen = ear.until("case.dispatched")
        self.assertEqual({event["case"] for event in seen}, {case})
        self.assertNotIn(other, [event.get("signal") for event in seen])


if __name__ == "__main__":
    unittest.main()
