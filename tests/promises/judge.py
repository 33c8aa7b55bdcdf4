# SPDX-License-Identifier: Apache-2.0
"""Holds what clients noted against the promises of a persistent chat. Pure: notes in, breaches out."""

import collections
import typing

import record
from judge_access import Bars

# A server may say these: that nothing can be stored or read at present, or that it is too much at once.
MAY_BE_SAID = {"database-unavailable", "rate-limited", "server-full", "too-many-waiting"}
FOLLOW = 2.0  # seconds until all servers of a pool obey what one of them acknowledged, also without a bus


class Breach(typing.NamedTuple):
    promise: str
    room: str
    seq: int
    who: str
    when: float
    server: str
    text: str

    def __str__(self):
        at = f" at {self.server}" if self.server else ""
        return f"{self.promise}: room {self.room}, {self.seq}: {self.text} ({self.who}{at}, {self.when:.3f} s)"


class Message(typing.NamedTuple):
    """What stands under a number, and who said so first."""

    key: str
    stamp: str
    note: record.Note


class Judge:
    def __init__(self, bars):
        self.bars = bars
        self.breaches = []
        self.numbers = collections.defaultdict(dict)  # room -> number -> Message
        self.places = {}  # room, key -> number, note
        self.sent = {}  # room, key -> Sent
        self.tried = {}  # room, key -> when it was sent last
        self.acknowledged = collections.defaultdict(dict)  # room -> key -> Acknowledged
        self.fresh = {}  # who, room, key -> Sent, once and in this session, with no answer yet
        self.last = {}  # who, room -> number of the last message that was delivered
        self.begun = {}  # who, room -> number behind which it began
        self.seen = collections.defaultdict(dict)  # who, room -> number -> key
        self.histories = collections.defaultdict(list)  # who, room -> Read
        self.left = set()  # who
        self.rosters = []

    def breach(self, promise, note, seq, text):
        self.breaches.append(Breach(promise, note.room, seq, note.who, note.when, note.server, text))

    # ---- one note after the other

    def take(self, note):
        getattr(self, "take_" + type(note).__name__.lower())(note)

    def take_sent(self, note):
        first = self.sent.setdefault((note.room, note.key), note)
        assert first.who == note.who, "keys of two clients must not be the same"
        self.tried[note.room, note.key] = note.when
        if not note.again:
            self.fresh[note.who, note.room, note.key] = note

    def take_refused(self, note):
        self.fresh.pop((note.who, note.room, note.key), None)
        if note.code not in MAY_BE_SAID and not self.bars.explains(note):
            self.breach("refused", note, 0, f"{note.key or 'the room'} was refused: {note.code}")

    def take_acknowledged(self, note):
        if (note.room, note.key) not in self.sent:
            self.breach("order", note, note.seq, f"{note.key} was acknowledged and never sent")
        elif why := self.bars.breaks(note, self.tried[note.room, note.key]):
            self.breach("access", note, note.seq, f"{note.key} was sent and acknowledged {why}")
        self.acknowledged[note.room].setdefault(note.key, note)
        self.fresh.pop((note.who, note.room, note.key), None)
        self.stands(note)

    def take_joined(self, note):
        reader = (note.who, note.room)
        for place in [place for place in self.fresh if place[:2] == reader]:
            del self.fresh[place]  # the answer went with the session
        if note.asked and (why := self.bars.breaks(note, note.asked)):
            self.breach("access", note, note.head, f"was let in {why}")
        if note.since is None:
            self.last[reader] = self.begun[reader] = note.head
            return
        if note.gap:
            self.breach("resume", note, note.since, "was told that what it missed no longer exists")
        if note.head < note.since:
            self.breach("resume", note, note.head, f"the room ends before {note.since}, which was delivered before")

    def take_seen(self, note):
        self.stands(note)
        self.is_of(note)
        sent = self.sent.get((note.room, note.key))
        if sent and (why := self.bars.breaks(note, sent.when)):
            self.breach("access", note, note.seq, f"{note.key} was sent and delivered {why}")
        if self.fresh.pop((note.who, note.room, note.key), None):
            self.breach("order", note, note.seq, f"{note.key} came to its sender before it was acknowledged")
        reader = (note.who, note.room)
        last = self.last.get(reader)
        if last is None:
            self.breach("resume", note, note.seq, "was delivered before the room was joined")
        elif note.seq <= last:
            before = self.seen[reader].get(note.seq)
            again = "once more" if before == note.key else f"where {before} had been"
            self.breach("once", note, note.seq, f"{note.key} was delivered {again}; {last} had been the last")
        elif note.seq > last + 1:
            self.breach("no gaps", note, last + 1, f"{note.seq} was delivered next")
        self.last[reader] = max(last or 0, note.seq)
        self.seen[reader].setdefault(note.seq, note.key)

    def take_read(self, note):
        self.stands(note)
        self.is_of(note)
        self.histories[note.who, note.room].append(note)

    def take_access(self, _note):
        """The bars have it."""

    take_trouble = take_access

    def take_reached(self, note):
        if why := self.bars.breaks(note, note.asked):
            self.breach("access", note, 0, f"could read the {note.what} {why}")

    def take_left(self, note):
        self.left.add(note.who)

    def take_roster(self, note):
        self.rosters.append(note)

    def stands(self, note):
        """One message under a number, one number for a message, whoever says it."""
        known = self.numbers[note.room].setdefault(note.seq, Message(note.key, note.stamp, note))
        if known.key != note.key:
            other = f"{known.note.who} had {known.key} there from {known.note.server} at {known.note.when:.3f} s"
            self.breach("order", note, note.seq, f"is {note.key}, and {other}")
        elif known.stamp != note.stamp:
            self.breach("order", note, note.seq, f"was said at {note.stamp}, and for {known.note.who} at {known.stamp}")
        seq, first = self.places.setdefault((note.room, note.key), (note.seq, note))
        if seq != note.seq:
            self.breach("once", note, note.seq, f"{note.key} has this number, and {seq} for {first.who}")

    def is_of(self, note):
        sent = self.sent.get((note.room, note.key))
        if sent is None:
            self.breach("order", note, note.seq, f"nobody sent '{note.key[:80]}' to this room")
        elif sent.who != note.sender:
            self.breach("order", note, note.seq, f"{note.key} of {sent.who} came as of {note.sender}")

    # ---- when all has been told

    def conclude(self):
        self.check_answers()
        for room, numbers in self.numbers.items():
            self.check_numbers(room, numbers)
        for reader in self.begun:
            if self.is_there(*reader):
                self.check_reader(*reader)
        self.check_rosters()
        self.breaches.sort(key=lambda breach: breach.when)
        return self.breaches

    def is_there(self, who, room):
        """In the end."""
        return who not in self.left and not self.bars.is_out(who, room)

    def check_answers(self):
        for (room, key), note in self.sent.items():
            if key not in self.acknowledged[room] and self.is_there(note.who, room):
                self.breach("answered", note, 0, f"{key} was never acknowledged")

    def check_numbers(self, room, numbers):
        """Dense, and with times that never go back. Behind whom nobody began, nobody knows anything."""
        first = min((begun for (_, of), begun in self.begun.items() if of == room), default=min(numbers) - 1)
        before = ""
        for seq in range(first + 1, max(numbers) + 1):
            message = numbers.get(seq)
            if message is None:
                at = numbers[min(number for number in numbers if number > seq)].note
                self.breach("no gaps", at, seq, "no message has this number")
                continue
            if message.stamp < before:
                self.breach("order", message.note, seq, f"was said at {message.stamp}, before its predecessor")
            before = message.stamp

    def check_reader(self, who, room):
        reader = (who, room)
        end = max(self.numbers[room], default=0)
        at = record.Note(0, who, room, "")
        begun, last = self.begun[reader], self.last[reader]
        if last < end and end > begun:
            self.breach("converged", at, last, f"is the last that was delivered, and the room ends with {end}")
        history = self.histories.get(reader)
        if not history:
            if end > begun:
                self.breach("converged", at, end, "the history was never read to its end")
            return
        for place, note in enumerate(history):
            if note.seq != begun + 1 + place:
                self.breach("history", note, note.seq, f"stands in the history where {begun + 1 + place} belongs")
                break
        read = {note.seq: note.key for note in history}
        at = history[-1]
        for key, note in self.acknowledged[room].items():
            if note.seq > begun and read.get(note.seq) != key:
                there = read.get(note.seq, "nothing")
                self.breach("durable", note, note.seq, f"{key} was acknowledged; {who} reads {there} there")
        seen = self.seen[reader]
        for seq in sorted(seen.keys() | read.keys()):
            if seen.get(seq) != read.get(seq):
                delivered, kept = seen.get(seq, "nothing"), read.get(seq, "nothing")
                self.breach("history", at, seq, f"{delivered} was delivered, and the history has {kept}")

    def check_rosters(self):
        """Who is there in the end, and nobody else, whoever asks."""
        there = collections.defaultdict(set)
        for who, room in self.begun:
            if self.is_there(who, room):
                there[room].add(who)
        asked = {(note.who, note.room) for note in self.rosters}
        for room in there if asked else ():
            for who in there[room]:
                if (who, room) not in asked:
                    self.breach("roster", record.Note(0, who, room, ""), 0, "was never told who is there")
        for note in self.rosters:
            for roster, said in ((note.asked, "the roster"), (note.heard, "what was told of the roster")):
                if roster is None:
                    continue
                if more := set(roster) - there[note.room]:
                    self.breach("roster", note, 0, f"{said} has {', '.join(sorted(more))}, who went")
                if less := there[note.room] - set(roster):
                    self.breach("roster", note, 0, f"{said} lacks {', '.join(sorted(less))}")
                if len(roster) != len(set(roster)):
                    self.breach("roster", note, 0, f"{said} has somebody twice")


def judge(notes, follow=FOLLOW):
    notes = list(notes)
    out = Judge(Bars(notes, follow))
    for note in notes:
        out.take(note)
    return out.conclude()
