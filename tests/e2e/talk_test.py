#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every command that talks to a server: what it does, what it leaves alone, and what it says when it
cannot. talk_test.py PCHATCTL"""

import json
import signal
import subprocess
import time
import unittest

from local_server import PROGRAM, WAIT, environment, pchatctl, running

ADMIN = "sip:admin@localhost.example"
BOB = "sip:bob@localhost.example"


class Case(unittest.TestCase):
    """A server of its own for all tests of the class."""

    @classmethod
    def setUpClass(cls):
        cls.place = running("--plain")
        cls.home, cls.server = cls.place.__enter__()
        (cls.home / "password").write_text("correct horse battery\n", encoding="utf-8")

    @classmethod
    def tearDownClass(cls):
        cls.place.__exit__(None, None, None)

    def run_it(self, *words, **more):
        return pchatctl(self.home, *words, **{**self.server.variables, **more})

    def ok(self, *words, **more):
        done = self.run_it(*words, **more)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}")
        return done.stdout

    def json(self, *words):
        return json.loads(self.ok(*words, "-o", "json"))

    def fails(self, code, texts, *words, **more):
        """The exit code, the texts for people, and the same failure as JSON."""
        done = self.run_it(*words, **more)
        self.assertEqual(done.returncode, code, f"{words}: {done.stdout}{done.stderr}")
        self.assertEqual(done.stdout, "")
        for text in (texts,) if isinstance(texts, str) else texts:
            self.assertIn(text, done.stderr)
        self.assertTrue(done.stderr.startswith("pchatctl: "), done.stderr)
        again = self.run_it(*words, "-o", "json", **more)
        self.assertEqual(again.returncode, code)
        self.assertTrue(json.loads(again.stdout)["error"]["message"])

    def no_changes(self, *words):
        done = self.run_it(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("no changes", done.stderr)

    def make_room(self, name, *flags):
        self.ok("room", "create", name, "--member", ADMIN, *flags)
        return name

    def make_user(self, address):
        self.ok("user", "create", address, "--password-file", "password", "--if-not-exists")


class Messages(Case):
    def bodies(self, room):
        return [message["body"] for message in self.json("message", "list", room)]

    def test_listing_goes_both_ways(self):
        room = self.make_room("List")
        for number in range(1, 6):
            self.ok("message", "send", room, f"number {number}")
        self.assertEqual(len(self.bodies(room)), 5)
        last = self.json("message", "list", room, "--limit", "2")
        self.assertEqual([message["seq"] for message in last], [4, 5])
        after = self.json("message", "list", room, "--after-seq", "3")
        self.assertEqual([message["seq"] for message in after], [4, 5])
        before = self.json("message", "list", room, "--before-seq", "3")
        self.assertEqual([message["seq"] for message in before], [1, 2])
        self.assertIn("number 5", self.ok("message", "list", room))
        self.assertIn("body: number 5", self.ok("message", "list", room, "-o", "yaml"))
        self.fails(2, "exclude each other", "message", "list", room, "--before-seq", "1", "--after-seq", "1")

    def test_searching_names_the_room(self):
        room = self.make_room("Search")
        self.ok("message", "send", room, "quarterly zebra budget")
        self.ok("message", "send", room, "another zebra")
        deadline = time.monotonic() + WAIT
        found = []
        while len(found) < 2 and time.monotonic() < deadline:  # indexed after the commit
            found = self.json("message", "search", "zebra")
        self.assertEqual([message["room_name"] for message in found], [room, room])
        self.assertIn("Search", self.ok("message", "search", "zebra"))
        both = self.json("message", "search", "budget zebra", "--match", "all", "--room", room, "--from", ADMIN)
        self.assertEqual(len(both), 1)
        self.assertEqual(self.json("message", "search", "zebra", "--until", "2020-01-01T00:00:00Z"), [])
        self.assertEqual(self.json("message", "search", "giraffe"), [])
        self.fails(2, "nothing to search for", "message", "search", "")
        self.fails(2, "'yesterday' is no time", "message", "search", "zebra", "--since", "yesterday")
        self.fails(1, "user 'sip:nobody@x.example' does not exist", "message", "search", "x", "--from", "sip:nobody@x.example")
        self.fails(1, "room 'Nowhere' does not exist", "message", "search", "zebra", "--room", "Nowhere")

    def test_replacing_and_removing(self):
        room = self.make_room("Edit")
        self.ok("message", "send", room, "first")
        self.ok("message", "send", room, "second")
        edit = ("message", "replace", room, "--seq", "1", "--text", "corrected")
        self.assertEqual(self.ok(*edit, "--dry-run"), "message/Edit/1 would be replaced\n")
        self.assertEqual(self.bodies(room), ["first", "second"])
        self.assertEqual(self.ok(*edit), "message/Edit/1 replaced\n")
        remove = ("message", "remove", room, "--seq", "2")
        self.assertEqual(self.ok(*remove, "--dry-run"), "message/Edit/2 would be removed\n")
        self.assertEqual(self.bodies(room), ["corrected", "second"])
        self.fails(2, "nobody to ask", *remove)
        self.assertEqual(self.ok(*remove, "--yes"), "message/Edit/2 removed\n")
        self.assertEqual(self.bodies(room), ["corrected", ""])
        self.assertIn("(removed)", self.ok("message", "list", room))
        self.no_changes(*remove, "--yes")
        self.assertEqual(self.json(*remove, "--yes")["changed"], False)
        self.fails(1, "there is no message 99 in room 'Edit'", "message", "remove", room, "--seq", "99", "--yes")
        self.fails(1, "numbers from 1, not '0'", "message", "remove", room, "--seq", "0", "--yes")
        self.fails(2, "takes a whole number", "message", "remove", room, "--seq", "x", "--yes")
        self.fails(1, "room 'Nowhere' does not exist", "message", "replace", "Nowhere", "--seq", "1", "--text", "x")

    def test_sending(self):
        room = self.make_room("Send")
        self.assertEqual(self.ok("message", "send", room, "x", "--dry-run"), "would be sent to room/Send\n")
        self.assertEqual(self.bodies(room), [])
        self.ok("message", "send", room, "-", stdin="from a pipe\n")
        once = self.json("message", "send", room, "once", "--key", "k1")
        self.assertEqual(self.json("message", "send", room, "once", "--key", "k1")["seq"], once["seq"])
        self.fails(1, "the key stands for another message", "message", "send", room, "other", "--key", "k1")
        self.fails(2, "the message to room 'Send' is empty", "message", "send", room, "")
        self.fails(2, "is empty", "message", "send", room, "-", stdin="\n")
        self.fails(1, "8000", "message", "send", room, "-", stdin="x" * 8001)
        self.assertEqual(self.bodies(room), ["from a pipe", "once"])

    def test_who_may_not_is_told_the_way(self):
        self.ok("room", "create", "Closed")
        add = f"add yourself: pchatctl room set 'Closed' --add-member {ADMIN}"
        self.fails(4, ("you may not post in room 'Closed'", add), "message", "send", "Closed", "x")
        self.fails(4, ("you may not read", add), "message", "list", "Closed")
        self.make_user(BOB)
        self.ok("category", "create", "Others", "--allow", BOB)
        self.ok("room", "create", "Open", "--category", "Others", "--privacy", "open")
        add = f"add yourself: pchatctl category set 'Others' --add-allow {ADMIN}"
        self.fails(4, ("you may not post in room 'Open'", add), "message", "send", "Open", "x")
        self.make_room("Stage", "--type", "auditorium")
        why = f"why: pchatctl access explain {ADMIN} 'Stage'"
        self.fails(4, ("you may not post in room 'Stage'", why), "message", "send", "Stage", "x")
        self.ok("policy", "set", "global", "--enable-persistent-chat=false")
        turn_on = "pchatctl policy set global --enable-persistent-chat"
        self.fails(4, ("you may not post in room 'Closed'", turn_on), "message", "send", "Closed", "x")
        self.ok(*turn_on.split()[1:])

    def test_following_until_ctrl_c(self):
        room = self.make_room("Tail")
        self.ok("message", "send", room, "before")
        with subprocess.Popen(
            [PROGRAM, "message", "tail", room, "-o", "json"],
            env=environment(self.home, **self.server.variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as tail:
            self.assertEqual(json.loads(tail.stdout.readline())["body"], "before")
            self.ok("message", "send", room, "live")
            self.assertEqual(json.loads(tail.stdout.readline())["body"], "live")
            tail.send_signal(signal.SIGINT)
            _, problems = tail.communicate(timeout=WAIT)
            self.assertEqual(tail.returncode, 130)
            self.assertNotIn("terminate", problems)
        self.fails(1, "room 'Nowhere' does not exist", "message", "tail", "Nowhere")


class Sessions(Case):
    def test_listing_and_ending(self):
        room = self.make_room("Sessions")
        self.assertEqual(self.json("session", "list"), [])
        with subprocess.Popen(
            [PROGRAM, "message", "tail", room],
            env=environment(self.home, **self.server.variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as tail:
            deadline = time.monotonic() + WAIT
            sessions = []
            while (not sessions or sessions[0]["rooms"] == 0) and time.monotonic() < deadline:
                sessions = self.json("session", "list")
            self.assertEqual((sessions[0]["user"], sessions[0]["rooms"]), (ADMIN, 1))
            name = sessions[0]["id"]
            self.assertEqual(self.ok("session", "end", name, "--dry-run"), f"session/{name} would be ended\n")
            self.assertEqual(len(self.json("session", "list")), 1)
            self.fails(2, "nobody to ask", "session", "end", name)
            self.assertEqual(self.ok("session", "end", name, "--yes"), f"session/{name} ended\n")
            _, problems = tail.communicate(timeout=WAIT)
            self.assertEqual(tail.returncode, 4)
            self.assertIn("ended by an administrator", problems)
        self.fails(1, f"session '{name}' is not open", "session", "end", name, "--yes")
        self.fails(2, "say which", "session", "end", "--yes")
        self.fails(2, "say which", "session", "end", name, "--user", ADMIN, "--yes")
        self.assertEqual(self.ok("session", "end", "--user", ADMIN, "--yes"), f"0 sessions of {ADMIN} ended\n")


class Rooms(Case):
    def test_clearing(self):
        room = self.make_room("Clear")
        self.ok("message", "send", room, "gone soon")
        clear = ("room", "clear", room)
        self.assertEqual(self.ok(*clear, "--dry-run"), "room/Clear would be cleared: messages below 2\n")
        self.assertEqual(len(self.json("message", "list", room)), 1)
        self.fails(2, "--confirm-name 'Clear'", *clear)
        self.fails(2, "does not give the name 'Clear'", *clear, "--confirm-name", "Lobby")
        self.assertIn("room/Clear cleared", self.ok(*clear, "--confirm-name", "Clear"))
        self.assertEqual(self.json("message", "list", room), [])
        self.no_changes(*clear, "--confirm-name", "Clear")
        self.fails(2, "'soon' is no time", *clear, "--before", "soon")
        self.fails(1, "room 'Nowhere' does not exist", "room", "clear", "Nowhere", "--yes")

    def test_setting(self):
        room = self.make_room("Set")
        change = ("room", "set", room, "--description", "new words")
        before = self.json("room", "get", room)
        self.assertEqual(self.ok(*change, "--dry-run"), "room/Set would be changed\n")
        self.assertEqual(self.json("room", "get", room), before)
        self.assertEqual(self.json(*change)["description"], "new words")
        self.no_changes(*change)
        self.fails(2, "did you mean 'secret'", "room", "set", room, "--privacy", "secrit")
        self.fails(2, "nothing to set", "room", "set", room)
        self.fails(1, "category 'Nowhere' does not exist", "room", "set", room, "--category", "Nowhere")
        self.fails(1, "user 'sip:nobody@x.example' does not exist", "room", "set", room, "--add-member", "sip:nobody@x.example")
        self.fails(1, "the name is empty", "room", "set", room, "--name", "")

    def test_what_comes_off_the_lists_is_named(self):
        room = self.make_room("Opened")
        said = self.ok("room", "set", room, "--privacy", "open")
        self.assertIn(f"{ADMIN} is no longer in members", said)
        self.assertEqual(self.json("room", "get", room)["members"], [])

    def test_members(self):
        self.make_user(BOB)
        room = self.make_room("Members", "--manager", BOB)
        self.assertEqual(
            self.json("room", "members", room), [{"name": ADMIN, "as": "member"}, {"name": BOB, "as": "manager"}]
        )
        self.assertIn("MANAGER", self.ok("room", "members", room).upper())
        self.ok("room", "set", room, "--remove-member", ADMIN)
        self.assertEqual(self.json("room", "members", room), [{"name": BOB, "as": "manager"}])
        self.fails(1, "room 'Nowhere' does not exist", "room", "members", "Nowhere")

    def test_removing(self):
        room = self.make_room("Remove")
        self.assertEqual(self.ok("room", "remove", room, "--dry-run"), "room/Remove would be removed\n")
        self.json("room", "get", room)
        self.fails(2, "--confirm-name 'Remove'", "room", "remove", room)
        self.assertEqual(self.ok("room", "remove", room, "--confirm-name", room), "room/Remove removed\n")
        self.fails(1, "room 'Remove' does not exist", "room", "get", room)


class Categories(Case):
    def test_setting_and_removing(self):
        self.ok("category", "create", "Desk", "--allow", "everyone")
        change = ("category", "set", "Desk", "--description", "trading")
        before = self.json("category", "get", "Desk")
        self.assertEqual(self.ok(*change, "--dry-run"), "category/Desk would be changed\n")
        self.assertEqual(self.json("category", "get", "Desk"), before)
        self.assertEqual(self.json(*change)["description"], "trading")
        self.no_changes(*change)
        self.make_room("Pit", "--category", "Desk")
        self.fails(1, ("category 'Desk' has rooms, such as 'Pit'", "move or remove"), "category", "remove", "Desk", "--yes")
        self.ok("room", "set", "Pit", "--category", "General")
        self.assertEqual(self.ok("category", "remove", "Desk", "--dry-run"), "category/Desk would be removed\n")
        self.assertEqual(self.ok("category", "remove", "Desk", "--yes"), "category/Desk removed\n")
        self.fails(1, "category 'Desk' does not exist", "category", "remove", "Desk", "--yes")
        self.fails(1, "category 'Desk' does not exist", "category", "set", "Desk", "--description", "x")

    def test_groups_that_nobody_knows_are_named(self):
        words = ("--allow", "group:analysts", "--deny", "group:traders", "--creator", "sip:ann@contoso.example")
        self.fails(
            1,
            ("'group:analysts' does not exist", "knows none of that kind"),
            "category", "create", "Research", *words, "--invitations", "--file-upload",
        )
        self.fails(1, "category 'Research' does not exist", "category", "get", "Research")


class Users(Case):
    def test_creating(self):
        create = ("user", "create", BOB, "--display", "Bob", "--site", "hq", "--password-file", "password")
        self.assertEqual(self.ok(*create, "--dry-run"), f"user/{BOB} would be created\n")
        self.assertEqual([user["user"] for user in self.json("user", "list")], [ADMIN])
        self.assertEqual(self.ok(*create), f"user/{BOB} created\n")
        self.fails(1, f"user '{BOB}' exists already", *create)
        (self.home / "short").write_text("short\n", encoding="utf-8")
        self.fails(1, "the password has 5 characters", "user", "create", "sip:x@y.example", "--password-file", "short")
        self.fails(3, "there is no password file missing", "user", "create", "sip:x@y.example", "--password-file", "missing")
        self.fails(1, "sip:user@domain", "user", "create", "bob", "--password-file", "password")

    def test_setting_listing_and_removing(self):
        carl = "sip:carl@localhost.example"
        self.make_user(carl)
        change = ("user", "set", carl, "--display", "Carl")
        before = self.json("user", "get", carl)
        self.assertEqual(self.ok(*change, "--dry-run"), f"user/{carl} would be changed\n")
        self.assertEqual(self.json("user", "get", carl), before)
        self.assertEqual(self.json(*change)["display"], "Carl")
        self.no_changes(*change)
        self.assertEqual(self.ok("user", "list", "--filter", "carl", "-o", "name"), f"user/{carl}\n")
        self.assertIn("Carl", self.ok("user", "list"))
        self.fails(1, "user 'carl' does not exist", "user", "set", "carl", "--display", "x")
        self.fails(1, "last active administrator", "user", "remove", ADMIN, "--yes")
        self.assertEqual(self.ok("user", "remove", carl, "--dry-run"), f"user/{carl} would be removed\n")
        self.assertEqual(self.json("user", "get", carl)["state"], "active")
        self.fails(2, f"--confirm-name '{carl}'", "user", "remove", carl)
        self.assertEqual(self.ok("user", "remove", carl, "--yes"), f"user/{carl} removed\n")
        found = self.run_it("user", "get", carl, "-o", "json")
        self.assertTrue(found.returncode == 1 or json.loads(found.stdout)["state"] == "gone")


if __name__ == "__main__":
    unittest.main()
