#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A local server for tests: no test of its own. The first word of the command line is PCHATCTL."""

import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
WAIT = 60


def environment(home, **variables):
    kept = {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS") if name in os.environ}
    return {**kept, "PATH": f"{PROGRAM.parent}:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", **variables}


class LocalServer:
    """`pchatctl server run` on a port of its own choosing."""

    def __init__(self, home, *flags, before=None):
        self.home = home
        listen = () if "--listen" in flags else ("--listen", "127.0.0.1:0")
        data = () if "--data" in flags else ("--data", home / "data")
        words = ["server", "run", *data, *listen, "-o", "json"]
        with open(home / "server.log", "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [PROGRAM, *words, *flags],
                env=environment(home),
                preexec_fn=before,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError((home / "server.log").read_text(encoding="utf-8"))
        self.facts = json.loads(line)
        self.variables = {"PCHATCTL_SERVER": self.facts["url"], "PCHATCTL_TOKEN": self.token()}
        if self.facts["ca_file"]:
            self.variables["PCHATCTL_CA_FILE"] = self.facts["ca_file"]

    def token(self):
        return pathlib.Path(self.facts["token_file"]).read_text(encoding="utf-8").strip()

    def store_file(self, number, room, user):
        """A row as if the user had sent a file to the room, whose name and address are given; its id."""
        uuid = f"00000000-0000-7000-8000-{number:012}"
        with sqlite3.connect(self.home / "data" / "content.db", timeout=WAIT) as content:
            done = content.execute(
                "insert into stored_file"
                " (id, uuid, room_id, uploader_id, state, size_bytes, sha256, name, media_type, created_at)"
                " select ?, ?, room.id, principal.id, 2, 3, ?, 'plan.txt', 'text/plain', 1 from room, principal"
                " where room.name = ? and 'sip:' || principal.name = ?",
                (number, uuid, "0" * 64, room, user),
            )
            assert done.rowcount == 1, (room, user)
        return uuid

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=WAIT)
        self.process.stdout.close()
        return code


def pchatctl(home, *words, stdin="", **variables):
    return subprocess.run(
        [PROGRAM, *words],
        cwd=home,
        env=environment(home, **variables),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )


@contextlib.contextmanager
def running(*flags):
    with tempfile.TemporaryDirectory(prefix="pchat-server-") as name:
        home = pathlib.Path(name).resolve()
        server = LocalServer(home, *flags)
        try:
            yield home, server
        finally:
            server.end()
