# SPDX-License-Identifier: Apache-2.0
"""How the test of the OpenAPI document asks, and of whom: no test of its own."""

import pathlib
import unittest

ADMIN = "sip:admin@localhost.example"
ANN, BOB, CID, LEA, RIK, RON = (f"sip:{name}@contoso.example" for name in ("ann", "bob", "cid", "lea", "rik", "ron"))
NOBODY = "sip:nobody@nowhere.example"
LONG = "x" * 257
TOPOLOGY = (pathlib.Path(__file__).resolve().parents[2] / "examples/enterprise-multiple.yaml").read_text(encoding="utf-8")
NO_ID = "00000000-0000-7000-8000-000000000000"
ROOM_LISTS = {
    f"{how}{name}": people
    for name in ("members", "managers", "presenters")
    for how, people in (("", [ANN]), ("add_", [BOB]), ("remove_", [BOB]))
}


class Asking(unittest.TestCase):
    """Whoever uses it has `admin`, and other people who ask."""

    def ok(self, method, path, body=None, who=None, **query):
        answer = (who or self.admin).send(method, path, body, **query)
        self.assertLess(answer.status, 300, f"{method} {path} {body} {query}: {answer}")
        return answer.json

    def change(self, method, path, body=None, **query):
        """Foreseen first, then done."""
        self.ok(method, path, body, dry_run="true", **query)
        return self.ok(method, path, body, **query)

    def refused(self, code, method, path, body=None, who=None, **query):
        answer = (who or self.admin).send(method, path, body, **query)
        self.assertEqual(answer.code, code, f"{method} {path} {body} {query}: {answer}")

    def listed(self, path, plural, **query):
        """A page after another."""
        first = self.ok("GET", path, limit=1, **query)
        self.assertEqual(len(first[plural]), 1, f"{path}: {first}")
        self.ok("GET", path, cursor=first["cursor"], **query)
