#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A local server and the commands that talk to it. server_run_test.py PCHATCTL"""

import json
import os
import pathlib
import signal
import socket
import stat
import subprocess
import tempfile
import unittest

from local_server import WAIT, LocalServer, pchatctl, running


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
            self.assertRegex(second.stderr, f"in use by pchatctl with pid {server.process.pid} since 2[-0-9]*T")

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


class Obstacles(unittest.TestCase):
    def start(self, home, *flags, **more):
        words = ["server", "run", "--plain", *flags]
        for flag, value in (("--data", "data"), ("--listen", "127.0.0.1:0")):
            if flag not in flags:
                words += [flag, value]
        return pchatctl(home, *words, **more)

    def test_a_port_that_is_taken(self):
        with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as holder:
            port = holder.getsockname()[1]
            for _ in range(2):  # nothing is left over that stands in the way
                done = self.start(name, "--listen", f"127.0.0.1:{port}")
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(f"port {port} of 127.0.0.1 is taken", done.stderr)
                self.assertIn("see who has it", done.stderr)
            holder.close()
            home = pathlib.Path(name)
            self.assertEqual(LocalServer(home, "--plain").end(), 0)

    def test_addresses_that_cannot_be(self):
        with tempfile.TemporaryDirectory() as name:
            for address, text in (
                ("127.0.0.1", "the port is missing"),
                ("127.0.0.1:99999", "no port from 0 to 65535"),
                ("pc1:80", "is not an IP address"),
                ("::1:80", "in brackets"),
            ):
                done = self.start(name, "--listen", address)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(text, done.stderr)
                self.assertIn("hint: ", done.stderr)
            self.assertEqual(os.listdir(name), [])

    def test_a_dry_run_makes_nothing(self):
        with tempfile.TemporaryDirectory() as name:
            done = self.start(name, "--dry-run")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("+ create directory", done.stdout)
            self.assertEqual(os.listdir(name), [])

    def test_databases_that_cannot_be(self):
        with tempfile.TemporaryDirectory() as name:
            home = pathlib.Path(name)
            (home / "open").write_text("sqlite:/nowhere/x.db\n", encoding="utf-8")
            (home / "open").chmod(0o644)
            for reference, code, text in (
                ("postgresql://ann:topsecret@127.0.0.1/chat", 2, "holds a password"),
                ("env:NOT_THERE", 2, "NOT_THERE is not set"),
                ("file:missing", 3, "No such file"),
                ("file:open", 4, "open to everybody"),
                ("postgresql://ann@127.0.0.1:1/chat", 1, "cannot be reached"),
            ):
                done = self.start(name, "--database", reference)
                self.assertEqual(done.returncode, code, f"{reference}: {done.stderr}")
                self.assertIn(text, done.stderr)
                self.assertNotIn("topsecret", done.stderr)

    def test_without_standard_input(self):
        with tempfile.TemporaryDirectory() as name:
            home = pathlib.Path(name).resolve()
            server = LocalServer(home, "--plain", before=lambda: os.close(0))
            self.assertEqual(server.end(signal.SIGINT), 130)

    @unittest.skipUnless(os.geteuid() == 0, "mounting needs root")
    def test_a_full_disk_and_then_room(self):
        with tempfile.TemporaryDirectory() as name:
            home = pathlib.Path(name).resolve()
            small = home / "small"
            small.mkdir()
            if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], check=False).returncode != 0:
                self.skipTest("tmpfs cannot be mounted here")
            try:
                for size in ("64k", "500k"):
                    subprocess.run(["mount", "-o", f"remount,size={size}", small], check=True)
                    done = self.start(home, "--data", small / "data")
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.assertRegex(done.stderr, "the disk is full|No space left on device")
                    self.assertIn("make room", done.stderr)
                subprocess.run(["mount", "-o", "remount,size=32m", small], check=True)
                self.assertEqual(LocalServer(home, "--plain", "--data", small / "data").end(), 0)
            finally:
                subprocess.run(["umount", "-l", small], check=True)

    @unittest.skipUnless(os.geteuid() == 0, "changing users needs root")
    def test_a_directory_of_somebody_else(self):
        with tempfile.TemporaryDirectory() as name:
            home = pathlib.Path(name).resolve()
            home.chmod(0o755)
            (home / "data").mkdir()
            os.chown(home / "data", 1, 1)
            done = self.start(home)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn("belongs to another user", done.stderr)


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

    def test_an_address_instead_of_what_the_name_leads_to(self):
        with running() as (home, server):
            ready = ("test", "ready", "--within", "0s", "--connect-to")
            self.assertEqual(pchatctl(home, *ready, "127.0.0.1", **server.variables).returncode, 0)
            done = pchatctl(home, *ready, "127.0.0.9", **server.variables)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(" at 127.0.0.9: nobody listens there", done.stderr)
            self.assertEqual(pchatctl(home, *ready, "localhost", **server.variables).returncode, 2)

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
