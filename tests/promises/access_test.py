#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The judge against false histories of access that was taken, and of rosters: beside judge_test.py."""

import math
import unittest

from access import make_changes
from judge import judge
from judge_test import PEOPLE, ROOM, changed, good_story, of, stamp, without
from record import Access, Acknowledged, Joined, Left, Reached, Read, Refused, Roster, Seen, Sent, Trouble

FOLLOW = 2.0
TAKEN, GIVEN = 2.6, 30.0  # acknowledged, asked for


def taken(who, room=ROOM, done=TAKEN, server="one"):
    return [
        Access(done - 0.1, who, room, "", False, False),
        *([Access(done, who, room, server, False, True)] if done < math.inf else []),
    ]


def given(who, room=ROOM):
    return [Access(GIVEN, who, room, "", True, False), Access(GIVEN + 0.1, who, room, "two", True, True)]


def away_story(count=9):
    """Bob has no access from the third message on; in the end he is back, and has everything."""
    notes = without(good_story(count), lambda n: of(Seen, "bob")(n) and n.seq > 2)
    back = [Joined(31, "bob", ROOM, "two", 2, count, False, 30.5)]
    back += [Seen(31, "bob", ROOM, "two", seq, f"k{seq}", "ann", stamp(seq), False) for seq in range(3, count + 1)]
    at = next(i for i, note in enumerate(notes) if of(Read)(note))
    return [*notes[:at], *taken("bob"), *given("bob"), *back, *notes[at:]]


def put(notes, *more):
    """More notes, before those of the end."""
    at = next(i for i, note in enumerate(notes) if note.when >= GIVEN)
    return [*notes[:at], *more, *notes[at:]]


def hear(seq, server):
    return Seen(seq + 0.2, "bob", ROOM, server, seq, f"k{seq}", "ann", stamp(seq), True)


def gone_story(*why):
    """Bob went when two messages had been said, and had sent a third that nobody answered."""
    notes = without(good_story(), lambda n: of(Read, "bob")(n) or (of(Seen, "bob")(n) and n.seq > 2))
    return [*notes, Sent(2.5, "bob", ROOM, "one", "b1"), *why]


def rosters(*people, heard="as asked", who=("ann",)):
    heard = list(people) if heard == "as asked" else heard
    return [Roster(100, one, ROOM, "two", list(people), heard) for one in who]


class Stories(unittest.TestCase):
    def convicts(self, notes, promise, says, who=None):
        found = judge(notes, FOLLOW)
        fitting = [b for b in found if b.promise == promise and says in b.text and who in (None, b.who)]
        self.assertTrue(fitting, f"no {promise}, '{says}', in {[str(b) for b in found]}")

    def acquits(self, notes, promise=None):
        self.assertEqual([str(b) for b in judge(notes, FOLLOW) if promise in (None, b.promise)], [])


