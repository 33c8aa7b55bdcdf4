#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One decision on every path: who may do what in which room is answered alike by the WebSocket, HTTP,
search, files, notices, invitations and by what explains it. decisions_test.py PCHATCTL"""

import json
import time
import unittest

from api_client import WAIT, Api, Chat, quoted
from local_server import pchatctl, running

WORD = "zebra"
FULL = "view join chat history invitation"
READS = "view join history invitation"

GROUPS = {"inner": ["ann"], "middle": ["bob", "group:inner"], "outer": ["cid", "dan", "eve", "fay", "group:middle"]}
CATEGORIES = {
    "Fit": {"allow": ["group:outer"], "invitations": True},
    "Barred": {"allow": ["group:outer", "ann"], "deny": ["group:inner", "cid"], "invitations": True},
    "Hushed": {"allow": ["group:outer"], "history": False, "file_upload": True},
    "Shut": {"allow": []},
    "West": {"allow": ["group:inner"]},
    "East": {"allow": ["cid"]},
}
# Cid is in the outer group alone, dan is disabled, eve and fay may not chat, gus is in no group.
PEOPLE = ("ann", "bob", "cid", "dan", "eve", "fay", "gus")
# What a room is, and who may do what in it; who is not named may nothing.
ROOMS = {
    "nested": ({"category": "Fit", "members": ["group:middle"]}, {"ann": FULL, "bob": FULL, "cid": "view"}),
    "open": ({"category": "Fit", "privacy": "open"}, {"ann": FULL, "bob": FULL, "cid": FULL}),
    "secret": ({"category": "Fit", "privacy": "secret", "members": ["bob", "eve"]}, {"bob": FULL}),
    "secret of a group": ({"category": "Fit", "privacy": "secret", "members": ["group:inner"]}, {"ann": FULL}),
    "managed": ({"category": "Fit", "members": ["ann"], "managers": ["cid"]},
                {"ann": FULL, "bob": "view", "cid": "view manage"}),
    "managed secret": ({"category": "Fit", "privacy": "secret", "managers": ["group:inner"]}, {"ann": "view manage"}),
    "auditorium": ({"category": "Fit", "type": "auditorium", "members": ["group:middle"], "presenters": ["bob"]},
                   {"ann": READS, "bob": FULL, "cid": "view"}),
    "open auditorium": ({"category": "Fit", "type": "auditorium", "privacy": "open", "presenters": ["group:inner"]},
                        {"ann": FULL, "bob": READS, "cid": READS}),
    "uninviting": ({"category": "Fit", "members": ["bob"], "invitations": "off"},
                   {"ann": "view", "bob": "view join chat history", "cid": "view"}),
    "denied": ({"category": "Barred", "members": ["group:middle"]}, {"bob": FULL}),
    "denied open": ({"category": "Barred", "privacy": "open"}, {"bob": FULL}),
    "without history": ({"category": "Hushed", "members": ["group:middle"]},
                        {"ann": "view join chat upload", "bob": "view join chat upload", "cid": "view"}),
    "disabled": ({"category": "Fit", "members": ["bob"], "managers": ["cid"], "disabled": True}, {"cid": "view manage"}),
    "for nobody": ({"category": "Shut", "privacy": "open"}, {}),
    "left": ({"category": "West", "privacy": "open"}, {"ann": "view join chat history"}),
    "right": ({"category": "East", "privacy": "open"}, {"cid": "view join chat history"}),
}  # fmt: skip


def address(name):
    return name if ":" in name else f"sip:{name}@contoso.example"


def addressed(fields):
    return {key: [address(one) for one in value] if isinstance(value, list) else value for key, value in fields.items()}


class Decisions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = running("--plain")
        cls.home, cls.server = cls.place.__enter__()
        cls.url = cls.server.facts["url"]
        cls.admin = Api(cls.url, cls.server.token())
        cls.apis = {name: cls.admin.add_user(address(name)) for name in PEOPLE}
        cls.admin.patch("/v1/policies/off", {"enable_persistent_chat": False})
        cls.admin.patch("/v1/policies/site:away", {"enable_persistent_chat": False})
        cls.admin.ok("PUT", f"/v1/users/{address('eve')}/policy", {"policy": "off"})
        cls.admin.patch(f"/v1/users/{address('fay')}", {"site": "away"})
        for name, members in GROUPS.items():
            cls.admin.post("/v1/groups", addressed({"name": name, "members": members}))
        for name, fields in CATEGORIES.items():
            cls.admin.post("/v1/categories", addressed({"name": name, **fields}))
        cls.admin.patch("/v1/walls/Wall", {"a": ["group:inner"], "b": [address("gus")]})
        cls.admin.patch(f"/v1/users/{address('dan')}", {"disabled": True})
        cls.chats = {name: Chat(cls.url, api.token) for name, api in cls.apis.items() if name != "dan"}
        for chat in cls.chats.values():
            assert chat.ask("watch", keywords=[WORD])["type"] == "ok"
        cls.furnish()

    @classmethod
    def tearDownClass(cls):
        for chat in cls.chats.values():
            chat.close()
        cls.place.__exit__(None, None, None)

    @classmethod
    def furnish(cls):
        """Every room has a message with the word, a file, and was there before anybody looks."""
        cls.ids, cls.files = {}, {}
        me = cls.server.facts["admin"]
        for number, (name, (fields, _)) in enumerate(ROOMS.items(), 1):
            fields = {"name": name, **addressed(fields)}
            cls.ids[name] = cls.admin.post("/v1/rooms", {**fields, "disabled": False})["id"]
            cls.speak(name, me)
            cls.files[name] = cls.server.store_file(number, name, me)
            if fields.get("disabled"):
                cls.admin.patch(f"/v1/rooms/{quoted(name)}", {"disabled": True})
        cls.last = cls.admin.post("/v1/rooms", {"name": "last", "category": "Fit", "privacy": "open"})["id"]
        cls.speak("last", me)

    @classmethod
    def speak(cls, name, me):
        """The administrator lets itself in for one message and is gone again."""
        room = cls.admin.get(f"/v1/rooms/{quoted(name)}")
        path = f"/v1/rooms/{quoted(name)}"
        category = f"/v1/categories/{quoted(room['category'])}"
        cls.admin.patch(category, {"add_allow": [me]})
        roles = {"add_presenters": [me]} if room["type"] == "auditorium" else {}
        cls.admin.patch(path, {**roles, **({} if room["privacy"] == "open" else {"add_members": [me]})})
        cls.admin.post(path + "/messages", {"body": f"a {WORD} in {name}"})
        cls.admin.patch(category, {"remove_allow": [me]})

    def each(self, *, signed_in=True):
        """Every person and room with what is expected."""
        for room, (_, expected) in ROOMS.items():
            for name in PEOPLE:
                if name != "dan" or not signed_in:
                    yield name, room, set(expected.get(name, "").split())

    def told(self, name, room, may, right, answer):
        """Of a right that is missing in a room that is seen nothing else is told than that; of others nothing."""
        if right in may:
            self.assertEqual(answer.status, 200, answer)
        else:
            self.assertEqual(answer.code, "not-allowed" if "view" in may else "room-not-found", answer)

    def test_explanations(self):
        for name, room, may in self.each(signed_in=False):
            with self.subTest(room=room, name=name):
                found = self.admin.get("/v1/access/explain", user=address(name), room=room)
                self.assertEqual(set(found["may"]), may)
                granted = {one["right"] for one in found["rights"] if one["granted"]}
                self.assertEqual(granted, may)

    def test_the_command_says_the_same(self):
        for name, room in (("ann", "nested"), ("cid", "nested"), ("ann", "denied"), ("eve", "secret")):
            words = ("access", "explain", address(name), room, "-o", "json")
            found = json.loads(pchatctl(self.home, *words, **self.server.variables).stdout)
            self.assertEqual(set(found["may"]), set(ROOMS[room][1].get(name, "").split()))

    def test_rooms_that_are_seen(self):
        listed, asked = {}, {}
        for name, chat in self.chats.items():
            listed[name] = {one["name"] for one in self.apis[name].get("/v1/rooms")["rooms"]}
            asked[name] = {one["name"] for one in chat.ask("rooms", limit=100)["rooms"]}
        for name, room, may in self.each():
            with self.subTest(room=room, name=name):
                answer = self.apis[name].send("GET", f"/v1/rooms/{quoted(room)}")
                self.assertEqual(answer.status, 200 if "view" in may else 404, answer)
                if may:
                    self.assertEqual(set(answer.json["may"]), may)
                self.assertEqual(room in listed[name], "view" in may)
                self.assertEqual(room in asked[name], "view" in may)

    def test_reading(self):
        for name, room, may in self.each():
            with self.subTest(room=room, name=name):
                path = f"/v1/rooms/{quoted(room)}"
                self.told(name, room, may, "history", self.apis[name].send("GET", path + "/messages"))
                self.told(name, room, may, "history", self.apis[name].send("GET", path + "/files"))
                answer = self.apis[name].send("GET", f"/v1/files/{self.files[room]}/info")
                self.assertEqual(answer.status, 200 if "history" in may else 404, answer)
                history = self.chats[name].ask("history", room=room, limit=5)
                if "history" in may:
                    self.assertEqual([one["body"] for one in history["messages"]], [f"a {WORD} in {room}"])
                else:
                    self.assertEqual(history["code"], "not-allowed" if "view" in may else "room-not-found")

    def test_searching(self):
        readable = {name: {room for room, (_, who) in ROOMS.items() if "history" in who.get(name, "")} for name in PEOPLE}
        end = time.monotonic() + WAIT
        for name, chat in self.chats.items():
            with self.subTest(name=name):
                found = set()
                while not readable[name] <= found and time.monotonic() < end:  # indexed after the commit
                    hits = self.apis[name].get("/v1/search", text=WORD)["messages"]
                    found = {one["room_name"] for one in hits} - {"last"}
                self.assertEqual(found, readable[name])
                rooms = {one["room"] for one in chat.ask("search", text=WORD, limit=100)["messages"]}
                self.assertEqual({room for room in ROOMS if self.ids[room] in rooms}, readable[name])
        for name, room, may in self.each():
            with self.subTest(room=room, name=name):
                self.told(name, room, may, "history", self.apis[name].send("GET", "/v1/search", text=WORD, room=room))

    def test_joining_and_posting(self):
        for name, room, may in self.each():
            with self.subTest(room=room, name=name):
                chat = self.chats[name]
                done = chat.ask("join", room=room, history=5)
                if "join" in may:
                    self.assertEqual(set(done["room"]["may"]), may)
                    self.assertEqual(len(done["messages"]), 1 if "history" in may else 0)
                    chat.ask("leave", room=room)
                else:
                    self.assertEqual(done["code"], "not-allowed" if "view" in may else "room-not-found")
                if "chat" not in may:  # those who may are tried where it changes nothing for others
                    answer = self.apis[name].send("POST", f"/v1/rooms/{quoted(room)}/messages", {"body": "x"})
                    self.told(name, room, may, "chat", answer)

    def test_notices(self):
        for name, chat in self.chats.items():
            with self.subTest(name=name):
                if name in ("ann", "bob", "cid"):
                    self.assertTrue(chat.wait_for("notice", room=self.last))
                chat.ask("ping")
                told = {event["room"] for event in chat.events if event["type"] == "notice"}
                rooms = set(ROOMS) - {"disabled"}  # it was not yet when the word was said
                wanted = {room for room in rooms if "history" in ROOMS[room][1].get(name, "")}
                self.assertEqual({room for room in rooms if self.ids[room] in told}, wanted)

    def test_invitations(self):
        for name, api in self.apis.items():
            if name != "dan":
                with self.subTest(name=name):
                    rooms = {one["room"] for one in api.get("/v1/invitations")["invitations"]}
                    wanted = {room for room, (_, who) in ROOMS.items() if "invitation" in who.get(name, "")}
                    wanted |= {"last"} & rooms if name in ("ann", "bob", "cid") else set()
                    self.assertEqual(rooms, wanted)
                    asked = self.admin.get("/v1/invitations", user=address(name))["invitations"]
                    self.assertEqual({one["room"] for one in asked}, wanted)

    def test_who_is_disabled_is_not_let_in_at_all(self):
        for path in ("/v1/rooms", "/v1/rooms/open", "/v1/search?text=x", "/v1/invitations"):
            self.assertEqual(self.apis["dan"].send("GET", path).code, "not-signed-in")

    def test_the_wall_holds(self):
        self.assertTrue(self.admin.get("/v1/walls/Wall")["holds"])
        refused = self.admin.send("PATCH", "/v1/groups/outer", {"add_members": [address("gus")]})
        self.assertEqual(refused.code, "wall-broken", refused)


if __name__ == "__main__":
    unittest.main()
