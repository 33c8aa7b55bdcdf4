# SPDX-License-Identifier: Apache-2.0
"""Who may not be where, and when: what administrators took and gave back. Pure."""

import collections
import dataclasses
import math

import record

# What one hears who may not be in a room, also when the change is not acknowledged yet.
MAY_BE_SAID = {"not-allowed", "room-not-found", "not-joined", "gone: access"}
RECOVERY = 3.0  # seconds until a server that had trouble has found its database again
LONGEST_WAY = 20.0  # seconds: an answer that was lost on its way is not waited for longer


@dataclasses.dataclass
class Bar:
    """From the first moment at which it may hold, to the last."""

    asked: float
    server: str = ""
    done: float = math.inf
    lifted: float = math.inf  # asked to be, that is
    over: float = math.inf

    def holds_for(self, said, heard, server, follow, troubles):
        """Whether what was said then must not be heard there: the server that acknowledged the change obeys it from then
        on, the others `follow` seconds later, or after they had trouble."""
        since = self.done
        if server != self.server:
            since += follow
            for begun, ended in troubles:
                if begun < since and self.done < ended:
                    since = max(since, ended + follow)
        return said > since and heard < self.lifted


class Bars:
    def __init__(self, notes, follow):
        self.follow = follow
        self.all = collections.defaultdict(list)  # who, room -> Bar
        self.troubles = collections.defaultdict(list)  # server -> from, until; in order
        for note in sorted(notes, key=lambda note: note.when):
            if isinstance(note, record.Access):
                self.add(note)
            elif isinstance(note, record.Trouble):
                self.troubles[note.server].append((note.when, note.until + RECOVERY))

    def add(self, note):
        mine = self.all[note.who, note.room]
        if not note.allowed and not note.done:
            mine.append(Bar(note.when))
        elif not note.allowed:
            mine[-1].done, mine[-1].server = note.when, note.server
        elif not note.done:
            mine[-1].lifted = note.when
        else:
            mine[-1].over = note.when

    def of(self, who, room):
        return [*self.all.get((who, room), ()), *self.all.get((who, ""), ())]

    def breaks(self, note, said):
        """The change that forbids that this person heard, or was answered, what was said then."""
        for bar in self.of(note.who, note.room):
            if bar.holds_for(said, note.when, note.server, self.follow, self.troubles[note.server]):
                return f"{note.when - bar.done:.3f} s after {bar.server} had acknowledged that {note.who} may not be there"
        return ""

    def explains(self, note):
        """Whether this refusal may come from a change."""
        return note.code in MAY_BE_SAID and any(
            bar.asked <= note.when <= bar.over + self.follow + LONGEST_WAY for bar in self.of(note.who, note.room)
        )

    def is_out(self, who, room):
        """In the end; whether or not that was acknowledged."""
        return any(bar.over == math.inf for bar in self.of(who, room))
