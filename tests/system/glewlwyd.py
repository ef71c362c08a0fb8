"""Glewlwyd, an identity provider of Debian, on a data base of its own: set up through its interface, and used as a browser would."""

import base64
import http.cookiejar
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from harness import eventually, free_port

PROGRAM = "/usr/bin/glewlwyd"
TABLES = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"  # with the account admin, whose password is "password"
MODULES = "/usr/lib/glewlwyd"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signing_key(kid):
    """A private key for ES256 as a JWK, made by the `openssl` program."""
    pem = subprocess.run(["openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout"], check=True, capture_output=True).stdout
    said = subprocess.run(["openssl", "ec", "-noout", "-text"], input=pem, check=True, capture_output=True).stdout.decode()

    def number(name):
        return bytes.fromhex(re.sub(r"[\s:]", "", re.search(name + r":\n((?: +[0-9a-f:]+\n)+)", said).group(1)))

    point = number("pub")
    return {"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": kid, "x": b64(point[1:33]), "y": b64(point[33:]), "d": b64(number("priv")[-32:].rjust(32, b"\0"))}


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser:
    """Somebody's browser at the provider: its cookies. Redirects are looked at, not followed."""

    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), Stay)

    def ask(self, method, path, body=None):
        """Where it leads to; else the text that is answered."""
        url = path if path.startswith("http") else self.url + path
        request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode(), method=method, headers={"Content-Type": "application/json"})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            if error.code in (302, 303):
                return error.headers["Location"]
            raise AssertionError(f"{method} {url}: {error.code} {error.read().decode()}") from None


class Glewlwyd:
    """Runs until stop(). Its plugin for OpenID Connect is called "city"; tokens are signed by the first of `keys`."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="zhili-glewlwyd-"))
        self.url = f"http://127.0.0.1:{free_port()}"
        self.issuer = self.url + "/api/city"
        self.keys = [signing_key("one")]
        with sqlite3.connect(self.folder / "glewlwyd.db") as tables:
            tables.executescript(pathlib.Path(TABLES).read_text())
        tables.close()
        (self.folder / "glewlwyd.conf").write_text(f"""
port={self.url.rsplit(":", 1)[1]}
bind_address="127.0.0.1"
external_url="{self.url}"
api_prefix="api"
login_url="login.html"
log_mode="console"
log_level="WARNING"
cookie_secure=0
session_key="session"
session_expiration=3600
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="{MODULES}/user"
client_module_path="{MODULES}/client"
user_auth_scheme_module_path="{MODULES}/scheme"
plugin_module_path="{MODULES}/plugin"
hash_algorithm="SHA512"
database = {{ type = "sqlite3"; path = "{self.folder}/glewlwyd.db"; }};
""")
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen([PROGRAM, f"--config-file={self.folder}/glewlwyd.conf"], stdout=self.log, stderr=self.log)
        self.admin = Browser(self.url)
        eventually(self.answers, "glewlwyd answers")
        self.admin.ask("POST", "/api/auth/", {"username": "admin", "password": "password"})
        self.admin.ask("POST", "/api/mod/plugin/", {"module": "oidc", "name": "city", "display_name": "City", "enabled": True, "parameters": self.parameters()})

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError("glewlwyd ended: " + (self.folder / "log").read_text()[-2000:])
        try:
            urllib.request.urlopen(self.url + "/api/", timeout=60).close()
        except urllib.error.HTTPError:
            return True
        except (urllib.error.URLError, ConnectionError):
            return False
        return True

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def parameters(self):
        login = {"name": "login", "user-property": "username", "mandatory": True, "on-demand": False, "type": "string", "scope": ["openid"]}
        ways = {f"auth-type-{one}-enabled": one == "code" for one in ("code", "token", "id-token", "none", "password", "client", "refresh", "device")}
        return ways | {"iss": self.issuer, "jwt-type": "ecdsa", "jwt-key-size": "256", "jwks-private": json.dumps({"keys": self.keys}),
                       "access-token-duration": 3600, "refresh-token-duration": 3600, "code-duration": 600, "refresh-token-rolling": True, "allow-non-oidc": False,
                       "pkce-allowed": True, "pkce-method-plain-allowed": False, "pkce-required": True, "subject-type": "public", "claims": [login],
                       "session-management-allowed": True, "session-cookie-name": "oidc", "session-cookie-expiration": 3600,
                       "back-channel-logout-allowed": True, "front-channel-logout-allowed": False, "oauth-as-iss-id": True}

    def change_keys(self, keys):
        self.keys = keys
        self.admin.ask("PUT", "/api/mod/plugin/city", {"module": "oidc", "name": "city", "display_name": "City", "enabled": True, "parameters": self.parameters()})
        self.admin.ask("PUT", "/api/mod/plugin/city/reset")

    def add_person(self, login, password):
        self.admin.ask("POST", "/api/user/", {"username": login, "name": login, "password": password, "scope": ["openid", "g_profile"], "enabled": True})

    def add_client(self, client, secret, redirect, logout):
        self.admin.ask("POST", "/api/client/", {"client_id": client, "name": client, "password": secret, "confidential": True, "enabled": True, "scope": [],
                                                "redirect_uri": [redirect], "authorization_type": ["code"], "token_endpoint_auth_method": ["client_secret_basic"],
                                                "backchannel_logout_uri": logout})

    def sign_in(self, browser, url, login, password):
        """What the browser brings back to the client, after its person has signed in where `url` led them, and let the client know who they are."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        page = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.ask("GET", url)).query))  # its page to sign in, which goes on to callback_url
        browser.ask("POST", "/api/auth/", {"username": login, "password": password})
        browser.ask("PUT", f"/api/auth/grant/{asked['client_id']}", {"scope": asked["scope"]})
        back = browser.ask("GET", page["callback_url"] + "&g_continue")
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))

    def sign_out(self, browser, url):
        """The same for the page where sessions end: the person says yes. Tells every client of the session."""
        page = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.ask("GET", url)).query))
        assert page["prompt"] == "end_session", page
        browser.ask("DELETE", f"/api/city/session/{page['sid']}/")
