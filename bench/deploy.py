#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""deploy.py PROGRAMS BUNDLE [--rate 100mbit]: how long a release takes to one machine and to eight, whose links are held to a
rate each; beside it sftp on the same link; and a run that finds nothing to do on four. Needs root and systemd-nspawn."""

import argparse
import pathlib
import re
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/deploy"))

import machines
from node_calls import pack, read_bundle
from office import POOL, Office

RUNS = 3


def hold_links(office, rate):
    for one in office.machines:
        machines.run(
            "ip", "netns", "exec", office.site.lan.switch, "tc", "qdisc", "add", "dev", one.host.name, "root", "tbf", "rate",
            rate, "burst", "64kb", "latency", "100ms",
        )  # fmt: skip


def send(office, release, names):
    """Seconds from the first "sending" to the last "unpacking"; the machines change nothing then: the run is stopped."""
    process = office.begin(
        "pchatctl", "deploy", "pool" if len(names) > 1 else "node", POOL if len(names) > 1 else names[0], "-f", "topology.yaml",
        *office.ssh_words(), "--yes", "--bundle", release.archive, "--skip", "disk", "--skip", "memory",
    )  # fmt: skip
    begun, ended = [], []
    for line in process.stderr:
        now = time.monotonic()
        if re.search(r"sending the release$", line):
            begun.append(now)
        elif re.search(r"unpacking$", line):
            ended.append(now)
            if len(ended) == len(names):
                process.terminate()
    process.stdout.read()
    process.wait(600)
    assert len(ended) == len(names), f"{len(ended)} of {len(names)} were sent"
    return max(ended) - min(begun)


def sftp(office, release):
    begun = time.monotonic()
    office.machines[0].put(release.archive, "/var/lib/sent")
    return time.monotonic() - begun


def unchanged(office):
    begun = time.monotonic()
    done = office.deploy("pool")
    assert "no changes" in done.stderr, done.stderr
    return time.monotonic() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("bundle", type=pathlib.Path)
    parser.add_argument("--rate", default="100mbit")
    options = parser.parse_args()
    problem = machines.why_not()
    if problem:
        raise SystemExit(problem)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        files = read_bundle(options.bundle)
        releases = [pack(folder, {**files, "share/note": (0o644, b"%d\n" % i)}, f"0.2.{i}") for i in range(2 * RUNS)]
        size = releases[0].archive.stat().st_size
        with Office(folder, options.programs, 8, standby={5, 6, 7, 8}) as office:
            office.start()
            office.prepare_by_hand()
            hold_links(office, options.rate)
            names = [one.fqdn for one in office.machines]
            one = [send(office, release, names[:1]) for release in releases[:RUNS]]
            eight = [send(office, release, names) for release in releases[RUNS:]]
            plain = [sftp(office, releases[0]) for _ in range(RUNS)]
            print(f"release of {size / 1e6:.1f} MB, links of {options.rate}, median of {RUNS}")
            print(f"to one:   {statistics.median(one):6.2f} s  ({size * 8 / 1e6 / statistics.median(one):.0f} Mbit/s)")
            print(f"to eight: {statistics.median(eight):6.2f} s  ({statistics.median(eight) / statistics.median(one):.2f} times one)")
            print(f"sftp:     {statistics.median(plain):6.2f} s  (ours at {100 * statistics.median(plain) / statistics.median(one):.0f} % of its speed)")
        with tempfile.TemporaryDirectory() as second, Office(pathlib.Path(second), options.programs, 4) as office:
            office.start()
            office.prepare_by_hand()
            office.deploy("pool", "--bundle", options.bundle)
            (office.folder / "bundle").symlink_to(options.bundle.resolve().parent)
            runs = [unchanged(office) for _ in range(RUNS)]
            print(f"no changes, 4 machines: {statistics.median(runs):.2f} s")


if __name__ == "__main__":
    main()
