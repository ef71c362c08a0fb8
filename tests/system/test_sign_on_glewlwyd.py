"""Signing in with a real identity provider, Debian's glewlwyd: ES256, the code flow with PKCE, keys that change, and both ways of signing out.

What a provider could lie about is played in test_sign_on.py; this one is honest, and was not written by us."""

import pathlib
import unittest

import glewlwyd
from harness import ROOT, Case, Served, eventually
from people import PASSWORD, Person, Refused, first_administrator, hire

SECRET = "a-secret-of-letters-and-hyphens"  # RFC 6749 wants others percent-encoded, and glewlwyd does not decode them
THERE = "four dry boots"  # the password at the provider


@unittest.skipUnless(pathlib.Path(glewlwyd.PROGRAM).exists(), "glewlwyd is not installed: `./run setup` does it")
class SignOnWithGlewlwyd(Case):
    def setUp(self):
        super().setUp()
        self.provider = glewlwyd.Glewlwyd()
        self.addCleanup(self.provider.stop)
        (self.folder / "secret").write_text(SECRET + "\n")
        self.data.mkdir()
        here = (ROOT / "packs/installations/liucheng.yaml").read_text()
        (self.data / "installation.yaml").write_text(here + f"""
address: http://localhost:8080
sign_on:
  city-id:
    name: {{zh: 市统一认证, en: City ID}}
    issuer: {self.provider.issuer}
    client_id: zhili
    secret_file: {self.folder / "secret"}
    login_claim: login
    scope: openid
""")

    def city(self, served):
        """Ann has an account here and one at the provider, which knows where to tell that somebody has signed out."""
        self.provider.add_client("zhili", SECRET, "http://localhost:8080/sign-on", served.url + "/sign-on/logout")
        self.provider.add_person("ann", THERE)
        admin = first_administrator(served)
        hire(admin, served.url, "ann", "dispatch-desk")
        return admin

    def enter(self, served, browser, **more):
        person = Person(served.url)
        url = person.post("/api/v1/sign-on", provider="city-id", **more)["url"]
        said = self.provider.sign_in(browser, url, "ann", THERE)
        self.assertEqual(said["iss"], self.provider.issuer, said)
        person.csrf = person.post("/api/v1/sign-on/answer", **{name: said[name] for name in ("state", "code", "iss")})["csrf"]
        return person

    def test_somebody_comes_in_and_their_subject_is_linked(self):
        with Served(self.data) as served:
            admin = self.city(served)
            ann = self.enter(served, glewlwyd.Browser(self.provider.url))
            session = ann.get("/api/v1/session")
            self.assertEqual((session["login"], [grant["role"] for grant in session["grants"]]), ("ann", ["dispatcher"]))
            link = admin.get("/api/v1/links")["links"][0]
            self.assertEqual((link["login"], link["provider"]), ("ann", "city-id"))
            self.assertGreater(len(link["subject"]), 20, "the provider's own word, not the name")
            self.assertIn("city-id", [one["means"] for one in ann.get("/api/v1/sessions")["sessions"]])

    def test_a_code_is_good_once_and_only_with_its_verifier(self):
        with Served(self.data) as served:
            self.city(served)
            browser, thief, ann = glewlwyd.Browser(self.provider.url), Person(served.url), Person(served.url)
            said = self.provider.sign_in(browser, ann.post("/api/v1/sign-on", provider="city-id")["url"], "ann", THERE)
            state = self.provider_state(thief.post("/api/v1/sign-on", provider="city-id")["url"])
            with self.assertRaises(Refused) as refused:  # another's code under one's own state: the provider wants the verifier of that code
                thief.post("/api/v1/sign-on/answer", state=state, code=said["code"], iss=said["iss"])
            self.assertEqual(refused.exception.problem["code"], "sign_on.unreachable")
            self.assertIsNone(thief.get("/api/v1/session")["login"])

    def provider_state(self, url):
        return url.split("state=")[1].split("&")[0]

    def test_new_keys_are_followed_at_once(self):
        with Served(self.data) as served:
            self.city(served)
            browser = glewlwyd.Browser(self.provider.url)
            self.enter(served, browser)
            self.provider.change_keys([glewlwyd.signing_key("two"), *self.provider.keys])
            self.enter(served, browser)
            self.provider.change_keys(self.provider.keys[:1])
            self.enter(served, browser)

    def test_signing_out_here_goes_on_there_and_the_provider_tells_the_others(self):
        with Served(self.data) as served:
            self.city(served)
            browser = glewlwyd.Browser(self.provider.url)
            ann, elsewhere = self.enter(served, browser), self.enter(served, browser)
            onward = ann.ask("DELETE", "/api/v1/session")["onward"]
            self.assertTrue(onward.startswith(self.provider.issuer + "/end_session?"), onward)
            self.assertIn("id_token_hint=", onward)
            self.assertIsNone(ann.get("/api/v1/session")["login"])
            self.assertEqual(elsewhere.get("/api/v1/session")["login"], "ann")
            self.provider.sign_out(browser, onward)
            eventually(lambda: elsewhere.get("/api/v1/session")["login"] is None, "the provider's word that she has signed out")

    def test_a_provider_that_does_not_say_when_it_asked_proves_nothing(self):
        """glewlwyd 2.7 writes auth_time 0. A password or a passkey here is the proof then."""
        with Served(self.data) as served:
            self.city(served)
            ann = self.enter(served, glewlwyd.Browser(self.provider.url), again=True)
            with self.assertRaises(Refused) as refused:
                ann.post("/api/v1/passkeys/challenge")
            self.assertEqual(refused.exception.problem["code"], "session.proof")
            ann.post("/api/v1/session/proof", password=PASSWORD)
            self.assertTrue(ann.post("/api/v1/passkeys/challenge")["challenge"])


if __name__ == "__main__":
    unittest.main()
