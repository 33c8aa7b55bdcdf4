# SPDX-License-Identifier: Apache-2.0
"""All clients of a run, from their first joins until they agree on everything."""

import asyncio
import random
import ssl
import time

import record
from access import Administrator, make_changes
from people import Person

ROOMS_EACH = 2
FIRST_SILENCE = 0.7  # of the time: from here on one room after the other has heard its last message
LINGER = 2.0  # seconds in which nothing more may come


class Crowd:
    def __init__(self, servers, world, troubles, options):
        rooms = world["rooms"]
        self.servers = servers
        self.troubles = troubles
        self.patience = options.patience
        self.seconds = options.seconds
        self.pace = options.pace
        self.converge = options.converge
        self.tls = ssl.create_default_context(cafile=options.ca) if options.ca else None
        self.notes = []
        self.heads = {}  # room -> highest number that anybody heard of
        self.begun_at = time.monotonic()
        self.sending_from = None
        chance = random.Random(options.seed)
        self.silent_after = {room: self.seconds * chance.uniform(FIRST_SILENCE, 1) for room in rooms}
        self.closed = set(world.get("closed", ()))
        self.people = []
        for i, user in enumerate(world["users"]):
            mine = {rooms[i % len(rooms)], *chance.sample(rooms, min(ROOMS_EACH, len(rooms)) - 1)}
            self.people.append(Person(self, user, sorted(mine), random.Random(f"{options.seed} {user['user']}")))
        for person in random.Random(f"leave {options.seed}").sample(self.people, options.leave):
            person.leaves = True
        changes = make_changes(options.seed, options.changes, self.seconds, len(self.people))
        self.administrator = Administrator(self, world.get("admin"), changes, options.seed)

    def now(self):
        return time.monotonic() - self.begun_at

    def is_loud(self, room):
        """Whether messages are said there still: rooms fall silent at different times, whatever fails then."""
        return self.sending_from is not None and self.now() - self.sending_from < self.silent_after[room]

    @property
    def is_over(self):
        """Whether nobody says anything any more."""
        return self.sending_from is not None and self.now() - self.sending_from > self.seconds

    @property
    def staying(self):
        return [person for person in self.people if not person.is_gone]

    def there(self, room):
        """Who should be in this room."""
        return {person.name for person in self.staying if room in person.rooms}

    def heard_of(self, room, seq):
        if seq > self.heads.get(room, 0):
            self.heads[room] = seq

    async def run(self, tell):
        """Returns who was not done in the end. `tell` hears of each stage."""
        lives = [asyncio.create_task(person.live()) for person in self.people]
        try:
            if not await self.wait_for(lambda: all(p.at_home for p in self.people), self.converge, lives):
                tell("never begun")
                return [p for p in self.people if not p.at_home]
            self.sending_from = self.now()
            for server, begun, ended in self.troubles:
                times = (self.sending_from + begun, self.sending_from + ended)
                self.notes.append(record.Trouble(times[0], "", "", server, times[1]))
            tell("sending")
            lives.append(asyncio.create_task(self.administrator.work()))
            await self.wait_for(lambda: False, self.seconds, lives)
            tell("silent")
            await self.wait_for(self.is_settled, self.converge, lives)
            tell("settled")
            await asyncio.sleep(LINGER)
            await self.all_do(Person.read_history, lives)
            tell("read")
            await self.all_do(Person.ask_rosters, lives)
            for person in self.staying:
                person.note_rosters()
            tell("known")
            return [p for p in self.staying if not p.settled]
        finally:
            for life in lives:
                life.cancel()
            await asyncio.gather(*lives, return_exceptions=True)

    def is_settled(self):
        """Everybody knows everything who did not go, and nothing is to change any more."""
        stay = all(not person.leaves for person in self.staying)
        return stay and self.administrator.is_done and all(person.settled for person in self.staying)

    async def all_do(self, work, lives):
        working = asyncio.gather(*(work(person) for person in self.staying))
        await self.wait_for(working.done, self.converge, lives)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    async def wait_for(self, reached, seconds, lives):
        end = self.now() + seconds
        while self.now() < end:
            for life in lives:
                if life.done():
                    life.result()  # a mistake of ours
            if reached():
                return True
            await asyncio.sleep(0.05)
        return False
