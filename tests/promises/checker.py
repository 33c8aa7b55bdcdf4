#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether a chat server keeps its promises: many clients at several servers send, are acknowledged and read, and
whatever each of them saw is compared in the end. Knows nothing of the server but its public protocol (WebSocket, JSON),
so that it can be pointed at another one. Breaking the server meanwhile is left to others: see pool_run.py.

With --changes an administrator takes access from people meanwhile: nothing that is said after the change was acknowledged
may reach them, and nothing that they say may be stored. In the end all must have the same rosters, of who is still there.

What is said on stdout, one JSON object a line, tells how far it is: {"state": "sending"}, then "silent" when the last
message has been sent, from when on nothing may be broken any more.

Exit code: 0 all promises were kept, 1 one was broken, 2 it could not be found out."""

import argparse
import asyncio
import collections
import json
import pathlib
import sys

import judge
import record
from crowd import Crowd

MOST_SHOWN = 20  # breaches of one promise


def options_of(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", action="append", metavar="URL", help="https://HOST:PORT, one for each server")
    parser.add_argument(
        "--world", metavar="FILE", help='{"users": [{"user", "token"}], "rooms": [id], "closed": [id], "admin": token} as JSON'
    )
    parser.add_argument("--ca", metavar="FILE", help="the authority that the servers' certificates are of (PEM)")
    parser.add_argument("--seed", type=int, default=1, help="who is where and says how much (1)")
    parser.add_argument("--seconds", type=float, default=60, help="during which messages are sent (60)")
    parser.add_argument("--pace", type=float, default=0.5, help="messages of one client in a second (0.5)")
    parser.add_argument("--patience", type=float, default=10, help="seconds that an answer is waited for (10)")
    parser.add_argument("--converge", type=float, default=60, help="seconds until all must know everything (60)")
    parser.add_argument("--changes", type=int, default=0, help="how often somebody loses access; needs the admin (0)")
    parser.add_argument("--leave", type=int, default=0, help="how many go home for good, when their server fails them (0)")
    parser.add_argument("--follow", type=float, default=judge.FOLLOW, help="seconds until all servers obey a change (2)")
    parser.add_argument(
        "--troubles", metavar="FILE", help='which servers cannot follow the others, as JSON: [[URL, from, until]], in seconds'
    )
    parser.add_argument("--report", metavar="PATH", help="write PATH.json, PATH.txt and the notes as PATH.notes.jsonl")
    parser.add_argument("--again", metavar="FILE", help="judge the notes of another run instead of making one")
    out = parser.parse_args(words)
    if not out.again and not (out.server and out.world):
        parser.error("--server and --world are needed, or --again")
    return out


def counts_of(notes):
    counts = collections.Counter(type(note).__name__.lower() for note in notes)
    refused = collections.Counter(note.code for note in notes if isinstance(note, record.Refused))
    again = sum(note.again for note in notes if isinstance(note, record.Sent))
    changes = sum(note.done for note in notes if isinstance(note, record.Access))
    return {**counts, "sent_again": again, "refused_with": dict(refused), "changes": changes}


def summary(report):
    counts = report["counts"]
    yield f"seed {report['seed']}: " + ", ".join(f"{counts.get(k, 0)} {k}" for k in ("sent", "acknowledged", "seen", "read"))
    yield f"{report.get('sessions', 0)} sessions, {counts['sent_again']} sent again, refused: {counts['refused_with']}"
    came = counts.get("reached", 0)
    yield f"{counts['changes']} changes of access, {came} rooms reached over HTTP, {counts.get('roster', 0)} rosters"
    for state, when in report.get("states", {}).items():
        yield f"{when:9.3f} s  {state}"
    yield from report.get("not_done", ())
    shown = collections.Counter()
    for breach in report["breaches"]:
        shown[breach["promise"]] += 1
        if shown[breach["promise"]] <= MOST_SHOWN:
            yield "BROKEN " + str(judge.Breach(**breach))
    for promise, count in shown.items():
        yield f"BROKEN {promise}: {count} times"
    if not report["breaches"]:
        yield "every promise was kept"


def conclude(report, notes, path, follow):
    report["counts"] = counts_of(notes)
    report["breaches"] = [breach._asdict() for breach in judge.judge(notes, follow)]
    text = "\n".join(summary(report)) + "\n"
    if path:
        record.write(notes, path + ".notes.jsonl")
        pathlib.Path(path + ".json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        pathlib.Path(path + ".txt").write_text(text, encoding="utf-8")
    sys.stderr.write(text)
    return 1 if report["breaches"] else 0


def main(words):
    options = options_of(words)
    if options.again:
        return conclude({"seed": options.seed}, list(record.read(options.again)), options.report, options.follow)
    world = json.loads(pathlib.Path(options.world).read_text(encoding="utf-8"))
    troubles = json.loads(pathlib.Path(options.troubles).read_text(encoding="utf-8")) if options.troubles else ()
    crowd = Crowd(options.server, world, troubles, options)
    states = {}

    def tell(state):
        states[state] = round(crowd.now(), 3)
        print(json.dumps({"state": state}), flush=True)

    late = asyncio.run(crowd.run(tell))
    report = {
        "seed": options.seed,
        "begun": crowd.begun_at,  # by time.monotonic(), which is that of the machine
        "servers": options.server,
        "clients": len(crowd.people),
        "rooms": len(world["rooms"]),
        "sessions": sum(person.sessions for person in crowd.people),
        "states": states,
        "not_done": [f"{p.name} is not done: {len(p.open)} open, at {p.server}; ended: {p.ended}" for p in late],
    }
    code = conclude(report, crowd.notes, options.report, options.follow)
    return 2 if "never begun" in states else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
