"""/api/v1 is what /api/v1/openapi.json says: who may, what is taken, what is answered; and nothing that is sent breaks it."""

import contextlib
import json
import random
import re
import sqlite3
import unittest
import urllib.parse

from description import Description
from harness import ROOT, Case, Served
from people import PASSWORD, Person, Refused, first_administrator, hire

HERE = {"lat": "34.8601", "lon": "117.5502"}
AWAY = "999999"  # the code of an area in which nothing lies
FUZZ_SEED = 20261122
FUZZ_ROUNDS = 25  # of each operation
# What one of them does would end the session with which the others are tried, or take the administrator's rights.
ENDS_THE_SESSION = {"signOut", "signIn", "changePassword", "disableAccount", "resetPassword", "endAppointment"}

# Hands of the case's own department; the case of this test has none yet.
ITS_DEPARTMENT_ONLY = {"keepContact"}


def an_item(served):
    return next(i["code"] for i in served.json("/api/v1/items")["items"] if i["public"] and not any(a["required"] for a in i["asks"]))


def sample(description, schema):
    """A value that the schema takes."""
    schema = description.resolve(schema)
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return sample(description, schema["anyOf"][0])
    kind = schema.get("type", "string")
    kind = kind if isinstance(kind, str) else kind[0]
    if kind == "string":
        return "2030-01-01T00:00:00+08:00" if schema.get("format") == "date-time" else "x" * max(1, schema.get("minLength", 0))
    if kind in ("integer", "number"):
        return min(max(1, schema.get("minimum", 1)), schema.get("maximum", 1))
    if kind == "array":
        return []
    if kind == "object":
        return {name: sample(description, schema["properties"][name]) for name in schema.get("required", [])}
    return False


def target(operation, known, values):
    """The path with what `known` has for its names, and a query of these values."""
    path = re.sub(r"\{(\w+)\}", lambda m: urllib.parse.quote(str(known.get((operation.pattern, m[1]), known.get(m[1], "x"))), safe=""), operation.pattern)
    query = {p["name"]: values[p["name"]] for p in operation.parameters("query") if p["name"] in values}
    return path + ("?" + urllib.parse.urlencode(query) if query else "")


def plain(description, operation, person, known):
    """Sends the least that the operation takes. Gives status and problem."""
    kind, schema = operation.body()
    query = {p["name"]: sample(description, p["schema"]) for p in operation.parameters("query") if p["required"]}
    try:
        if kind == "multipart/form-data":
            person.form("POST", target(operation, known, query), sample(description, schema))
        else:
            body = sample(description, schema) if schema else None
            if schema and "version" in schema.get("properties", {}):
                body |= {"version": 1}  # which If-Match might say as well
            person.ask(operation.method, target(operation, known, query), body)
    except Refused as refused:
        return refused.status, refused.problem
    return 200, {"code": ""}


