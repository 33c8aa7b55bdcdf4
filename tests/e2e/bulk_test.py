#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many rooms out of one file, with interruptions. bulk_test.py PCHATCTL"""

import json
import os
import pty
import re
import signal
import subprocess
import time
import unittest

from local_server import PROGRAM, WAIT, environment, pchatctl, running

MANY = 2_000


def rooms_yaml(count):
    return "rooms:\n" + "".join(f"  - {{name: Room {i}, description: number {i}}}\n" for i in range(count))


class Bulk(unittest.TestCase):
    def run_create(self, home, server, *words, **more):
        return pchatctl(home, "room", "create", *words, **server.variables, **more)

    def start_create(self, home, server, *words):
        return subprocess.Popen(
            [PROGRAM, "room", "create", *words],
            cwd=home,
            env=environment(home, **server.variables),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_made(self, journal, count):
        """The journal says how far it is; nothing here waits for a moment of its own choosing."""
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            if journal.exists() and journal.read_text(encoding="utf-8").count("\nmade ") >= count:
                return
            time.sleep(0.005)
        self.fail("it does not get on")

    def rooms(self, home, server):
        done = pchatctl(home, "room", "list", "-o", "json", **server.variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def check_complete(self, home, server, done, before):
        self.assertEqual(done.returncode, 0, done.stderr)
        said = re.search(r"rooms.yaml: (\d+) rooms? created(, (\d+) existed)?; (\d+) of them by an earlier run", done.stderr)
        self.assertIsNotNone(said, done.stderr)
        made, existed, earlier = int(said[1]), int(said[3] or 0), int(said[4])
        self.assertEqual(made + existed, MANY)
        self.assertLessEqual(existed, 4)  # were asked for when it was interrupted
        self.assertGreaterEqual(earlier, before)
        names = [room["name"] for room in self.rooms(home, server) if room["name"].startswith("Room ")]
        self.assertEqual(sorted(names), sorted(f"Room {i}" for i in range(MANY)))
        self.assertFalse((home / "rooms.yaml.journal").exists())

    def test_killed_and_interrupted_it_goes_on(self):
        with running("--plain") as (home, server):
            (home / "rooms.yaml").write_text(rooms_yaml(MANY), encoding="utf-8")
            journal = home / "rooms.yaml.journal"

            killed = self.start_create(home, server, "-f", "rooms.yaml")
            self.wait_until_made(journal, 200)
            killed.send_signal(signal.SIGKILL)
            killed.communicate(timeout=WAIT)

            stopped = self.start_create(home, server, "-f", "rooms.yaml")
            self.wait_until_made(journal, 700)
            stopped.send_signal(signal.SIGINT)
            said = stopped.communicate(timeout=WAIT)[1]
            self.assertEqual(stopped.returncode, 130, said)
            self.assertRegex(said, r"interrupted: \d+ of 2000 are left")
            self.assertIn("run the same command again", said)

            self.check_complete(home, server, self.run_create(home, server, "-f", "rooms.yaml"), 700)

    def test_the_server_goes_away_and_comes_back(self):
        with running("--plain") as (home, server):
            (home / "rooms.yaml").write_text(rooms_yaml(MANY), encoding="utf-8")
            journal = home / "rooms.yaml.journal"
            running_create = self.start_create(home, server, "-f", "rooms.yaml", "--timeout", "5")
            self.wait_until_made(journal, 100)
            port = server.facts["url"].rsplit(":", 1)[1]
            server.end(signal.SIGKILL)
            said = running_create.communicate(timeout=WAIT)[1]
            self.assertEqual(running_create.returncode, 1, said)
            self.assertIn("run the same command again", said)
            again = type(server)(home, "--plain", "--listen", f"127.0.0.1:{port}")
            try:
                self.check_complete(home, again, self.run_create(home, again, "-f", "rooms.yaml"), 100)
            finally:
                again.end()

    def test_lines_that_fail_stop_the_others_only_when_asked(self):
        with running("--plain") as (home, server):
            table = "name,privacy,members\nA,closed,\nB,open,sip:nobody@contoso.example\nC,weird,\nA,,\nD,,\n"
            (home / "rooms.csv").write_text(table, encoding="utf-8")
            done = self.run_create(home, server, "-f", "rooms.csv", "-o", "name")
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stdout, "room/A\nroom/D\n")
            for line in ("rooms.csv:3: B: ", "rooms.csv:4: C: ", "rooms.csv:5: A: "):
                self.assertIn(line, done.stderr)
            self.assertIn("3 of 5 rooms were not created", done.stderr)
            self.assertFalse((home / "rooms.csv.journal").exists())

            (home / "rooms.csv").write_text(table.replace("A", "E").replace("D", "F"), encoding="utf-8")
            done = self.run_create(home, server, "-f", "rooms.csv", "--stop-on-error")
            self.assertEqual(done.returncode, 1)
            self.assertIn("4 of 5 rooms were not created, 3 of them not tried", done.stderr)
            self.assertIn("mend these lines and run it again with --if-not-exists", done.stderr)
            (home / "rooms.csv").write_text("name\nE\nC\nF\n", encoding="utf-8")
            done = self.run_create(home, server, "-f", "rooms.csv", "--if-not-exists")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("2 rooms created, 1 existed", done.stderr)

    def test_groups_may_name_those_before_them(self):
        with running("--plain") as (home, server):
            lines = ["name,members", "g0,"] + [f"g{i},group:g{i - 1}" for i in range(1, 200)]
            (home / "groups.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
            done = pchatctl(home, "group", "create", "-f", "groups.csv", **server.variables)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_journal_is_of_one_file(self):
        with running("--plain") as (home, server):
            (home / "rooms.yaml").write_text(rooms_yaml(1), encoding="utf-8")
            done = self.run_create(home, server, "-f", "rooms.yaml")
            self.assertEqual(done.returncode, 0, done.stderr)
            subject = f"room create, 1 items of sha256 {'0' * 64}, at {server.facts['url']}"
            (home / "j").write_text(f"pchatctl journal 1 of {subject}\nasked 1\n", encoding="utf-8")
            begun = (home / "j").read_bytes()
            (home / "rooms.yaml").write_text(rooms_yaml(4), encoding="utf-8")
            done = self.run_create(home, server, "-f", "rooms.yaml", "--journal", "j")
            self.assertEqual(done.returncode, 1)
            self.assertIn("'j' is of another file or server", done.stderr)
            self.assertEqual((home / "j").read_bytes(), begun)
            done = self.run_create(home, server, "-f", "rooms.yaml", "--if-not-exists")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("rooms.yaml: 3 rooms created, 1 existed", done.stderr)

    def test_where_no_journal_can_be(self):
        with running("--plain") as (home, server):
            (home / "rooms.yaml").write_text(rooms_yaml(2), encoding="utf-8")
            before = self.rooms(home, server)
            done = self.run_create(home, server, "-f", "rooms.yaml", "--journal", "/proc/rooms.journal")
            self.assertEqual(done.returncode, 1)
            self.assertIn("opening journal '/proc/rooms.journal'", done.stderr)
            self.assertEqual(self.rooms(home, server), before)
            (home / "rooms.yaml.journal").mkdir()
            done = self.run_create(home, server, "-f", "rooms.yaml")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("warning: opening journal", done.stderr)
            self.assertIn("2 rooms created", done.stderr)

    def test_standard_input_dry_runs_and_quiet(self):
        with running("--plain") as (home, server):
            lines = "".join(json.dumps({"name": f"Line {i}"}) + "\n" for i in range(40))
            before = self.rooms(home, server)
            done = self.run_create(home, server, "-f", "-", "--dry-run", stdin=lines)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("<stdin>: 40 rooms would be created", done.stderr)
            self.assertEqual(self.rooms(home, server), before)
            done = self.run_create(home, server, "-f", "-", "-q", "-o", "json", stdin=lines)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual([room["name"] for room in json.loads(done.stdout)], [f"Line {i}" for i in range(40)])
            self.assertEqual(sorted(path.name for path in home.glob("*.journal")), [])

    def test_a_bar_on_a_terminal(self):
        with running("--plain") as (home, server):
            (home / "rooms.yaml").write_text(rooms_yaml(MANY // 2), encoding="utf-8")
            master, terminal = pty.openpty()
            create = subprocess.Popen(
                [PROGRAM, "room", "create", "-f", "rooms.yaml"],
                cwd=home,
                env=environment(home, TERM="xterm", **server.variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=terminal,
            )
            os.close(terminal)
            said = b""
            while True:
                try:
                    part = os.read(master, 65_536)
                except OSError:  # all of the other side was closed
                    break
                if not part:
                    break
                said += part
            os.close(master)
            self.assertEqual(create.wait(timeout=WAIT), 0, said)
            self.assertRegex(said.decode(), r"\r\[#*\.+\] \d+ of 1000 rooms")
            self.assertTrue(said.decode().endswith("rooms.yaml: 1000 rooms created\r\n"), said[-200:])


if __name__ == "__main__":
    unittest.main()
