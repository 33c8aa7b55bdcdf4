#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hosts that are made, cut off, mended and taken away again."""

import contextlib
import signal
import subprocess
import sys
import unittest

import lan
from skip import skip

LISTEN = "import socket; s = socket.create_server(('', 7000)); print('here', flush=True)\nwhile True: s.accept()[0].close()"
CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], 7000), timeout=1.5).close()"


class Lans(unittest.TestCase):
    def setUp(self):
        self.lan = lan.Lan("test")
        self.addCleanup(self.lan.close)
        self.one, self.other = (self.lan.add(name, number) for name, number in (("a", 11), ("b", 12)))
        words = self.other.words("--", sys.executable, "-c", LISTEN)
        self.listener = subprocess.Popen(words, stdout=subprocess.PIPE)
        self.addCleanup(self.listener.stdout.close)
        self.addCleanup(self.listener.wait)
        self.addCleanup(self.listener.kill)
        self.listener.stdout.readline()

    def reaches(self):
        words = self.one.words("--", sys.executable, "-c", CONNECT, self.other.address)
        return subprocess.run(words, capture_output=True, check=False).returncode == 0

    def test_a_link_that_is_cut_swallows_everything_until_it_is_mended(self):
        for cut, mend in (
            (lambda: self.lan.cut(self.one, self.other), lambda: self.lan.mend(self.one, self.other)),
            (lambda: self.lan.unplug(self.other), lambda: self.lan.plug(self.other)),
        ):
            self.assertTrue(self.reaches())
            cut()
            self.assertFalse(self.reaches())
            mend()
            self.assertTrue(self.reaches())
            mend()  # what is well stays well

    def test_nothing_is_left_when_it_is_closed(self):
        self.lan.close()
        self.assertNotIn(self.lan.prefix, lan.ip("netns", "list"))
        self.assertEqual(self.listener.wait(timeout=20), -signal.SIGKILL)


class Leftovers(unittest.TestCase):
    def test_what_a_killed_run_left_goes_with_the_next_one(self):
        make = "import lan, time; l = lan.Lan('dead'); l.add('a', 11); print(l.prefix, flush=True); time.sleep(600)"
        with subprocess.Popen([sys.executable, "-c", make], stdout=subprocess.PIPE, text=True, cwd=sys.path[0]) as dead:
            prefix = dead.stdout.readline().strip()
            self.assertIn(prefix, lan.ip("netns", "list"))
            with contextlib.closing(lan.Lan("living")):
                self.assertIn(prefix, lan.ip("netns", "list"))  # it lives
            dead.kill()
        with contextlib.closing(lan.Lan("living")):
            self.assertNotIn(prefix, lan.ip("netns", "list"))


if __name__ == "__main__":
    if why := lan.why_not():
        sys.exit(skip(why))
    unittest.main()
