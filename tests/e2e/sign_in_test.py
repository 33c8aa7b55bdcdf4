#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signing in and out: by commands, and by the cookie of web pages. sign_in_test.py PCHATCTL"""

import http.client
import json
import socket
import sqlite3
import subprocess
import time
import unittest
import urllib.parse

from local_server import WAIT, LocalServer, pchatctl, running

ADMIN = "sip:admin@localhost.example"
BOB = "sip:bob@localhost.example"
PASSWORD = "correct horse battery"


def add_bob(home, server):
    (home / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    done = pchatctl(home, "user", "create", BOB, "--password-file", "password", **server.variables)
    assert done.returncode == 0, done.stderr


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = running()
        cls.home, cls.server = cls.place.__enter__()
        add_bob(cls.home, cls.server)
        (cls.home / "wrong").write_text("not this one\n", encoding="utf-8")
        cls.url = cls.server.facts["url"]
        cls.ca = cls.server.facts["ca_file"]

    @classmethod
    def tearDownClass(cls):
        cls.place.__exit__(None, None, None)

    def setUp(self):
        (self.home / ".config" / "pchat" / "contexts.yaml").unlink(missing_ok=True)

    def run_it(self, *words, **variables):
        return pchatctl(self.home, *words, **variables)

    def ok(self, *words, **variables):
        done = self.run_it(*words, **variables)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}")
        return done.stdout

    def fails(self, code, text, hint, *words, **variables):
        done = self.run_it(*words, **variables)
        self.assertEqual(done.returncode, code, f"{words}: {done.stdout}{done.stderr}")
        self.assertIn(text, done.stderr)
        self.assertIn(hint, done.stderr)
        self.assertEqual(done.stdout, "")

    def login(self, **other):
        values = {"server": self.url, "ca-file": self.ca, "user": BOB, "password-file": "password", **other}
        return ["login", *(word for name, value in values.items() if value for word in (f"--{name}", value))]

    def test_who_signs_in(self):
        wrong = "the user or the password is wrong"
        self.fails(4, wrong, "sip:user@domain", *self.login(**{"password-file": "wrong"}))
        self.fails(4, wrong, "sip:user@domain", *self.login(user="sip:nobody@localhost.example"))
        self.fails(2, "who signs in is not said", "--user", *self.login(user=""))
        self.fails(2, "a password is needed", "--password-file", *self.login(**{"password-file": ""}))
        self.fails(3, "there is no password file missing", "", *self.login(**{"password-file": "missing"}))
        self.assertFalse((self.home / ".config" / "pchat" / "contexts.yaml").exists())

    def test_which_server(self):
        self.fails(2, "no server is named", "--server URL", *self.login(server=""))
        self.fails(1, "nobody listens there", "check host and port", *self.login(server="https://127.0.0.1:1"))
        self.fails(2, "neither https nor http", "https://host", *self.login(server="ftp://pc1.contoso.example"))
        self.fails(1, "127.0.0.1", "does it want TLS", *self.login(server=self.url.replace("https:", "http:")))
        self.fails(1, "is not known", "spelling", *self.login(server="https://no-such-host.invalid"))
        self.fails(2, "not encrypted", "https", *self.login(server="http://pc1.contoso.example"))

    def test_which_authority(self):
        unknown = "comes from an unknown authority"
        self.fails(1, unknown, "--ca-file FILE", *self.login(**{"ca-file": ""}))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=other", "-keyout", self.home / "other.key", "-out", self.home / "other.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
        self.fails(1, unknown, "other.pem is not the authority of this server", *self.login(**{"ca-file": "other.pem"}))
        self.fails(3, "'missing.pem' cannot be read: No such file", "--ca-file", *self.login(**{"ca-file": "missing.pem"}))
        self.fails(3, "'password' cannot be used", "PEM", *self.login(**{"ca-file": "password"}))

    def test_a_context_is_made_used_and_forgotten(self):
        said = json.loads(self.ok(*self.login(), "--save-as", "lab", "-o", "json"))
        self.assertEqual((said["context"], said["user"], said["server"]), ("lab", BOB, self.url))
        (context,) = json.loads(self.ok("context", "list", "-o", "json"))
        self.assertEqual((context["name"], context["current"], context["signed_in"]), ("lab", True, True))
        shown = json.loads(self.ok("context", "show", "--origin", "-o", "json"))
        self.assertEqual((shown["token"], shown["origin"]["token"]), ("***", "context 'lab'"))
        self.ok("room", "list")
        self.fails(4, "this needs the role viewer", f"pchatctl user set {BOB} --add-role viewer", "user", "list")
        self.fails(1, "there is no context 'lba'", "pchatctl context list", "context", "use", "lba")
        self.assertIn("would", self.ok("logout", "--dry-run"))
        self.ok("room", "list")
        self.assertIn("signed out", self.ok("logout"))
        self.assertIn("no changes", self.run_it("logout").stderr)
        self.fails(4, "nobody is signed in", "pchatctl login --context lab --user", "room", "list")
        self.assertIn("would be removed", self.ok("context", "remove", "lab", "--dry-run"))
        self.ok("context", "remove", "lab")
        self.fails(1, "there is no context 'lab'", "pchatctl context list", "context", "remove", "lab")

    def test_the_token_of_a_context_goes_to_its_own_server_only(self):
        self.ok(*self.login(), "--save-as", "lab")
        other = "https://127.0.0.1:1"
        self.fails(4, f"nobody is signed in at {other}", f"pchatctl login --server {other}", "room", "list", "--server", other)

    def test_a_wrong_token(self):
        variables = {**self.server.variables, "PCHATCTL_TOKEN": "pct_wrong"}
        self.fails(4, "the token is unknown", "sign in again: pchatctl login", "room", "list", **variables)
        self.fails(4, "the token is unknown", "pchatctl login", "message", "tail", "Lobby", **variables)
        self.fails(3, "the token file missing is missing", "a token", "room", "list", "--token-file", "missing", **variables)


