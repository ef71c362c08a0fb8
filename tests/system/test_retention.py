"""When the time of personal fields is over, nobody finds them again: not in the database, its log and free pages, not in the keys, not in
a backup of the data with the keys of today. And the ledger still holds."""

import sqlite3
import unittest

from harness import Case, Served, run

NAME, FAMILY, PHONE, MAIL = "桂兰", "Zhou-Ødegård", "19912345678", "guilan.zhou@example.org"
SECRET = "他喝醉后打人，我住在隔壁"
SAID = (NAME, FAMILY, PHONE, MAIL, SECRET)
HERE = {"lat": "34.8601", "lon": "117.5502"}


def an_item(served):
    return next(item["code"] for item in served.json("/api/v1/items")["items"] if item["public"] and not any(a["required"] for a in item["asks"]))


def column(database, sql):
    with sqlite3.connect(database) as db:
        values = [row[0] for row in db.execute(sql)]
    db.close()
    return values


class Retention(Case):
    def files_with(self, text, *folders):
        return [file for folder in folders for file in folder.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]

    def assert_nowhere(self, texts, *folders):
        for text in texts:
            self.assertEqual(self.files_with(text, *folders), [], text)

    def retire(self):
        """As long as somebody reads, old pages cannot be wiped, and the verb says so."""
        for _ in range(20):
            done = run("retention", "--data", self.data, check=False)
            if done.returncode == 0:
                return done.stdout
            self.assertEqual(done.returncode, 4, done.stderr)
        raise AssertionError("retention never ends")

    def test_what_is_past_its_time_is_nowhere(self):
        copy, old_keys, new_keys = self.folder / "copy", self.folder / "old-keys", self.folder / "new-keys"
        run("vault", "rotate", "--data", self.data)  # an empty directory has a master key as well
        with Served(self.data) as served:
            key = run("key", "issue", "the app of the city", "--scope", "open311.write", "--data", self.data).stdout.strip()
            item = an_item(served)
            for i in range(5):
                served.post("/open311/v2/requests.json", api_key=key, service_code=item, description=f"report {i}", first_name=NAME,
                            last_name=FAMILY, phone=PHONE, email=MAIL, lat=HERE["lat"], long=HERE["lon"])
            served.post("/api/v1/signals", item=item, words=SECRET, private="1", name=NAME, **HERE)
            run("backup", "--data", self.data, "--to", copy, "--keys-to", old_keys)
        sealed = column(copy / "zhili.db", "SELECT sealed FROM private_record")
        wrapped = column(old_keys / "keys.db", "SELECT wrapped FROM record_key")
        tags = column(old_keys / "keys.db", "SELECT tag FROM blind_index")
        self.assertEqual((len(sealed), len(wrapped)), (6, 6))
        self.assertTrue(tags)
        for text in (sealed[0], wrapped[0], tags[0]):
            self.assertTrue(self.files_with(text, self.data), "the search finds nothing even where something is")
        self.assert_nowhere(SAID, self.data, copy, old_keys)

        with sqlite3.connect(self.data / "keys.db") as db:  # two years go by
            db.execute("PRAGMA secure_delete = ON")
            db.execute("UPDATE record_key SET keep_until = 1")
        db.close()
        with Served(self.data) as served:
            self.assertIn("6", self.retire())
            run("backup", "--data", self.data, "--to", self.folder / "later", "--keys-to", new_keys)
            self.assertEqual(served.json("/open311/v2/requests.json") != [], True)

        self.assert_nowhere(SAID, self.folder)
        self.assert_nowhere(wrapped + tags, self.data, new_keys, self.folder / "later")
        self.assert_nowhere(sealed, self.data, new_keys, self.folder / "later")
        # The old backup of the data holds noise; with the keys of today nobody can open it.
        self.assertEqual(column(new_keys / "keys.db", "SELECT record FROM record_key"), [])
        for folder in (self.data, copy):
            self.assertIn("sound", run("ledger", "verify", "--data", folder, "--quiet").stdout)

    def test_a_new_master_key_wraps_everything_and_is_not_given_while_serving(self):
        with Served(self.data) as served:
            served.post("/api/v1/signals", item=an_item(served), words="a lamp is broken", name=NAME, phone=PHONE, **HERE)
            refused = run("vault", "rotate", "--data", self.data, check=False)
            self.assertEqual(refused.returncode, 4)
            self.assertIn(str(served.process.pid), refused.stderr)
        old_master = (self.data / "master.key").read_bytes()
        wrapped = column(self.data / "keys.db", "SELECT wrapped FROM record_key")
        self.assertIn("1 keys", run("vault", "rotate", "--data", self.data).stdout)
        self.assertNotEqual((self.data / "master.key").read_bytes(), old_master)
        self.assert_nowhere(wrapped, self.data)
        with Served(self.data) as served:
            served.post("/api/v1/signals", item=an_item(served), words="another", name=NAME, **HERE)
        self.assertIn("sound", run("ledger", "verify", "--data", self.data, "--quiet").stdout)
        (self.data / "master.key").write_bytes(old_master)
        self.assertNotEqual(run("retention", "--data", self.data, check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
