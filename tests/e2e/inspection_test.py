#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looking at a local server without changing it. inspection_test.py PCHATCTL"""

import unittest

from administration_test import ADMIN, ALICE, ANN, Administration
from local_server import pchatctl, running

READERS = ("view", "join", "chat", "history")


class Inspection(Administration):
    """Ann is an analyst, Alice a trader; Research is for analysts."""

    def bank(self, home, server):
        self.people(home, server)
        self.ok(home, server, "category", "create", "Research", "--allow", "group:analysts")
        self.ok(home, server, "room", "create", "Lab", "--category", "Research", "--member", "group:analysts")


class Access(Inspection):
    def test_explain_tells_the_reason_and_the_way(self):
        with running("--plain") as (home, server):
            self.bank(home, server)
            found = self.document(home, server, "access", "explain", ANN, "Lab")
            self.assertEqual(tuple(found["may"]), READERS)
            text = self.ok(home, server, "access", "explain", ANN, "lab")
            self.assertIn(f"{ANN} in room 'Lab' of category 'Research': view, join, chat, history", text)
            self.assertIn(f"{ANN} > group:analysts", text)
            text = self.ok(home, server, "access", "explain", ALICE, "Lab")
            self.assertIn("'Research': nothing", text)
            self.assertIn("the category does not allow the user", text)
            self.assertIn("does not exist", self.refused(home, server, "access", "explain", ANN, "Nowhere"))

    def test_diff_foresees_changes_and_compares(self):
        with running("--plain") as (home, server):
            self.bank(home, server)
            deny = ("access", "diff", "--category", "Research", "--add-deny", "group:analysts")
            found = self.document(home, server, *deny)
            lost = {one["user"]: one["lost"] for one in found["changes"]}
            self.assertEqual(tuple(lost[ANN]), READERS)
            self.assertEqual([one["principal"] for one in found["purged"]], ["group:analysts"])
            self.assertIn("group:analysts is no longer in members of room 'Lab'", self.ok(home, server, *deny))
            self.assertEqual(self.document(home, server, "category", "get", "Research")["deny"], [])
            open_it = ("access", "diff", "--room", "Lab", "--privacy", "open")
            self.assertIn("no differences", self.ok(home, server, *open_it))
            outside = ("access", "diff", "--room", "Lab", "--add-member", ALICE)
            self.assertIn("not allowed in category", self.refused(home, server, *outside))
            users = self.ok(home, server, "access", "diff", ANN, ALICE)
            self.assertRegex(users, r"Lab +view,join,chat,history +-")
            self.ok(home, server, "room", "create", "Hall", "--privacy", "open")
            rooms = self.ok(home, server, "access", "diff", "Lab", "Hall")
            self.assertRegex(rooms, rf"{ALICE} +- +view,join,chat")
            for wrong in ((), ("Lab",), ("--room", "Lab"), ("--category", "Research", "--add-member", ANN)):
                done = pchatctl(home, "access", "diff", *wrong, **server.variables)
                self.assertEqual(done.returncode, 2, done.stderr)


class Principals(Inspection):
    def test_lists_and_single_ones(self):
        with running("--plain") as (home, server):
            self.bank(home, server)
            names = self.ok(home, server, "principal", "list", "--in", "group:analysts", "-o", "name").split()
            self.assertEqual(names, [f"principal/{ADMIN}", f"principal/{ANN}"])
            groups = self.document(home, server, "principal", "list", "--kind", "group")
            self.assertEqual([one["principal"] for one in groups], ["group:analysts", "group:traders"])
            text = self.ok(home, server, "principal", "get", "group:analysts")
            self.assertRegex(text, r"category +Research +allow")
            self.assertRegex(text, r"room +Lab +members")
            self.assertIn("group:traders", self.refused(home, server, "principal", "get", "group:trader"))

    def test_eligible_and_check(self):
        with running("--plain") as (home, server):
            self.bank(home, server)
            users = ("principal", "eligible", "--room", "Lab", "--kind", "user", "-o", "name")
            self.assertEqual(self.ok(home, server, *users).split(), [f"principal/{ADMIN}", f"principal/{ANN}"])
            said = self.ok(home, server, "principal", "check", ANN, "--category", "Research", "--as", "manager")
            self.assertIn(f"{ANN} may be a manager of rooms of category 'Research'", said)
            done = pchatctl(home, "principal", "check", ALICE, "--room", "Lab", **server.variables)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{ALICE} may not be a member of room 'Lab'", done.stdout)
            self.assertIn("the category does not allow it", done.stdout)


class Logs(Inspection):
    def test_audit_invitations_and_sessions(self):
        with running("--plain") as (home, server):
            self.bank(home, server)
            entries = self.document(home, server, "audit", "list", "--kind", "room", "--object", "Lab")
            self.assertEqual([one["action"] for one in entries], ["room.create"])
            self.assertEqual((entries[0]["actor"], entries[0]["object"]), (ADMIN, "Lab"))
            self.assertIn("category.create", self.ok(home, server, "audit", "list", "--actor", ADMIN))
            self.assertEqual(self.document(home, server, "audit", "list", "--until", "2001-01-01T00:00:00Z"), [])
            bad = pchatctl(home, "audit", "list", "--since", "monday", **server.variables)
            self.assertEqual(bad.returncode, 2)
            self.ok(home, server, "category", "set", "Research", "--invitations")
            self.ok(home, server, "room", "create", "New", "--category", "Research", "--member", ANN)
            told = self.document(home, server, "invitation", "list", "--user", ANN)
            self.assertEqual([(one["room"], one["by"]) for one in told], [("New", ADMIN)])
            self.assertEqual(self.document(home, server, "invitation", "list"), [])
            self.assertEqual(self.document(home, server, "session", "list", "--user", ANN), [])


class Reports(Inspection):
    def test_usage_and_sessions(self):
        with running("--plain") as (home, server):
            self.bank(home, server)
            self.ok(home, server, "message", "send", "Lab", "hello")
            found = self.document(home, server, "report", "usage", "--report", "usage.html")
            self.assertEqual((found["messages"], found["top_rooms"][0]["room"]), (1, "Lab"))
            page = (home / "usage.html").read_text(encoding="utf-8")
            self.assertIn("<svg", page)
            self.assertIn("<td>Lab</td>", page)
            self.assertRegex(self.ok(home, server, "report", "usage"), r"Lab +Research +1 +1 ")
            wrong = pchatctl(home, "report", "usage", "--report", "usage.pdf", **server.variables)
            self.assertEqual(wrong.returncode, 2)
            self.assertIn("0 sessions", self.ok(home, server, "report", "sessions"))


if __name__ == "__main__":
    unittest.main()
