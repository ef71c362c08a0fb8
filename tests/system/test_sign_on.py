"""The whole sign-on with an identity provider through HTTP, without a browser: an honest one, one that changes its keys, and liars."""

import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from harness import ROOT, Case, Served
from people import Person, Refused, first_administrator, hire
from provider import Key, Provider


class SignOn(Case):
    def setUp(self):
        super().setUp()
        self.provider = Provider()
        self.addCleanup(self.provider.stop)
        secret = self.folder / "secret"
        secret.write_text(self.provider.secret + "\n")
        self.data.mkdir()
        here = (ROOT / "packs/installations/liucheng.yaml").read_text()
        (self.data / "installation.yaml").write_text(here + f"""
address: http://localhost:8080
sign_on:
  city-id:
    name: {{zh: 市统一认证, en: City ID}}
    issuer: {self.provider.issuer}
    client_id: {self.provider.client_id}
    secret_file: {secret}
    login_claim: name
""")

    def attempt(self, served, **more):
        person = Person(served.url)
        url = person.post("/api/v1/sign-on", provider="city-id", **more)["url"]
        return person, self.provider.authorize(url)

    def enter(self, served):
        person, answer = self.attempt(served)
        session = person.post("/api/v1/sign-on/answer", **answer)
        person.csrf = session["csrf"]
        return person, session

    def refused(self, act, code):
        with self.assertRaises(Refused) as refused:
            act()
        self.assertEqual(refused.exception.problem["code"], code, refused.exception.problem)
        return refused.exception

    def test_somebody_with_an_account_comes_in_and_leaves(self):
        with Served(self.data) as served:
            admin = first_administrator(served)
            self.assertIn({"code": "city-id", "name": {"zh": "市统一认证", "en": "City ID"}}, admin.get("/api/v1/sign-on")["providers"])
            stranger = self.refused(lambda: self.enter(served), "sign_on.nobody")
            self.assertIn("person-17", stranger.problem["detail"]["en"])
            hire(admin, served.url, "ann", "dispatch-desk")
            ann, session = self.enter(served)
            self.assertEqual((session["login"], [g["role"] for g in session["grants"]]), ("ann", ["dispatcher"]))
            self.assertEqual(admin.get("/api/v1/links")["links"][0]["subject"], "person-17")
            self.assertIn("city-id", [s["means"] for s in ann.get("/api/v1/sessions")["sessions"]])
            onward = ann.ask("DELETE", "/api/v1/session")["onward"]
            self.assertTrue(onward.startswith(self.provider.issuer + "/end?"), onward)
            self.assertIsNone(ann.get("/api/v1/session")["login"])

    def test_signing_out_there_signs_out_here(self):
        with Served(self.data) as served:
            hire(first_administrator(served), served.url, "ann", "dispatch-desk")
            ann, _ = self.enter(served)
            with self.assertRaises(urllib.error.HTTPError) as forged:
                served.post("/sign-on/logout", logout_token=self.provider.logout_token(aud="another"))
            self.assertEqual(forged.exception.code, 400)
            self.assertEqual(ann.get("/api/v1/session")["login"], "ann")
            token = self.provider.logout_token()
            self.assertEqual(self.send_logout(served, token), 200)
            self.assertIsNone(ann.get("/api/v1/session")["login"])
            self.assertEqual(self.send_logout(served, token), 400, "a logout token is good once")

    def send_logout(self, served, token):
        try:
            with urllib.request.urlopen(served.url + "/sign-on/logout", data=urllib.parse.urlencode({"logout_token": token}).encode(), timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def test_an_answer_is_good_once_and_in_the_same_browser(self):
        with Served(self.data) as served:
            hire(first_administrator(served), served.url, "ann", "dispatch-desk")
            person, answer = self.attempt(served)
            self.refused(lambda: Person(served.url).post("/api/v1/sign-on/answer", **answer), "sign_on.state")
            self.refused(lambda: person.post("/api/v1/sign-on/answer", **answer), "sign_on.state")
            person, answer = self.attempt(served)
            person.post("/api/v1/sign-on/answer", **answer)
            self.refused(lambda: person.post("/api/v1/sign-on/answer", **answer), "sign_on.state")
            person, answer = self.attempt(served)
            self.refused(lambda: person.post("/api/v1/sign-on/answer", state=answer["state"], error="access_denied"), "sign_on.denied")

    def test_liars_are_not_believed(self):
        with Served(self.data) as served:
            hire(first_administrator(served), served.url, "ann", "dispatch-desk")
            for lie in ({"iss": "https://id.example.com"}, {"aud": "another"}, {"aud": [self.provider.client_id, "another"]}, {"azp": "another"},
                        {"nonce": "of another sign-in"}, {"exp": int(time.time()) - 3600}, {"iat": int(time.time()) + 3600}, {"sub": ""}):
                self.provider.claims = lie
                self.refused(lambda: self.enter(served), "sign_on.token")
            self.provider.claims = {}
            for head in ({"alg": "none"}, {"alg": "HS256"}, {"alg": "RS512"}, {"crit": ["b64"]}):
                self.provider.head = head
                self.refused(lambda: self.enter(served), "sign_on.token")
            self.provider.head = {}
            honest, self.provider.key = self.provider.key, Key(self.provider.folder.name, "forged")
            self.provider.head = {"kid": "one"}
            self.refused(lambda: self.enter(served), "sign_on.token")
            self.provider.key, self.provider.head = honest, {}
            self.enter(served)

    def test_a_provider_that_changes_its_keys_is_followed(self):
        self.provider.key = Key(self.provider.folder.name, "two")
        self.provider.published.append(self.provider.key)
        with Served(self.data) as served:
            hire(first_administrator(served), served.url, "ann", "dispatch-desk")
            self.enter(served)
            self.enter(served)
            self.assertEqual(self.provider.asked.count("/jwks"), 1)
        self.provider.published = [Key(self.provider.folder.name, "three")]
        with Served(self.data) as served:
            self.refused(lambda: self.enter(served), "sign_on.token")

    def test_a_provider_that_hangs_holds_up_nobody_else(self):
        with Served(self.data) as served:
            admin = first_administrator(served)
            person, answer = self.attempt(served)
            self.provider.hangs = True
            said = []
            waiting = threading.Thread(target=lambda: said.append(self.refused(lambda: person.post("/api/v1/sign-on/answer", **answer), "sign_on.unreachable")))
            waiting.start()
            self.assertTrue(admin.get("/api/v1/accounts")["accounts"], "while the other still waits")
            waiting.join()
            self.assertEqual(said[0].status, 503)

    def test_a_secret_that_is_not_there_is_said_at_the_start(self):
        (self.folder / "secret").unlink()
        with self.assertRaises(AssertionError) as failed:
            Served(self.data)
        self.assertIn("secret_file", str(failed.exception))


if __name__ == "__main__":
    unittest.main()
