#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Restarts all servers of a pool, one after the other, while people chat, as an upgrade does: what was sent is stored
once and heard by everybody, whatever was not answered could be sent again, and at no time was there nobody to send to.

Needs root. Exit code: 0 the promise was kept, 1 it was broken, 77 cannot be run here (with PCHAT_TEST_REQUIRE=all that
is 1)."""

import asyncio
import sys
import time

import record
from crowd import FIRST_SILENCE
from trial import Trial, hold, parser_of

QUIET = 2.0  # seconds before


class Rolling(Trial):
    def __init__(self, *given):
        super().__init__(*given)
        self.away = []  # server, from when, until when
        self.loud_until = 0.0

    async def trouble(self):
        self.loud_until = time.monotonic() + FIRST_SILENCE * self.options.seconds
        await asyncio.sleep(QUIET)
        for server in self.pool.servers:
            await self.restart(server)

    async def restart(self, server):
        name = server.host.name
        begun = time.monotonic()
        server.stop()
        if not await self.until(f"{server} ends", lambda: server.process.poll() is not None):
            return
        if server.process.returncode != 0:
            self.surprises.append(f"{server} ended with {server.process.returncode}:\n{server.tail()}")
        await self.until(f"the others know that {server} was stopped", lambda: self.is_stopped(name))
        server.start()
        await self.until(f"{server} takes connections again", server.ready)
        self.away.append((server, begun, time.monotonic()))
        await self.until(f"the others know that {server} is back", lambda: self.status()[name]["lives"])

    def is_stopped(self, name):
        said = self.status()[name]
        return not said["lives"] and said["stopped"] and said["state"] == "active"

    def judge(self, notes):
        out = []
        for server, begun, back in self.away:
            answers = [note for note in notes if isinstance(note, record.Acknowledged) and begun < note.when < back]
            self.say(f"{len(answers)} messages were acknowledged while {server} was away for {back - begun:.1f} s")
            if not answers and begun < self.loud_until:
                out.append(f"nothing was acknowledged while {server} was away")
        return out


def main(words):
    return hold(Rolling, parser_of(__doc__, clients=60, rooms=15, seconds=25).parse_args(words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
