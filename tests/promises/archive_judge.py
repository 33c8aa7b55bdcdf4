# SPDX-License-Identifier: Apache-2.0
"""Holds the compliance database against what clients noted, after all of them have gone. Pure: rows and notes in,
breaches out."""

import collections
import hashlib
import json

import record
from judge import Breach
from people import key_in

CHAT, JOIN, PART = 1, 2, 3
BEGIN = "0" * 64  # what the first batch follows


class ArchiveJudge:
    def __init__(self, archive, notes):
        self.archive = archive
        self.notes = notes
        self.breaches = []

    def breach(self, room, seq, who, text, server=""):
        self.breaches.append(Breach("compliance", room or "", seq or 0, who, 0.0, server, text))

    def judge(self):
        self.check_chain()
        self.check_events()
        self.check_visits()
        self.check_messages()
        return self.breaches

    # ---- the chain, as docs/DATABASE.md tells a third party

    def check_chain(self):
        events = {event.id: event for event in self.archive.events}
        before, last, count = BEGIN, 0, 0
        for batch in self.archive.batches:
            count += 1
            found = [events[i] for i in range(batch.first, batch.last + 1) if i in events]
            if batch.id != count or batch.first != last + 1 or batch.previous != before:
                self.breach("", 0, "", f"batch {batch.id} does not follow on the one before")
            elif hash_of(before, found) != batch.hash:
                self.breach("", 0, "", f"the hash of batch {batch.id} is another one than that of its events")
            before, last = batch.hash, batch.last
        if (last, count, before) != self.archive.head:
            self.breach("", 0, "", f"the chain ends with {self.archive.head}, its batches with {(last, count, before)}")
        if sorted(events) != list(range(1, last + 1)):
            self.breach("", 0, "", f"the batches hold {last} events, and there are {len(events)}")

    def check_events(self):
        seen = set()
        for event in self.archive.events:
            if event.uuid in seen:
                self.breach(event.room, event.seq, "", f"event {event.uuid} is there twice")
            seen.add(event.uuid)

    # ---- who came and left

    def check_visits(self):
        """Each life of a server counts its events in the order in which they happened."""
        there = collections.Counter()
        came = collections.Counter()
        for event in sorted(self.archive.events, key=lambda one: (one.origin, one.n)):
            if event.kind not in (JOIN, PART):
                continue
            who = json.loads(event.body).get("user_name", "?")
            visit = (event.origin, event.room, who)
            if event.kind == JOIN:
                there[visit] += 1
                came[visit] += 1
            elif there[visit] == 0:
                self.breach(event.room, 0, who, f"left once more than it came, by number {event.n} of {event.origin}")
            else:
                there[visit] -= 1
        for (origin, room, who), count in there.items():
            if count > 0:
                self.breach(room, 0, who, f"came {count} times more than it left, by {origin}")
        joined = collections.Counter((n.server, n.room, n.who) for n in self.notes if isinstance(n, record.Joined))
        for (server, room, who), count in joined.items():
            recorded = came[self.archive.servers.get(server), room, who]
            if recorded < count:
                self.breach(room, 0, who, f"was let in {count} times, and {recorded} are recorded", server)

    # ---- what was said

    def check_messages(self):
        told = {}  # room, number -> note
        for note in self.notes:
            if isinstance(note, record.Acknowledged | record.Seen | record.Read):
                told.setdefault((note.room, note.seq), note)
        kept = {}
        for event in self.archive.events:
            if event.kind != CHAT:
                continue
            place = (event.room, event.seq)
            body = json.loads(event.body)
            key, who = key_in(body["body"]), body.get("user_name", "?")
            note = told.get(place)
            if place in kept:
                self.breach(*place, who, f"{key} is recorded, and {kept[place]} has its number")
            elif note is None:
                self.breach(*place, who, f"{key} is recorded, and nobody has heard it")
            elif note.key != key or sender_of(note) != who:
                self.breach(*place, who, f"{key} is recorded, and {note.key} of {sender_of(note)} was said")
            kept.setdefault(place, key)
        for place, note in told.items():
            if place not in kept:
                self.breach(*place, note.who, f"{note.key} was said, and is not recorded", note.server)


def sender_of(note):
    return note.who if isinstance(note, record.Acknowledged) else note.sender


def hash_of(before, events):
    out = hashlib.sha256(f"{before}\n".encode())
    for event in events:
        body = event.body.encode()
        out.update(f"{event.id} {event.uuid} {event.origin} {event.n} {event.at} {event.kind} {len(body)}\n".encode())
        out.update(body + b"\n")
    return out.hexdigest()


def judge_archive(archive, notes):
    return ArchiveJudge(archive, list(notes)).judge()
