"""Keys of other programs: each does what its scopes say, until its day."""

import json
import unittest
import urllib.error
import urllib.request

from harness import Case, Served, run
from people import first_administrator, Refused

HERE = {"lat": "34.8601", "long": "117.5502"}


class Keys(Case):
    def own(self, served, key):
        return json.loads(served.get("/api/v1/key", Authorization=f"Bearer {key}"))

    def refused(self, served, key):
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.own(served, key)
        return refused.exception.code, json.loads(refused.exception.read())["code"]

    def item(self, served):
        return next(i["code"] for i in served.json("/api/v1/items")["items"] if i["public"] and not any(a["required"] for a in i["asks"]))

    def test_a_key_does_what_its_scopes_say(self):
        with Served(self.data) as served:
            admin = first_administrator(served)
            report = {"service_code": self.item(served), "description": "桥下全是水", **HERE}
            writes = admin.post("/api/v1/keys", holder="榴城晚报", scopes=["open311.write"], days=30)
            reads = admin.post("/api/v1/keys", holder="榴城大学", scopes=["hotline.write"])
            self.assertEqual([s["code"] for s in self.own(served, reads["secret"])["scopes"]], ["hotline.write"])
            self.assertTrue(served.post("/open311/v2/requests.json", api_key=writes["secret"], **report))
            status, problem = served.refusal("/open311/v2/requests.json", api_key=reads["secret"], **report)
            self.assertEqual(status, 403)
            self.assertIn("open311.write", problem[0]["description"])
            self.assertEqual(served.refusal("/open311/v2/requests.json", **report)[0], 403)
            listed = admin.get("/api/v1/keys")["keys"]
            self.assertEqual([k["holder"] for k in listed], ["榴城大学", "榴城晚报"])
            self.assertNotIn(writes["secret"], json.dumps(listed))
            admin.ask("DELETE", f"/api/v1/keys/{writes['id']}")
            self.assertEqual(served.refusal("/open311/v2/requests.json", api_key=writes["secret"], **report)[0], 403)
            self.assertEqual(self.refused(served, writes["secret"]), (403, "api_key.unknown"))
            self.assertEqual(self.refused(served, "zk_" + "x" * 43), (403, "api_key.unknown"))
            with self.assertRaises(urllib.error.HTTPError) as nobody:
                served.get("/api/v1/key")
            self.assertEqual(nobody.exception.code, 401)

    def test_a_key_is_no_session(self):
        with Served(self.data) as served:
            admin = first_administrator(served)
            key = admin.post("/api/v1/keys", holder="app", scopes=["open311.write", "hotline.write"])["secret"]
            for path in ("/api/v1/accounts", "/api/v1/keys", "/api/v1/inbox"):
                with self.assertRaises(urllib.error.HTTPError) as refused:
                    served.get(path, Authorization=f"Bearer {key}")
                self.assertEqual(refused.exception.code, 401, path)

    def test_what_is_wrong_is_named(self):
        with Served(self.data) as served:
            admin = first_administrator(served)
            for body, field in (({"scopes": ["open311.write"]}, "holder"), ({"holder": "a"}, "scopes"),
                                ({"holder": "a", "scopes": ["everything"]}, "scopes"),
                                ({"holder": "a", "scopes": ["hotline.write"], "days": 0}, "days"),
                                ({"holder": "a", "scopes": ["hotline.write"], "day": 3}, "day")):
                with self.assertRaises(Refused) as refused:
                    admin.post("/api/v1/keys", **body)
                self.assertEqual((refused.exception.status, refused.exception.problem["field"]), (400, field))

    def test_the_command_line_issues_lists_and_revokes_while_it_serves_and_while_not(self):
        run("key", "issue", "early", "--scope", "hotline.write", "--days", "2", "--data", self.data)
        with Served(self.data) as served:
            key = run("key", "issue", "app", "--scope", "open311.write", "--scope", "hotline.write", "--data", self.data).stdout.strip()
            self.assertEqual(self.own(served, key)["holder"], "app")
            lines = [line.split("\t") for line in run("key", "list", "--data", self.data).stdout.splitlines()]
            self.assertEqual([(l[1], l[2], l[5]) for l in lines], [("app", "open311.write hotline.write", "active"), ("early", "hotline.write", "active")])
            run("key", "revoke", lines[0][0], "--data", self.data)
            self.assertEqual(self.refused(served, key), (403, "api_key.unknown"))
            self.assertEqual(run("key", "revoke", lines[0][0], "--data", self.data, check=False).returncode, 4)
            self.assertEqual(run("key", "issue", "app", "--scope", "all", "--data", self.data, check=False).returncode, 4)
            self.assertEqual(run("key", "issue", "app", "--data", self.data, check=False).returncode, 2)


if __name__ == "__main__":
    unittest.main()