class Interface(Case):
    def setUp(self):
        super().setUp()
        self.served = Served(self.data)
        self.addCleanup(self.served.stop)
        self.admin = first_administrator(self.served)
        self.description = Description.of(self.served.url)

    def known(self):
        """Things that exist, by the names that paths have for them."""
        taken = self.served.post("/api/v1/signals", item=an_item(self.served), words="桥下全是水", **HERE)
        return {"no": taken["no"], "id": "1", "command": "1", ("/api/v1/signals/{token}", "token"): taken["token"], "login": "nobody-here"}

    def test_the_document_is_whole(self):
        document, seen = self.description.document, set()
        self.assertEqual(document["openapi"], "3.1.0")
        self.assertGreater(len(self.description.operations), 20)
        for operation in self.description.operations:
            said = operation.said
            self.assertNotIn(operation.id, seen)
            seen.add(operation.id)
            self.assertRegex(said["summary"], r"[一-鿿].* / \w", operation.id)
            self.assertEqual({p["name"] for p in operation.parameters("path")}, set(re.findall(r"\{(\w+)\}", operation.pattern)), operation.id)
            self.assertTrue(operation.good(), operation.id)
            self.assertIn("default", said["responses"], operation.id)
            for parameter in said.get("parameters", []):
                self.assertTrue(parameter["description"], f"{operation.id}.{parameter['name']}")
            _, schema = operation.body()
            for name, held in (schema or {}).get("properties", {}).items():
                self.assertIn("description", held, f"{operation.id}.{name}")
            for name in re.findall(r'"\$ref": "([^"]+)"', json.dumps(said)):
                self.description.resolve({"$ref": name})

    def test_what_anybody_may_read_is_as_described(self):
        known = self.known()
        for operation in self.description.operations:
            if operation.method == "GET":
                status, problem = plain(self.description, operation, self.admin, known)  # ask() holds the answer against the description
                by_key = operation.who["kind"] == "key"  # who is signed in has no use for it
                self.assertEqual(by_key, problem["code"] == "api_key.none", operation.id)
                made_up = status == 400 and problem["field"] in [p["name"] for p in operation.parameters("query") if p["required"]]
                if operation.who["kind"] == "device":
                    self.assertEqual((401, "device.token"), (status, problem["code"]), operation.id)
                    continue
                self.assertTrue(by_key or made_up or status in (200, 403, 404), f"{operation.id}: {problem}")
                if not operation.parameters("path") and not by_key and not made_up and status != 403:
                    self.assertEqual(status, 200, f"{operation.id}: {problem}")

    def test_each_route_lets_in_whom_it_says_and_nobody_else(self):
        people, own = self.a_person_for_each_role("away", area=AWAY), self.a_person_for_each_role("own")
        known = self.known() | self.known_of_a_case(own)
        stranger, expired, forged = Person(self.served.url), Person(self.served.url), self.admin.twin()
        expired.cookie("zhili_session", "A" * 43)
        forged.csrf = "forged"
        first = Person(self.served.url)
        first.sign_in("newcomer", self.admin.post("/api/v1/accounts", login="newcomer")["one_time_password"])
        for operation in self.description.operations:
            with self.subTest(operation.id):
                self.try_everybody(operation, known, stranger, expired, forged, first, people, own)

    def a_person_for_each_role(self, name, **where):
        """One for each role that a post gives."""
        posts = {}
        for post in self.admin.get("/api/v1/accounts")["posts"]:
            posts.setdefault(post["role"], post["code"])
        people = {}
        for number, (role, post) in enumerate(sorted(posts.items())):
            people[role] = hire(self.admin, self.served.url, f"{name}{number}")
            self.admin.post("/api/v1/appointments", login=f"{name}{number}", post=post, **where)
        return people

    def known_of_a_case(self, people):
        of_cases = [one.pattern for one in self.description.operations if one.pattern.startswith(("/api/v1/cases/{no}/", "/api/v1/work/cases/{no}/"))]
        no = self.a_case(people)
        incident = self.served.json(f"/api/v1/cases/{no}")["incident"]["id"]
        return {(pattern, "no"): no for pattern in of_cases} | {("/api/v1/incidents/{id}", "id"): str(incident)}

    def a_case(self, people):
        """Its number. It lies in no area, so only a post that is not narrowed to one is for it."""
        acceptor, collector, no = people["acceptor"], people["collector"], self.known()["no"]
        act = lambda person, **body: person.post(f"/api/v1/signals/{no}/commands", **body)
        version = act(acceptor, verb="ask_check", version=1)["version"]
        photo = collector.upload(ROOT / "ui/public/icon-192.png")
        version = act(collector, verb="check", version=version, found="found", photos=[{"name": photo, "shows": "near"}])["version"]
        act(acceptor, verb="register", version=version)
        return acceptor.get(f"/api/v1/work/signals/{no}")["case_no"]

    def test_each_route_for_programs_takes_the_right_key_and_no_other(self):
        scopes = [s["code"] for s in self.admin.get("/api/v1/keys")["scopes"]]
        issue = lambda *scopes: self.admin.post("/api/v1/keys", holder="x", scopes=scopes)  # "x" is what paths without a value have
        keys = {scope: issue(scope)["secret"] for scope in scopes}
        everything, expired, revoked = issue(*scopes), issue(*scopes), issue(*scopes)
        self.admin.ask("DELETE", f"/api/v1/keys/{revoked['id']}")
        with contextlib.closing(sqlite3.connect(self.data / "zhili.db")) as db:
            with db:
                db.execute("UPDATE api_key SET expires_at = 1 WHERE id = ?", (expired["id"],))
        known = self.known()
        of_programs = [one for one in self.description.operations if one.who["kind"] == "key"]
        self.assertTrue(of_programs)
        for operation in self.description.operations:
            with self.subTest(operation.id):
                self.assertEqual(operation.who["scope"] in scopes, operation.who["kind"] == "key" and operation.id != "getOwnKey")
                if operation.who["kind"] == "key":
                    self.assertEqual(operation.said["security"], [{"key": [operation.who["scope"]] if operation.who["scope"] else []}])
                    self.try_keys(operation, known, keys, everything["secret"], expired["secret"], revoked["secret"])
                elif operation.who["kind"] != "everybody" and operation.id not in ENDS_THE_SESSION:
                    self.assertEqual(401, self.by_key(operation, known, everything["secret"])[0], "a key is no session")

    def by_key(self, operation, known, key):
        program = Person(self.served.url)
        program.always = {"Authorization": f"Bearer {key}"} if key else {}
        status, problem = plain(self.description, operation, program, known)
        return status, problem["code"]

    def try_keys(self, operation, known, keys, everything, expired, revoked):
        self.assertEqual((401, "api_key.none"), self.by_key(operation, known, None))
        self.assertEqual("api_key.none", plain(self.description, operation, self.admin, known)[1]["code"])
        for made_up in (expired, revoked, "zk_" + "x" * 43, "", everything[:-1]):
            status, code = self.by_key(operation, known, made_up)
            self.assertIn((status, code), ((403, "api_key.unknown"), (401, "api_key.none")), made_up)
        for scope, key in keys.items():
            status, code = self.by_key(operation, known, key)
            if operation.who["scope"] in (None, scope):
                self.assertFalse(code.startswith("api_key."), (scope, code))
            else:
                self.assertEqual((403, "api_key.scope_lacking"), (status, code), scope)
        self.assertFalse(self.by_key(operation, known, everything)[1].startswith("api_key."))

    def try_everybody(self, operation, known, stranger, expired, forged, first, people, own):
        answered = lambda person: plain(self.description, operation, person, known)
        kind, roles = operation.who["kind"], operation.who["roles"]
        if kind == "key":
            return  # tried with keys
        if kind == "device":
            for person in (stranger, first, *own.values()):
                self.assertEqual((401, "device.token"), (answered(person)[0], answered(person)[1]["code"]))
            return
        if kind == "everybody":
            for person in (stranger, expired):
                self.assertNotIn(answered(person)[1]["code"], ("session.none", "role.missing"))
            return
        for person in (stranger, expired):
            self.assertEqual((401, "session.none"), (answered(person)[0], answered(person)[1]["code"]))
        if operation.method != "GET":
            self.assertEqual((403, "session.csrf"), (lambda s, p: (s, p["code"]))(*answered(forged)))
        if kind == "signed_in":
            self.assertEqual("password.must_change", answered(first)[1]["code"])
        for role, person in people.items():
            if operation.id in ENDS_THE_SESSION and not roles:
                continue
            status, problem = answered(person)
            if roles and (role not in roles or operation.who["everywhere"]):
                self.assertEqual((403, "role.missing"), (status, problem["code"]), role)
            elif operation.who["within"] != "anything":
                self.assertEqual((403, "case.not_yours"), (status, problem["code"]), f"{role} of another area")
            else:
                self.assertNotIn(problem["code"], ("session.none", "session.csrf", "role.missing", "password.must_change"), role)
        if operation.who["within"] != "anything" and operation.id not in ITS_DEPARTMENT_ONLY:
            self.assertTrue(any(answered(person)[1]["code"] != "case.not_yours" for person in own.values()), "nobody's own area lets them in")
        for role in roles:
            if operation.id not in ENDS_THE_SESSION:
                self.assertNotEqual("role.missing", answered(own[role])[1]["code"], role)

    def refused(self, status, code, act):
        with self.assertRaises(Refused) as refused:
            act()
        self.assertEqual((status, code), (refused.exception.status, refused.exception.problem["code"]))

    def test_what_is_sent_again_under_its_key_is_done_once(self):
        self.admin.post("/api/v1/accounts", login="ann")
        wanted = {"login": "ann", "post": "dispatch-desk"}
        send = lambda key, body=wanted: self.admin.ask("POST", "/api/v1/appointments", body, **{"Idempotency-Key": key})
        first = send("k1")
        self.assertIsNone(self.admin.headers["Idempotency-Replayed"])
        self.assertEqual(send("k1"), first)
        self.assertEqual(self.admin.headers["Idempotency-Replayed"], "true")
        self.assertNotEqual(send("k2"), first)
        self.refused(409, "once.other", lambda: send("k1", wanted | {"area": "37"}))
        self.refused(400, "once.not_here", lambda: self.admin.ask("GET", "/api/v1/accounts", **{"Idempotency-Key": "k3"}))
        self.assertEqual(len([a for a in self.admin.get("/api/v1/accounts")["appointments"] if a["person"] == "ann"]), 2)

    def test_a_tag_says_whether_somebody_was_faster(self):
        acceptor = hire(self.admin, self.served.url, "ann", "acceptance-desk")
        no = self.known()["no"]
        acceptor.get(f"/api/v1/work/signals/{no}")
        tag = acceptor.headers["ETag"]
        act = lambda tag, **more: acceptor.ask("POST", f"/api/v1/signals/{no}/commands", {"verb": "ask_check"} | more, **({"If-Match": tag} if tag else {}))
        self.refused(400, "command.version", lambda: act(None))
        self.refused(400, "command.if_match", lambda: act('"made up"'))
        self.refused(400, "command.if_match", lambda: act(tag, version=99))
        act(tag)
        self.refused(412, "case.if_match", lambda: act(tag))
        self.refused(409, "case.version", lambda: act(None, version=1))
        acceptor.get(f"/api/v1/work/signals/{no}")
        self.refused(304, "not modified", lambda: acceptor.ask("GET", f"/api/v1/work/signals/{no}", **{"If-None-Match": acceptor.headers["ETag"]}))

    def test_a_token_that_was_given_back_taken_away_or_made_up_opens_nothing(self):
        url = self.served.url
        ann = hire(self.admin, url, "ann", "acceptance-desk")
        thief = ann.twin()
        thief.csrf = ann.csrf
        self.assertTrue(thief.get("/api/v1/inbox"))
        ann.ask("DELETE", "/api/v1/session")
        self.refused(401, "session.none", lambda: thief.get("/api/v1/inbox"))
        ann.sign_in("ann")
        thief = ann.twin()
        ann.post("/api/v1/session/password", old_password=PASSWORD, password="four dry socks")
        self.refused(401, "session.none", lambda: thief.get("/api/v1/inbox"))
        self.refused(401, "session.none", lambda: thief.post("/api/v1/absences", until="2099-01-01T00:00:00Z"))
        self.admin.post("/api/v1/accounts/ann/disable")
        self.refused(401, "session.none", lambda: ann.get("/api/v1/inbox"))
        self.refused(403, "sign_in.wrong", lambda: ann.sign_in("ann", "four dry socks"))
        for made_up in ("", "A" * 43, "x" * 5000, "%00", "' OR 1=1 --"):
            forger = Person(url)
            forger.cookie("zhili_session", made_up)
            self.refused(401, "session.none", lambda: forger.get("/api/v1/inbox"))
        known = self.known()
        token = known["/api/v1/signals/{token}", "token"]
        self.assertEqual(Person(url).get(f"/api/v1/signals/{token}")["no"], known["no"])
        for made_up in (token[:-1], token + "A", token.swapcase(), "A" * len(token), known["no"]):
            self.refused(404, "token.unknown", lambda: Person(url).get(f"/api/v1/signals/{made_up}"))

    def test_whatever_is_sent_is_answered_in_words(self):
        chance = random.Random(FUZZ_SEED)
        known = self.known()
        for operation in self.description.operations:
            if operation.id in ENDS_THE_SESSION:
                continue
            for _ in range(FUZZ_ROUNDS):
                self.hostile(operation, chance, known)
        self.assertTrue(json.loads(self.served.get("/health"))["ready"])

    def hostile(self, operation, chance, known):
        kind, schema = operation.body()
        values = {p["name"]: odd_text(chance) for p in operation.parameters("query") if chance.random() < 0.4}
        if chance.random() < 0.1:
            values[odd_text(chance)] = odd_text(chance)
        names = {name: odd_text(chance) for name in re.findall(r"\{(\w+)\}", operation.pattern)} if chance.random() < 0.4 else known
        path = target(operation, names, values)
        sent = odd_record(self.description, schema, chance) if schema else None
        try:
            if kind == "multipart/form-data":
                self.admin.form("POST", path, sent if isinstance(sent, dict) else {"item": sent})
            else:
                self.admin.ask(operation.method, path, sent)
        except Refused as refused:
            self.assertLess(refused.status, 500, f"{operation.id} {path} {str(sent)[:500]}: {refused.problem}")
            if refused.problem["code"] in ("body.field", "body.unknown"):
                self.assertIsNotNone(refused.problem["field"], f"{operation.id} {sent}")


