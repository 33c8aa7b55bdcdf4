#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command lines that the documentation shows, word for word from one shell script, twice.
commands_test.py PCHATCTL"""

import pathlib
import shutil
import subprocess
import unittest

from administration_test import ADMIN, ALICE, ANN, Administration
from local_server import WAIT, environment, running

TOPOLOGY = pathlib.Path(__file__).resolve().parents[2] / "examples/enterprise-multiple.yaml"

EXAMPLES = """\
pchatctl topology validate topo.yaml
pchatctl policy set global --enable-persistent-chat
pchatctl policy set site:redmond --enable-persistent-chat=false
pchatctl policy set tag:traders --enable-persistent-chat --description "Trading floor"
pchatctl policy grant sip:alice@contoso.example --policy traders
pchatctl category create Research --allow group:analysts --deny group:traders --creator sip:ann@contoso.example --invitations --file-upload
pchatctl room create Lobby --category Research --privacy closed --type normal --member group:analysts --manager sip:ann@contoso.example
pchatctl message send Lobby "deploy finished" --kind alert
"""
MANY = """\
cat > rooms.yaml <<'END'
- {name: Floor, category: Research, members: [group:analysts]}
- {name: Vault, category: Research, privacy: secret}
END
pchatctl room create -f rooms.yaml
pchatctl room create -f - --if-not-exists < rooms.yaml
"""


class Examples(Administration):
    def script(self, home, server, text):
        (home / "script").write_text("set -e\n" + text, encoding="utf-8")
        return subprocess.run(
            ["sh", "script"],
            cwd=home,
            env=environment(home, **server.variables),
            capture_output=True,
            text=True,
            timeout=WAIT,
            check=False,
        )

    def furnish(self, home, server):
        self.people(home, server)
        shutil.copy(TOPOLOGY, home / "topo.yaml")

    def changes(self, home, server):
        return len(self.document(home, server, "audit", "list", "--limit", "1000"))

    def test_every_line_works_and_changes_nothing_when_repeated(self):
        with running() as (home, server):
            self.furnish(home, server)
            first = self.script(home, server, EXAMPLES)
            self.assertEqual(first.returncode, 0, first.stderr)
            for said in ("policy/site:redmond created", "policy/tag:traders created", "category/Research created"):
                self.assertIn(said, first.stdout)
            self.assertIn("policy/global: no changes", first.stderr)  # a fresh server has it on
            before = self.changes(home, server)
            lines = [line for line in EXAMPLES.splitlines() if " send " not in line and " validate " not in line]
            again = [line + (" --if-not-exists" if " create " in line else "") for line in lines]
            second = self.script(home, server, "\n".join(again))
            self.assertEqual(second.returncode, 0, second.stderr)
            self.assertEqual(second.stderr.count("no changes"), len(lines), second.stderr)
            for line in lines:
                if " create " in line:
                    third = self.script(home, server, line)
                    self.assertEqual(third.returncode, 1)
                    self.assertIn("exists", third.stderr)
            self.assertEqual(self.changes(home, server), before)

    def test_what_the_lines_make_is_there(self):
        with running("--plain") as (home, server):
            self.furnish(home, server)
            done = self.script(home, server, EXAMPLES)
            self.assertEqual(done.returncode, 0, done.stderr)
            room = self.document(home, server, "room", "get", "Lobby")
            self.assertEqual((room["category"], room["privacy"], room["type"]), ("Research", "closed", "normal"))
            self.assertEqual((room["members"], room["managers"]), (["group:analysts"], [ANN]))
            category = self.document(home, server, "category", "get", "Research")
            self.assertEqual((category["allow"], category["deny"]), (["group:analysts"], ["group:traders"]))
            self.assertEqual((category["creators"], category["invitations"], category["file_upload"]), ([ANN], True, True))
            (said,) = self.document(home, server, "message", "list", "Lobby")
            self.assertEqual((said["body"], said["kind"], said["from"]), ("deploy finished", "alert", ADMIN))
            policy = self.document(home, server, "policy", "effective", ALICE)
            self.assertEqual((policy["policy"], policy["description"]), ("tag:traders", "Trading floor"))
            self.assertFalse(self.document(home, server, "policy", "get", "site:redmond")["enable_persistent_chat"])

    def test_many_rooms_come_from_a_file_or_standard_input(self):
        with running("--plain") as (home, server):
            self.furnish(home, server)
            self.ok(home, server, "category", "create", "Research", "--allow", "group:analysts")
            first = self.script(home, server, MANY)
            self.assertEqual(first.returncode, 0, first.stderr)
            self.assertEqual(first.stderr.count("no changes"), 2, first.stderr)
            vault = self.document(home, server, "room", "get", "Vault")
            self.assertEqual((vault["category"], vault["privacy"]), ("Research", "secret"))


if __name__ == "__main__":
    unittest.main()
