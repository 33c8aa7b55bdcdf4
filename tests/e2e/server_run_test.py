#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A local server and the commands that talk to it. server_run_test.py PCHATCTL"""

import contextlib
import json
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
WAIT = 60


def environment(home, **variables):
    kept = {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS") if name in os.environ}
    return {**kept, "PATH": f"{PROGRAM.parent}:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", **variables}


class LocalServer:
    """`pchatctl server run` on a port of its own choosing."""

    def __init__(self, home, *flags):
        self.home = home
        words = ["server", "run", "--data", home / "data", "--listen", "127.0.0.1:0", "-o", "json"]
        with open(home / "server.log", "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [PROGRAM, *words, *flags], env=environment(home), stdout=subprocess.PIPE, stderr=log, text=True
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


class Life(unittest.TestCase):
    def test_a_second_start_finds_everything_as_it_was(self):
        with running("--plain") as (home, server):
            token = server.token()
            self.assertEqual(stat.S_IMODE(os.stat(home / "data").st_mode), 0o700)
            for name in ("admin-token", "admin-password", "content.db"):
                self.assertEqual(stat.S_IMODE(os.stat(home / "data" / name).st_mode), 0o600)
            self.assertEqual(server.end(), 0)
            again = LocalServer(home, "--plain")
            try:
                self.assertEqual(again.token(), token)
            finally:
                self.assertEqual(again.end(), 0)

    def test_who_holds_the_directory_is_named(self):
        with running("--plain") as (home, server):
            second = pchatctl(home, "server", "run", "--data", "data", "--plain")
            self.assertEqual(second.returncode, 1)
            self.assertIn(f"in use by pchatctl with pid {server.process.pid}", second.stderr)

    def test_a_foreign_directory_is_left_alone(self):
        with tempfile.TemporaryDirectory() as name:
            (pathlib.Path(name) / "thesis.txt").write_text("mine", encoding="utf-8")
            done = pchatctl(name, "server", "run", "--data", name, "--plain")
            self.assertEqual(done.returncode, 1)
            self.assertIn("thesis.txt", done.stderr)
            self.assertEqual(os.listdir(name), ["thesis.txt"])

    def test_without_tls_only_on_loopback(self):
        with tempfile.TemporaryDirectory() as name:
            done = pchatctl(name, "server", "run", "--data", "d", "--plain", "--listen", "0.0.0.0:0")
            self.assertEqual(done.returncode, 2)
            self.assertFalse((pathlib.Path(name) / "d").exists())

    def test_ctrl_c_is_130(self):
        with running("--plain") as (_, server):
            self.assertEqual(server.end(signal.SIGINT), 130)

    def test_a_killed_pchatd_is_a_failure_and_a_new_start_works(self):
        with running("--plain") as (home, server):
            os.kill(server.facts["pid"], signal.SIGKILL)
            self.assertEqual(server.process.wait(timeout=WAIT), 1)
            self.assertIn("ended by signal 9", (home / "server.log").read_text(encoding="utf-8"))
            self.assertEqual(LocalServer(home, "--plain").end(), 0)

    def test_pchatd_does_not_outlive_pchatctl(self):
        with running("--plain") as (home, server):
            server.end(signal.SIGKILL)
            self.assertEqual(LocalServer(home, "--plain").end(), 0)


class Talking(unittest.TestCase):
    def run_ok(self, home, server, *words, **more):
        done = pchatctl(home, *words, **server.variables, **more)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}")
        return done.stdout

    def test_category_room_and_messages(self):
        with running() as (home, server):
            self.run_ok(home, server, "category", "create", "Research", "--invitations", "--file-upload")
            self.run_ok(home, server, "category", "set", "Research", "--add-allow", "everyone")
            member = "sip:admin@localhost.example"
            lobby = ("room", "create", "Lobby", "--category", "Research", "--privacy", "closed", "--type", "normal")
            self.run_ok(home, server, *lobby, "--member", member, "--manager", member)
            again = pchatctl(home, *lobby, **server.variables)
            self.assertEqual(again.returncode, 1)
            self.assertIn("exists", again.stderr)
            kept = pchatctl(home, *lobby, "--if-not-exists", **server.variables)
            self.assertEqual(kept.returncode, 0, kept.stderr)
            self.assertIn("no changes", kept.stderr)
            self.run_ok(home, server, "message", "send", "Lobby", "deploy finished", "--kind", "alert")
            (message,) = json.loads(self.run_ok(home, server, "message", "list", "Lobby", "-o", "json"))
            self.assertEqual((message["body"], message["kind"], message["from"]), ("deploy finished", "alert", member))
            shown = self.run_ok(home, server, "message", "tail", "Lobby", "--limit", "1", "-o", "json")
            self.assertEqual(json.loads(shown)["seq"], message["seq"])
            self.assertIn("room/Lobby", self.run_ok(home, server, "room", "list", "-o", "name"))
            self.run_ok(home, server, "room", "remove", "Lobby", "--confirm=Lobby")
            self.assertEqual(pchatctl(home, "room", "get", "Lobby", **server.variables).returncode, 1)

    def test_members_of_an_open_room_are_refused(self):
        with running("--plain") as (home, server):
            done = pchatctl(
                home, "room", "create", "Hall", "--privacy", "open", "--member",
                "sip:admin@localhost.example", **server.variables
            )
            self.assertEqual(done.returncode, 1, done.stderr)

    def test_users_sign_in_and_out(self):
        with running() as (home, server):
            (home / "secret").write_text("correct horse battery\n", encoding="utf-8")
            bob = "sip:bob@localhost.example"
            self.run_ok(
                home, server, "user", "create", bob, "--display", "Bob", "--site", "hq", "--password-file", "secret"
            )
            login = ("login", "--server", server.facts["url"], "--ca-file", server.facts["ca_file"], "--user", bob)
            wrong = pchatctl(home, *login, "--password-file", "-", stdin="not this one\n")
            self.assertEqual(wrong.returncode, 4, wrong.stderr)
            self.assertEqual(pchatctl(home, *login, "--password-file", "secret").returncode, 0)
            contexts = home / ".config" / "pchat" / "contexts.yaml"
            self.assertEqual(stat.S_IMODE(os.stat(contexts).st_mode), 0o600)
            self.assertEqual(pchatctl(home, "room", "list").returncode, 0)
            self.assertEqual(pchatctl(home, "user", "list").returncode, 4)
            self.assertEqual(pchatctl(home, "logout").returncode, 0)
            self.assertEqual(pchatctl(home, "room", "list").returncode, 4)

    def test_the_synthetic_transaction(self):
        with running("--plain") as (home, server):
            steps = json.loads(self.run_ok(home, server, "test", "message", "-o", "json", "--report", "probe.html"))
            self.assertTrue(all(step["ok"] for step in steps))
            self.assertIn("receiver has it", (home / "probe.html").read_text(encoding="utf-8"))


class Connecting(unittest.TestCase):
    def test_an_unknown_authority_is_named_with_the_way_out(self):
        with running() as (home, server):
            variables = {**server.variables, "PCHATCTL_CA_FILE": ""}
            done = pchatctl(home, "room", "list", **variables)
            self.assertEqual(done.returncode, 1)
            self.assertIn("unknown authority", done.stderr)
            self.assertIn("--ca-file", done.stderr)

    def test_nobody_listens(self):
        with running("--plain") as (home, server):
            server.end()
            done = pchatctl(home, "room", "list", **server.variables)
            self.assertEqual(done.returncode, 1)
            self.assertIn("nobody listens there", done.stderr)

    def test_a_wrong_token(self):
        with running("--plain") as (home, server):
            done = pchatctl(home, "room", "list", **{**server.variables, "PCHATCTL_TOKEN": "pct_wrong"})
            self.assertEqual(done.returncode, 4)

    def test_tokens_do_not_cross_a_network_in_the_clear(self):
        with tempfile.TemporaryDirectory() as name:
            done = pchatctl(name, "room", "list", "--server", "http://pchat.contoso.example")
            self.assertEqual(done.returncode, 2)
            self.assertIn("not encrypted", done.stderr)


if __name__ == "__main__":
    unittest.main()
