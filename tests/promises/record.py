# SPDX-License-Identifier: Apache-2.0
"""What the clients of a run did and saw, in the order in which they noted it."""

import dataclasses
import json


@dataclasses.dataclass(slots=True)
class Note:
    when: float  # seconds since the run began
    who: str
    room: str
    server: str


@dataclasses.dataclass(slots=True)
class Sent(Note):
    key: str
    again: bool = False


@dataclasses.dataclass(slots=True)
class Acknowledged(Note):
    key: str
    seq: int
    stamp: str  # the time that the server gave it


@dataclasses.dataclass(slots=True)
class Refused(Note):
    code: str
    key: str = ""  # of a message; empty: joining or reading was refused, or the room was taken away


@dataclasses.dataclass(slots=True)
class Joined(Note):
    since: int | None  # None: for the first time, from the head on
    head: int
    gap: bool
    asked: float = 0.0  # when


@dataclasses.dataclass(slots=True)
class Seen(Note):
    """A message that was delivered, live or when the client came back."""

    seq: int
    key: str
    sender: str
    stamp: str
    live: bool


@dataclasses.dataclass(slots=True)
class Read(Note):
    """A message of the history, after everything was over; from the first to the last without a pause."""

    seq: int
    key: str
    sender: str
    stamp: str


@dataclasses.dataclass(slots=True)
class Access(Note):
    """An administrator changes whether this person may be in the room; without a room: whether it may be anywhere."""

    allowed: bool
    done: bool  # the server acknowledged it; before: it was asked for, and may be in force or not


@dataclasses.dataclass(slots=True)
class Reached(Note):
    """Something of the room was answered over HTTP."""

    what: str
    asked: float  # when


@dataclasses.dataclass(slots=True)
class Trouble(Note):
    """The server stood still or was without its database, from then on: it could not follow the others."""

    until: float


@dataclasses.dataclass(slots=True)
class Left(Note):
    """The person went home for good; whatever was not acknowledged then stays open."""


@dataclasses.dataclass(slots=True)
class Roster(Note):
    """Who is in the room, after everything was over."""

    asked: list  # as the server answers
    heard: list | None  # as it told from the join on; None: it told only how many there are


KINDS = {
    kind.__name__.lower(): kind
    for kind in (Sent, Acknowledged, Refused, Joined, Seen, Read, Access, Reached, Trouble, Left, Roster)
}


def write(notes, path):
    with open(path, "w", encoding="utf-8") as out:
        for note in notes:
            line = {"kind": type(note).__name__.lower(), **dataclasses.asdict(note)}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def read(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = json.loads(line)
            yield KINDS[fields.pop("kind")](**fields)
