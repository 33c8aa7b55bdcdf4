# SPDX-License-Identifier: Apache-2.0
"""The commands of the README's "A pool on machines", typed at a terminal of the desk, as it says them."""

import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess

from machines import LONGEST

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
MOST = 10  # commands from an empty directory to people who talk
ANSWERS = {r"\[y/N\] $": "y", r"Password of \S+: $": "annes-password"}  # by how the question ends


def commands():
    section = README.read_text(encoding="utf-8").split("\n## A pool on machines\n")[1].split("\n## ")[0]
    block = section.split("```console\n")[1].split("```")[0]
    return [line.removeprefix("$ ") for line in block.splitlines()]


def type_all(office):
    """In an empty directory. The editor puts in place what an administrator knows: the topology, and secrets."""
    known = office.folder / "known"
    known.mkdir()
    for name in ("topology.yaml", "secrets"):
        shutil.move(office.desk / name, known)
    editor = office.folder / "editor"
    editor.write_text(f'#!/bin/sh\nfor file; do [ ! -e {known}/"$file" ] || cat {known}/"$file" >"$file" || exit 1; done\n')
    editor.chmod(0o755)
    keys = office.desk / ".ssh"
    keys.mkdir(mode=0o700)
    shutil.copy(office.site.key, keys / "id_ed25519")
    lines = commands()
    assert 0 < len(lines) <= MOST, lines
    shown = [type_one(office, line, {**office.environment, "EDITOR": str(editor)}) for line in lines]
    for name in ("bob", "carol"):  # of whom the README does not tell
        shutil.copy(known / "secrets" / name, office.desk / "secrets")
    return shown


def type_one(office, line, environment):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [str(word) for word in office.words("bash", "-c", line)], stdin=theirs, stdout=theirs, stderr=theirs,
        env=environment, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = ""
        asked = 0  # up to here questions were answered
        while part := read(ours, process):
            shown += part
            for question, answer in ANSWERS.items():
                if re.search(question, shown[asked:]):
                    os.write(ours, f"{answer}\n".encode())
                    asked = len(shown)
    os.close(ours)
    if process.returncode != 0:
        raise AssertionError(f"{line}: exit {process.returncode}\n{shown}")
    return shown


def read(terminal, process):
    """What it shows next; a command that shows nothing for long is ended, and fails."""
    if not select.select([terminal], [], [], LONGEST)[0]:
        os.killpg(process.pid, signal.SIGKILL)
    try:
        return os.read(terminal, 65536).decode(errors="replace").replace("\r\n", "\n")
    except OSError:  # the last writer is gone
        return ""
