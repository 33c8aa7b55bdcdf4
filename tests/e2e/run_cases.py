#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the golden cases: run_cases.py PCHATCTL [CASE...]

A case is a file cases/<name>.test. Blank lines and lines starting with # are for the reader.
    $ pchatctl topolgy        a command line, run by bash in a fresh directory that holds examples/
    > text                    a line of its stdout
    ! text                    a line of its stderr
    ? 2                       its exit code, left out when 0
Output without a line end at the end is followed by a line `\\ no line end`. All lines of one case share
the directory. PCHAT_TEST_ACCEPT=1 writes what came out into the cases; read the diff before you keep it.
"""

import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent


def normalise(text, directory, version):
    """The one place where what differs from run to run becomes equal."""
    return text.replace(str(directory), "<dir>").replace(version, "<version>")


def environment(program, directory):
    kept = {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS") if name in os.environ}
    path = f"{program.parent}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    return {**kept, "PATH": path, "HOME": str(directory), "LANG": "C.UTF-8", "TERM": "xterm"}


def prefixed(mark, text):
    lines = [f"{mark} {line}".rstrip() if line == "" else f"{mark} {line}" for line in text.splitlines()]
    if text and not text.endswith("\n"):
        lines.append("\\ no line end")
    return lines


def run(command, program, directory, version):
    """The lines that belong under a command."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=directory,
        env=environment(program, directory),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    lines = []
    for mark, raw in ((">", done.stdout), ("!", done.stderr)):
        text = raw.decode("utf-8", "backslashreplace")
        lines += prefixed(mark, normalise(text, directory, version))
    if done.returncode != 0:
        lines.append(f"? {done.returncode}")
    return lines


def actual_case(text, program, version):
    """The case with the output that its commands have now."""
    out = []
    with tempfile.TemporaryDirectory(prefix="pchat-case-") as name:
        directory = pathlib.Path(name).resolve()
        shutil.copytree(SOURCE / "examples", directory / "examples")
        for line in text.splitlines():
            if re.match(r"[>!?\\]( |$)", line):
                continue
            out.append(line)
            if line.startswith("$ "):
                out += run(line[2:], program, directory, version)
    return "\n".join(out) + "\n"


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    wanted = [pathlib.Path(name) for name in sys.argv[2:]] or sorted((HERE / "cases").glob("*.test"))
    accept = os.environ.get("PCHAT_TEST_ACCEPT") == "1"
    version = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout.split()[1]
    failed = []
    for case in wanted:
        expected = case.read_text(encoding="utf-8")
        actual = actual_case(expected, program, version)
        if actual == expected:
            continue
        if accept:
            case.write_text(actual, encoding="utf-8")
            print(f"accepted: {case.name}")
            continue
        failed.append(case.name)
        sys.stdout.writelines(
            difflib.unified_diff(expected.splitlines(True), actual.splitlines(True), f"{case.name} (expected)", "(now)")
        )
    print(f"{len(wanted)} cases, {len(failed)} failed" + "".join(f"\n  {name}" for name in failed))
    return 1 if failed or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
