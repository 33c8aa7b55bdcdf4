#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Inputs that no careful person would give. Each must end soon, in a clear error, and change nothing.
hostile_test.py PCHATCTL"""

import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import unittest

PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
EXAMPLE = (pathlib.Path(__file__).resolve().parents[2] / "examples/enterprise-multiple.yaml").read_text()
NOBODY = 65534


def run(*words, stdin=b"", **options):
    done = subprocess.run([PROGRAM, *words], input=stdin, capture_output=True, timeout=20, **options)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Hostile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, content, name="t.yaml"):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def refused(self, content, rule, words):
        """The only finding is this rule, and its text holds these words."""
        code, out, _ = run("topology", "validate", self.file(content), "-o", "json")
        self.assertEqual(code, 3, out)
        found = json.loads(out)["diagnostics"]
        self.assertEqual([d["rule"] for d in found], [rule], found)
        self.assertIn(words, found[0]["message"])


class Texts(Hostile):
    def test_encoding(self):
        self.refused(EXAMPLE.encode() + b"# \xff\n", "SHAPE-01", "0xFF is not valid UTF-8")
        self.refused(EXAMPLE.encode("utf-16"), "SHAPE-01", "UTF-16")
        self.refused(EXAMPLE + "# \0\n", "SHAPE-01", "U+0000")
        self.refused(EXAMPLE + "# \x1b[31m\n", "SHAPE-01", "U+001B")
        self.refused(EXAMPLE.replace("\n", "\r"), "SHAPE-01", "carriage return")

    def test_line_ends_and_a_byte_order_mark_are_fine(self):
        plain = run("topology", "validate", self.file(EXAMPLE))
        self.assertEqual(run("topology", "validate", self.file(EXAMPLE.replace("\n", "\r\n"))), plain)
        self.assertEqual(run("topology", "validate", self.file("\ufeff" + EXAMPLE)), plain)

    def test_what_yaml_has_and_topologies_do_not(self):
        self.refused(EXAMPLE.replace("{name: contoso}", "{name: &a contoso}"), "SHAPE-01", "anchors")
        self.refused(EXAMPLE + "<<: {a: b}\n", "SHAPE-01", "merge keys")
        self.refused(EXAMPLE + "---\n" + EXAMPLE, "SHAPE-01", "second document")
        self.refused(EXAMPLE + "kind: Topology\n", "SHAPE-05", "given twice")
        self.refused(EXAMPLE.replace("  domain:", "\tdomain:"), "SHAPE-01", "tab")
        self.refused(EXAMPLE.replace("{name: contoso}", "{name: !!str contoso}"), "SHAPE-01", "tags")

    def test_words_that_readers_disagree_on(self):
        for word in ("yes", "on", "True", "1"):
            self.refused(EXAMPLE.replace("spec:\n", f"spec:\n  production: {word}\n").replace("  production: true\n", ""), "SHAPE-02", "true or false")
        for word in ("010", "0x10", "1e3", "1_000", '"5"', "yes"):
            self.refused(EXAMPLE.replace("concurrentUsers: 60000}\n  data", f"concurrentUsers: {word}}}\n  data"), "SHAPE-02", "whole number")
        for word in ("yes", "010", "1e3", "0x10"):
            self.refused(EXAMPLE.replace("{name: contoso}", "{name: " + word + "}"), "SHAPE-02", "a text")

    def test_bombs(self):
        self.refused("[" * 10_000, "SHAPE-01", "nested")
        self.refused("- " * 10_000, "SHAPE-01", "nested")
        self.refused("a: {" * 10_000, "SHAPE-01", "nested")
        laughs = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))
        code, out, _ = run("topology", "validate", self.file(laughs))
        self.assertEqual(code, 3)
        self.assertIn("aliases ('*name') are not supported", out)

    def test_a_huge_file_is_not_read(self):
        path = self.folder / "huge.yaml"
        with open(path, "wb") as file:
            file.truncate(100 * 1024 * 1024)
        code, _, err = run("topology", "validate", str(path))
        self.assertEqual(code, 3)
        self.assertIn("104857600 bytes", err)
        code, _, err = run("topology", "validate", "-", stdin=b"a" * (5 * 1024 * 1024))
        self.assertEqual(code, 3)
        self.assertIn("at most", err)


class Places(Hostile):
    def test_what_is_no_file(self):
        fifo = str(self.folder / "fifo")
        os.mkfifo(fifo)
        for path, words in (
            (str(self.folder), "it is a directory"),
            (fifo, "not a regular file"),
            ("/dev/zero", "not a regular file"),
            (str(self.folder / "none.yaml"), "No such file"),
        ):
            for command in (("validate", path), ("show", path), ("set", "deployment", "-f", path, "--production")):
                code, _, err = run("topology", *command)
                self.assertEqual(code, 3, err)
                self.assertIn(words, err)

    def test_a_file_without_permission_to_read(self):
        path = self.file(EXAMPLE)
        os.chmod(path, 0)
        os.chmod(self.folder, 0o755)
        who = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}
        try:
            code, _, err = run("topology", "validate", path, **who)
        except PermissionError:  # the program itself lies where nobody may look
            self.skipTest("SKIPPED: the build directory is closed to other users")
        self.assertEqual(code, 3)
        self.assertIn("Permission denied", err)

    def test_standard_input_that_is_a_terminal(self):
        ours, theirs = pty.openpty()
        done = subprocess.run([PROGRAM, "topology", "validate", "-"], stdin=theirs, capture_output=True, timeout=20)
        os.close(ours)
        os.close(theirs)
        self.assertEqual(done.returncode, 2)
        self.assertIn("standard input is a terminal", done.stderr.decode())

    def test_names_that_would_repaint_the_screen(self):
        code, out, err = run("topology", "validate", str(self.folder / "\x1b[2Jx.yaml"))
        self.assertEqual(code, 3)
        self.assertNotIn("\x1b", out + err)


if __name__ == "__main__":
    unittest.main(verbosity=1)
