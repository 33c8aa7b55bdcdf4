#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A whole local pool: `server run --nodes`. server_pool_test.py PCHATCTL"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from local_server import PROGRAM, WAIT, LocalServer, environment, pchatctl


def missing():
    if not any(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not shutil.which("initdb"):
        return "there is no PostgreSQL"
    if not shutil.which("nats-server", path="/usr/local/sbin:/usr/sbin:" + os.environ["PATH"]):
        return "there is no nats-server"
    return ""


@contextlib.contextmanager
def home():
    with tempfile.TemporaryDirectory(prefix="pchat-pool-") as name:
        path = pathlib.Path(name).resolve()
        path.chmod(0o755)  # where we are root, PostgreSQL is somebody else
        yield path


@contextlib.contextmanager
def pool(path, *flags):
    server = LocalServer(path, "--plain", "--nodes", "2", *flags)
    try:
        yield server
    finally:
        server.end()


def runs(pid):
    """What nobody has waited for yet has ended all the same."""
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until(holds):
    end = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


class Pool(unittest.TestCase):
    def pids(self, path, server):
        postmaster = (path / "data/postgres/data/postmaster.pid").read_text(encoding="utf-8").split("\n")[0]
        (ports,) = (path / "data/nats").glob("*.ports")
        nats = ports.stem.rpartition("_")[2]
        return [*(one["pid"] for one in server.facts["servers"]), int(postmaster), int(nats)]

    def ok(self, path, server, *words, node=0):
        url = server.facts["servers"][node]["url"]
        done = pchatctl(path, *words, **{**server.variables, "PCHATCTL_SERVER": url})
        self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}")
        return done.stdout

    def status(self, path, server, node=0):
        return json.loads(self.ok(path, server, "pool", "status", "-o", "json", node=node))["servers"]

    def test_servers_talk_and_one_is_lost(self):
        with home() as path:
            with pool(path) as server:
                self.assertEqual(server.facts["pool"], "pool.localhost.example")
                names = [one["server"] for one in server.facts["servers"]]
                self.assertEqual(names, ["node1.localhost.example", "node2.localhost.example"])
                wait_until(lambda: all(one.get("bus") == "ok" for one in self.status(path, server, node=1)))
                self.ok(path, server, "room", "create", "Lobby", "--privacy", "open")
                tail = subprocess.Popen(
                    [PROGRAM, "message", "tail", "Lobby", "--limit", "1", "-o", "json"],
                    env=environment(path, **{**server.variables, "PCHATCTL_SERVER": server.facts["servers"][1]["url"]}),
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                )  # fmt: skip
                with tail:
                    wait_until(lambda: self.status(path, server)[1]["users"] == 1 or tail.poll() is not None)
                    self.ok(path, server, "message", "send", "Lobby", "from node1")
                    self.assertEqual(json.loads(tail.stdout.readline())["body"], "from node1")
                    self.assertEqual(tail.wait(timeout=WAIT), 0)
                os.kill(server.facts["servers"][1]["pid"], signal.SIGKILL)
                log = path / "server.log"
                wait_until(lambda: "node2 was ended by signal 9; the others go on" in log.read_text(encoding="utf-8"))
                self.ok(path, server, "message", "send", "Lobby", "still here")
                pids = self.pids(path, server)
                self.assertEqual(server.end(signal.SIGINT), 130)
                self.assertFalse(any(map(runs, pids)), pids)
            with pool(path) as again:
                messages = json.loads(self.ok(path, again, "message", "list", "Lobby", "-o", "json", node=1))
                self.assertEqual([one["body"] for one in messages], ["from node1", "still here"])
                self.assertEqual(again.end(), 0)

    def test_nobody_outlives_pchatctl(self):
        with home() as path, pool(path) as server:
            pids = self.pids(path, server)
            self.assertTrue(all(map(runs, pids)), pids)
            server.end(signal.SIGKILL)
            wait_until(lambda: not any(map(runs, pids)))

    def test_what_cannot_be(self):
        with home() as path:
            for flags, text in (
                (("--nodes", "0"), "1 to 4 active servers"),
                (("--nodes", "5"), "1 to 4 active servers"),
                (("--nodes", "2", "--listen", "127.0.0.1:65535"), "as many ports"),
                (("--nodes", "2", "--database", f"sqlite:{path}/x.db"), "for one server alone"),
            ):
                done = pchatctl(path, "server", "run", "--data", "data", "--plain", *flags)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(text, done.stderr)
            plan = pchatctl(path, "server", "run", "--data", "data", "--plain", "--nodes", "2", "--dry-run")
            self.assertIn("+ start pchatd as node2\n", plan.stdout)
            self.assertFalse((path / "data").exists())


if __name__ == "__main__":
    if why := missing():
        required = os.environ.get("PCHAT_TEST_REQUIRE") == "all"
        print(f"PCHAT_TEST_REQUIRE=all, and {why}" if required else f"SKIPPED: {why}")
        sys.exit(1 if required else 0)
    unittest.main()
