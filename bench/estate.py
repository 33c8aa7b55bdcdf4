#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures an estate as large as the published user model. Usage: bench/estate.py PCHATCTL [ROOMS [PEOPLE]]

Prints wall time and the most memory of pchatctl and of its local server for the first plan, apply, the apply
that finds nothing to do, and the export. Build first: cmake --preset release && cmake --build --preset release."""
import os
import pathlib
import resource
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/e2e"))
from local_server import PROGRAM, environment, running

ROOMS = int(sys.argv[1]) if len(sys.argv) > 1 else 33_000
PEOPLE = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
MEMBERS = 20  # a room, as 730,000 entries of 33,000 rooms have it


def person(number):
    return f"sip:user{number % PEOPLE:06}@contoso.example"


def estate():
    yield "apiVersion: pchat/v1\nkind: Estate\ncategories:\n"
    for category in range(100):
        yield f"  - name: Desk {category:03}\n    allow: [everyone]\n"
    yield "rooms:\n"
    for room in range(ROOMS):
        members = ", ".join(person(room * 7 + place * 131) for place in range(MEMBERS))
        yield f"  - name: Room {room:06}\n    category: Desk {room % 100:03}\n    privacy: closed\n"
        yield f"    members: [{members}]\n    managers: [{person(room)}]\n"


def measure(name, home, server, *words):
    """A child of its own, so that the memory it took at most can be asked for."""
    start = time.perf_counter()
    with open(home / "out", "wb") as out:
        child = subprocess.Popen([PROGRAM, *words], env=environment(home, **server.variables), cwd=home, stdout=out, stderr=out)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - start
    last = (home / "out").read_text().rstrip().rsplit("\n", 1)[-1]
    if child.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, words))} ended with {child.returncode}: {last[:400]}")
    peak = [line for line in pathlib.Path(f"/proc/{server.facts['pid']}/status").read_text().splitlines() if line.startswith("VmHWM")]
    server_mb = int(peak[0].split()[1]) / 1024
    print(f"{name:<28} {took:7.2f} s, pchatctl {usage.ru_maxrss / 1024:5.0f} MB, server {server_mb:5.0f} MB at most so far; {last[:80]}", flush=True)


def main():
    with running("--plain") as (home, server):
        people = home / "people.csv"
        people.write_text("user\n" + "".join(person(number) + "\n" for number in range(PEOPLE)))
        measure(f"{PEOPLE} users imported", home, server, "user", "import", "people.csv")
        tree = home / "estate.yaml"
        tree.write_text("".join(estate()))
        print(f"estate.yaml: {ROOMS} rooms of {MEMBERS}, {tree.stat().st_size / 2**20:.1f} MiB")
        measure("plan", home, server, "estate", "plan", "-f", tree)
        measure("apply", home, server, "estate", "apply", "-f", tree, "--yes")
        measure("apply again", home, server, "estate", "apply", "-f", tree)
        measure("export", home, server, "estate", "export")


if __name__ == "__main__":
    main()
