"""A provider of sign-on (OpenID Connect) that does as a test tells it: honest by itself, and a liar where it is told to lie.

Signatures are made by the `openssl` program, so that another implementation than the one under test says what is right."""

import base64
import hashlib
import http.server
import json
import pathlib
import subprocess
import tempfile
import threading
import time
import urllib.parse


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    """An RSA key of the provider."""

    def __init__(self, folder, kid):
        self.kid, self.file = kid, pathlib.Path(folder) / f"{kid}.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.file, "2048"], check=True, capture_output=True)
        said = subprocess.run(["openssl", "rsa", "-in", self.file, "-noout", "-modulus"], check=True, capture_output=True, text=True).stdout
        self.modulus = bytes.fromhex(said.strip().split("=")[1])

    def jwk(self):
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": b64(self.modulus), "e": "AQAB"}

    def sign(self, text):
        return subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.file], input=text.encode(), check=True, capture_output=True).stdout

    def token(self, claims, **header):
        head = {"typ": "JWT", "alg": "RS256", "kid": self.kid} | header
        body = b64(json.dumps(head).encode()) + "." + b64(json.dumps(claims).encode())
        return body + "." + b64(self.sign(body))


class Provider:
    """Listens on a free port until stop(). `claims` are put over those of an honest ID token, `head` over its header."""

    def __init__(self, client_id="zhili", secret="the secret of a test"):
        self.folder = tempfile.TemporaryDirectory(prefix="zhili-provider-")
        self.client_id, self.secret = client_id, secret
        self.key = Key(self.folder.name, "one")
        self.published = [self.key]
        self.claims, self.head, self.hangs = {}, {}, False
        self.codes, self.asked = {}, []
        self.released = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                self.answer(outer.get(self.path))

            def do_POST(self):
                outer.asked.append(self.path)
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                self.answer(outer.redeem(form, self.headers.get("Authorization", "")))

            def answer(self, said):
                text = json.dumps(said if said is not None else {"error": "invalid_grant"}).encode()
                self.send_response(200 if said is not None else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                try:
                    self.wfile.write(text)
                except BrokenPipeError:
                    pass  # who hung too long finds nobody there

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()

    def get(self, path):
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.issuer, "authorization_endpoint": self.issuer + "/auth", "token_endpoint": self.issuer + "/token",
                    "jwks_uri": self.issuer + "/jwks", "end_session_endpoint": self.issuer + "/end", "response_types_supported": ["code"],
                    "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"]}
        if path == "/jwks":
            return {"keys": [key.jwk() for key in self.published]}
        return None

    def authorize(self, url):
        """Plays the person who signs in there: what the browser brings back."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        assert asked["client_id"] == self.client_id and asked["code_challenge_method"] == "S256", asked
        code = b64(hashlib.sha256(asked["state"].encode()).digest())
        self.codes[code] = asked
        return {"state": asked["state"], "code": code}

    def redeem(self, form, authorization):
        if self.hangs:
            self.released.wait()
        asked = self.codes.pop(form.get("code"), None)
        basic = "Basic " + base64.b64encode(f"{self.client_id}:{urllib.parse.quote(self.secret)}".encode()).decode()
        verified = asked and b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest()) == asked["code_challenge"]
        if not verified or authorization != basic or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.key.token(self.id_claims(asked["nonce"]), **self.head)}

    def id_claims(self, nonce):
        now = int(time.time())
        return {"iss": self.issuer, "aud": self.client_id, "sub": "person-17", "nonce": nonce, "iat": now, "exp": now + 300, "auth_time": now,
                "sid": "there-1", "name": "ann"} | self.claims

    def logout_token(self, **claims):
        now = int(time.time())
        return self.key.token({"iss": self.issuer, "aud": self.client_id, "sub": "person-17", "sid": "there-1", "iat": now, "exp": now + 100, "jti": b64(str(time.monotonic_ns()).encode()),
                               "events": {"http://schemas.openid.net/event/backchannel-logout": {}}} | claims)
