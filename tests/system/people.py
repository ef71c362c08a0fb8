"""Somebody who is signed in, as a browser would be: a cookie, and the token against forged requests."""

import http.cookiejar
import json
import urllib.error
import urllib.request

PASSWORD = "three wet boots"


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

    def ask(self, method, path, body=None, **headers):
        headers = {"X-CSRF-Token": self.csrf} | headers
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        try:
            with self.opener.open(request, timeout=60) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(error.code, json.loads(error.read())) from None
        return json.loads(text) if text else None

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, **body):
        return self.ask("POST", path, body)

    def bytes(self, path):
        with self.opener.open(self.url + path, timeout=60) as answer:
            return answer.read()

    def upload(self, file):
        """The name of a photo in the store."""
        mark = "----zhili"
        body = f'--{mark}\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'.encode() + file.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        request = urllib.request.Request(self.url + "/api/v1/photos", data=body, method="POST",
                                         headers={"X-CSRF-Token": self.csrf, "Content-Type": f"multipart/form-data; boundary={mark}"})
        with self.opener.open(request, timeout=60) as answer:
            return json.loads(answer.read())["name"]

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


def hire(admin, url, login, *posts, **more):
    """An account with its own password and these posts, signed in."""
    made = admin.post("/api/v1/accounts", login=login, **more)
    for post in posts:
        admin.post("/api/v1/appointments", login=login, post=post)
    person = Person(url)
    person.sign_in(login, made["one_time_password"])
    person.choose_password(made["one_time_password"])
    return person
