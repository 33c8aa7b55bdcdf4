#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every answer of a real server is one that schemas/openapi.yaml has, and every answer, parameter and
field that it has can be seen. openapi_test.py PCHATCTL"""

import http.client
import unittest
import urllib.parse

from api_client import WAIT, Answer
from local_server import running
from openapi_admin_nouns import AdminNouns
from openapi_asking import ADMIN, ANN, BOB, CID, LEA, NOBODY, NO_ID, RIK, RON, TOPOLOGY
from openapi_document import Document, Judged
from openapi_room_nouns import RoomNouns

# What stands for the variables of paths: things that are there, and things that are not.
THERE = {"room": "Lab", "category": "Research", "user": ANN, "group": "analysts", "addin": "Prices", "wall": "W"}
THERE |= {"principal": ANN, "file": NO_ID, "session": NO_ID, "seq": "1", "identity": "site:hq"}
THERE |= {"token": "script", "address": "sip:desk@contoso.example"}
AWAY = {name: "Nowhere" for name in ("room", "category", "group", "addin", "session", "token")}
AWAY |= {"user": NOBODY, "principal": "group:nowhere", "file": NO_ID, "seq": "999", "identity": "site:nowhere"}
AWAY |= {"pool": "nowhere.example", "server": "nowhere.example"}
AWAY |= {"address": "sip:nowhere@contoso.example", "wall": NO_ID}  # a wall of a new name would be made
# They ask for much and change nothing: a token that only reads may.
READING = {"/v1/walls/test", "/v1/access/diff/categories/{category}", "/v1/access/diff/rooms/{room}"}
NOUNS = {"seq": ("message",), "identity": ("config", "policy"), "address": ("endpoint",)}


def filled(operation, values):
    path = operation.path
    for name in operation.variables:
        path = path.replace("{%s}" % name, values[name])
    return path


class OpenApi(RoomNouns, AdminNouns):
    def test_answers_and_document_agree(self):
        Judged.document = self.document = Document()
        with running("--plain") as (_, server):
            self.server = server
            self.url = server.facts["url"]
            self.admin = Judged(self.url, server.token())
            self.nobody = Judged(self.url)
            place = self.ok("GET", "/v1/discover")
            THERE.update({name: place[name] for name in ("pool", "server")})
            self.furnish()
            for part in (
                self.everywhere, self.sessions, self.messages, self.rooms, self.categories, self.addins, self.config,
                self.groups, self.policies, self.users, self.principals, self.access, self.logs, self.walls, self.estate,
                self.searches, self.others, self.undo, self.tokens, self.endpoints, self.topology,
                self.pools, self.no_others, self.too_many_attempts,
            ):  # fmt: skip
                part()
        self.assertEqual("\n".join(self.document.unseen()), "")

    def furnish(self):
        self.ann, self.bob = self.admin.add_user(ANN), self.admin.add_user(BOB)
        self.users_admin = self.admin.add_user("sip:users@contoso.example", add_roles=["user-admin"])
        for address in (CID, LEA, RIK, RON):
            self.ok("POST", "/v1/users", {"user": address})
        for name, people in (("analysts", [ANN, BOB, ADMIN]), ("left", [LEA]), ("right", [RIK, RON])):
            self.ok("POST", "/v1/groups", {"name": name, "members": people})
        self.ok("POST", "/v1/categories", {"name": "Research", "allow": ["group:analysts"]})
        self.ok("POST", "/v1/rooms", {"name": "Lab", "category": "Research", "members": [ANN, ADMIN]})
        self.ok("POST", "/v1/addins", {"name": "Prices", "url": "https://prices.example/"})
        self.ok("PATCH", "/v1/config/site:hq", {"default_chat_history": 7})
        self.ok("PATCH", "/v1/policies/site:hq", {"enable_persistent_chat": True})
        # Two sides of a wall in one room, one of which may not chat; and one that was taken off a list.
        self.ok("PATCH", "/v1/policies/site:away", {"enable_persistent_chat": False})
        self.ok("PATCH", "/v1/policies/mute", {"enable_persistent_chat": False})
        self.ok("PATCH", "/v1/policies/loud", {"enable_persistent_chat": True})
        self.ok("PATCH", f"/v1/users/{RIK}", {"site": "away"})
        self.ok("PUT", f"/v1/users/{RON}/policy", {"policy": "mute"})
        self.ok("POST", "/v1/categories", {"name": "Bank", "allow": ["everyone"]})
        self.ok("POST", "/v1/rooms", {"name": "Quiet", "category": "Bank", "members": [LEA, RIK, RON]})
        self.ok("POST", "/v1/rooms", {"name": "Once", "category": "Bank", "members": [LEA, CID]})
        self.ok("PATCH", "/v1/categories/Bank", {"add_deny": [CID]})
        self.ok("PATCH", "/v1/categories/Bank", {"remove_deny": [CID]})
        self.ok("POST", "/v1/categories", {"name": "Left", "allow": ["group:left"]})
        self.ok("POST", "/v1/rooms", {"name": "Hall", "category": "Left", "privacy": "open"})
        self.ok("PATCH", "/v1/walls/W", {"a": ["group:left"], "b": ["group:right", CID]})
        # Tokens that are good for a little.
        self.reader, self.bound = (self.script(scope) for scope in ("read-only", "room:Hall"))

    def script(self, scope):
        asked = {"name": scope, "roles": ["administrator"], "scope": [scope]}
        return Judged(self.url, self.ok("POST", "/v1/tokens", asked)["token"])

    # ---- what is the same for many

    def everywhere(self):
        for operation in self.document.operations:
            if not operation.codes:
                continue
            self.ways_to_ask(operation, filled(operation, THERE))
            if operation.role != "open":
                self.ways_to_sign_in(operation, filled(operation, THERE))
            for name in operation.variables:
                for code in operation.codes & {f"{noun}-not-found" for noun in NOUNS.get(name, (name,))}:
                    away = filled(operation, {**THERE, name: AWAY[name]})
                    body = {"policy": "loud", "body": "x"} if operation.body else None
                    self.refused(code, operation.method, away, body)

    def ways_to_ask(self, operation, path):
        method, body = operation.method, {} if operation.body else None
        if operation.name == "POST /v1/topology":
            body = {"document": TOPOLOGY}
        self.refused("bad-request", method, path + "?x=%zz")
        if operation.body:
            self.refused("bad-json", method, path, "{")
            self.too_large(operation, path)
        if "limit" in operation.query:
            needed = {"text": "x"} if operation.path == "/v1/search" else {}
            needed = {"room": "Lab", "other": "Lab"} if operation.path == "/v1/access/diff" else needed
            self.refused("bad-value", method, path, body, limit="0", **needed)
            self.ok(method, path, body, limit="1", **needed, **({"room": "Lab"} if "eligible" in path else {}))
        if operation.takes_if_match:
            for revision, code in (("x", "bad-value"), ('"999999"', "changed-meanwhile")):
                answer = self.admin.send(method, path, body, {"If-Match": revision})
                self.assertEqual(answer.code, code, f"{operation.name}: {answer}")
        elif operation.path == "/v1/sessions":
            return  # many sessions have no revision together
        elif "bad-value" in operation.codes and "dry_run" in operation.query and method == "DELETE":
            answer = self.admin.send(method, path, None, {"If-Match": "x"})
            self.assertEqual(answer.code, "bad-value", f"{operation.name}: {answer}")

    def too_large(self, operation, path):
        """Says what would come; nobody has to send it."""
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc, timeout=WAIT)
        connection.putrequest(operation.method, path)
        connection.putheader("Content-Length", str(1 << 40))
        connection.endheaders()
        reply = connection.getresponse()
        answer = Answer(reply.status, reply.headers, reply.read().decode())
        connection.close()
        self.document.judge(operation.method, path, None, answer)
        self.assertEqual(answer.code, "too-large", operation.name)

    def ways_to_sign_in(self, operation, path):
        method, body = operation.method, "{}" if operation.body else None
        self.refused("not-signed-in", method, path, body, who=self.nobody)
        cookie, elsewhere = {"Cookie": "__Host-pchat=x"}, {"Origin": "https://elsewhere.example"}
        here = {"Origin": self.url, "Content-Type": "text/plain"}
        asked = [({"Cookie": "__Host-pchat=x; __Host-pchat=y"}, "bad-cookie"), (cookie | elsewhere, "wrong-origin")]
        if body:
            asked.append((cookie | here, "wrong-content-type"))
        for headers, code in asked:
            answer = self.nobody.send(method, path, body, headers)
            self.assertEqual(answer.code, code, f"{operation.name}: {answer}")
        if operation.role != "signed-in":
            self.refused("role-missing", method, path, body, who=self.ann)
        if "token-scope" not in operation.not_provoked:
            reads = method == "GET" or operation.path in READING
            self.refused("token-scope", method, path, body, who=self.bound if reads else self.reader)

    def no_others(self):
        """Other paths there are none, nor other methods."""
        self.refused("not-found", "GET", "/v1/nothing")
        for operation in self.document.operations:
            methods = {one.method for one in self.document.operations if one.path == operation.path}
            answer = self.admin.send("OPTIONS", filled(operation, THERE))
            routed = bool(operation.codes)
            self.assertEqual(answer.status, 405 if routed else 404, f"{operation.name}: {answer}")
            if routed:
                self.assertLessEqual(methods, set(answer.headers["Allow"].split(", ")))

    def too_many_attempts(self):
        """The last: nobody can sign in from here for a minute."""
        wrong = {"user": NOBODY, "password": "wrong"}
        for _ in range(12):
            answer = self.nobody.send("POST", "/v1/sessions", wrong)
            if answer.code == "too-many-attempts":
                return
        self.fail("nobody was refused")


if __name__ == "__main__":
    unittest.main()
