"""What the program tells others, once more on PostgreSQL: live events, webhooks, and cities that work with ours. The scenes are those of
test_events, test_hooks and test_exchange; here stands what is different with a database of one's own process."""

import unittest

import test_events
import test_exchange
import test_hooks
from city import City
from cluster import Cluster
from harness import Served, eventually


class OnPostgresql:
    """Each city of a test has a database of its own."""

    def city(self, data):
        return City(data, "--database", Cluster.get().new_database())

    def ledger(self, city):
        return [(line,) for line in Cluster.get().column(city.words[1], "SELECT payload FROM ledger")]


class Events(OnPostgresql, test_events.Events):
    def test_a_database_that_breaks_off_delays_and_loses_nothing(self):
        city = self.begin()
        ear = test_events.Ear(city.served.url)
        first = city.report("一")
        self.assertEqual(ear.next()["signal"], first)
        Cluster.get().crash()
        Cluster.get().start()
        second = eventually(lambda: self.reported(city), "that reports are taken again")
        self.assertEqual(ear.next()["signal"], second)

    def reported(self, city):
        try:
            return city.report("二")
        except OSError:
            return None

    def test_two_processes_tell_the_same(self):
        city = self.begin()
        other = Served(self.data, *city.words)
        self.addCleanup(other.stop)
        ear = test_events.Ear(other.url)
        numbers = [city.report(f"水 {i}") for i in range(3)]
        self.assertEqual([ear.next()["signal"] for _ in numbers], numbers)


class Hooks(OnPostgresql, test_hooks.Hooks):
    def test_of_two_processes_one_tells_and_the_other_goes_on_when_it_is_killed(self):
        city, receiver = self.begin(), self.receiver()
        self.hook(city, receiver.url)
        other = Served(self.data, *city.words)
        self.addCleanup(other.stop)
        numbers = [city.report(f"水 {i}") for i in range(3)]
        eventually(lambda: len(receiver.told()) == 3, "the first three")
        self.assertEqual([no for no, _ in receiver.kinds()], numbers)
        self.assertEqual(len(receiver.messages), 3, "only one of them tells")
        city.served.kill()
        city.served = other
        numbers.append(city.report("水 3"))
        eventually(lambda: len(receiver.told()) == 4, "the fourth, from the other process")
        self.assertEqual([no for no, _ in receiver.kinds()], numbers)


class Exchange(OnPostgresql, test_exchange.Exchange):
    pass


if __name__ == "__main__":
    unittest.main()
