#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An estate planned, applied and exported on a local server. estate_test.py PCHATCTL"""

import json
import pathlib
import subprocess
import time
import unittest

from local_server import PROGRAM, WAIT, environment, pchatctl, running

ANN = "sip:ann@contoso.example"
BOB = "sip:bob@contoso.example"
EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples/estate/bank.yaml"
HEAD = "apiVersion: pchat/v1\nkind: Estate\n"


class Estate(unittest.TestCase):
    def run_it(self, code, home, server, *words, stdin=""):
        done = pchatctl(home, *words, stdin=stdin, **server.variables)
        self.assertEqual(done.returncode, code, f"{words}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def document(self, home, server, *words):
        done = pchatctl(home, *words, "-o", "json", **server.variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def people(self, home, server):
        for user, group in ((ANN, "research"), (BOB, "traders")):
            self.run_it(0, home, server, "user", "create", user)
            self.run_it(0, home, server, "group", "create", group, "--member", user)

    def write(self, home, text):
        (home / "e.yaml").write_text(HEAD + text, encoding="utf-8")
        return "-f", "e.yaml"

    def export(self, home, server):
        done = pchatctl(home, "estate", "export", **server.variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout


class Cycle(Estate):
    def test_the_example_is_planned_applied_and_drifts(self):
        with running("--plain") as (home, server):
            self.people(home, server)
            of_file = ("-f", EXAMPLE)
            planned = self.run_it(8, home, server, "estate", "plan", *of_file, "--exit-code")
            self.assertIn("+ room Floor", planned)
            self.assertIn("+ wall research-trading", planned)
            self.run_it(0, home, server, "estate", "plan", *of_file)
            self.run_it(1, home, server, "room", "get", "Floor")
            self.run_it(0, home, server, "estate", "apply", *of_file, "--dry-run")
            self.run_it(1, home, server, "room", "get", "Floor")
            self.assertIn("9 created, 1 changed", self.run_it(0, home, server, "estate", "apply", *of_file))
            self.assertIn("no changes", self.run_it(0, home, server, "estate", "apply", *of_file))
            self.assertIn("no changes", self.run_it(0, home, server, "estate", "plan", *of_file, "--exit-code"))
            self.run_it(0, home, server, "estate", "drift", *of_file)
            room = self.document(home, server, "room", "get", "Announcements")
            self.assertEqual((room["category"], room["type"], room["presenters"]), ("Trading", "auditorium", [BOB]))
            actions = {entry["action"] for entry in self.document(home, server, "audit", "list", "--limit", "20")}
            self.assertLessEqual({"room.create", "category.create", "wall.create", "policy.grant"}, actions)
            self.run_it(0, home, server, "room", "set", "Lab", "--description", "by hand")
            self.run_it(0, home, server, "room", "set", "Floor", "--privacy", "closed")
            drifted = self.run_it(8, home, server, "estate", "drift", *of_file)
            self.assertIn('privacy: "closed" -> "open"', drifted)
            self.assertNotIn("by hand", drifted)  # the document says nothing of it
            self.run_it(0, home, server, "estate", "apply", *of_file)
            self.run_it(0, home, server, "estate", "drift", *of_file)

    def test_an_export_makes_the_same_of_an_empty_pool(self):
        with running("--plain") as (home, server):
            self.people(home, server)
            self.run_it(0, home, server, "estate", "apply", "-f", EXAMPLE)
            self.run_it(0, home, server, "addin", "create", "Plain", "--url", "http://p.example/", "--allow-http")
            exported = self.export(home, server)
            self.run_it(0, home, server, "estate", "export", "--file", "e.yaml")
            self.assertEqual((home / "e.yaml").read_text(encoding="utf-8"), exported)
            self.assertIn("no changes", self.run_it(0, home, server, "estate", "plan", "-f", "e.yaml", "--prune"))
        with running("--plain") as (home, server):
            self.people(home, server)
            self.run_it(0, home, server, "estate", "apply", "-f", "-", "--prune", "--yes", stdin=exported)
            self.assertEqual(self.export(home, server), exported)


class Losses(Estate):
    def joined(self, home, server):
        """How many rooms each session is in."""
        return [session["rooms"] for session in self.document(home, server, "session", "list")]

    def test_a_member_loses_the_room_at_once(self):
        with running("--plain") as (home, server):
            admin = server.facts["admin"]
            self.run_it(0, home, server, "room", "create", "Lab", "--member", admin)
            with subprocess.Popen(
                [PROGRAM, "message", "tail", "Lab"],
                env=environment(home, **server.variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as tail:
                deadline = time.monotonic() + WAIT
                while self.joined(home, server) != [1] and time.monotonic() < deadline:
                    self.assertIsNone(tail.poll())
                file = self.write(home, "rooms: [{name: Lab, members: []}]\n")
                refused = self.run_it(2, home, server, "estate", "apply", *file)
                self.assertIn(f"{admin} is no longer in members of room 'Lab'", refused)
                self.assertIn("--yes", refused)
                self.assertEqual(self.joined(home, server), [1])
                self.run_it(0, home, server, "estate", "apply", *file, "--yes")
                self.assertIn(self.joined(home, server), ([0], []))
                tail.kill()

    def test_prune_removes_what_is_not_named(self):
        with running("--plain") as (home, server):
            self.run_it(0, home, server, "category", "create", "Old", "--allow", "everyone")
            self.run_it(0, home, server, "room", "create", "Attic", "--category", "Old", "--privacy", "open")
            self.run_it(0, home, server, "room", "create", "Lobby")
            self.run_it(0, home, server, "message", "send", "Attic", "dust")
            kept = "categories: [{name: General}]\nrooms: [{name: Lobby}]\n"
            file = self.write(home, "prune: [rooms, categories]\n" + kept)
            planned = self.run_it(0, home, server, "estate", "plan", *file)
            self.assertIn("- room Attic\n    ! messages of room 'Attic': 1\n- category Old\n", planned)
            self.run_it(0, home, server, "estate", "apply", *file, "--yes")
            self.run_it(1, home, server, "room", "get", "Attic")
            self.run_it(1, home, server, "category", "get", "Old")
            self.run_it(0, home, server, "room", "get", "Lobby")
            self.run_it(0, home, server, "estate", "drift", *file)


class Refusals(Estate):
    def test_a_refusal_leaves_nothing_half_done(self):
        with running("--plain") as (home, server):
            self.people(home, server)
            self.run_it(0, home, server, "estate", "apply", "-f", EXAMPLE)
            before = self.export(home, server)
            file = self.write(
                home,
                "categories: [{name: New}]\n"
                "rooms:\n"
                "  - {name: First, category: New}\n"
                "  - {name: Lab, category: Research, members: [group:research, group:traders]}\n",
            )
            refused = self.run_it(3, home, server, "estate", "apply", *file, "--yes")
            self.assertIn("e.yaml:6:", refused)
            self.assertIn("not allowed in category 'Research': group:traders", refused)
            self.assertEqual(self.export(home, server), before)
            file = self.write(
                home,
                "categories: [{name: New, allow: [everyone]}]\n"
                "rooms: [{name: Both, category: New, members: [group:research, group:traders]}]\n",
            )
            refused = self.run_it(1, home, server, "estate", "apply", *file, "--yes")
            self.assertIn("wall 'research-trading': room 'Both' would let in", refused)
            self.run_it(1, home, server, "estate", "plan", *file)
            self.assertEqual(self.export(home, server), before)

    def test_what_is_wrong_with_a_document_is_shown_in_it(self):
        with running("--plain") as (home, server):
            file = self.write(home, "rooms:\n  - {name: A, memebrs: []}\n")
            self.assertIn("did you mean 'members'?", self.run_it(3, home, server, "estate", "plan", *file))
            file = self.write(
                home, "rooms:\n  - {name: A, category: Genral}\n  - {name: a}\n  - {name: B, members: [group:no]}\n"
            )
            said = self.run_it(3, home, server, "estate", "drift", *file)
            self.assertIn("e.yaml:4:25: error[category-not-found]", said)
            self.assertIn("did you mean 'General'?", said)
            self.assertIn("e.yaml:5:12: error[named-twice]", said)
            self.assertIn("e.yaml:6:25: error[principal-not-found]", said)

    def test_who_has_no_role_is_refused(self):
        with running("--plain") as (home, server):
            self.people(home, server)
            secret = "a long enough secret"
            self.run_it(0, home, server, "user", "set", ANN, "--password-file", "-", stdin=secret)
            as_ann = ("--user", ANN, "--password-file", "-", "--save-as", "ann")
            done = pchatctl(home, "login", "--server", server.facts["url"], *as_ann, stdin=secret)
            self.assertEqual(done.returncode, 0, done.stderr)
            for verb in ("plan", "apply", "drift"):
                done = pchatctl(home, "estate", verb, "-f", str(EXAMPLE), "--context", "ann")
                self.assertEqual(done.returncode, 4, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
