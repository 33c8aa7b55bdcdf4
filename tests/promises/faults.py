# SPDX-License-Identifier: Apache-2.0
"""What is broken when. A plan comes from its seed alone, so that a run can be had again."""

import dataclasses
import random

QUIET_BEGIN = 3.0  # seconds before the first fault
QUIET_END = 8.0  # and after the last: rooms fall silent while nothing but the bus is broken
LAST_WORDS = "no word between the nodes of the bus"


@dataclasses.dataclass
class Fault:
    at: float  # seconds since the clients began to send
    lasts: float
    kind: str
    targets: tuple  # numbers of servers

    def blinds(self, servers):
        """Those that cannot know what the others do; who has lost only the bus can."""
        if self.kind.endswith("the database") and not self.targets:
            return servers
        return self.targets if self.kind in ("freeze the server of", "cut from the database", "unplug") else ()

    def __str__(self):
        where = " and ".join(f"pc{i + 1}" for i in self.targets)
        return f"{self.at:7.1f} s, for {self.lasts:4.1f} s: {self.kind} {where}".rstrip()


# What it does, on how many servers, and how long: as a part of `hang`, the time that a server stands still.
KINDS = {
    "kill the server of": (1, 0.15),
    "stop the server of": (1, 0.15),
    "freeze the server of": (1, 1.0),
    "kill the node of": (1, 0.3),
    "freeze the node of": (1, 0.4),
    "kill the database": (0, 0.15),
    "freeze the database": (0, 0.3),
    "cut the link between": (2, 0.5),
    "cut from the database": (1, 0.5),
    "cut from the clients": (1, 0.5),
    "unplug": (1, 0.4),
}


def make_plan(seed, seconds, hang, servers):
    """Each kind at least once where the time is enough; at most two at a time, never one server twice."""
    chance = random.Random(f"faults {seed}")
    plan = []
    at, kinds = QUIET_BEGIN, []
    while at < seconds - QUIET_END:
        if not kinds:
            kinds = chance.sample(sorted(KINDS), len(KINDS))
        kind = kinds.pop()
        count, part = KINDS[kind]
        lasts = round(hang * part * chance.uniform(0.7, 1.3), 1)
        if at + lasts > seconds - QUIET_END:
            break
        still = [fault for fault in plan if fault.at + fault.lasts + 1 > at]
        busy = {target for fault in still for target in fault.targets}
        free = [i for i in range(servers) if i not in busy]
        if len(free) < max(count, 2) or (count == 0 and any(not fault.targets for fault in still)):
            kinds.append(kind)
            at += 1
            continue
        plan.append(Fault(round(at, 1), lasts, kind, tuple(sorted(chance.sample(free, count)))))
        at += chance.uniform(0.35, 1.0) * max(lasts, hang * 0.2) + 0.5
    # What is said last in a room has no successor that would show that it is missing.
    plan.append(Fault(round(seconds - QUIET_END + 1, 1), QUIET_END + 1, LAST_WORDS, ()))
    return plan


class Breaker:
    """Does to a pool what a fault says, and undoes it."""

    def __init__(self, pool):
        self.pool = pool
        self.lan = pool.lan
        self.hosts = [server.host for server in pool.servers]

    def _pairs(self, fault):
        hosts, targets = self.hosts, [self.hosts[i] for i in fault.targets]
        if fault.kind == LAST_WORDS:
            return [(a, b) for i, a in enumerate(hosts) for b in hosts[i + 1 :]]
        if fault.kind == "cut the link between":
            return [tuple(targets)]
        if fault.kind == "cut from the database":
            return [(targets[0], self.pool.database.host)]
        if fault.kind == "cut from the clients":
            return [(targets[0], self.pool.clients)]
        return []

    def _part(self, fault):
        if fault.kind.endswith("the database"):
            return self.pool.database
        return (self.pool.nodes if "the node" in fault.kind else self.pool.servers)[fault.targets[0]]

    def begin(self, fault):
        word = fault.kind.split()[0]
        if pairs := self._pairs(fault):
            for pair in pairs:
                self.lan.cut(*pair)
        elif word == "unplug":
            self.lan.unplug(self.hosts[fault.targets[0]])
        else:
            getattr(self._part(fault), word)()

    def end(self, fault):
        word = fault.kind.split()[0]
        if pairs := self._pairs(fault):
            for pair in pairs:
                self.lan.mend(*pair)
        elif word == "unplug":
            self.lan.plug(self.hosts[fault.targets[0]])
        elif word == "freeze":
            self._part(fault).thaw()
        else:
            self._part(fault).kill()  # it may be on its way down still
            self._part(fault).start()
