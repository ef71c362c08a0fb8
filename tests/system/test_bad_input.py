"""Bombs and forgeries against a serving process: each is refused in words, and the process lives on, no larger than before."""

import json
import pathlib
import socket
import unittest
import urllib.parse

from harness import PATIENCE_S, Case, Served

FORM = "application/x-www-form-urlencoded"
MEMORY_MAX_BYTES = 400 << 20
HERE = "lat=34.8601&lon=117.5502"


def talk(port, data):
    """Everything that the server says to these bytes until it hangs up or has said one whole answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as peer:
        try:
            peer.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it was refused before we were through; the answer is there to be read
        said = b""
        try:
            while chunk := peer.recv(65536):
                said += chunk
        except ConnectionResetError:
            pass
        return said


def request(path, body, kind, *lines):
    head = [f"POST {path} HTTP/1.1", "Host: test", "Connection: close", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def status(said):
    return int(said.split(b" ", 2)[1]) if said.startswith(b"HTTP/1.1 ") else 0


class BadInput(Case):
    def setUp(self):
        super().setUp()
        self.served = Served(self.data)
        self.addCleanup(self.served.stop)
        self.item = next(item["code"] for item in self.served.json("/api/v1/items?public=1")["items"] if not item["asks"])

    def lives(self, what):
        self.assertTrue(json.loads(self.served.get("/health"))["ready"], what)
        for line in pathlib.Path(f"/proc/{self.served.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                self.assertLess(int(line.split()[1]) * 1024, MEMORY_MAX_BYTES, what)

    def refused(self, what, data, *expected):
        said = talk(self.served.port, data)
        self.assertIn(status(said), expected, f"{what}: {said[:300]!r}")
        self.lives(what)
        return said

    def test_xml_bombs(self):
        laughs = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(10))
        bombs = {
            "billion laughs": f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]><x>&l10;</x>',
            "one large entity, often": f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]><x>{"&a;" * 100_000}</x>',
            "a file of the machine": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
            "deep nesting": "<x>" * 100_000 + "</x>" * 100_000,
            "many attributes": "<x " + " ".join(f'a{i}="1"' for i in range(100_000)) + "/>",
        }
        for what, text in bombs.items():
            for kind in ("text/xml", "application/xml; charset=utf-8"):
                said = self.refused(what, request("/open311/v2/requests.xml", text.encode(), kind), 400)
                self.assertIn(b"<errors>", said, what)
                self.assertNotIn(b"root:", said, what)
                self.refused(what, request("/api/v1/signals", text.encode(), kind), 400, 413, 415, 422)

    def test_json_bombs(self):
        deep = 100_000
        bombs = {
            "deep lists": "[" * deep + "]" * deep,
            "deep objects": '{"a":' * deep + "1" + "}" * deep,
            "deep inside an answer": '{"a":' + "[" * deep + "]" * deep + "}",
            "a number of a million digits": '{"a":' + "9" * 1_000_000 + "}",
            "an exponent beyond all numbers": '{"a":1e999999999}',
            "cut off": '{"a":"' + "x" * 1_000_000,
            "NUL": '{"a":"\x00"}',
            "half a surrogate pair": '{"a":"\\ud800"}',
        }
        for what, text in bombs.items():
            fields = urllib.parse.urlencode({"item": self.item, "words": "x", "attributes": text}) + "&" + HERE
            said = self.refused(what, request("/api/v1/signals", fields.encode(), FORM), 400, 413, 422)
            self.assertIn(b"application/problem+json", said, what)
            self.refused(what, request("/open311/v2/requests.json", text.encode(), "application/json"), 400)

    def test_a_name_twice_and_a_long_text_are_read_one_way(self):
        answers = '{"a":"1","a":"2"}'
        fields = urllib.parse.urlencode({"item": self.item, "words": "x", "attributes": answers}) + "&" + HERE
        self.refused("a name twice", request("/api/v1/signals", fields.encode(), FORM), 201, 422, 400)
        many = "{" + ",".join('"a":"1"' for _ in range(100_000)) + "}"
        fields = urllib.parse.urlencode({"item": self.item, "words": "x", "attributes": many}) + "&" + HERE
        self.refused("a name a hundred thousand times", request("/api/v1/signals", fields.encode(), FORM), 201, 400, 422)
        long = '{"a":"' + "x" * 1_000_000 + '"}'
        fields = urllib.parse.urlencode({"item": self.item, "words": "x", "attributes": long}) + "&" + HERE
        self.refused("a text of a megabyte", request("/api/v1/signals", fields.encode(), FORM), 201, 400, 413, 422)
        words = urllib.parse.urlencode({"item": self.item, "words": "长" * 400_000}) + "&" + HERE
        said = self.refused("words of a megabyte", request("/api/v1/signals", words.encode(), FORM), 400, 413, 422, 429)
        self.assertIn(b'"field":"words"', said)

    def test_smuggled_requests_are_refused_and_never_answered(self):
        hidden = b"GET /health HTTP/1.1\r\nHost: test\r\n\r\n"
        start = b"POST /api/v1/signals HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        forgeries = {
            "length and chunked": start + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
            "chunked and length": start + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + hidden,
            "two lengths": start + b"Content-Length: 0\r\nContent-Length: 30\r\n\r\n" + hidden,
            "a list of lengths": start + b"Content-Length: 0, 30\r\n\r\n" + hidden,
            "a coding that looks like chunked": start + b"Transfer-Encoding: xchunked\r\n\r\n" + hidden,
            "chunked, folded": start + b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n\r\n" + hidden,
            "a line feed alone": start + b"X: 1\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
            "a carriage return alone": start + b"X: 1\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
            "a blank before the colon": start + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + hidden,
        }
        for what, data in forgeries.items():
            said = self.refused(what, data, 400, 501)
            self.assertEqual(said.count(b"HTTP/1.1 "), 1, what)
            self.assertNotIn(b'"live"', said, what)

    def test_floods_of_headers(self):
        start = b"GET /health HTTP/1.1\r\nHost: test\r\n"
        self.refused("many lines", start + b"".join(b"X-%d: 1\r\n" % i for i in range(10_000)) + b"\r\n", 431)
        self.refused("one long line", start + b"X: " + b"a" * 200_000 + b"\r\n\r\n", 431)
        self.refused("one long name", start + b"a" * 200_000 + b": 1\r\n\r\n", 431)
        self.refused("a long address", b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: test\r\n\r\n", 414)

    def test_what_was_refused_is_counted(self):
        self.refused("a long address", b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: test\r\n\r\n", 414)
        self.assertIn('zhili_http_refused_total{reason="http.target_too_long"} 1', self.served.get("/metrics").decode())


if __name__ == "__main__":
    unittest.main(verbosity=2)
