"""Somebody who is signed in, as a browser would be: a cookie, and the token against forged requests."""

import http.cookiejar
import json
import pathlib
import re
import urllib.error
import urllib.parse
import urllib.request

from description import Description
from harness import Case

PASSWORD = "three wet boots"
HERE = {"lat": "34.8601", "lon": "117.5502"}


class Refused(Exception):
    def __init__(self, status, problem):
        super().__init__(f"{status} {problem}")
        self.status, self.problem = status, problem


class Person:
    def __init__(self, url):
        self.url = url
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.csrf = ""
        self.headers = {}  # of the last answer
        self.always = {}  # headers of each request

    def ask(self, method, path, body=None, **headers):
        if body is not None:
            headers = {"Content-Type": "application/json"} | headers
            body = json.dumps(body).encode()
        return self.send(method, path, body, headers)

    def form(self, method, path, fields, files=()):
        """multipart/form-data: texts by name, and (name, bytes) of files. What is no text is sent as JSON."""
        mark, parts = "----zhili", []
        for name, held in fields.items():
            name = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
            text = held if isinstance(held, str) else json.dumps(held)
            parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode(errors="replace"))
        for name, content in files:
            parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="a"\r\n\r\n'.encode() + content + b"\r\n")
        return self.send(method, path, b"".join(parts) + f"--{mark}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={mark}"})

    def send(self, method, path, data, headers):
        request = urllib.request.Request(self.url + path, data=data, method=method, headers={"X-CSRF-Token": self.csrf} | self.always | headers)
        try:
            with self.opener.open(request, timeout=60) as answer:
                status, self.headers, text = answer.status, answer.headers, b""
                if not self.headers.get("Content-Type", "").startswith("text/event-stream"):  # which never ends
                    text = answer.read()
        except urllib.error.HTTPError as error:
            status, self.headers, text = error.code, error.headers, error.read()
        if status == 304:
            raise Refused(status, {"code": "not modified"})
        Description.of(self.url).check_answer(method, path, status, self.headers.get("Content-Type", ""), text)  # whatever is answered in any test is as described
        if status >= 400:
            raise Refused(status, json.loads(text))
        if not self.headers.get("Content-Type", "").split(";")[0].endswith("json"):
            return text or None  # a file
        return json.loads(text) if text else None

    def cookie(self, name, value):
        host = urllib.parse.urlsplit(self.url).hostname
        self.cookies.set_cookie(http.cookiejar.Cookie(0, name, value, None, False, host, False, False, "/", True, False, None, True, None, None, {}))

    def twin(self):
        """Somebody else with the same cookies."""
        out = Person(self.url)
        for cookie in self.cookies:
            out.cookies.set_cookie(cookie)
        return out

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, **body):
        return self.ask("POST", path, body)

    def bytes(self, path):
        try:
            with self.opener.open(self.url + path, timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(error.code, json.loads(error.read())) from None

    def upload(self, file):
        """The name of a photo in the store."""
        return self.form("POST", "/api/v1/photos", {}, [("photo", file.read_bytes())])["name"]

    def sign_in(self, login, password=PASSWORD):
        session = self.post("/api/v1/session", login=login, password=password)
        self.csrf = session["csrf"]
        return session

    def choose_password(self, old, new=PASSWORD):
        session = self.post("/api/v1/session/password", old_password=old, password=new)
        self.csrf = session["csrf"]
        return session

    def act(self, no, verb, **more):
        version = self.get(f"/api/v1/cases/{no}/steps")["version"]
        return self.post(f"/api/v1/cases/{no}/commands", verb=verb, version=version, **more)

    def may(self, no):
        return {step["verb"] for step in self.get(f"/api/v1/cases/{no}/steps")["steps"] if step["allowed"]}


def first_administrator(served):
    """The administrator of the first start, with a password of their own."""
    password = re.search(r"admin\s+(\S{19})", pathlib.Path(served.log.name).read_text()).group(1)
    admin = Person(served.url)
    admin.sign_in("admin", password)
    admin.choose_password(password)
    return admin


def hire(admin, url, login, *posts, **more):
    """An account with its own password and these posts, signed in."""
    made = admin.post("/api/v1/accounts", login=login, **more)
    for post in posts:
        admin.post("/api/v1/appointments", login=login, post=post)
    person = Person(url)
    person.sign_in(login, made["one_time_password"])
    person.choose_password(made["one_time_password"])
    return person


class Office(Case):
    """A test with an installation whose people come from nothing: its first administrator, and whoever that one hires."""

    def first(self, served):
        """The administrator of the first start."""
        said = pathlib.Path(served.log.name).read_text()
        password = re.search(r"admin\s+(\S{19})", said).group(1)
        admin = Person(served.url)
        self.assertTrue(admin.sign_in("admin", password)["must_change"])
        with self.assertRaises(Refused) as refused:
            admin.get("/api/v1/accounts")
        self.assertEqual(refused.exception.problem["code"], "password.must_change")
        admin.choose_password(password)
        return admin

    def refused(self, code, act):
        with self.assertRaises(Refused) as refused:
            act()
        self.assertEqual(refused.exception.problem["code"], code, refused.exception.problem)
        return refused.exception

    def report(self, served):
        """What the reporter is answered: number, token, link."""
        item = next(i["code"] for i in served.json("/api/v1/items")["items"] if i["public"] and not any(a["required"] for a in i["asks"]))
        return served.post("/api/v1/signals", item=item, words="桥下全是水", **HERE)


def first_administrator(served):
    """The one that the first start makes, with a password of its own."""
    password = re.search(r"admin\s+(\S{19})", pathlib.Path(served.log.name).read_text()).group(1)
    admin = Person(served.url)
    admin.sign_in("admin", password)
    admin.choose_password(password)
    return admin
