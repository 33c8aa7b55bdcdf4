#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Administration of a local server from shell scripts. administration_test.py PCHATCTL"""

import json
import unittest

from local_server import pchatctl, running

ADMIN = "sip:admin@localhost.example"
ANN = "sip:ann@contoso.example"
ALICE = "sip:alice@contoso.example"


class Administration(unittest.TestCase):
    def ok(self, home, server, *words, **more):
        done = pchatctl(home, *words, **server.variables, **more)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}")
        return done.stdout

    def said(self, home, server, *words, **more):
        """What a change says, on both streams."""
        done = pchatctl(home, *words, **server.variables, **more)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}")
        return done.stdout + done.stderr

    def refused(self, home, server, *words, **more):
        done = pchatctl(home, *words, **server.variables, **more)
        self.assertEqual(done.returncode, 1, f"{words}: {done.stdout}")
        return done.stderr

    def document(self, home, server, *words):
        return json.loads(self.ok(home, server, *words, "-o", "json"))

    def people(self, home, server):
        for user in (ANN, ALICE):
            self.ok(home, server, "user", "create", user)
        self.ok(home, server, "group", "create", "analysts", "--member", ANN, "--member", ADMIN)
        self.ok(home, server, "group", "create", "traders", "--member", ALICE)


class Policies(Administration):
    def test_who_may_chat_and_why(self):
        with running("--plain") as (home, server):
            self.people(home, server)
            self.ok(home, server, "policy", "set", "silent", "--description", "Nobody talks")
            self.ok(home, server, "policy", "grant", ANN, ALICE, "--policy", "tag:silent")
            found = self.document(home, server, "policy", "effective", ANN)
            self.assertEqual((found["policy"], found["enable_persistent_chat"]), ("tag:silent", False))
            silent = self.ok(home, server, "policy", "who", "--enabled=false", "-o", "name").split()
            self.assertEqual(silent, [f"user/{ALICE}", f"user/{ANN}"])
            self.assertIn(f"{ANN} falls back", self.ok(home, server, "policy", "remove", "silent", "--yes"))
            self.assertIn("chat is on by policy global", self.ok(home, server, "policy", "effective", ANN))
            self.assertIn("no changes", self.said(home, server, "policy", "revoke", ANN))
            self.ok(home, server, "policy", "set", "traders", "--enable-persistent-chat")
            self.assertIn("did you mean 'tag:traders'?", self.refused(home, server, "policy", "get", "trader"))

    def test_a_dry_run_changes_nothing(self):
        with running("--plain") as (home, server):
            before = self.document(home, server, "policy", "list")
            self.ok(home, server, "policy", "set", "global", "--enable-persistent-chat=false", "--dry-run")
            self.ok(home, server, "policy", "remove", "global", "--what-if")
            self.ok(home, server, "policy", "set", "new", "--enable-persistent-chat", "--dry-run")
            self.assertEqual(self.document(home, server, "policy", "list"), before)


class Configuration(Administration):
    def test_the_narrowest_object_counts(self):
        with running("--plain") as (home, server):
            self.assertIn("created", self.said(home, server, "config", "set", "site:hq", "--default-chat-history", "7"))
            again = self.said(home, server, "config", "set", "site:hq", "--default-chat-history", "7")
            self.assertIn("no changes", again)
            found = self.document(home, server, "config", "effective", "a.example", "--site", "hq")
            self.assertEqual((found["config"], found["default_chat_history"]), ("site:hq", 7))
            self.assertIn("501", self.refused(home, server, "config", "set", "global", "--default-chat-history", "501"))
            self.ok(home, server, "config", "remove", "site:hq", "--confirm=site:hq")
            self.assertIn("no settings", self.refused(home, server, "config", "get", "site:hq"))


class Groups(Administration):
    def test_a_circle_is_named(self):
        with running("--plain") as (home, server):
            self.people(home, server)
            self.ok(home, server, "group", "set", "analysts", "--add-member", "group:traders")
            circle = self.refused(home, server, "group", "set", "traders", "--add-member", "group:analysts")
            self.assertIn("group:analysts > group:traders > group:analysts", circle)

    def test_members_come_from_files_and_standard_input(self):
        with running("--plain") as (home, server):
            self.people(home, server)
            (home / "people").write_text(f"# the floor\n{ANN}\n\n  {ALICE}\r\n", encoding="utf-8")
            self.ok(home, server, "group", "set", "traders", "--set-members", "@people")
            self.assertEqual(self.document(home, server, "group", "get", "traders")["members"], [ALICE, ANN])
            self.ok(home, server, "group", "set", "traders", "--remove-member", "-", stdin=ANN + "\n")
            self.assertEqual(self.document(home, server, "group", "get", "traders")["members"], [ALICE])
            self.ok(home, server, "group", "set", "traders", "--clear-members")
            self.assertEqual(self.document(home, server, "group", "get", "traders")["members"], [])

    def test_removal_lists_what_goes(self):
        with running("--plain") as (home, server):
            self.people(home, server)
            self.ok(home, server, "category", "create", "Research", "--allow", "group:analysts", "--deny", "group:traders")
            self.ok(home, server, "room", "create", "Lab", "--category", "Research", "--member", "group:analysts")
            self.assertIn("--force", self.refused(home, server, "group", "remove", "traders", "--yes"))
            removed = self.ok(home, server, "group", "remove", "analysts", "--confirm=analysts")
            self.assertIn("no longer in members of room 'Lab'", removed)
            self.assertIn("no longer in allow of category 'Research'", removed)


