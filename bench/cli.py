#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what a person waits for at the prompt. Usage: bench/cli.py [PCHATCTL] [-n RUNS]

Prints, for each command, the median and the range of CPU time (user and system) and of wall time over
RUNS runs after a warm-up. Build first: cmake --preset release && cmake --build --preset release."""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent


def measure(argv, runs, environment):
    cpu, wall = [], []
    for number in range(runs + 2):
        start = time.perf_counter()
        child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"bench: {' '.join(argv)} ended with {child.returncode}")
        if number >= 2:
            wall.append((time.perf_counter() - start) * 1000)
            cpu.append((usage.ru_utime + usage.ru_stime) * 1000)
    return cpu, wall


def row(name, goal, cpu, wall):
    def figures(values):
        return f"{statistics.median(values):6.1f} ({min(values):.1f}-{max(values):.1f})"

    print(f"{name:<44} {goal:>6} {figures(cpu):>20} {figures(wall):>20}")


def main():
    parser = argparse.ArgumentParser(description="measures pchatctl at the prompt")
    parser.add_argument("program", nargs="?", default=str(root / "build/release/bin/pchatctl"))
    parser.add_argument("-n", "--runs", type=int, default=21)
    options = parser.parse_args()
    if not os.access(options.program, os.X_OK):
        sys.exit(f"bench: {options.program} is not there; cmake --preset release && cmake --build --preset release")
    with tempfile.TemporaryDirectory() as folder:
        large = pathlib.Path(folder, "large.yaml")
        large.write_bytes(subprocess.check_output([sys.executable, str(root / "bench/topology.py")]))
        lines = large.read_text().count("\n")
        completing = {**os.environ, "PCHATCTL_COMPLETE": "6"}
        words = [options.program, "topology", "set", "pool", "-f", str(large), ""]
        print(f"large.yaml: {lines} lines, {large.stat().st_size} bytes; milliseconds, median (range) of {options.runs} runs")
        print(f"{'command':<44} {'goal':>6} {'CPU':>20} {'wall':>20}")
        row("topology validate large.yaml", "50", *measure([options.program, "topology", "validate", str(large)], options.runs, None))
        row("--help", "10", *measure([options.program, "--help"], options.runs, None))
        row("completion of a pool name in large.yaml", "50", *measure(words, options.runs, completing))
        row("completion of a verb", "50", *measure([options.program, "topology", "va"], options.runs, {**os.environ, "PCHATCTL_COMPLETE": "2"}))
        row("true (what starting a process costs)", "", *measure(["/bin/true"], options.runs, None))


if __name__ == "__main__":
    main()
