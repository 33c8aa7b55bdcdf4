#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Values just within and just beyond every limit, and names, addresses and groups that nobody should
have. Each is refused for its own reason, and nothing is kept of it. bad_input_test.py PCHATCTL"""

import json
import unittest

from api_client import PASSWORD, Api, quoted
from local_server import pchatctl, running

ANN = "sip:ann@contoso.example"

# method, path, field, what is around it, the last value that is taken, the first that is not, its code
LIMITS = (
    ("POST", "/v1/rooms", "name", {}, "é" * 256, "é" * 257, "too-long"),
    ("POST", "/v1/rooms", "description", {"name": "D"}, "😀" * 256, "😀" * 257, "too-long"),
    ("POST", "/v1/categories", "name", {}, "c" * 256, "c" * 257, "too-long"),
    ("POST", "/v1/categories", "description", {"name": "C"}, "d" * 256, "d" * 257, "too-long"),
    ("POST", "/v1/addins", "name", {"url": "https://a.example/"}, "a" * 50, "a" * 51, "too-long"),
    ("POST", "/v1/addins", "url", {"name": "A"}, "https://a.example/".ljust(255, "x"), "https://a.example/".ljust(256, "x"),
     "too-long"),
    ("PATCH", "/v1/policies/tag:p", "description", {}, "p" * 256, "p" * 257, "too-long"),
    ("PATCH", "/v1/config/global", "default_chat_history", {}, 1, 0, "bad-value"),
    ("PATCH", "/v1/config/global", "default_chat_history", {}, 500, 501, "bad-value"),
    ("PATCH", "/v1/config/global", "max_file_size_kb", {}, 1, 0, "bad-value"),
    ("PATCH", "/v1/config/global", "max_file_size_kb", {}, 4_000_000, 4_000_001, "bad-value"),
    ("PATCH", "/v1/config/global", "participant_update_limit", {}, 0, -1, "bad-value"),
    ("PATCH", "/v1/config/global", "participant_update_limit", {}, 100_000, 100_001, "bad-value"),
    ("PATCH", "/v1/config/global", "room_management_url", {}, "https://a.example/".ljust(255, "x"),
     "https://a.example/".ljust(256, "x"), "too-long"),
    ("POST", "/v1/groups", "name", {}, "g" * 378, "g" * 379, "bad-value"),  # with its prefix, as a principal
    ("POST", "/v1/groups", "display", {"name": "G"}, "g" * 256, "g" * 257, "too-long"),
    ("POST", "/v1/groups", "email", {"name": "G"}, "g" * 256, "g" * 257, "too-long"),
    ("POST", "/v1/users", "user", {}, f"sip:{'u' * 128}@x.example", f"sip:{'u' * 129}@x.example", "bad-value"),
    ("POST", "/v1/users", "user", {}, f"sip:u@{'d' * 63}.example", f"sip:u@{'d' * 64}.example", "bad-value"),
    ("POST", "/v1/users", "display", {"user": "sip:u@x.example"}, "u" * 256, "u" * 257, "too-long"),
    ("POST", "/v1/users", "company", {"user": "sip:u@x.example"}, "u" * 256, "u" * 257, "too-long"),
    ("POST", "/v1/users", "site", {"user": "sip:u@x.example"}, "u" * 256, "u" * 257, "too-long"),
    ("POST", "/v1/users", "password", {"user": "sip:u@x.example"}, "p" * 8, "p" * 7, "bad-value"),
    ("POST", "/v1/users", "password", {"user": "sip:u@x.example"}, "p" * 256, "p" * 257, "bad-value"),
    ("POST", "/v1/rooms/Lab/messages", "body", {}, "😀" * 8000, "😀" * 8001, "too-long"),
    ("POST", "/v1/rooms/Lab/messages", "body", {"kind": "story", "subject": "s"}, "s" * 65_536, "s" * 65_537, "too-long"),
    ("POST", "/v1/rooms/Lab/messages", "subject", {"kind": "story", "body": "s"}, "s" * 256, "s" * 257, "too-long"),
    ("POST", "/v1/rooms/Lab/messages", "key", {"body": "k"}, "k" * 64, "k" * 65, "too-long"),
    ("POST", "/v1/rooms", "members", {"name": "M"}, [ANN] * 10_000, [ANN] * 10_001, "too-long"),
    ("PATCH", "/v1/categories/Research", "deny", {}, [ANN] * 10_000, [ANN] * 10_001, "too-long"),
    ("POST", "/v1/groups", "members", {"name": "M"}, [ANN] * 10_000, [ANN] * 10_001, "too-long"),
)  # fmt: skip
QUERIES = (
    ("/v1/rooms/Lab/messages", "limit", 500, 501),
    ("/v1/rooms", "limit", 1000, 1001),
    ("/v1/users", "limit", 1000, 1001),
    ("/v1/search?text=x", "limit", 999, 1000),
    ("/v1/search", "text", "x" * 1000, "x" * 1001),
    ("/v1/reports/usage", "top", 1000, 1001),
)
NAMES = {
    "a control character": "Lob\x07by",
    "an end of line": "Lob\nby",
    "an escape": "\x1b[31mLobby",
    "a bidirectional override": "Lob\u202eyb",
    "a bidirectional isolate": "\u2066Lobby\u2069",
    "a line separator": "Lob\u2028by",
    "a byte order mark": "Lob\ufeffby",
    "a zero width space": "Lob\u200bby",
    "a word joiner": "Lob\u2060by",
    "a soft hyphen": "Lob\u00adby",
    "a filler that looks like nothing": "\u3164",
    "nothing": "",
    "a blank": " ",
    "blanks of all kinds": " \t\u00a0\u2003\u3000",
    "a backslash": "pool\\Lobby",
    "an id": "01a1ff31-6b17-7694-ae1a-0df8c6c77829",
    "257 characters": "x" * 257,
}
NAMED = (  # what is named so, and what it needs besides
    ("/v1/rooms", {}),
    ("/v1/categories", {}),
    ("/v1/addins", {"url": "https://a.example/"}),
)
CLASHES = ("Lobby", "lobby", "LOBBY", " Lobby ", "lobb\u0059")
COMPOSED, DECOMPOSED = "Caf\u00e9", "CAFE\u0301"
URLS = (
    "http://a.example/", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd",
    "ftp://a.example/", "//a.example/", "a.example", "https:a.example", "https://", "https:///x", " https://a.example/",
    "https://a.example/ x", "https://a.example/\r\nx", "https://ann:secret@a.example/", "https://a.example:0/",
    "https://a.example:65536/", "https://a.example\\@b.example/", "https://\u0430.example/",
)  # fmt: skip


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = running("--plain")
        cls.home, cls.server = cls.place.__enter__()
        cls.admin = Api(cls.server.facts["url"], cls.server.token())
        cls.admin.post("/v1/users", {"user": ANN})
        cls.admin.post("/v1/groups", {"name": "analysts", "members": [ANN]})
        cls.admin.post("/v1/categories", {"name": "Research", "allow": ["everyone"]})
        cls.admin.post("/v1/rooms", {"name": "Lab", "category": "Research", "members": [cls.server.facts["admin"]]})

    @classmethod
    def tearDownClass(cls):
        cls.place.__exit__(None, None, None)

    def refused(self, code, method, path, body=None, **query):
        answer = self.admin.send(method, path, body, **query)
        self.assertEqual(answer.code, code, f"{method} {path} {str(body)[:200]}: {answer}")
        self.assertIn(answer.status, (400, 404, 409, 422))
        return answer

    def counts(self):
        nouns = ("rooms", "categories", "addins", "users", "groups", "policies", "config")
        return {noun: len(self.admin.get(f"/v1/{noun}", limit=1000)[noun]) for noun in nouns}

    def command(self, *words, **more):
        return pchatctl(self.home, *words, **self.server.variables, **more)

    def test_limits(self):
        for method, path, field, around, most, beyond, code in LIMITS:
            with self.subTest(path=path, field=field, beyond=str(beyond)[:40]):
                before = self.counts()
                answer = self.refused(code, method, path, {**around, field: beyond})
                self.assertEqual(answer.json["error"]["field"], field)
                self.assertEqual(self.counts(), before)
                foreseen = {} if "messages" in path else {"dry_run": "true"}
                self.admin.ok(method, path, {**around, field: most}, **foreseen)

    def test_limits_of_queries(self):
        for path, name, most, beyond in QUERIES:
            with self.subTest(path=path, name=name):
                path, _, given = path.partition("?")
                given = dict([given.split("=")]) if given else {}
                self.admin.get(path, **given, **{name: most})
                self.refused("too-long" if name == "text" else "bad-value", "GET", path, **given, **{name: beyond})

    def test_names(self):
        before = self.counts()
        for path, more in NAMED:
            for what, name in NAMES.items():
                with self.subTest(path=path, what=what):
                    self.refused("too-long" if len(name) > 256 else "bad-value", "POST", path, {"name": name, **more})
        for name in ("Lob\x07by", "Lob\u202eyb"):
            self.refused("bad-value", "POST", "/v1/groups", {"name": name})
            self.refused("bad-value", "PATCH", f"/v1/policies/{quoted('tag:' + name)}", {})
            self.refused("bad-value", "PATCH", f"/v1/config/{quoted('site:' + name)}", {})
            self.refused("bad-value", "PATCH", f"/v1/walls/{quoted(name)}", {"a": [ANN], "b": ["group:analysts"]})
            self.refused("bad-value", "POST", "/v1/users", {"user": "sip:u@x.example", "display": name})
            self.refused("bad-value", "POST", "/v1/users", {"user": f"sip:{name}@x.example"})
        self.assertEqual(self.counts(), before)

    def test_names_that_are_the_same_to_the_eye(self):
        made = self.admin.post("/v1/rooms", {"name": "Lobby"})
        for name in CLASHES:
            self.refused("room-exists", "POST", "/v1/rooms", {"name": name})
            self.refused("name-taken", "POST", "/v1/categories", {"name": name})
        self.admin.post("/v1/rooms", {"name": COMPOSED})
        self.refused("room-exists", "POST", "/v1/rooms", {"name": DECOMPOSED})
        self.assertEqual(self.admin.get(f"/v1/rooms/{quoted(DECOMPOSED)}")["name"], COMPOSED)
        self.assertEqual(self.admin.patch("/v1/rooms/lobby", {"name": "LOBBY"})["id"], made["id"])  # its own may change
        self.refused("user-exists", "POST", "/v1/users", {"user": ANN.upper().replace("SIP:", "sip:")})
        self.refused("group-exists", "POST", "/v1/groups", {"name": "Analysts"})

    def test_addresses_of_pages(self):
        for url in URLS:
            with self.subTest(url=url):
                self.refused("bad-value", "POST", "/v1/addins", {"name": "A", "url": url})
                self.refused("bad-value", "PATCH", "/v1/config/site:x", {"room_management_url": url})
                if not url.startswith("http:"):
                    self.refused("bad-value", "POST", "/v1/addins", {"name": "A", "url": url, "allow_http": True})
        self.admin.post("/v1/addins", {"name": "A", "url": "http://a.example:8080/?a=b#c", "allow_http": True}, dry_run="true")

    def test_groups_that_hold_themselves(self):
        for name, members in (("a", []), ("b", ["group:a"]), ("c", ["group:b", ANN])):
            self.admin.post("/v1/groups", {"name": name, "members": members})
        for members in (["group:a"], ["group:b"], ["group:c"], [ANN, "group:C"]):
            answer = self.refused("group-cycle", "PATCH", "/v1/groups/a", {"add_members": members})
            self.assertIn("group:a", answer.json["error"]["message"])
        rows = [{"name": "x", "members": ["group:y"]}, {"name": "y", "members": ["group:x"]}]
        done = self.admin.post("/v1/groups/import", {"groups": rows})
        self.assertEqual((done["applied"], done["problems"][0]["code"]), (False, "group-cycle"))
        self.assertEqual(self.admin.send("GET", "/v1/groups/x").code, "group-not-found")
        self.refused("bad-value", "PATCH", "/v1/groups/a", {"add_members": ["everyone"]})

    def test_principals_that_are_not_there(self):
        near = (("group:analyst", "group:analysts"), ("sip:an@contoso.example", ANN))
        for body, path in (
            (lambda one: {"add_members": [one]}, "/v1/rooms/Lab"),
            (lambda one: {"add_allow": [one]}, "/v1/categories/Research"),
            (lambda one: {"add_members": [one]}, "/v1/groups/analysts"),
            (lambda one: {"a": [one], "b": [ANN]}, "/v1/walls/W"),
        ):
            for wrong, meant in near:
                code = "user-not-found" if wrong.startswith("sip:") else "principal-not-found"
                answer = self.refused(code, "PATCH", path, body(wrong))
                self.assertIn(f"did you mean {meant}", answer.hint)
        answer = self.refused("user-not-found", "GET", "/v1/invitations", user="sip:ana@contoso.example")
        self.assertIn(f"did you mean {ANN}", answer.hint)
        answer = self.refused("user-not-found", "PATCH", "/v1/rooms/Lab", {"add_members": ["sip:zoe@x.example"]})
        self.assertIn("pchatctl user list", answer.hint)
        for wrong in ("ann", "ann@contoso.example", "user:ann", "sip:ann", "sip:@x.example", "sip:a b@x.example"):
            self.refused("bad-value", "PATCH", "/v1/rooms/Lab", {"add_members": [wrong]})
        for wrong in ("group:", "ou:", "domain:-"):
            self.refused("bad-value", "PATCH", "/v1/rooms/Lab", {"add_members": [wrong]})

    def test_bodies_that_make_no_sense(self):
        for body, code in (
            ("", "bad-json"),
            ("[]", "bad-json"),
            ("{", "bad-json"),
            ('{"name":"x"}{"name":"y"}', "bad-json"),
            ("[" * 100_000, "bad-json"),
            (b'{"name":"\xff"}', "bad-json"),
            ('{"name":"\\ud800"}', "bad-json"),
            ('{"name":"\\u0000"}', "bad-value"),
            ('{"name":5}', "bad-request"),
            ('{"name":["x"]}', "bad-request"),
            ('{"name":null}', "bad-request"),
            ('{"name":"x","disabled":"yes"}', "bad-request"),
            ('{"name":"x","members":"sip:a@b.example"}', "bad-request"),
            ('{"name":"x","privacy":"OPEN"}', "bad-value"),
        ):
            with self.subTest(body=body[:40]):
                self.refused(code, "POST", "/v1/rooms", body)

    def test_through_the_command_line(self):
        for code, said, *words in (
            (1, "257 characters", "room", "create", "x" * 257),
            (1, "characters that nobody sees", "room", "create", "Lob\u202eyb"),
            (1, "the name is empty", "category", "create", " "),
            (1, "is no https address", "addin", "create", "A", "--url", "javascript:alert(1)"),
            (1, "--allow-http", "addin", "create", "A", "--url", "http://a.example/"),
            (1, "would be in itself", "group", "set", "analysts", "--add-member", "group:analysts"),
            (1, f"did you mean {ANN}", "room", "set", "Lab", "--add-member", "sip:anne@contoso.example"),
            (1, "did you mean group:analysts", "category", "set", "Research", "--add-deny", "group:analists"),
            (1, "from 1 to 500", "config", "set", "global", "--default-chat-history", "501"),
        ):
            with self.subTest(words=words):
                done = self.command(*words)
                self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
                self.assertIn(said, done.stderr)
                self.assertNotIn("\u202e", done.stderr)
                problem = json.loads(self.command(*words, "-o", "json").stdout)["error"]
                self.assertTrue(problem["message"])
        (self.home / "short").write_text("short", encoding="utf-8")
        done = self.command("user", "create", "sip:u@x.example", "--password-file", "short")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("5 characters", done.stderr)
        self.assertNotIn(PASSWORD, done.stderr)


if __name__ == "__main__":
    unittest.main()
