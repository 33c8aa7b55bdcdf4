#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries to make a pool break its promises: four servers, a PostgreSQL and a cluster of NATS on hosts of their own
(network namespaces), clients at all of them, and a plan of faults, while an administrator takes access from some people
and others go home. checker.py says whether a promise was broken to a client, archive_judge.py whether compliance has all.

The full size, 10 minutes:  pool_run.py --programs build/ci/bin --clients 400 --rooms 100 --seconds 600 --hang 20
The same again:             --seed N as the run said

Needs root. Exit code: 0 all promises were kept, 1 one was broken or a program ended that should not, 77 cannot be run
here (with PCHAT_TEST_REQUIRE=all that is 1)."""

import asyncio
import sys
import time

from faults import Breaker, make_plan
from trial import Trial, hold, parser_of


class Faults(Trial):
    def __init__(self, options, folder, pool):
        super().__init__(options, folder, pool)
        self.plan = make_plan(options.seed, options.seconds, options.hang, len(pool.servers))

    def troubles(self):
        servers = range(len(self.pool.servers))
        return [(i, fault.at, fault.at + fault.lasts) for fault in self.plan for i in fault.blinds(servers)]

    async def trouble(self):
        await asyncio.gather(*(self.one_fault(fault, time.monotonic()) for fault in self.plan))

    async def one_fault(self, fault, begun):
        breaker = Breaker(self.pool)
        await asyncio.sleep(begun + fault.at - time.monotonic())
        self.say(str(fault))
        breaker.begin(fault)
        await asyncio.sleep(begun + fault.at + fault.lasts - time.monotonic())
        breaker.end(fault)


def main(words):
    parser = parser_of(__doc__, clients=100, rooms=25, seconds=60)
    parser.add_argument("--hang", type=float, default=8, help="seconds that a server stands still; the other faults are parts of it")
    return hold(Faults, parser.parse_args(words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
