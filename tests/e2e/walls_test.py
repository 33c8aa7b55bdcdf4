#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Walls and undone purges on a local server. walls_test.py PCHATCTL"""

import json
import unittest

from local_server import pchatctl, running

ANN = "sip:ann@contoso.example"
BOB = "sip:bob@contoso.example"


class Bank(unittest.TestCase):
    """ann researches, bob trades."""

    def run_it(self, code, home, server, *words):
        done = pchatctl(home, *words, **server.variables)
        self.assertEqual(done.returncode, code, f"{words}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def ok(self, home, server, *words):
        return self.run_it(0, home, server, *words)

    def refused(self, home, server, *words):
        return self.run_it(1, home, server, *words)

    def document(self, home, server, *words):
        done = pchatctl(home, *words, "-o", "json", **server.variables)
        return json.loads(done.stdout)

    def furnish(self, home, server):
        for user, group in ((ANN, "research"), (BOB, "traders")):
            self.ok(home, server, "user", "create", user)
            self.ok(home, server, "group", "create", group, "--member", user)
        self.ok(home, server, "category", "create", "Bank", "--allow", "everyone")
        self.ok(home, server, "room", "create", "Lab", "--category", "Bank", "--member", "group:research")


class Walls(Bank):
    def test_a_wall_is_proved_kept_and_removed(self):
        with running("--plain") as (home, server):
            self.furnish(home, server)
            sides = ("group:research", "group:traders")
            self.ok(home, server, "room", "create", "Hall", "--category", "Bank", "--privacy", "open")
            self.assertIn(f"room 'Hall' lets in {ANN} and {BOB}", self.refused(home, server, "wall", "test", *sides))
            wall = ("wall", "set", "W", "--set-a", sides[0], "--set-b", sides[1])
            self.assertIn("room 'Hall' would let in", self.refused(home, server, *wall))
            self.ok(home, server, "room", "disable", "Hall")
            self.assertIn("wall/W would be created", self.ok(home, server, *wall, "--dry-run"))
            self.assertIn("wall/W created", self.ok(home, server, *wall))
            self.assertIn("no changes", self.ok(home, server, *wall))
            self.assertIn("no room lets in both sides", self.ok(home, server, "wall", "test", "W"))
            enabled = self.refused(home, server, "room", "enable", "Hall")
            self.assertIn(f"wall 'W': room 'Hall' would let in {ANN} and {BOB}", enabled)
            add = ("room", "set", "Lab", "--add-member", BOB)
            self.assertIn("room 'Lab' would let in", self.refused(home, server, *add))
            self.assertIn("both sides", self.refused(home, server, "group", "set", "traders", "--add-member", ANN))
            self.assertIn("wall 'W'", self.refused(home, server, "group", "remove", "traders", "--yes"))
            self.assertTrue(self.document(home, server, "wall", "list")[0]["holds"])
            self.ok(home, server, "wall", "remove", "W", "--confirm=W")
            self.ok(home, server, *add)
            proof = self.document(home, server, "wall", "test", ANN, BOB)
            self.assertEqual((proof["holds"], proof["room_name"]), (False, "Lab"))


class Undo(Bank):
    def test_what_a_category_took_comes_back(self):
        with running("--plain") as (home, server):
            self.furnish(home, server)
            deny = ("category", "set", "Bank", "--add-deny", "group:research")
            foreseen = self.ok(home, server, *deny, "--what-if")
            self.assertIn("group:research is no longer in members of room 'Lab'", foreseen)
            self.assertNotIn("undo:", foreseen)
            said = self.ok(home, server, *deny)
            change = said.rsplit("--change ", 1)[1].split()[0]
            self.assertIn("is still not allowed in members", self.ok(home, server, "room", "undo", "Lab"))
            self.ok(home, server, "category", "set", "Bank", "--remove-deny", "group:research")
            would = self.ok(home, server, "room", "undo", "--change", change, "--dry-run")
            self.assertIn("group:research would be back in members of room 'Lab'", would)
            self.ok(home, server, "room", "undo", "--change", change)
            self.assertEqual(self.document(home, server, "room", "get", "Lab")["members"], ["group:research"])
            self.assertIn("no changes", self.ok(home, server, "room", "undo", "Lab"))
            self.assertIn("30 days", self.refused(home, server, "room", "undo", "--change", change))


if __name__ == "__main__":
    unittest.main()
