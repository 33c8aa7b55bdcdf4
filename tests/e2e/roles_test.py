#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may call what: the table of roles, route by route, against a real server. roles_test.py PCHATCTL"""

import pathlib
import unittest

from api_client import PASSWORD, Api, Chat, quoted
from local_server import running
from openapi_document import Document

ROLES = ("viewer", "user-admin", "pchat-admin", "deploy-admin", "compliance-officer", "administrator")
# Their rights come from a room and its category; all of them, and all with a role, are in its scope.
OTHERS = ("member", "manager", "creator", "nobody")
EVERYBODY = set(ROLES + OTHERS)

# Who may change something may look at it, so that every role reads what a viewer reads.
SETS = {
    "everybody": EVERYBODY,
    "readers": set(ROLES),
    "user-admins": {"user-admin", "administrator"},
    "pchat-admins": {"pchat-admin", "administrator"},
    "policy-admins": {"user-admin", "pchat-admin", "administrator"},
    "admins": {"administrator"},
    "deploy-admins": {"deploy-admin", "administrator"},
    "officers": {"compliance-officer", "administrator"},
    "member": {"member"},
    "insiders": {"member", "manager", "pchat-admin", "administrator"},
    "managers": {"manager", "pchat-admin", "administrator"},
    "creators": {"creator", "pchat-admin", "administrator"},
}

TABLE = """
everybody      POST    /v1/sessions
everybody      DELETE  /v1/sessions/current
readers        GET     /v1/sessions
pchat-admins   DELETE  /v1/sessions
pchat-admins   DELETE  /v1/sessions/{session}
everybody      POST    /v1/tickets
everybody      GET     /v1/discover
everybody      GET     /v1/rooms
readers        GET     /v1/rooms?content_exceeds_mb=1
creators       POST    /v1/rooms
everybody      GET     /v1/rooms/{room}
managers       PATCH   /v1/rooms/{room}
pchat-admins   DELETE  /v1/rooms/{room}
managers       POST    /v1/rooms/undo
insiders       GET     /v1/rooms/{room}/participants
member         GET     /v1/rooms/{room}/messages
member         POST    /v1/rooms/{room}/messages
pchat-admins   PATCH   /v1/rooms/{room}/messages/{seq}
pchat-admins   DELETE  /v1/rooms/{room}/messages/{seq}
pchat-admins   POST    /v1/rooms/{room}/clear
member         GET     /v1/rooms/{room}/files
member         GET     /v1/files/{file}/info
everybody      GET     /v1/search
member         GET     /v1/search?room=Lab
readers        GET     /v1/categories
pchat-admins   POST    /v1/categories
readers        GET     /v1/categories/{category}
pchat-admins   PATCH   /v1/categories/{category}
pchat-admins   DELETE  /v1/categories/{category}
everybody      GET     /v1/addins
pchat-admins   POST    /v1/addins
everybody      GET     /v1/addins/{addin}
pchat-admins   PATCH   /v1/addins/{addin}
pchat-admins   DELETE  /v1/addins/{addin}
readers        GET     /v1/config
readers        GET     /v1/config/effective
readers        GET     /v1/config/{identity}
pchat-admins   PATCH   /v1/config/{identity}
pchat-admins   DELETE  /v1/config/{identity}
readers        GET     /v1/policies
readers        GET     /v1/policies/{identity}
policy-admins  PATCH   /v1/policies/{identity}
policy-admins  DELETE  /v1/policies/{identity}
readers        GET     /v1/users/policies
readers        GET     /v1/users/{user}/policy
user-admins    PUT     /v1/users/{user}/policy
user-admins    DELETE  /v1/users/{user}/policy
readers        GET     /v1/users
user-admins    POST    /v1/users
user-admins    POST    /v1/users/import
readers        GET     /v1/users/{user}
user-admins    PATCH   /v1/users/{user}
user-admins    DELETE  /v1/users/{user}
readers        GET     /v1/groups
user-admins    POST    /v1/groups
user-admins    POST    /v1/groups/import
readers        GET     /v1/groups/{group}
user-admins    PATCH   /v1/groups/{group}
user-admins    DELETE  /v1/groups/{group}
readers        GET     /v1/principals
readers        GET     /v1/principals/eligible?room=Lab
readers        GET     /v1/principals/{principal}
readers        GET     /v1/principals/{principal}/check?room=Lab
readers        GET     /v1/access/explain
readers        GET     /v1/access/diff
readers        POST    /v1/access/diff/categories/{category}
readers        POST    /v1/access/diff/rooms/{room}
officers       GET     /v1/audit
everybody      GET     /v1/invitations
readers        GET     /v1/invitations?user=sip:ann@contoso.example
readers        GET     /v1/reports/usage
readers        GET     /v1/reports/sessions
readers        GET     /v1/walls
readers        POST    /v1/walls/test
readers        GET     /v1/walls/{wall}
pchat-admins   PATCH   /v1/walls/{wall}
pchat-admins   DELETE  /v1/walls/{wall}
readers        GET     /v1/directory
user-admins    POST    /v1/directory/sync
everybody      GET     /v1/tokens
admins         GET     /v1/tokens?user=sip:ann@contoso.example
everybody      POST    /v1/tokens
everybody      DELETE  /v1/tokens/{token}
readers        GET     /v1/endpoints
pchat-admins   POST    /v1/endpoints
readers        GET     /v1/endpoints/{address}
pchat-admins   DELETE  /v1/endpoints/{address}
readers        GET     /v1/pools
readers        GET     /v1/pools/{pool}
deploy-admins  PATCH   /v1/pools/{pool}
readers        GET     /v1/pools/{pool}/servers/{server}
deploy-admins  PATCH   /v1/pools/{pool}/servers/{server}
deploy-admins  DELETE  /v1/pools/{pool}/servers/{server}
readers        GET     /v1/topology
deploy-admins  POST    /v1/topology
readers        GET     /v1/topology/versions
readers        GET     /v1/estate
readers        POST    /v1/apply
officers       GET     /v1/search?everywhere=true
everybody      GET     /healthz
everybody      GET     /readyz
everybody      GET     /metrics
everybody      GET     /v1/ws
"""

