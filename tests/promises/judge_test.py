#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The judge against false histories: a story in which every promise was kept, then the same with one thing wrong."""

import dataclasses
import pathlib
import subprocess
import sys
import tempfile
import unittest

import record
from faults import KINDS, LAST_WORDS, make_plan
from judge import judge
from people import body_of, key_in
from record import Acknowledged, Joined, Read, Refused, Seen, Sent

ROOM = "lobby"
PEOPLE = ("ann", "bob")
CHECKER = pathlib.Path(__file__).with_name("checker.py")


def stamp(seq):
    return f"2026-01-01T00:00:{seq:02}.000000Z"


def good_story(count=4):
    """Ann says everything; both read it, live, and again from the history."""
    notes = [Joined(0, who, ROOM, "one", None, 0, False) for who in PEOPLE]
    for seq in range(1, count + 1):
        notes.append(Sent(seq, "ann", ROOM, "one", f"k{seq}"))
        notes.append(Acknowledged(seq + 0.1, "ann", ROOM, "one", f"k{seq}", seq, stamp(seq)))
        notes += [Seen(seq + 0.2, who, ROOM, "two", seq, f"k{seq}", "ann", stamp(seq), True) for who in PEOPLE]
    for who in PEOPLE:
        notes += [Read(99, who, ROOM, "two", seq, f"k{seq}", "ann", stamp(seq)) for seq in range(1, count + 1)]
    return notes


def changed(notes, fits, **fields):
    """The same story, with other fields where it fits."""
    return [dataclasses.replace(note, **fields) if fits(note) else note for note in notes]


def without(notes, fits):
    return [note for note in notes if not fits(note)]


def of(kind, who=None, seq=None):
    return lambda note: (
        isinstance(note, kind) and who in (None, note.who) and (seq is None or getattr(note, "seq", None) == seq)
    )


