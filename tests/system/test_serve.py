"""A serving process on good days and bad ones."""

import json
import pathlib
import subprocess
import threading
import unittest
import urllib.error

from harness import PROGRAM, Case, Served, run

HERE = {"lat": "34.8601", "lon": "117.5502"}


def an_item(served):
    return next(item["code"] for item in served.json("/api/v1/items")["items"] if item["public"] and not any(a["required"] for a in item["asks"]))


class Serving(Case):
    def test_a_report_is_taken_followed_and_not_shown_to_others(self):
        with Served(self.data) as served:
            sent = served.post("/api/v1/signals", item=an_item(served), words="桥下全是水，车熄火了", phone="19900000001", **HERE)
            mine = served.json(f"/api/v1/signals/{sent['token']}")
            self.assertEqual((mine["no"], mine["state"], mine["words"]), (sent["no"], "collected", "桥下全是水，车熄火了"))
            public = served.get(f"/open311/v2/requests/{sent['no']}.json").decode()
            self.assertIn(sent["no"], public)
            for hidden in ("桥下全是水", "19900000001", "117.5502"):
                self.assertNotIn(hidden, public)
        for file in self.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"19900000001", file.read_bytes(), file)

    def test_a_report_sent_again_with_its_token_is_the_same_report(self):
        with Served(self.data) as served:
            report = dict(item=an_item(served), words="灯不亮", token="A1b2C3d4E5f6G7h8I9j0-_", **HERE)
            first, again = served.post("/api/v1/signals", **report), served.post("/api/v1/signals", **report)
            self.assertEqual((first["token"], again), (report["token"], first))
            other = served.post("/api/v1/signals", **{**report, "token": "Z1b2C3d4E5f6G7h8I9j0-_"})
            self.assertNotEqual(other["no"], first["no"])
            self.assertEqual(len(served.json("/open311/v2/requests.json")), 2)

    def test_what_is_wrong_with_a_report_is_said_at_its_field(self):
        with Served(self.data) as served:
            item = an_item(served)
            for fields, field in (({"item": "nope", **HERE}, "item"), ({"item": item}, "place"), ({"item": item, "lat": "34.8"}, "lon"),
                                  ({"item": item, "lat": "134.8", "lon": "117"}, "lat"),
                                  ({"item": item, "token": "guess-me", **HERE}, "token"),
                                  ({"item": item, "words": "长" * 4001, **HERE}, "words")):
                status, problem = served.refusal("/api/v1/signals", **fields)
                self.assertIn(status, (400, 404, 413, 422, 429), problem)
                self.assertEqual(problem["field"], field)
                self.assertTrue(problem["detail"]["zh"] and problem["detail"]["en"])

    def test_nothing_that_was_acknowledged_is_lost_by_kill_9(self):
        served = Served(self.data)
        item, taken, stop = an_item(served), [], threading.Event()

        def client(number):
            for i in range(10_000):
                if stop.is_set():
                    return
                try:
                    taken.append(served.post("/api/v1/signals", item=item, words=f"{number}-{i}", **HERE))
                except (urllib.error.URLError, ConnectionError, OSError, json.JSONDecodeError):
                    return

        clients = [threading.Thread(target=client, args=(n,)) for n in range(8)]
        for one in clients:
            one.start()
        while len(taken) < 300:
            threading.Event().wait(0.01)
        served.kill()
        stop.set()
        for one in clients:
            one.join()
        run("ledger", "verify", "--data", self.data, "--quiet")
        with Served(self.data) as again:
            for sent in taken:
                self.assertEqual(again.json(f"/api/v1/signals/{sent['token']}")["no"], sent["no"])
        self.assertGreaterEqual(self.info()["signals"], len(taken))

    def test_a_backup_while_serving_is_a_whole_city_again(self):
        copy, keys, back = self.folder / "copy", self.folder / "keys", self.folder / "back"
        with Served(self.data) as served:
            item = an_item(served)
            sent = [served.post("/api/v1/signals", item=item, words=str(i), name="周桂兰", **HERE) for i in range(20)]
            run("backup", "--data", self.data, "--to", copy, "--keys-to", keys)
            run("restore", "--from", copy, "--keys-from", keys, "--data", back)
        with Served(back) as served:
            self.assertEqual(served.json(f"/api/v1/signals/{sent[-1]['token']}")["words"], "19")
        for file in copy.rglob("*"):
            if file.is_file():
                self.assertNotIn("周桂兰".encode(), file.read_bytes())
        self.assertEqual(run("restore", "--from", copy, "--data", back, check=False).returncode, 1)

    def test_the_data_has_one_owner_at_a_time(self):
        with Served(self.data) as served:
            second = run("serve", "--data", self.data, "--listen", "127.0.0.1:0", check=False)
            self.assertEqual(second.returncode, 4)
            self.assertIn(str(served.process.pid), second.stderr)

    def test_it_ends_kindly_when_told(self):
        served = Served(self.data)
        self.assertEqual(served.stop(), 0)


class CommandLine(Case):
    def test_wrong_words_are_exit_2_and_help_is_0(self):
        for words in ((), ("fly",), ("serve", "--listen"), ("import", "requests"), ("help", "fly"), ("ledger", "prove", "x")):
            self.assertEqual(run(*words, check=False).returncode, 2, words)
        for words in (("--version",), ("help",), ("help", "import", "requests"), ("serve", "--help"), ("help", "--completion", "bash")):
            self.assertEqual(run(*words).returncode, 0, words)
        self.assertIn("serve", run("help").stdout)
        self.assertIn("zhili import requests", run("help", "import", "requests").stdout)
        self.assertIn("'fly'", run("fly", check=False).stderr)

    def test_completion_knows_every_verb(self):
        script = run("help", "--completion", "bash").stdout
        for words, hopes in (("zhili ledger ", "verify"), ("zhili ", "import"), ("zhili serve --", "--listen")):
            line = words.split(" ")
            ask = (f"{script}\nCOMP_WORDS=({' '.join(line[:-1])} '{line[-1]}'); COMP_CWORD={len(line) - 1}; _zhili; "
                   "printf '%s\\n' \"${COMPREPLY[@]}\"")
            got = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True).stdout.split()
            self.assertIn(hopes, got)

    def test_a_bad_address_is_told(self):
        done = run("serve", "--data", self.data, "--listen", "nowhere", check=False)
        self.assertEqual((done.returncode, "--listen" in done.stderr), (1, True))

    def test_packs_that_ship_are_sound_and_a_bad_one_is_shown_where(self):
        packs = pathlib.Path(__file__).resolve().parents[2] / "packs"
        run("pack", "check", *sorted(str(p.parent) for p in packs.glob("*/pack.yaml")))
        bad = self.folder / "bad"
        bad.mkdir()
        (bad / "pack.yaml").write_text("pack: bad\nversion: 1\nitems:\n  0102:\n    kind: evnt\n", encoding="utf-8")
        done = run("pack", "check", bad, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("pack.yaml:4", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
