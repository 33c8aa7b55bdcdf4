#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes the bus of a pool away, all of it, while people chat: the servers go on by way of the database, what is said at
one is heard at the others within two seconds, /readyz and `pool status` say what is wrong, and when the bus is back
nobody has to do anything.

Needs root. Exit code: 0 the promise was kept, 1 it was broken, 77 cannot be run here (with PCHAT_TEST_REQUIRE=all that
is 1)."""

import asyncio
import os
import sys
import time

import record
from trial import Trial, hold, parser_of

QUIET = 2.0  # seconds before
LONGEST_WAY = 2.0 * float(os.environ.get("PCHAT_TEST_PATIENCE", "1"))  # from a sender's answer to a reader elsewhere
FEWEST = 100  # deliveries that say something


class BusDown(Trial):
    def __init__(self, *given):
        super().__init__(*given)
        self.gone = self.back = 0.0

    async def trouble(self):
        await self.until("with the bus, all say so", lambda: self.all_say("ok"))
        await asyncio.sleep(QUIET)
        self.gone = time.monotonic()
        for node in self.pool.nodes:
            node.kill()
        self.say("the bus is gone")
        await self.until("without the bus, all say so", lambda: self.all_say("away"))
        if not all(one["ready"] for one in await asyncio.to_thread(self.ready)):
            self.surprises.append("a server without the bus takes no users")
        await asyncio.sleep(max(0.0, self.gone + self.options.away - time.monotonic()))
        self.back = time.monotonic()
        for node in self.pool.nodes:
            node.start()
        self.say("the bus is back")
        await self.until("with the bus again, all say so", lambda: self.all_say("ok"))

    def all_say(self, word):
        living = [one for one in self.status().values() if one["lives"]]
        return {one.get("bus") for one in [*self.ready(), *living]} == {word}

    def judge(self, notes):
        said = {}  # room, key -> when it was acknowledged, and where
        ways = []
        for note in notes:
            if isinstance(note, record.Acknowledged) and self.gone < note.when < self.back - LONGEST_WAY:
                said[note.room, note.key] = (note.when, note.server)
        for note in notes:
            when, server = said.get((note.room, getattr(note, "key", "")), (0, ""))
            if isinstance(note, record.Seen) and note.live and when and note.server != server:
                ways.append(note.when - when)
        ways.sort()
        if len(ways) < FEWEST:
            return [f"only {len(ways)} deliveries between servers without the bus"]
        usual, most = ways[len(ways) // 2], ways[len(ways) * 99 // 100]
        self.say(f"{len(ways)} deliveries between servers without the bus: median {usual:.2f} s, p99 {most:.2f} s")
        return [f"99 of 100 deliveries took up to {most:.2f} s without the bus"] if most > LONGEST_WAY else []


def main(words):
    parser = parser_of(__doc__, clients=60, rooms=15, seconds=20)
    parser.add_argument("--away", type=float, default=12, help="seconds that the bus is gone, at least")
    return hold(BusDown, parser.parse_args(words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
