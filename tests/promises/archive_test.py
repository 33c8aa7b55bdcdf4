#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The judge of the compliance database against false archives: one in which everything is right, then the same with one
thing wrong."""

import copy
import json
import unittest

from archive import Archive, Batch, Event
from archive_judge import BEGIN, CHAT, JOIN, PART, hash_of, judge_archive
from judge_test import PEOPLE, ROOM, good_story
from people import body_of

VIEW = 4
SERVERS = {"one": 1, "two": 2}


def event(kind, who, n, seq=None, key="", origin=1):
    body = {"at": n, "room": ROOM, "user": f"id of {who}", "user_name": who, "kind": kind}
    if kind == CHAT:
        body |= {"seq": seq, "body": body_of(key)}
    return Event(0, f"event-{origin}-{n}", origin, n, n, kind, ROOM, f"id of {who}", seq, json.dumps(body))


def good_events():
    """Both come to the first server, Ann speaks four times, Bob goes on at the second, all leave."""
    out = [event(JOIN, who, n) for n, who in enumerate(PEOPLE, 1)]
    out += [event(CHAT, "ann", 2 + seq, seq, f"k{seq}") for seq in range(1, 5)]
    out += [event(PART, "bob", 7), event(JOIN, "bob", 1, origin=2), event(VIEW, "bob", 2, origin=2)]
    return [*out, event(PART, "ann", 8), event(PART, "bob", 3, origin=2)]


def archive_of(events, size=4):
    """As a shipper makes it of what is in the outbox."""
    out = Archive([], [], (0, 0, BEGIN), SERVERS)
    for first in range(0, len(events), size):
        more = [copy.copy(one) for one in events[first : first + size]]
        for i, one in enumerate(more, first + 1):
            one.id = i
        before = out.head[2]
        batch = Batch(out.head[1] + 1, more[0].id, more[-1].id, before, hash_of(before, more))
        out.events += more
        out.batches.append(batch)
        out.head = (batch.last, batch.id, batch.hash)
    return out


class Stories(unittest.TestCase):
    def convicts(self, archive, says, who=None, notes=None):
        found = judge_archive(archive, good_story() if notes is None else notes)
        fitting = [b for b in found if says in b.text and who in (None, b.who) and b.promise == "compliance"]
        self.assertTrue(fitting, f"no '{says}' in {[str(b) for b in found]}")

    def acquits(self, archive):
        self.assertEqual([str(b) for b in judge_archive(archive, good_story())], [])


class OfVisits(Stories):
    def test_a_good_archive_has_no_breach(self):
        self.acquits(archive_of(good_events()))

    def test_somebody_comes_with_two_devices(self):
        two = [event(JOIN, "bob", 20), event(JOIN, "bob", 21), event(PART, "bob", 22), event(PART, "bob", 23)]
        self.acquits(archive_of([*good_events(), *two]))

    def test_events_arrive_later_than_those_of_another_server(self):
        self.acquits(archive_of(sorted(good_events(), key=lambda one: -one.origin)))

    def test_somebody_never_left(self):
        for n, origin in ((7, 1), (3, 2)):
            events = [one for one in good_events() if (one.kind, one.n, one.origin) != (PART, n, origin)]
            self.convicts(archive_of(events), f"came 1 times more than it left, by {origin}", "bob")

    def test_somebody_left_twice(self):
        self.convicts(archive_of([*good_events(), event(PART, "bob", 20)]), "left once more than it came", "bob")

    def test_somebody_left_and_never_came(self):
        events = [one for one in good_events() if one.kind != JOIN or one.origin != 2]
        self.convicts(archive_of(events), "left once more than it came, by number 3 of 2", "bob")

    def test_somebody_left_before_it_came(self):
        events = good_events()
        for one in events:
            if one.origin == 2:
                one.n = {1: 3, 2: 2, 3: 1}[one.n]
        self.convicts(archive_of(events), "left once more than it came", "bob")

    def test_another_server_says_that_somebody_left(self):
        events = good_events()
        events[-1].origin, events[-1].n = 1, 20
        self.convicts(archive_of(events), "left once more than it came, by number 20 of 1", "bob")
        self.convicts(archive_of(events), "came 1 times more than it left, by 2", "bob")

    def test_somebody_was_let_in_and_it_is_not_recorded(self):
        events = [one for one in good_events() if one.origin != 1 or f'"{PEOPLE[0]}"' not in one.body or one.kind == CHAT]
        self.convicts(archive_of(events), "was let in 1 times, and 0 are recorded", "ann")

    def test_an_event_is_there_twice(self):
        events = good_events()
        self.convicts(archive_of([*events, copy.copy(events[2])]), "is there twice")


class OfMessages(Stories):
    def test_a_message_is_not_recorded(self):
        self.convicts(archive_of([one for one in good_events() if one.seq != 3]), "k3 was said, and is not recorded")

    def test_a_message_that_was_only_acknowledged_is_not_recorded(self):
        only = [note for note in good_story() if type(note).__name__ in ("Joined", "Sent", "Acknowledged")]
        self.convicts(archive_of([one for one in good_events() if one.seq != 3]), "k3 was said", "ann", only)

    def test_a_message_is_recorded_twice(self):
        events = [*good_events(), event(CHAT, "ann", 20, 3, "k3")]
        self.convicts(archive_of(events), "k3 is recorded, and k3 has its number", "ann")

    def test_a_message_is_recorded_that_nobody_heard(self):
        events = [*good_events(), event(CHAT, "ann", 20, 5, "k5")]
        self.convicts(archive_of(events), "k5 is recorded, and nobody has heard it", "ann")

    def test_another_message_is_recorded(self):
        events = [event(CHAT, "ann", 5, 3, "k9") if one.seq == 3 else one for one in good_events()]
        self.convicts(archive_of(events), "k9 is recorded, and k3 of ann was said", "ann")

    def test_a_message_is_recorded_as_of_somebody_else(self):
        events = [event(CHAT, "bob", 5, 3, "k3") if one.seq == 3 else one for one in good_events()]
        self.convicts(archive_of(events), "k3 is recorded, and k3 of ann was said", "bob")


class OfTheChain(Stories):
    def test_an_event_was_altered(self):
        for field, value in (("body", "{}"), ("n", 99), ("at", 99), ("origin", 9), ("uuid", "other"), ("kind", VIEW)):
            archive = archive_of(good_events())
            setattr(archive.events[5], field, value)
            if field == "body":
                archive.events[5].kind = VIEW
            self.convicts(archive, "the hash of batch 2 is another one")

    def test_an_event_was_dropped(self):
        archive = archive_of(good_events())
        del archive.events[8]  # that somebody read
        self.convicts(archive, "the hash of batch 3 is another one")
        self.convicts(archive, "the batches hold 11 events, and there are 10")

    def test_two_events_were_exchanged(self):
        archive = archive_of(good_events())
        archive.events[4].id, archive.events[5].id = archive.events[5].id, archive.events[4].id
        self.convicts(archive, "the hash of batch 2 is another one")

    def test_an_event_is_in_no_batch(self):
        archive = archive_of(good_events())
        archive.events.append(event(VIEW, "ann", 20))
        archive.events[-1].id = len(archive.events)
        self.convicts(archive, "the batches hold 11 events, and there are 12")

    def test_a_batch_was_dropped(self):
        archive = archive_of(good_events())
        del archive.batches[1]
        self.convicts(archive, "batch 3 does not follow on the one before")

    def test_the_last_batch_was_dropped(self):
        archive = archive_of(good_events())
        last = archive.batches.pop()
        archive.events = [one for one in archive.events if one.id < last.first]
        self.convicts(archive, "the chain ends with")

    def test_a_batch_was_made_anew(self):
        archive = archive_of(good_events())
        events = archive_of([one for one in good_events() if one.kind != VIEW])
        archive.events, archive.batches = events.events, events.batches
        self.convicts(archive, "the chain ends with")


if __name__ == "__main__":
    unittest.main()
