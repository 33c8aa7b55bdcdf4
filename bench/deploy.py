#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures deployments over links of 100 Mbit/s. Usage: bench/deploy.py PROGRAMS BUNDLE [ROUNDS]

Eight machines (tests/deploy/machines.py), whose links are held to that by the switch, get a release that they do not
have: seconds from where the first one is sent it until the last one has all of it, for one machine and for eight; what
sftp takes for the same file; and a deployment of four machines that finds nothing to do. Needs root and systemd-nspawn.
TMPDIR says where the disks of the machines are. Build first: scripts/bundle 0.1.0 PROGRAMS FOLDER makes the bundle."""

import os
import pathlib
import shutil
import signal
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/deploy"))
import machines
from node_calls import pack, read_bundle
from office import POOL, Office

MACHINES = 8
STANDBY = {5, 6, 7, 8}  # no more than four are active
SEVERAL = 4  # of the run that finds nothing to do
RATE = "100mbit"
NOTHING_TO_DO = 5  # runs
SENDING, SENT = "sending the release", "unpacking"


def hold(lan, host):
    """Of the switch's way to the host: what is sent there."""
    machines.run(
        "ip", "netns", "exec", lan.switch, "tc", "qdisc", "add", "dev", host.name, "root", "tbf", "rate", RATE,
        "burst", "256kb", "latency", "50ms",
    )  # fmt: skip


class Releases:
    """Each one another for the machines, and no smaller."""

    def __init__(self, folder, bundle):
        self.folder = folder
        self.files = read_bundle(bundle)
        self.made = 0

    def another(self):
        self.made += 1
        return pack(self.folder, {**self.files, "share/note": (0o644, b"%d\n" % self.made)}, f"0.2.{self.made}")


def upload(office, release, chosen):
    """Seconds of it. The deployment is stopped when all have the release, before anything is put in force."""
    subject = ("node", chosen[0].fqdn) if len(chosen) == 1 else ("pool", POOL)
    process = office.begin(
        "pchatctl", "deploy", *subject, "-f", "topology.yaml", *office.ssh_words, "--yes", "--bundle", release.archive
    )
    begun, sent, said = None, set(), []
    for line in process.stderr:
        now = time.monotonic()
        said.append(line)
        if line.endswith(f"{SENDING}\n"):
            begun = begun or now
        elif line.endswith(f"{SENT}\n"):
            sent.add(line.split()[1])
            if len(sent) == len(chosen):
                took = now - begun
                os.killpg(process.pid, signal.SIGINT)
    if process.wait() != 130 or len(sent) != len(chosen):
        sys.exit(f"bench: the deployment ended with {process.returncode}\n{''.join(said)}")
    for machine in chosen:
        machine.ssh(f"rm -r /opt/pchat/releases/{release.name}")
    return took


def sftp(machine, source):
    """Seconds of it: what is left when signing in and a file of nothing are taken away."""
    def put(file):
        start = time.monotonic()
        machine.put(file, "/root/sent")
        return time.monotonic() - start

    nothing = machine.site.folder / "nothing"
    nothing.touch()
    return put(source) - put(nothing)


def row(name, goal, seconds, note=""):
    figures = f"{statistics.median(seconds):.2f} ({min(seconds):.2f}-{max(seconds):.2f})"
    print(f"{name:<44} {goal:>18} {figures:>20}  {note}".rstrip(), flush=True)


def measure_uploads(office, bundle, rounds):
    releases = Releases(office.folder, bundle)
    one, every, theirs = [], [], []
    for _ in range(rounds):  # in turn, so that what else runs here meets all of them
        release = releases.another()
        size = release.archive.stat().st_size
        one.append(upload(office, release, office.machines[:1]))
        theirs.append(sftp(office.machines[0], release.archive))
        every.append(upload(office, release, office.machines))
        release.archive.unlink()
    median = statistics.median
    mbit = 8 * size / 1e6
    print(f"{'':<44} {'goal':>18} {'seconds':>20}")
    row("sftp to one machine", "", theirs, f"{mbit / median(theirs):.1f} Mbit/s of {size / 2**20:.1f} MiB")
    speed = median(theirs) / median(one)
    row("upload to one machine", "80 % of sftp", one, f"{mbit / median(one):.1f} Mbit/s, {speed:.0%} of sftp")
    row(f"upload to {MACHINES} machines", "1.5 times one", every, f"{median(every) / median(one):.2f} times one")


def measure_no_changes(office, bundle):
    for other in office.machines[SEVERAL:]:
        other.stop()  # it would share the processors
    office.machines = office.machines[:SEVERAL]
    office.standby = ()
    office.write_topology()
    office.pchatctl("deploy", "ca", "issue", POOL, "-f", "topology.yaml")
    office.deploy("pool", "--bundle", bundle)
    took = []
    for _ in range(NOTHING_TO_DO):
        start = time.monotonic()
        done = office.deploy("pool", "--bundle", bundle)
        took.append(time.monotonic() - start)
        if done.stdout.count("no changes") != SEVERAL:
            sys.exit(f"bench: there were changes\n{done.stdout}")
    row(f"deployment of {SEVERAL} without changes", "3", took)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    problem = machines.why_not()
    if problem:
        sys.exit(f"bench: {problem}")
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        bundle = pathlib.Path(shutil.copy(sys.argv[2], folder))
        with Office(folder, pathlib.Path(sys.argv[1]), MACHINES, standby=STANDBY) as office:
            office.start()
            office.prepare_by_hand()
            for machine in office.machines:
                hold(office.site.lan, machine.host)
            measure_uploads(office, bundle, rounds)
            measure_no_changes(office, bundle)


if __name__ == "__main__":
    main()
