#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Eight administrators who change the same things at the same time: no change is lost, none is half done,
and the audit log tells the whole story. rivals_test.py PCHATCTL"""

import threading
import unittest

from api_client import Api, quoted
from local_server import running

ADMINISTRATORS = 8
CHANGES = 4  # that each gets through, of each object
ANN, BOB = "sip:ann@contoso.example", "sip:bob@contoso.example"

# What they fight over: where it is, the field they change, and how the audit log calls it.
OBJECTS = (
    ("/v1/rooms/Lab", "description", "room", "Lab"),
    ("/v1/categories/Research", "description", "category", "Research"),
    ("/v1/groups/analysts", "display", "principal", "group:analysts"),
    (f"/v1/users/{ANN}", "display", "principal", ANN),
    ("/v1/policies/tag:loud", "description", "policy", "tag:loud"),
    ("/v1/config/site:hq", "room_management_url", "config", "site:hq"),
    ("/v1/addins/Prices", "url", "addin", "Prices"),
    ("/v1/walls/W", "description", "wall", "W"),
)


class Rival(threading.Thread):
    """Reads an object, changes it if nobody else has, and keeps what became of it."""

    def __init__(self, api, number):
        super().__init__(daemon=True)
        self.api = api
        self.number = number
        self.accepted = []  # (path, revision before, what was written)
        self.refused = 0
        self.problems = []

    def run(self):
        try:
            for turn in range(CHANGES):
                for path, field, _, _ in OBJECTS[self.number % 2 :] + OBJECTS[: self.number % 2]:
                    self.change(path, field, f"https://{self.number}.example/{turn}")
        except Exception as problem:  # pylint: disable=broad-except
            self.problems.append(problem)

    def change(self, path, field, value):
        while True:
            found = self.api.send("GET", path)
            revision = found.headers["ETag"]
            answer = self.api.send("PATCH", path, {field: value}, {"If-Match": revision})
            if answer.status == 200:
                assert answer.json[field] == value, answer
                self.accepted.append((path, int(revision.strip('"')), value))
                return
            assert (answer.status, answer.code) == (409, "changed-meanwhile"), answer
            self.refused += 1


class Rivals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = running("--plain")
        _, cls.server = cls.place.__enter__()
        cls.url = cls.server.facts["url"]
        cls.admin = Api(cls.url, cls.server.token())
        cls.names = [f"sip:admin{number}@contoso.example" for number in range(ADMINISTRATORS)]
        cls.apis = [cls.admin.add_user(name, add_roles=["administrator"]) for name in cls.names]
        for user in (ANN, BOB):
            cls.admin.post("/v1/users", {"user": user})
        cls.admin.post("/v1/groups", {"name": "analysts", "members": [ANN]})
        cls.admin.post("/v1/categories", {"name": "Research", "allow": ["everyone"]})
        cls.admin.post("/v1/rooms", {"name": "Lab", "category": "Research"})
        cls.admin.post("/v1/addins", {"name": "Prices", "url": "https://prices.example/"})
        cls.admin.patch("/v1/policies/tag:loud", {"enable_persistent_chat": True})
        cls.admin.patch("/v1/config/site:hq", {"default_chat_history": 7})
        cls.admin.patch("/v1/walls/W", {"a": [ANN], "b": [BOB]})

    @classmethod
    def tearDownClass(cls):
        cls.place.__exit__(None, None, None)

    def together(self, threads):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def history(self, kind, name, field):
        """What the audit log has of changes of the field, the oldest first."""
        entries = self.admin.get("/v1/audit", kind=kind, object=name, limit=1000)["entries"]
        changes = [one for one in reversed(entries) if one["action"].endswith(".change")]
        both = [(one.get("before", {}), one.get("after", {})) for one in changes]
        return [(before.get(field, ""), after[field]) for before, after in both if field in after]

    def test_no_change_is_lost(self):
        rivals = [Rival(api, number) for number, api in enumerate(self.apis)]
        self.together(rivals)
        self.assertEqual([problem for rival in rivals for problem in rival.problems], [])
        self.assertGreater(sum(rival.refused for rival in rivals), 0)  # they did meet
        for path, field, kind, name in OBJECTS:
            with self.subTest(path=path):
                accepted = [(revision, value) for one in rivals for where, revision, value in one.accepted if where == path]
                self.assertEqual(len(accepted), ADMINISTRATORS * CHANGES)
                self.assertEqual(len({revision for revision, _ in accepted}), len(accepted))  # none was changed twice
                told = self.history(kind, name, field)
                self.assertEqual([after for _, after in told], [value for _, value in sorted(accepted)])
                self.assertEqual([before for before, _ in told[1:]], [after for _, after in told[:-1]])
                self.assertEqual(self.admin.get(path)[field], told[-1][1])

    def test_lists_that_all_edit_at_once_hold_what_all_have_put_in(self):
        places = (("/v1/rooms/Lab", "members"), ("/v1/groups/analysts", "members"), ("/v1/categories/Research", "allow"))
        refused = []

        def edit(api, name):
            for verb in ("add", "remove", "add"):
                for path, field in places:
                    answer = api.send("PATCH", path, {f"{verb}_{field}": [name]})
                    if answer.status != 200:
                        refused.append(answer)

        self.together([threading.Thread(target=edit, args=one) for one in zip(self.apis, self.names)])
        self.assertEqual(refused, [])
        for path, field in places:
            self.assertLessEqual(set(self.names), set(self.admin.get(path)[field]))

    def test_one_name_is_given_once(self):
        answers = []

        def make(api):
            for path, body in (
                ("/v1/rooms", {"name": "Same", "category": "Research"}),
                ("/v1/categories", {"name": "Shared"}),
                ("/v1/groups", {"name": "same"}),
                ("/v1/users", {"user": "sip:same@contoso.example"}),
                ("/v1/addins", {"name": "Same", "url": "https://same.example/"}),
            ):
                answers.append((path, api.send("POST", path, body)))

        self.together([threading.Thread(target=make, args=(api,)) for api in self.apis])
        for path in {path for path, _ in answers}:
            statuses = sorted(answer.status for where, answer in answers if where == path)
            self.assertEqual(statuses, [201] + [409] * (ADMINISTRATORS - 1), path)

    def test_the_last_administrator_stays(self):  # runs last: it leaves one
        self.admin.patch(f"/v1/users/{quoted(self.server.facts['admin'])}", {"remove_roles": ["administrator"]})
        answers = []

        def leave(api, name):
            answers.append(api.send("PATCH", f"/v1/users/{name}", {"remove_roles": ["administrator"]}))

        self.together([threading.Thread(target=leave, args=one) for one in zip(self.apis, self.names)])
        codes = sorted(answer.code for answer in answers)
        self.assertEqual(codes, [""] * (ADMINISTRATORS - 1) + ["last-administrator"])


if __name__ == "__main__":
    unittest.main()
