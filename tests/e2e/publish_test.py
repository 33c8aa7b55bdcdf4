#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Publishing a topology, tokens for scripts and endpoints on a local server. publish_test.py PCHATCTL"""

import json
import os
import stat
import unittest

from local_server import pchatctl, running

ANN = "sip:ann@localhost.example"
PASSWORD = "correct horse battery"


class Commands(unittest.TestCase):
    def run_it(self, code, home, server, *words, **variables):
        done = pchatctl(home, *words, **{**server.variables, **variables})
        self.assertEqual(done.returncode, code, f"{words}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def ok(self, home, server, *words, **variables):
        return self.run_it(0, home, server, *words, **variables)

    def document(self, home, server, *words, **variables):
        done = pchatctl(home, *words, "-o", "json", **{**server.variables, **variables})
        self.assertEqual(done.returncode, 0, f"{words}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def write_topology(self, home, server):
        self.ok(home, server, "topology", "init", "topology.yaml", "--template", "embedded")
        return home / "topology.yaml"


class Publish(Commands):
    def test_versions_are_published_listed_and_taken_back(self):
        with running("--plain") as (home, server):
            file = self.write_topology(home, server)
            first = file.read_text(encoding="utf-8")
            publish = ("topology", "publish", "topology.yaml", "--yes")
            self.assertIn("has no version 1", self.run_it(1, home, server, "topology", "rollback", "1"))
            self.assertIn("no older version", self.run_it(1, home, server, "topology", "rollback"))
            self.assertIn("version 1 would be published", self.ok(home, server, *publish, "--dry-run"))
            self.assertIn("version 1 published", self.ok(home, server, *publish, "--comment", "the first"))
            self.assertIn("no changes", self.ok(home, server, *publish))
            file.write_text(first.replace("  sites:\n", "  sites:\n    - {name: there}\n"), encoding="utf-8")
            said = self.ok(home, server, *publish, "--if-version", "1")
            self.assertIn("+ site there", said)
            self.assertIn("version 2 published", said)
            late = self.run_it(1, home, server, *publish, "--if-version", "1")
            self.assertIn("version 2 is published, not 1", late)
            history = self.document(home, server, "topology", "history")
            self.assertEqual([one["version"] for one in history], [2, 1])
            self.assertEqual(history[1]["comment"], "the first")
            done = pchatctl(home, "topology", "history", "--version", "1", **server.variables)
            self.assertEqual(done.stdout, first)
            self.assertIn("- site there", self.ok(home, server, "topology", "rollback", "--dry-run"))
            self.assertIn("version 3 published", self.ok(home, server, "topology", "rollback", "--yes"))
            self.assertEqual(self.document(home, server, "topology", "history")[0]["comment"], "back to version 1")
            actions = [one["action"] for one in self.document(home, server, "audit", "list", "--kind", "topology")]
            self.assertEqual(actions, ["topology.rollback", "topology.publish", "topology.publish"])

    def test_what_rules_forbid_is_not_published(self):
        with running("--plain") as (home, server):
            file = self.write_topology(home, server)
            text = file.read_text(encoding="utf-8")
            publish = ("topology", "publish", "topology.yaml", "--yes")
            file.write_text(text.replace("kind: single", "kind: double"), encoding="utf-8")
            self.assertIn("kind: double", self.run_it(3, home, server, *publish))
            file.write_text(text + "# password: hunter2\n", encoding="utf-8")
            secret = self.run_it(3, home, server, *publish)
            self.assertIn("secret in place", secret)
            self.assertNotIn("hunter2", secret)
            self.assertEqual(self.document(home, server, "topology", "history"), [])

    def test_the_server_goes_by_it_without_a_restart(self):
        with running("--plain") as (home, server):
            self.write_topology(home, server)
            self.ok(home, server, "policy", "set", "site:anywhere", "--enable-persistent-chat")
            self.ok(home, server, "topology", "publish", "topology.yaml", "--yes")
            self.assertIn("did you mean 'here'?", self.run_it(
                1, home, server, "policy", "set", "site:hare", "--enable-persistent-chat"
            ))
            self.ok(home, server, "policy", "set", "site:here", "--enable-persistent-chat")
            user = ("user", "create", ANN, "--site")
            self.assertIn("did you mean 'here'?", self.run_it(1, home, server, *user, "hera"))
            self.ok(home, server, *user, "here")
            unknown = self.run_it(1, home, server, "user", "create", "sip:bob@localhost.exampel")
            self.assertIn("did you mean 'localhost.example'?", unknown)


class Tokens(Commands):
    def test_a_token_does_what_it_is_for(self):
        with running("--plain") as (home, server):
            self.write_topology(home, server)
            create = ("token", "create", "pipeline", "--role", "deploy-admin", "--expires", "30d")
            self.assertIn("created", self.ok(home, server, *create, "--secret-file", "pipeline.token"))
            secret = (home / "pipeline.token").read_text(encoding="utf-8").strip()
            self.assertEqual(stat.S_IMODE(os.stat(home / "pipeline.token").st_mode), 0o600)
            again = self.run_it(1, home, server, *create, "--secret-file", "pipeline.token")
            self.assertIn("exists already", again)
            script = {"PCHATCTL_TOKEN": secret}
            self.ok(home, server, "topology", "publish", "topology.yaml", "--yes", **script)
            denied = self.run_it(4, home, server, "room", "create", "Lobby", **script)
            self.assertIn("may not create rooms", denied)
            self.assertIn("makes nor removes", self.run_it(4, home, server, "token", "create", "more", **script))
            listed = self.document(home, server, "token", "list")
            mine = [one for one in listed if one["name"] == "pipeline"]
            self.assertEqual([one["roles"] for one in mine], [["deploy-admin"]])
            self.assertNotIn(secret, json.dumps(listed))
            self.ok(home, server, "token", "remove", "pipeline", "--yes")
            self.run_it(4, home, server, "topology", "history", **script)
            entries = self.document(home, server, "audit", "list", "--kind", "token")
            self.assertEqual(
                [(one["action"], one["outcome"]) for one in entries],
                [("token.remove", "done"), ("token.create", "refused"), ("token.create", "done")],
            )

    def test_a_scope_holds(self):
        with running("--plain") as (home, server):
            for room in ("Lobby", "Hall"):
                self.ok(home, server, "room", "create", room, "--member", server_admin(server))
            made = self.document(home, server, "token", "create", "bot", "--scope", "room:Lobby")
            script = {"PCHATCTL_TOKEN": made["token"]}
            self.ok(home, server, "message", "send", "Lobby", "hello", **script)
            self.assertIn("is not for", self.run_it(4, home, server, "message", "send", "Hall", "hello", **script))
            self.assertIn("is not for", self.run_it(4, home, server, "user", "list", **script))
            made = self.document(home, server, "token", "create", "eye", "--scope", "read-only", "--role", "viewer")
            script = {"PCHATCTL_TOKEN": made["token"]}
            self.ok(home, server, "room", "list", **script)
            self.assertIn("read-only", self.run_it(4, home, server, "message", "send", "Lobby", "hi", **script))
            usage = self.run_it(2, home, server, "token", "create", "x", "--expires", "soon")
            self.assertIn("90d", usage)

    def test_it_ends_with_its_maker(self):
        with running("--plain") as (home, server):
            (home / "password").write_text(PASSWORD, encoding="utf-8")
            self.ok(home, server, "user", "create", ANN, "--password-file", "password")
            login = ("login", "--user", ANN, "--password-file", "password", "--save-as", "ann")
            self.ok(home, server, *login)
            made = self.document(home, server, "token", "create", "bot", "--context", "ann", PCHATCTL_TOKEN="")
            script = {"PCHATCTL_TOKEN": made["token"]}
            self.ok(home, server, "room", "list", **script)
            self.ok(home, server, "user", "set", ANN, "--disabled")
            self.run_it(4, home, server, "room", "list", **script)


class Endpoints(Commands):
    def test_a_pool_gets_another_address(self):
        with running("--plain") as (home, server):
            address = "sip:rooms@localhost.example"
            create = ("endpoint", "create", address)
            self.assertIn("would be created", self.ok(home, server, *create, "--dry-run"))
            self.ok(home, server, *create, "--display", "Rooms")
            self.assertIn("is taken", self.run_it(1, home, server, *create))
            self.assertIn("is taken", self.run_it(1, home, server, "user", "create", address))
            self.assertEqual(self.document(home, server, "endpoint", "list")[0]["display"], "Rooms")
            self.ok(home, server, "endpoint", "remove", address, "--yes")
            self.assertEqual(self.document(home, server, "endpoint", "list"), [])


def server_admin(server):
    return server.facts["admin"]


if __name__ == "__main__":
    unittest.main()