ODD_TEXTS = ["", " ", "x", "0", "-1", "1e309", "NaN", "9223372036854775808", "-9223372036854775809", "null", "true", "[]", "{}", "\u0000", "a\u0000b", "‮", "😀" * 50, "长" * 3000,
             "../../etc/passwd", "' OR 1=1 --", "%00", "%", "<script>", "=cmd()", "2026-13-45", "2026-07-12T08:30:00+99:99", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z", "LC-2611-1",
             "1-1", "-", "a,b,c,d", "0,0,0,0", "1,2,3", "nan,nan,nan,nan", "\r\nX: y", "'", '"', "\\", "ＬＣ－１"]


def odd_text(chance):
    return chance.choice(ODD_TEXTS) if chance.random() < 0.9 else "".join(chr(chance.choice([chance.randrange(1, 0xD7FF), chance.randrange(0x10000, 0x10FFFF)])) for _ in range(chance.randrange(40)))


def odd_value(chance, depth=0):
    made = [lambda: odd_text(chance), lambda: chance.choice([0, -1, 1, 2**31, 2**53, 2**63 - 1, -(2**63), 2**64, 1.5, 1e308, -0.0]), lambda: None, lambda: chance.random() < 0.5,
            lambda: [odd_value(chance, depth + 1) for _ in range(chance.randrange(4))], lambda: {odd_text(chance): odd_value(chance, depth + 1) for _ in range(chance.randrange(3))}]
    return chance.choice(made[:4] if depth > 3 else made)()


def odd_record(description, schema, chance):
    """Mostly what the schema asks for, with some of it wrong."""
    schema = description.resolve(schema)
    out = {}
    for name, held in schema.get("properties", {}).items():
        if name in schema.get("required", []) and chance.random() < 0.9 or chance.random() < 0.4:
            out[name] = sample(description, held) if chance.random() < 0.6 else odd_value(chance)
    if chance.random() < 0.1:
        out[odd_text(chance)] = odd_value(chance)
    return out if chance.random() < 0.95 else odd_value(chance)


if __name__ == "__main__":
    unittest.main()
