# SPDX-License-Identifier: Apache-2.0
"""An administrator who takes access from people while they chat: some are disabled for good, some lose their place in one
room for a while. What is taken when comes from a seed alone."""

import asyncio
import concurrent.futures
import contextlib
import dataclasses
import http.client
import json
import random
import urllib.error
import urllib.parse
import urllib.request

import record

QUIET = 2.0  # seconds before the first change, and after the last
REST = 0.3  # seconds before what failed is tried at another server
PATHS = ("messages", "participants")  # of a room, that who may not be there tries
SHORTEST_TRY, LONGEST_TRY = 1.0, 6.0  # seconds: while it may, and when it was disabled
MAY_BE_SAID = {409, 429}  # others changed the same, or it is too much at once


class Busy(Exception):
    """The server does not do it now."""


@dataclasses.dataclass
class Change:
    at: float  # seconds since the clients began to send
    lasts: float | None  # None: for good
    who: int
    room: int | None  # of those of the person; None: disabled


def make_changes(seed, count, seconds, people):
    """Nobody has two; every other one is for good."""
    chance = random.Random(f"access {seed}")
    chosen = chance.sample(range(people), min(count, people))
    step = max(seconds - 2 * QUIET, 0) / max(count, 1)
    out = []
    for i, who in enumerate(chosen):
        at = QUIET + step * (i + chance.random())
        if i % 2 == 0:
            out.append(Change(at, chance.uniform(4, 8), who, chance.randrange(1 << 16)))
        else:
            out.append(Change(at, None, who, None))
    return out


class Administrator:
    """Asks one server after the other until a change was acknowledged; whom it concerns tries to read over HTTP before and
    after, anywhere."""

    def __init__(self, crowd, token, changes, seed):
        self.crowd = crowd
        self.token = token
        self.changes = changes
        self.random = random.Random(f"administrator {seed}")
        self.is_done = False  # all that was taken for a while has been given back
        self.threads = concurrent.futures.ThreadPoolExecutor(16)

    async def work(self):
        async with asyncio.TaskGroup() as group:
            for change in self.changes:
                group.create_task(self.make(change))
        self.is_done = True

    async def make(self, change):
        crowd = self.crowd
        await asyncio.sleep(crowd.sending_from + change.at - crowd.now())
        person = crowd.people[change.who]
        closed = [room for room in person.rooms if room in crowd.closed]
        if person.leaves or (change.room is not None and not closed):
            return
        if change.room is None:
            await self.try_rooms(person, list(person.rooms), SHORTEST_TRY)
            person.is_gone = True
            await self.change(person.name, "", False, f"/v1/users/{person.name}", {"disabled": True})
            await self.try_rooms(person, list(person.rooms), LONGEST_TRY)
            return
        room = closed[change.room % len(closed)]
        where = f"/v1/rooms/{room}"
        await self.try_rooms(person, [room], SHORTEST_TRY)
        await self.change(person.name, room, False, where, {"remove_members": [person.name]})
        await self.try_rooms(person, [room], change.lasts)
        await self.change(person.name, room, True, where, {"add_members": [person.name]})

    async def change(self, who, room, allowed, where, fields):
        crowd = self.crowd
        crowd.notes.append(record.Access(crowd.now(), who, room, "", allowed, False))
        while True:
            server = self.random.choice(crowd.servers)
            with contextlib.suppress(OSError, http.client.HTTPException, Busy):
                await self.away(self.patch, server + urllib.parse.quote(where), fields)
                crowd.notes.append(record.Access(crowd.now(), who, room, server, allowed, True))
                return
            await asyncio.sleep(REST)

    async def try_rooms(self, person, rooms, seconds):
        crowd = self.crowd
        end = crowd.now() + seconds
        while crowd.now() < end:
            server, room, what = (self.random.choice(some) for some in (crowd.servers, rooms, PATHS))
            asked = crowd.now()
            with contextlib.suppress(OSError, http.client.HTTPException):
                await self.away(self.ask, f"{server}/v1/rooms/{room}/{what}", person.token, max(end - asked, 0.1))
                crowd.notes.append(record.Reached(crowd.now(), person.name, room, server, what, asked))
            await asyncio.sleep(min(REST, max(end - crowd.now(), 0)))

    def away(self, work, *given):
        return asyncio.get_running_loop().run_in_executor(self.threads, work, *given)

    def ask(self, url, token, patience, method="GET", fields=None):
        """Raises OSError when that is not answered with what was asked for."""
        head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = None if fields is None else json.dumps(fields).encode()
        request = urllib.request.Request(url, body, head, method=method)
        with urllib.request.urlopen(request, timeout=patience, context=self.crowd.tls) as answer:
            answer.read()

    def patch(self, url, fields):
        """Raises OSError or Busy: nobody knows whether it was done."""
        try:
            self.ask(url, self.token, self.crowd.patience, "PATCH", fields)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            if error.code >= 500 or error.code in MAY_BE_SAID:
                raise Busy(text) from None
            raise RuntimeError(f"{url}: {error.code} {text}") from None