TOPOLOGY = (pathlib.Path(__file__).resolve().parents[2] / "examples/enterprise-multiple.yaml").read_text(encoding="utf-8")
ANN = "sip:ann@contoso.example"
THERE = {"room": "Lab", "category": "Spare", "user": ANN, "group": "analysts", "addin": "Prices", "wall": "W", "seq": "1"}
THERE |= {"principal": ANN, "identity": "site:hq", "token": "script", "address": "sip:desk@contoso.example"}
BODIES = {
    "POST /v1/rooms": {"name": "New", "category": "Research"},
    "PATCH /v1/rooms/{room}": {"description": "new"},
    "POST /v1/rooms/undo": {"room": "Lab"},
    "POST /v1/rooms/{room}/messages": {"body": "hello"},
    "PATCH /v1/rooms/{room}/messages/{seq}": {"body": "new"},
    "POST /v1/categories": {"name": "New"},
    "POST /v1/addins": {"name": "New", "url": "https://new.example/"},
    "PUT /v1/users/{user}/policy": {"policy": "loud"},
    "POST /v1/users": {"user": "sip:new@contoso.example"},
    "POST /v1/users/import": {"users": []},
    "POST /v1/groups": {"name": "new"},
    "POST /v1/groups/import": {"groups": []},
    "POST /v1/tokens": {"name": "new"},
    "POST /v1/endpoints": {"address": "sip:new@contoso.example", "pool": "pchat.contoso.example"},
    "POST /v1/topology": {"document": TOPOLOGY},
    "POST /v1/apply": {},
    "PATCH /v1/pools/{pool}": {"swap_active": True},
    "PATCH /v1/pools/{pool}/servers/{server}": {"draining": True},
    "POST /v1/walls/test": {"a": [ANN], "b": ["sip:nobody@contoso.example"]},
}
QUERIES = {
    "DELETE /v1/sessions": {"user": ANN},
    "GET /v1/search": {"text": "hello"},
    "GET /v1/access/explain": {"user": ANN, "room": "Lab"},
    "GET /v1/access/diff": {"room": "Lab", "other": "Lab"},
}