class Stories(unittest.TestCase):
    def convicts(self, notes, promise, seq=None, who=None, says=""):
        found = judge(notes)
        fitting = [
            b for b in found
            if b.promise == promise and seq in (None, b.seq) and who in (None, b.who) and says in b.text
        ]  # fmt: skip
        self.assertTrue(fitting, f"no {promise} at {seq} of {who} in {[str(b) for b in found]}")
        self.assertEqual(fitting[0].room, ROOM)

    def test_a_good_story_has_no_breach(self):
        self.assertEqual(judge(good_story()), [])

    def test_who_is_away_and_comes_back_at_another_server_breaks_nothing(self):
        notes = changed(good_story(), of(Seen, "bob", 3), live=False)
        at = notes.index(next(filter(of(Seen, "bob", 3), notes)))
        notes.insert(at, Joined(3, "bob", ROOM, "two", 2, 3, False))
        self.assertEqual(judge(notes), [])

    def test_a_message_sent_again_after_a_refusal_breaks_nothing(self):
        again = [Refused(1.01, "ann", ROOM, "one", "database-unavailable", "k1"), Sent(1.02, "ann", ROOM, "one", "k1", True)]
        notes = good_story()
        self.assertEqual(judge(notes[:3] + again + notes[3:]), [])

    def test_rooms_with_an_older_history_begin_where_they_are_joined(self):
        notes = changed(good_story(), of(Joined), head=40)
        notes = [dataclasses.replace(n, seq=n.seq + 40) if hasattr(n, "seq") else n for n in notes]
        self.assertEqual(judge(notes), [])

    def test_an_acknowledged_message_that_is_not_there(self):
        self.convicts(without(good_story(), lambda n: of(Seen, seq=4)(n) or of(Read, seq=4)(n)), "durable", 4, "ann")

    def test_an_acknowledged_message_with_another_in_its_place(self):
        notes = [*good_story(), Sent(50, "bob", ROOM, "one", "b1"), Acknowledged(51, "bob", ROOM, "one", "b1", 2, stamp(2))]
        self.convicts(notes, "durable", 2, "bob")
        self.convicts(notes, "order", 2, "bob", "ann had k2")

    def test_a_message_comes_to_its_sender_before_the_answer(self):
        notes = good_story()
        answer = notes.index(next(filter(of(Acknowledged, seq=2), notes)))
        notes.insert(answer + 1, notes.pop(answer))
        self.convicts(notes, "order", 2, "ann", "before it was acknowledged")

    def test_a_message_whose_answer_was_lost_comes_when_its_sender_is_back(self):
        notes = good_story()
        answer = notes.index(next(filter(of(Acknowledged, seq=4), notes)))
        notes[answer:answer] = [Joined(4, "ann", ROOM, "two", 3, 3, False), Sent(4, "ann", ROOM, "two", "k4", True)]
        answer = notes.index(next(filter(of(Acknowledged, seq=4), notes)))
        notes.insert(answer + 1, notes.pop(answer))
        self.assertEqual(judge(notes), [])

    def test_one_reader_sees_two_messages_the_other_way_round(self):
        notes = good_story()
        second, third = (notes.index(next(filter(of(Seen, "bob", seq), notes))) for seq in (2, 3))
        notes[second], notes[third] = notes[third], notes[second]
        self.convicts(notes, "no gaps", 2, "bob")
        self.convicts(notes, "once", 2, "bob")

    def test_readers_have_numbers_the_other_way_round(self):
        notes = changed(good_story(), of(Seen, "bob", 2), key="k3")
        notes = changed(notes, lambda n: of(Seen, "bob", 3)(n), key="k2")
        self.convicts(notes, "order", 2, "bob")
        self.convicts(notes, "once", 3, "bob", "k2 has this number, and 2")
        self.convicts(notes, "history", 2, "bob")

    def test_a_message_that_is_stored_twice(self):
        more = [Seen(60, who, ROOM, "two", 5, "k4", "ann", stamp(5), True) for who in PEOPLE]
        more += [Read(99, who, ROOM, "two", 5, "k4", "ann", stamp(5)) for who in PEOPLE]
        self.convicts(good_story() + more, "once", 5, "ann", "k4 has this number, and 4")

    def test_a_message_that_is_delivered_twice(self):
        more = Seen(60, "bob", ROOM, "two", 4, "k4", "ann", stamp(4), True)
        self.convicts([*good_story(), more], "once", 4, "bob", "once more")

    def test_a_number_that_no_message_has(self):
        gone = without(good_story(), lambda n: getattr(n, "seq", None) == 2 or getattr(n, "key", "") == "k2")
        self.convicts(gone, "no gaps", 2)

    def test_a_hole_in_what_one_reader_gets(self):
        self.convicts(without(good_story(), of(Seen, "bob", 2)), "no gaps", 2, "bob")

    def test_the_last_message_never_reaches_one_reader(self):
        self.convicts(without(good_story(), of(Seen, "bob", 4)), "converged", 3, "bob")

    def test_the_history_lacks_what_was_delivered(self):
        self.convicts(without(good_story(), of(Read, "bob", 2)), "history", 2, "bob", "nothing")

    def test_the_history_is_not_read(self):
        self.convicts(without(good_story(), of(Read, "bob")), "converged", 4, "bob", "never read")

    def test_a_message_that_nobody_sent(self):
        self.convicts(changed(good_story(), of(Read, "bob", 2), key="?altered"), "order", 2, "bob", "nobody sent")

    def test_a_message_of_somebody_else(self):
        self.convicts(changed(good_story(), of(Seen, "bob", 2), sender="eve"), "order", 2, "bob", "of eve")

    def test_a_message_that_is_never_answered(self):
        self.convicts(without(good_story(), of(Acknowledged, seq=4)), "answered")

    def test_two_acknowledgements_with_two_numbers(self):
        more = Acknowledged(60, "ann", ROOM, "two", "k4", 5, stamp(5))
        self.convicts([*good_story(), more], "once", 5, "ann")

    def test_times_go_back(self):
        self.convicts(changed(good_story(), lambda n: getattr(n, "seq", 0) == 3, stamp=stamp(1)), "order", 3)

    def test_one_message_has_two_times(self):
        self.convicts(changed(good_story(), of(Read, "bob", 3), stamp=stamp(4)), "order", 3, "bob")

    def test_who_comes_back_is_told_of_a_gap(self):
        self.convicts([*good_story(), Joined(60, "bob", ROOM, "one", 4, 4, True)], "resume", 4, "bob")

    def test_who_comes_back_has_seen_more_than_the_room_has(self):
        self.convicts([*good_story(), Joined(60, "bob", ROOM, "one", 4, 3, False)], "resume", 3, "bob")

    def test_a_refusal_that_is_no_matter_of_the_moment(self):
        self.convicts([*good_story(), Refused(60, "bob", ROOM, "one", "key-reused", "k9")], "refused", 0, "bob")

    def test_an_altered_body_has_no_key(self):
        self.assertEqual(key_in(body_of("k1")), "k1")
        self.assertNotEqual(key_in(body_of("k1") + "x"), "k1")

    def test_the_program_shows_the_evidence_and_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "notes.jsonl"
            for notes, code, says in (
                (good_story(), 0, "every promise was kept"),
                (without(good_story(), lambda n: of(Seen, seq=4)(n) or of(Read, seq=4)(n)), 1, "k4 was acknowledged"),
            ):
                record.write(notes, path)
                words = [sys.executable, CHECKER, "--again", path, "--report", path.with_suffix("")]
                done = subprocess.run(words, capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, says in done.stderr), (code, True), done.stderr)


class Plans(unittest.TestCase):
    def test_a_plan_comes_from_its_seed(self):
        self.assertEqual(make_plan(7, 90, 8, 4), make_plan(7, 90, 8, 4))
        self.assertNotEqual(make_plan(7, 90, 8, 4), make_plan(8, 90, 8, 4))

    def test_a_plan_of_ten_minutes_has_everything_and_ends_in_time(self):
        for seed in range(50):
            plan = make_plan(seed, 600, 20, 4)
            self.assertEqual({fault.kind for fault in plan}, {*KINDS, LAST_WORDS})
            self.assertEqual(plan[-1].kind, LAST_WORDS)
            self.assertTrue(all(fault.at + fault.lasts < 600 for fault in plan[:-1]))

    def test_no_server_has_two_faults_at_a_time_and_two_are_always_well(self):
        for seed in range(50):
            plan = make_plan(seed, 600, 20, 4)[:-1]
            for fault in plan:
                others = [o for o in plan if o is not fault and o.at < fault.at + fault.lasts and fault.at < o.at + o.lasts]
                for other in others:
                    self.assertFalse(set(fault.targets) & set(other.targets), (seed, fault, other))


if __name__ == "__main__":
    unittest.main()