class OfAccess(Stories):
    def test_access_that_is_taken_and_given_back_breaks_nothing(self):
        self.acquits(away_story())

    def test_a_message_reaches_who_lost_access_at_the_server_that_said_so(self):
        self.convicts(put(away_story(), hear(3, "one")), "access", "k3 was sent and delivered", "bob")

    def test_a_message_reaches_who_lost_access_at_another_server_too_late(self):
        self.convicts(put(away_story(), hear(5, "two")), "access", "k5 was sent and delivered", "bob")

    def test_another_server_has_a_while_to_follow(self):
        self.acquits(put(away_story(), hear(3, "two"), hear(4, "two")), "access")

    def test_a_server_that_had_trouble_has_a_while_to_follow(self):
        trouble = Trouble(2, "", "", "two", 3)  # until 3, found its database until 6, follows until 8
        self.acquits(put(away_story(), trouble, hear(7, "two")), "access")
        self.convicts(put(away_story(), trouble, hear(9, "two")), "access", "k9 was sent and delivered", "bob")
        self.convicts(put(away_story(), trouble, hear(3, "one")), "access", "k3 was sent and delivered", "bob")
        own = Trouble(2, "", "", "one", 3)
        self.convicts(put(away_story(), own, hear(5, "two")), "access", "k5 was sent and delivered", "bob")
        self.convicts(put(away_story(), own, hear(3, "one")), "access", "k3 was sent and delivered", "bob")
        later = Trouble(20, "", "", "two", 25)
        self.convicts(put(away_story(), later, hear(5, "two")), "access", "k5 was sent and delivered", "bob")

    def test_a_message_that_comes_after_the_change_was_said_before_it(self):
        late = Seen(9, "bob", ROOM, "one", 2, "k2", "ann", stamp(2), True)
        self.acquits(put(away_story(), late), "access")

    def test_a_change_that_nobody_acknowledged_binds_nobody(self):
        notes = without(away_story(), lambda n: of(Access)(n) and n.done and not n.allowed)
        self.acquits(put(notes, hear(5, "one")), "access")

    def test_who_lost_access_is_let_in(self):
        again = Joined(6, "bob", ROOM, "two", 2, 5, False, 5.5)
        self.convicts(put(away_story(), again), "access", "was let in", "bob")

    def test_who_lost_access_was_let_in_before(self):
        again = Joined(6, "bob", ROOM, "two", 2, 5, False, 4.5)
        self.acquits(put(away_story(), again), "access")

    def test_who_was_disabled_hears_of_any_room(self):
        notes = [
            Access(n.when, n.who, "", n.server, n.allowed, n.done) if of(Access)(n) else n for n in away_story()
        ]  # fmt: skip
        self.acquits(notes)
        self.convicts(put(notes, hear(5, "two")), "access", "k5 was sent and delivered", "bob")

    def test_the_access_of_somebody_else_or_to_another_room_is_no_matter(self):
        for who, room in (("eve", ROOM), ("bob", "hall")):
            self.acquits([*good_story(), *taken(who, room)], "access")

    def test_who_lost_access_reads_over_http(self):
        for asked, server, good in ((5, "two", False), (3, "one", False), (3, "two", True), (2, "one", True)):
            notes = put(away_story(), Reached(9, "bob", ROOM, server, "messages", asked))
            if good:
                self.acquits(notes)
            else:
                self.convicts(notes, "access", "could read the messages", "bob")

    def test_who_lost_access_sends(self):
        said = [Sent(5, "bob", ROOM, "two", "b1"), Acknowledged(5.1, "bob", ROOM, "two", "b1", 10, stamp(10))]
        self.convicts(put(away_story(), *said), "access", "b1 was sent and acknowledged", "bob")

    def test_who_lost_access_sends_again_what_was_refused(self):
        said = [
            Sent(2, "bob", ROOM, "two", "b1"),
            Refused(2.1, "bob", ROOM, "two", "database-unavailable", "b1"),
            Sent(5, "bob", ROOM, "two", "b1", True),
            Acknowledged(5.1, "bob", ROOM, "two", "b1", 10, stamp(10)),
        ]
        self.convicts(put(away_story(), *said), "access", "b1 was sent and acknowledged", "bob")

    def test_an_answer_may_be_long_on_its_way(self):
        said = [Sent(2.5, "bob", ROOM, "one", "b1"), Acknowledged(8, "bob", ROOM, "one", "b1", 10, stamp(10))]
        self.acquits(put(away_story(), *said), "access")

    def test_a_refusal_comes_from_the_change(self):
        for code in ("not-allowed", "not-joined", "room-not-found", "gone: access"):
            said = Refused(5, "bob", ROOM, "one", code)
            self.acquits(put(away_story(), said), "refused")
            self.convicts([*good_story(), said], "refused", code, "bob")
            self.convicts(put(away_story(), Refused(1, "bob", ROOM, "one", code)), "refused", code, "bob")
            self.convicts([*away_story(), Refused(99, "bob", ROOM, "one", code)], "refused", code, "bob")
        self.convicts(put(away_story(), Refused(5, "bob", ROOM, "one", "key-reused")), "refused", "key-reused", "bob")

    def test_who_has_access_again_gets_nothing(self):
        notes = without(away_story(), lambda n: of(Seen, "bob")(n) and n.seq > 2)
        self.convicts(notes, "converged", "is the last that was delivered", "bob")

    def test_who_is_gone_for_good_knows_nothing_of_the_end(self):
        self.acquits(gone_story(*taken("bob", "")))
        self.acquits(gone_story(*taken("bob", "", math.inf)))
        self.acquits(gone_story(Left(2.6, "bob", "", "one")))
        self.convicts(gone_story(), "converged", "is the last that was delivered", "bob")
        self.convicts(gone_story(), "answered", "b1 was never acknowledged", "bob")


class OfRosters(Stories):
    def test_all_have_the_same_roster(self):
        self.acquits([*good_story(), *rosters(*PEOPLE, who=PEOPLE)])

    def test_somebody_who_went_is_in_the_roster(self):
        for why in (taken("bob", ""), [Left(2.6, "bob", "", "one")]):
            self.acquits([*gone_story(*why), *rosters("ann")])
            self.convicts([*gone_story(*why), *rosters("ann", "bob")], "roster", "the roster has bob, who went", "ann")
            told = rosters("ann", heard=["ann", "bob"])
            self.convicts([*gone_story(*why), *told], "roster", "what was told of the roster has bob", "ann")

    def test_somebody_lacks(self):
        one = rosters("ann", who=("bob",))
        self.convicts([*good_story(), *rosters(*PEOPLE), *one], "roster", "the roster lacks bob", "bob")
        one = rosters(*PEOPLE, heard=["bob"], who=("bob",))
        self.convicts([*good_story(), *rosters(*PEOPLE), *one], "roster", "told of the roster lacks ann", "bob")

    def test_somebody_is_there_twice(self):
        self.convicts([*good_story(), *rosters("ann", "bob", "bob", who=PEOPLE)], "roster", "twice")

    def test_somebody_is_never_told(self):
        self.convicts([*good_story(), *rosters(*PEOPLE)], "roster", "was never told who is there", "bob")

    def test_a_room_of_many_tells_only_how_many(self):
        self.acquits([*good_story(), *rosters(*PEOPLE, heard=None, who=PEOPLE)])


class Plans(unittest.TestCase):
    def test_a_plan_comes_from_its_seed(self):
        self.assertEqual(make_changes(7, 12, 60, 100), make_changes(7, 12, 60, 100))
        self.assertNotEqual(make_changes(7, 12, 60, 100), make_changes(8, 12, 60, 100))

    def test_nobody_has_two_and_all_come_while_people_chat(self):
        for seed in range(50):
            plan = make_changes(seed, 12, 60, 100)
            self.assertEqual(len({change.who for change in plan}), 12)
            self.assertEqual(sum(change.room is None for change in plan), 6)
            self.assertTrue(all(0 < change.at < 60 for change in plan))

    def test_a_plan_of_nothing_is_empty(self):
        self.assertEqual(make_changes(1, 0, 60, 100), [])


if __name__ == "__main__":
    unittest.main()