class Roles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = Document()
        cls.place = running("--plain")
        cls.home, cls.server = cls.place.__enter__()
        cls.url = cls.server.facts["url"]
        cls.admin = Api(cls.url, cls.server.token())
        cls.people = {name: cls.admin.add_user(f"sip:{name}@contoso.example") for name in OTHERS}
        cls.people |= {role: cls.admin.add_user(f"sip:{role}@contoso.example", add_roles=[role]) for role in ROLES}
        cls.furnish()
        place = cls.admin.get("/v1/discover")
        cls.pool = {name: place[name] for name in ("pool", "server")}

    @classmethod
    def tearDownClass(cls):
        cls.chat.close()
        cls.place.__exit__(None, None, None)

    @classmethod
    def furnish(cls):
        admin = cls.admin
        admin.post("/v1/users", {"user": ANN})
        admin.post("/v1/groups", {"name": "analysts", "members": [ANN]})
        admin.patch("/v1/walls/W", {"a": [ANN], "b": ["sip:nobody@contoso.example"]})
        admin.post("/v1/categories", {"name": "Spare"})
        admin.post("/v1/categories", {"name": "Research", "allow": ["everyone"], "creators": ["sip:creator@contoso.example"]})
        lab = {"members": ["sip:member@contoso.example"], "managers": ["sip:manager@contoso.example"]}
        admin.post("/v1/rooms", {"name": "Lab", "category": "Research", **lab})
        admin.post("/v1/addins", {"name": "Prices", "url": "https://prices.example/"})
        admin.patch("/v1/config/site:hq", {"default_chat_history": 7})
        admin.patch("/v1/policies/site:hq", {"enable_persistent_chat": True})
        admin.patch("/v1/policies/loud", {"enable_persistent_chat": True})
        admin.post("/v1/endpoints", {"address": "sip:desk@contoso.example"})
        admin.post("/v1/topology", {"document": TOPOLOGY})
        for api in cls.people.values():
            api.post("/v1/tokens", {"name": "script"})
        cls.people["member"].post("/v1/rooms/Lab/messages", {"body": "hello"})
        cls.chat = Chat(cls.url, cls.people["member"].token)
        cls.file = cls.server.store_file(1, "Lab", "sip:member@contoso.example")

    def request(self, route, target, name):
        """What the person is told."""
        method, path = target.split(" ", 1)
        api = self.people[name]
        if route == "POST /v1/sessions":
            return Api(self.url).send("POST", path, {"user": f"sip:{name}@contoso.example", "password": PASSWORD})
        if route == "DELETE /v1/sessions/current":
            return self.admin.sign_in(f"sip:{name}@contoso.example").send(method, path)
        session = self.chat.welcome["session"]
        there = {**THERE, **self.pool, "session": session, "file": self.file}
        for variable, value in there.items():
            path = path.replace("{%s}" % variable, quoted(value))
        operation = self.document.find(method, path.partition("?")[0])
        query = dict(QUERIES.get(route, {}))
        if "dry_run" in operation.query:
            query["dry_run"] = "true"
        if "?" in path:
            path, _, more = path.partition("?")
            query |= dict([more.split("=")])
        body = BODIES.get(route, {} if operation.body else None)
        return api.send(method, path, body, **query)

    def test_every_route_is_in_the_table(self):
        routes = {f"{method} {path.partition('?')[0]}" for _, method, path in map(str.split, TABLE.split("\n")[1:-1])}
        self.assertEqual(routes, {one.name for one in self.document.operations})

    def test_the_table(self):
        for who, method, path in map(str.split, TABLE.split("\n")[1:-1]):
            route = f"{method} {path.partition('?')[0]}"
            if route == "GET /v1/ws":
                continue
            for name in sorted(EVERYBODY):
                with self.subTest(route=f"{method} {path}", name=name):
                    answer = self.request(route, f"{method} {path}", name)
                    if name in SETS[who]:
                        self.assertTrue(answer.status < 300 or answer.code in ("no-directory", "server-lives"), answer)
                    elif route.startswith("GET /v1/files/"):  # not even that it exists
                        self.assertEqual((answer.status, answer.code), (404, "file-not-found"), answer)
                    else:
                        self.assertEqual(answer.status, 403, answer)
                        self.assertTrue(answer.hint, answer)

    def test_everybody_may_chat(self):
        for name, api in self.people.items():
            with self.subTest(name=name):
                chat = Chat(self.url, api.token)
                self.assertEqual(chat.welcome["user"], f"sip:{name}@contoso.example")
                self.assertEqual(chat.ask("join", room="Lab")["type"], "ok" if name == "member" else "err")
                chat.close()

    def test_administrators_read_a_room_after_adding_themselves_which_is_audited(self):
        for role in ("pchat-admin", "administrator"):
            api = self.people[role]
            self.assertEqual(api.send("GET", "/v1/rooms/Lab/messages").code, "not-allowed")
            self.assertIn("add yourself", api.send("POST", "/v1/rooms/Lab/messages", {"body": "x"}).hint)
            api.patch("/v1/rooms/Lab", {"add_members": [f"sip:{role}@contoso.example"]})
            self.assertTrue(api.get("/v1/rooms/Lab/messages")["messages"])
            api.patch("/v1/rooms/Lab", {"remove_members": [f"sip:{role}@contoso.example"]})
            query = {"actor": f"sip:{role}@contoso.example", "object": "Lab", "kind": "room"}
            removed, added = self.admin.get("/v1/audit", **query)["entries"][:2]
            self.assertIn(f"sip:{role}@contoso.example", added["after"]["members"])
            self.assertIn(f"sip:{role}@contoso.example", removed["before"]["members"])

    def test_roles_reach_no_further_than_their_own(self):
        user_admin = self.people["user-admin"]
        for body in ({"password": PASSWORD}, {"disabled": True}):
            refused = user_admin.send("PATCH", "/v1/users/sip:administrator@contoso.example", body)
            self.assertEqual((refused.status, refused.code), (403, "not-allowed"), refused)
        refused = user_admin.send("PATCH", f"/v1/users/{ANN}", {"add_roles": ["administrator"]})
        self.assertEqual((refused.status, refused.code), (403, "role-missing"), refused)


if __name__ == "__main__":
    unittest.main()
