#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who loses a room is told and out within a second, and hears nothing that is said from then on, whichever
change took it away. losing_test.py PCHATCTL"""

import threading
import time
import unittest

from api_client import PATIENCE, WAIT, Api, Chat
from local_server import running

SPY, TALKER = "sip:spy@contoso.example", "sip:talker@contoso.example"
SECOND = 1.0 * PATIENCE
ROUNDS = 2
MANY = 15  # messages after each change


class Talker(threading.Thread):
    """Says "before" or "after" as fast as it may; which of them is decided before it is sent."""

    def __init__(self, url, token):
        super().__init__(daemon=True)
        self.api = Api(url, token)
        self.said = 0
        self.word = "before"
        self.problem = None
        self.ending = False
        self.start()

    def run(self):
        while not self.ending and self.problem is None:
            answer = self.api.send("POST", "/v1/rooms/Lab/messages", {"body": self.word})
            if answer.status == 429:
                time.sleep(0.01)
                continue
            self.said += 1
            if answer.status != 201:
                self.problem = answer

    def go_on(self, count):
        wanted, end = self.said + count, time.monotonic() + WAIT
        while self.said < wanted and self.problem is None and time.monotonic() < end:
            time.sleep(0.001)
        assert self.said >= wanted, self.problem

    def end(self):
        self.ending = True
        self.join()


class Losing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = running("--plain")
        _, cls.server = cls.place.__enter__()
        cls.url = cls.server.facts["url"]
        cls.admin = Api(cls.url, cls.server.token())
        cls.spy = cls.admin.add_user(SPY, site="cellar")
        cls.talker = cls.admin.add_user(TALKER)
        cls.admin.patch("/v1/policies/site:cellar", {"enable_persistent_chat": True})
        cls.admin.patch("/v1/policies/mute", {"enable_persistent_chat": False})
        for name, member in (("inner", SPY), ("outer", "group:inner"), ("talkers", TALKER)):
            cls.admin.post("/v1/groups", {"name": name, "members": [member]})
        cls.admin.post("/v1/categories", {"name": "Here", "allow": ["group:outer", "group:talkers"]})
        cls.admin.post("/v1/categories", {"name": "There", "allow": ["group:talkers"]})
        cls.admin.post("/v1/rooms", {"name": "Lab", "category": "Here", "members": ["group:outer", TALKER]})

    @classmethod
    def tearDownClass(cls):
        cls.place.__exit__(None, None, None)

    def change(self, method, path, body=None):
        self.admin.ok(method, path, body)

    def lose(self, take, give, outside):
        """Takes and gives the room again and again while somebody talks in it."""
        talker = Talker(self.url, self.talker.token)
        try:
            for _ in range(ROUNDS):
                try:
                    self.lose_once(talker, take, outside)
                finally:
                    for change in give:
                        self.change(*change)
        finally:
            talker.end()
        self.assertIsNone(talker.problem)

    def lose_once(self, talker, take, outside):
        token = self.admin.sign_in(SPY).token
        devices = [Chat(self.url, token) for _ in range(2)]
        for device in devices:
            answer = device.ask("join", room="Lab")
            self.assertEqual(answer["type"], "ok", answer)
        talker.go_on(3)
        self.change(*take)
        acknowledged = time.monotonic()
        talker.word = "after"
        for device in devices:
            outside(device)
        self.assertLess(time.monotonic() - acknowledged, SECOND)
        talker.go_on(MANY)
        for device in devices:
            self.listen_to_the_end(device)
            said = [event["body"] for event in device.events if event["type"] == "msg"]
            self.assertIn("before", said)
            self.assertNotIn("after", said)
            device.close()
        answer = Api(self.url, token).send("GET", "/v1/rooms/Lab/messages")
        self.assertIn(answer.code, ("room-not-found", "not-allowed", "not-signed-in"), answer)
        talker.word = "before"

    def listen_to_the_end(self, device):
        try:
            answer = device.ask("join", room="Lab")
            self.assertIn(answer["code"], ("room-not-found", "not-allowed"), answer)
        except OSError:
            pass  # its session has ended

    def told(self, device):
        gone = device.wait_for("gone", SECOND)
        self.assertEqual(gone and gone["reason"], "access")

    def ended(self, device):
        self.assertEqual(device.wait_for_end(SECOND), 4001)

    def test_out_of_a_nested_group(self):
        take = ("PATCH", "/v1/groups/inner", {"remove_members": [SPY]})
        self.lose(take, [("PATCH", "/v1/groups/inner", {"add_members": [SPY]})], self.told)

    def test_a_group_out_of_its_group(self):
        take = ("PATCH", "/v1/groups/outer", {"members": []})
        self.lose(take, [("PATCH", "/v1/groups/outer", {"members": ["group:inner"]})], self.told)

    def test_the_group_denied_in_the_category(self):
        take = ("PATCH", "/v1/categories/Here", {"add_deny": ["group:inner"]})
        self.lose(take, [("PATCH", "/v1/categories/Here", {"remove_deny": ["group:inner"]})], self.told)

    def test_the_group_allowed_no_more(self):
        back = [("PATCH", "/v1/categories/Here", {"add_allow": ["group:outer"]})]
        back.append(("PATCH", "/v1/rooms/Lab", {"add_members": ["group:outer"]}))
        self.lose(("PATCH", "/v1/categories/Here", {"remove_allow": ["group:outer"]}), back, self.told)

    def test_the_room_moved(self):
        back = [("PATCH", "/v1/rooms/Lab", {"category": "Here", "add_members": ["group:outer"]})]
        self.lose(("PATCH", "/v1/rooms/Lab", {"category": "There"}), back, self.told)

    def test_the_policy_of_the_site_off(self):
        path = "/v1/policies/site:cellar"
        take = ("PATCH", path, {"enable_persistent_chat": False})
        self.lose(take, [("PATCH", path, {"enable_persistent_chat": True})], self.told)

    def test_a_policy_granted_that_is_off(self):
        path = f"/v1/users/{SPY}/policy"
        self.lose(("PUT", path, {"policy": "mute"}), [("DELETE", path)], self.told)

    def test_off_the_list_of_members(self):
        path = "/v1/rooms/Lab"
        take = ("PATCH", path, {"remove_members": ["group:outer"]})
        self.lose(take, [("PATCH", path, {"add_members": ["group:outer"]})], self.told)

    def test_the_user_disabled(self):
        path = f"/v1/users/{SPY}"
        self.lose(("PATCH", path, {"disabled": True}), [("PATCH", path, {"disabled": False})], self.ended)


if __name__ == "__main__":
    unittest.main()