class Time(unittest.TestCase):
    def test_a_token_that_has_expired(self):
        with running("--plain") as (home, server):
            add_bob(home, server)
            login = ("login", "--user", BOB, "--password-file", "password", "--save-as", "lab")
            self.assertEqual(pchatctl(home, *login, "--server", server.facts["url"]).returncode, 0)
            self.assertEqual(pchatctl(home, "room", "list").returncode, 0)
            self.assertEqual(server.end(), 0)
            with sqlite3.connect(home / "data" / "content.db") as content:
                changed = content.execute("update token set expires_at = 1 where kind <> 2 and expires_at is not null")
                self.assertGreater(changed.rowcount, 0)
            port = urllib.parse.urlsplit(server.facts["url"]).port
            again = LocalServer(home, "--plain", "--listen", f"127.0.0.1:{port}")
            try:
                done = pchatctl(home, "room", "list")
                self.assertEqual(done.returncode, 4, done.stderr)
                self.assertIn("has expired", done.stderr)
                self.assertIn("sign in again: pchatctl login", done.stderr)
                self.assertEqual(pchatctl(home, "logout").returncode, 0)
            finally:
                again.end()


class Cookies(unittest.TestCase):
    """As a browser speaks, without TLS on loopback."""

    @classmethod
    def setUpClass(cls):
        cls.place = running("--plain")
        cls.home, cls.server = cls.place.__enter__()
        add_bob(cls.home, cls.server)
        cls.origin = cls.server.facts["url"]
        cls.port = urllib.parse.urlsplit(cls.origin).port

    @classmethod
    def tearDownClass(cls):
        cls.place.__exit__(None, None, None)

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        named = {name.replace("_", "-"): value for name, value in headers.items() if value}
        connection.request(method, path, json.dumps(body) if body is not None else None, named)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text), answer.getheader("Set-Cookie")

    def sign_in(self, **headers):
        body = {"user": BOB, "password": PASSWORD, "cookie": True}
        return self.ask("POST", "/v1/sessions", body, **{"Content_Type": "application/json", **headers})

    def cookie(self):
        status, body, cookie = self.sign_in(Origin=self.origin)
        self.assertEqual(status, 201, body)
        self.assertNotIn("token", body)
        name, *attributes = cookie.split("; ")
        self.assertEqual({"Path=/", "Secure", "HttpOnly", "SameSite=Strict"} - set(attributes), set())
        self.assertTrue(name.startswith("__Host-pchat="))
        return name

    def upgrade(self, **headers):
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        request = "\r\n".join(
            ["GET /v1/ws HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: Upgrade", "Upgrade: websocket",
             "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", *lines, "", ""]
        )  # fmt: skip
        with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT) as stream:
            stream.sendall(request.encode())
            stream.settimeout(WAIT)
            text = b""
            deadline = time.monotonic() + WAIT
            while time.monotonic() < deadline:
                text += stream.recv(65536)
                if not text.startswith(b"HTTP/1.1 101") or b'"type":"welcome"' in text:
                    break
        return text.decode("utf-8", "replace")

    def test_a_page_reads_changes_and_signs_out(self):
        cookie = self.cookie()
        status, found, _ = self.ask("GET", "/v1/discover", Cookie=cookie)
        self.assertEqual((status, found["user"], found["servers"]), (200, BOB, [self.origin]))
        self.assertEqual(self.ask("POST", "/v1/tickets", Cookie=cookie)[0], 403)
        self.assertEqual(self.ask("POST", "/v1/tickets", Cookie=cookie, Origin="https://evil.example")[0], 403)
        self.assertEqual(self.ask("POST", "/v1/tickets", Cookie=cookie, Origin=self.origin)[0], 201)
        local = f"http://localhost:{self.port}"
        self.assertEqual(self.ask("POST", "/v1/tickets", Cookie=f"a=b; {cookie}", Origin=local)[0], 201)
        status, _, gone = self.ask("DELETE", "/v1/sessions/current", Cookie=cookie, Origin=self.origin)
        self.assertEqual(status, 200)
        self.assertIn("Max-Age=0", gone)
        self.assertEqual(self.ask("GET", "/v1/discover", Cookie=cookie)[0], 401)

    def test_another_site_cannot_sign_anybody_in(self):
        for origin in ("", "null", "https://evil.example", f"http://127.0.0.1:{self.port + 1}"):
            self.assertEqual(self.sign_in(Origin=origin)[0], 403, origin)
        self.assertEqual(self.sign_in(Origin=self.origin, Content_Type="text/plain")[0], 400)

    def test_a_websocket_of_a_page(self):
        cookie = self.cookie()
        welcome = self.upgrade(Cookie=cookie, Origin=self.origin)
        self.assertIn('"type":"welcome"', welcome)
        self.assertIn(f'"servers":["{self.origin}"]', welcome)
        self.assertIn(f'"user":"{BOB}"', welcome)
        self.assertIn(" 403 ", self.upgrade(Cookie=cookie).splitlines()[0])
        self.assertIn(" 403 ", self.upgrade(Cookie=cookie, Origin="https://evil.example").splitlines()[0])


if __name__ == "__main__":
    unittest.main()
