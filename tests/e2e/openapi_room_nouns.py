# SPDX-License-Identifier: Apache-2.0
"""Rooms and what is said in them, request by request: no test of its own."""

import json

from api_client import PASSWORD, Chat
from openapi_asking import ANN, BOB, CID, LEA, LONG, NOBODY, NO_ID, ROOM_LISTS, Asking


class RoomNouns(Asking):
    def sessions(self):
        path = "/v1/sessions"
        self.refused("bad-request", "POST", path, {}, who=self.nobody)
        self.refused("bad-value", "POST", path, {"user": "", "password": "x"}, who=self.nobody)
        self.refused("too-long", "POST", path, {"user": "x" * 513, "password": "x"}, who=self.nobody)
        self.refused("bad-credentials", "POST", path, {"user": ANN, "password": "wrong"}, who=self.nobody)
        page = {"user": ANN, "password": PASSWORD, "cookie": True}
        self.refused("wrong-origin", "POST", path, page, who=self.nobody)
        text = {"Origin": self.url, "Content-Type": "text/plain"}
        self.assertEqual(self.nobody.send("POST", path, json.dumps(page), text).code, "wrong-content-type")
        self.assertIn("Set-Cookie", self.nobody.send("POST", path, page, {"Origin": self.url}).headers)
        other = self.admin.sign_in(BOB)
        first, second = Chat(self.url, other.token), Chat(self.url, self.ann.token)
        self.listed(path, "sessions", filter="*contoso*")
        self.refused("bad-cursor", "GET", path, cursor="x")
        session = self.ok("GET", path, user=ANN)["sessions"][0]["id"]
        self.change("DELETE", f"{path}/{session}")
        self.refused("bad-request", "DELETE", path)
        self.refused("user-not-found", "DELETE", path, user=NOBODY)
        self.refused("principal-not-found", "DELETE", path, user=NO_ID)
        self.refused("bad-value", "DELETE", path, user="everyone")
        self.assertEqual(self.change("DELETE", path, user=CID), {"user": CID, "sessions": 0})
        for _ in range(20):
            self.ok("POST", "/v1/tickets", who=other)
        self.refused("too-many-tickets", "POST", "/v1/tickets", who=other)
        self.ok("DELETE", f"{path}/current", who=other)
        for chat in (first, second):
            chat.wait_for_end()
            chat.close()

    def messages(self):
        path = "/v1/rooms/Lab/messages"
        said = {"body": "hello", "key": "1", "kind": "text", "format": "text"}
        self.ok("POST", path, said, who=self.ann)
        self.assertEqual(self.ann.send("POST", path, said).status, 200)
        self.refused("key-reused", "POST", path, {"body": "other", "key": "1"}, who=self.ann)
        self.ok("POST", path, {"body": "a long one", "kind": "story", "subject": "news"}, who=self.ann)
        self.ok("POST", path, {"body": "third"}, who=self.ann)
        self.refused("bad-value", "POST", path, {"body": ""}, who=self.ann)
        self.refused("too-long", "POST", path, {"body": "x" * 8001}, who=self.ann)
        for method in ("GET", "POST"):
            self.refused("not-allowed", method, path, {"body": "x"} if method == "POST" else None, who=self.bob)
        self.ok("GET", path, who=self.ann, before="3")
        self.ok("GET", path, who=self.ann, after="1", limit="1")
        self.refused("bad-value", "GET", path, who=self.ann, limit="0")
        self.change("PATCH", f"{path}/2", {"body": "corrected", "subject": "old news"})
        self.change("DELETE", f"{path}/1")
        self.ok("GET", path, who=self.ann)
        self.refused("bad-value", "PATCH", f"{path}/0", {"body": "x"})
        self.refused("too-long", "PATCH", f"{path}/2", {"body": "x" * 65537})
        for method, one in (("PATCH", f"{path}/2"), ("DELETE", f"{path}/2"), ("POST", "/v1/rooms/Lab/clear")):
            body = {"body": "x"} if method == "PATCH" else None
            self.refused("not-allowed", method, one, body, who=self.ann)
        clear = "/v1/rooms/Lab/clear"
        self.change("POST", clear, {"before_seq": 2})
        self.ok("POST", clear, {"before_time": "2026-01-01T00:00:00Z"})
        self.refused("bad-value", "POST", clear, {"before_seq": 0})

    def wrong_rooms(self, method, path, named, category):
        """The ways to be refused that making and changing have in common."""
        for code, fields in (
            ("bad-value", {"privacy": "hidden"}),
            ("too-long", {"name": LONG}),
            ("category-not-found", {"category": "Nowhere"}),
            ("addin-not-found", {"addin": "Nowhere"}),
            ("user-not-found", {"members": [NOBODY]}),
            ("principal-not-found", {"members": ["group:nowhere"]}),
            ("principals-not-in-scope", {"members": [LEA]}),
            ("presenter-not-member", {"presenters": [ANN]}),
            ("open-room-members", {"privacy": "open", "members": [ANN]}),
            ("room-exists", {"name": "lab"}),
            ("name-taken", {"name": "RESEARCH"}),
            ("wall-broken", {"category": "Bank", "members": [LEA, CID]}),
        ):
            self.refused(code, method, path, {**named, "category": category, **fields})

    def rooms(self):
        everything = {"description": "x", "category": "Research", "type": "auditorium", "privacy": "closed"}
        everything |= {"invitations": "off", "disabled": False, "addin": "Prices", **ROOM_LISTS}
        self.change("POST", "/v1/rooms", {"name": "Made", **everything})
        self.refused("bad-request", "POST", "/v1/rooms", {})
        self.refused("not-allowed", "POST", "/v1/rooms", {"name": "X", "category": "Research"}, who=self.ann)
        self.wrong_rooms("POST", "/v1/rooms", {"name": "X"}, "Research")
        self.change("PATCH", "/v1/rooms/Made", {"name": "Changed", **everything})
        self.wrong_rooms("PATCH", "/v1/rooms/Changed", {"type": "normal", "presenters": []}, "Research")
        self.refused("not-allowed", "PATCH", "/v1/rooms/Lab", {"description": "mine"}, who=self.ann)
        path = "/v1/rooms"
        self.listed(path, "rooms", category="Research", disabled="false", filter="*")
        narrow = {"type": "auditorium", "privacy": "closed", "invitations": "off", "addin": "Prices"}
        self.assertEqual(len(self.ok("GET", path, member=ANN, manager=ANN, **narrow)["rooms"]), 1)
        self.ok("GET", path, content_exceeds_mb="1")
        self.refused("not-allowed", "GET", path, who=self.ann, content_exceeds_mb="1")
        for noun, query in (("category", "category"), ("addin", "addin"), ("user", "member")):
            self.refused(f"{noun}-not-found", "GET", path, **{query: NOBODY})
        self.refused("bad-cursor", "GET", path, cursor="x")
        self.ok("GET", "/v1/rooms/Changed", who=self.ann)
        chat = Chat(self.url, self.ann.token)
        chat.ask("join", room="Lab")
        self.assertEqual(len(self.ok("GET", "/v1/rooms/Lab/participants")["participants"]), 1)
        self.refused("not-allowed", "GET", "/v1/rooms/Lab/participants", who=self.bob)
        chat.close()
        self.refused("not-allowed", "DELETE", "/v1/rooms/Lab", who=self.ann)
        self.change("DELETE", "/v1/rooms/Changed")

    def categories(self):
        lists = {f"{how}{name}": [ANN] for name in ("allow", "creators") for how in ("", "add_")}
        lists |= {f"remove_{name}": [BOB] for name in ("allow", "deny", "creators")}
        everything = {"description": "x", "invitations": True, "file_upload": True, "history": True, **lists}
        everything |= {"deny": [BOB], "add_deny": [BOB]}
        self.change("POST", "/v1/categories", {"name": "Made", **everything})
        self.change("PATCH", "/v1/categories/Made", {"name": "Changed", **everything, "description": "y"})
        self.refused("bad-request", "POST", "/v1/categories", {})
        for method, path in (("POST", "/v1/categories"), ("PATCH", "/v1/categories/Changed")):
            for code, fields in (
                ("bad-value", {"name": " "}),
                ("too-long", {"description": LONG}),
                ("category-exists", {"name": "research"}),
                ("name-taken", {"name": "LAB"}),
                ("principals-not-in-scope", {"creators": [LEA]}),
                ("user-not-found", {"allow": [NOBODY]}),
                ("principal-not-found", {"deny": ["ou:nowhere"]}),
            ):
                self.refused(code, method, path, {"name": "Other", **fields})
        self.refused("wall-broken", "PATCH", "/v1/categories/Left", {"add_allow": [CID]})
        self.listed("/v1/categories", "categories", filter="*")
        self.refused("bad-cursor", "GET", "/v1/categories", cursor="x")
        self.ok("GET", "/v1/categories/Changed")
        self.refused("category-not-empty", "DELETE", "/v1/categories/Research")
        self.change("DELETE", "/v1/categories/Changed")

    def addins(self):
        self.change("POST", "/v1/addins", {"name": "Clock", "url": "http://clock.example/", "allow_http": True})
        self.change("PATCH", "/v1/addins/Clock", {"name": "Time", "url": "http://time.example/", "allow_http": True})
        self.refused("bad-request", "POST", "/v1/addins", {})
        for method, path in (("POST", "/v1/addins"), ("PATCH", "/v1/addins/Time")):
            for code, fields in (
                ("bad-value", {"url": "ftp://x.example/"}),
                ("too-long", {"name": "x" * 51}),
                ("addin-exists", {"name": "PRICES"}),
            ):
                self.refused(code, method, path, {"name": "Other", "url": "https://x.example/", **fields})
        self.listed("/v1/addins", "addins", filter="*")
        self.ok("GET", "/v1/addins/Time", who=self.ann)
        self.ok("PATCH", "/v1/rooms/Lab", {"addin": "Time"})
        self.refused("addin-in-use", "DELETE", "/v1/addins/Time")
        self.change("DELETE", "/v1/addins/Time", force="true")

    def searches(self):
        path = "/v1/search"
        for number in range(2):
            self.ok("POST", "/v1/rooms/Lab/messages", {"body": f"zebra {number}"}, who=self.ann)
        found = []
        while len(found) < 2:  # indexed after the commit
            found = self.ok("GET", path, who=self.ann, text="zebra", room="Lab")["messages"]
        first = self.ok("GET", path, who=self.ann, text="zebra", limit=1)
        self.ok("GET", path, who=self.ann, text="zebra", cursor=first["cursor"])
        times = {"from_time": "2026-01-01T00:00:00Z", "to_time": "2099-01-01T00:00:00Z"}
        self.ok("GET", path, who=self.ann, text="zebra", match="any", case="true", **{"from": ANN}, **times)
        self.refused("bad-cursor", "GET", path, text="x", cursor="x")
        self.refused("too-long", "GET", path, text="x" * 1001)
        self.refused("room-not-found", "GET", path, text="x", room="Nowhere")
        self.refused("not-allowed", "GET", path, who=self.bob, text="x", room="Lab")
        self.refused("user-not-found", "GET", path, text="x", **{"from": NOBODY})
        self.ok("GET", path, text="zebra", everywhere="true")
        self.refused("role-missing", "GET", path, who=self.ann, text="zebra", everywhere="true")

    def others(self):
        self.ok("GET", "/v1/discover", who=self.ann)
        self.ok("GET", "/v1/rooms/Lab/files", who=self.ann)
        self.refused("not-allowed", "GET", "/v1/rooms/Lab/files", who=self.bob)
        self.refused("bad-cursor", "GET", "/v1/rooms/Lab/files", who=self.ann, cursor="x")
        for number in (1, 2):
            file = self.server.store_file(number, "Lab", ANN)
        self.listed("/v1/rooms/Lab/files", "files")
        self.ok("GET", f"/v1/files/{file}/info", who=self.ann)
        self.refused("bad-value", "GET", "/v1/rooms/Lab/files", who=self.ann, limit="0")
        self.refused("no-directory", "GET", "/v1/directory")
        self.refused("no-directory", "POST", "/v1/directory/sync")
        for path in ("/healthz", "/readyz", "/metrics"):
            self.assertEqual(self.nobody.send("GET", path).status, 200)
        chat = Chat(self.url, self.ann.token)  # which wants to see 101
        chat.close()
        self.document.seen.add(("GET /v1/ws", "101"))

    def undo(self):
        path = "/v1/rooms/undo"
        self.ok("PATCH", "/v1/rooms/First", {"add_members": [BOB]})
        lost = self.ok("PATCH", "/v1/categories/Research", {"add_deny": [BOB]})
        self.ok("PATCH", "/v1/categories/Research", {"remove_deny": [BOB]})
        self.assertEqual(lost["purged"][0]["principal"], BOB)
        undone = self.change("POST", path, {"room": "First", "change": lost["undo"]})
        self.assertEqual([one["principal"] for one in undone["restored"]], [BOB])
        self.refused("wall-broken", "POST", path, {"room": "Once"})
        for code, body in (
            ("bad-request", {}),
            ("bad-value", {"room": ""}),
            ("too-long", {"change": "x" * 65}),
            ("room-not-found", {"room": "Nowhere"}),
            ("change-not-found", {"change": NO_ID}),
        ):
            self.refused(code, "POST", path, body)
        self.refused("not-allowed", "POST", path, {"room": "Once"}, who=self.ann)