class Imports(Administration):
    def test_people_and_their_groups(self):
        with running("--plain") as (home, server):
            people = f'user,display,site\n{ANN},"Ann, the first",hq\n{ALICE},,\n'
            (home / "people.csv").write_text(people, encoding="utf-8")
            groups = [
                {"name": "all", "members": ["group:desk"]},
                {"name": "desk", "members": [ANN, ALICE]},
            ]
            (home / "groups.jsonl").write_text("\n".join(map(json.dumps, groups)), encoding="utf-8")
            self.assertIn("2 users would be created", self.ok(home, server, "user", "import", "people.csv", "--dry-run"))
            self.assertIn("2 users created", self.ok(home, server, "user", "import", "people.csv"))
            self.assertIn("0 users created, 0 changed, 2 as", self.ok(home, server, "user", "import", "-", stdin=people))
            self.assertEqual(self.document(home, server, "user", "get", ANN)["display"], "Ann, the first")
            self.assertIn("2 groups created", self.ok(home, server, "group", "import", "groups.jsonl"))
            self.assertIn("2 as they were", self.ok(home, server, "group", "import", "groups.jsonl"))

    def test_every_bad_line_is_named_and_nothing_is_kept(self):
        with running("--plain") as (home, server):
            bad = f"user,display\n{ANN},Ann\nnobody,X\n{ALICE},{'x' * 257}\n"
            done = pchatctl(home, "user", "import", "-", stdin=bad, **server.variables)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertRegex(done.stderr, r":3: .*'nobody'")
            self.assertRegex(done.stderr, r":4: .*257")
            self.refused(home, server, "user", "get", ANN)
            done = pchatctl(home, "user", "import", "-", stdin="usr\nx\n", **server.variables)
            self.assertEqual(done.returncode, 3)
            self.assertIn("did you mean 'user'?", done.stderr)
            done = pchatctl(home, "group", "import", "-", stdin='{"name":1}\n[]\n', **server.variables)
            self.assertEqual(done.returncode, 3)
            self.assertIn(":1: name must be text", done.stderr)


class Rooms(Administration):
    def test_a_move_names_its_losses_and_asks(self):
        with running("--plain") as (home, server):
            self.people(home, server)
            self.ok(home, server, "category", "create", "Research", "--allow", "group:analysts")
            self.ok(home, server, "room", "create", "Lobby", "--member", ALICE, "--member", ANN)
            move = ("room", "move", "Lobby", "--category", "Research")
            self.assertIn(f"{ALICE} is no longer in members", self.ok(home, server, *move, "--dry-run"))
            asked = pchatctl(home, *move, "--no-input", **server.variables)
            self.assertEqual(asked.returncode, 2, asked.stderr)
            self.assertEqual(self.document(home, server, "room", "get", "Lobby")["category"], "General")
            self.ok(home, server, *move, "--yes")
            room = self.document(home, server, "room", "get", "Lobby")
            self.assertEqual((room["category"], room["members"]), ("Research", [ANN]))
            self.assertIn("no changes", self.said(home, server, *move))

    def test_lists_are_narrowed_down(self):
        with running("--plain") as (home, server):
            self.ok(home, server, "addin", "create", "Prices", "--url", "https://prices.example/")
            self.ok(home, server, "room", "create", "Alpha", "--addin", "Prices", "--invitations=false")
            self.ok(home, server, "room", "create", "Beta")

            def names(*flags):
                return self.ok(home, server, "room", "list", "-o", "name", *flags).split()

            self.assertEqual(names("--addin", "Prices"), ["room/Alpha"])
            self.assertEqual(names("--invitations"), ["room/Beta"])
            self.assertEqual(names("--invitations=false"), ["room/Alpha"])
            self.assertEqual(names("--filter", "a*ha"), ["room/Alpha"])
            self.assertEqual(names("--content-exceeds-mb", "1"), [])
            refused = self.refused(home, server, "addin", "remove", "Prices", "--yes")
            self.assertIn("such as 'Alpha'", refused)
            self.ok(home, server, "addin", "remove", "Prices", "--force", "--yes")
            self.assertNotIn("addin", self.document(home, server, "room", "get", "Alpha"))
            plain = self.refused(home, server, "addin", "create", "Clock", "--url", "http://clock.example/")
            self.assertIn("--allow-http", plain)


if __name__ == "__main__":
    unittest.main()
