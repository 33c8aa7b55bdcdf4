#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pchatctl on a terminal: colour, pager, Ctrl-C. terminal_test.py PCHATCTL"""

import errno
import fcntl
import os
import pathlib
import pty
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
ESCAPE = "\x1b["


def drain(terminal):
    """Everything written to a terminal until its last writer is gone."""
    text = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError as problem:
            if problem.errno != errno.EIO:
                raise
            part = b""
        if not part:
            os.close(terminal)
            return text.decode("utf-8").replace("\r\n", "\n")
        text += part


def on_terminal(*words, rows=24, stdout=True, stderr=True, **variables):
    """Runs pchatctl with the chosen streams on a terminal: (exit code, what the terminal shows)."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 80, 0, 0))
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "LANG": "C.UTF-8", **variables}
    child = subprocess.Popen(
        [PROGRAM, *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs if stdout else subprocess.DEVNULL,
        stderr=theirs if stderr else subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = drain(ours)
    return child.wait(timeout=60), shown


class Colour(unittest.TestCase):
    def test_headings_and_errors_are_coloured_on_a_terminal(self):
        self.assertIn(ESCAPE, on_terminal("version", "-h", "--no-pager")[1])
        self.assertIn(ESCAPE, on_terminal("topolgy")[1])

    def test_every_way_to_switch_it_off(self):
        for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn(ESCAPE, on_terminal("version", "-h", "--no-pager", **variables)[1])
            self.assertNotIn(ESCAPE, on_terminal("topolgy", **variables)[1])
        self.assertNotIn(ESCAPE, on_terminal("version", "-h", "--no-pager", "--no-color")[1])
        self.assertNotIn(ESCAPE, on_terminal("topolgy", "--no-color")[1])

    def test_an_empty_no_color_forbids_nothing(self):
        self.assertIn(ESCAPE, on_terminal("topolgy", NO_COLOR="")[1])

    def test_each_stream_is_judged_by_itself(self):
        ours, theirs = pty.openpty()
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm"}
        command = [PROGRAM, "version", "-h"]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=theirs, text=True, check=True)
        os.close(theirs)
        os.close(ours)
        self.assertNotIn(ESCAPE, done.stdout)
        self.assertIn(ESCAPE, on_terminal("topolgy", stdout=False)[1])


class Pager(unittest.TestCase):
    def test_a_long_page_goes_through_it(self):
        code, shown = on_terminal("version", "-h", rows=5, PAGER="sed s/^/PAGED:/")
        self.assertEqual(code, 0)
        self.assertTrue(all(line.startswith("PAGED:") for line in shown.splitlines()), shown)

    def test_a_short_page_does_not(self):
        self.assertNotIn("PAGED:", on_terminal("version", "-h", rows=200, PAGER="sed s/^/PAGED:/")[1])

    def test_it_can_be_switched_off(self):
        for words, variables in ((["--no-pager"], {}), ([], {"PCHATCTL_NO_PAGER": "1"}), ([], {"PAGER": "cat"})):
            variables = {"PAGER": "sed s/^/PAGED:/", **variables}
            code, shown = on_terminal("version", "-h", *words, rows=5, **variables)
            self.assertEqual(code, 0)
            self.assertNotIn("PAGED:", shown)
            self.assertIn("USAGE", shown)

    def test_leaving_it_early_is_no_failure(self):
        code, shown = on_terminal("version", "-h", rows=5, PAGER="head -1")
        self.assertEqual(code, 0)
        self.assertEqual(len(shown.splitlines()), 1)

    def test_one_that_does_not_exist_costs_nothing_but_the_comfort(self):
        code, shown = on_terminal("version", "-h", rows=5, PAGER="no-such-pager 2>/dev/null")
        self.assertEqual(code, 0)
        self.assertIn("USAGE", shown)

    def test_nothing_is_paged_into_a_pipe(self):
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "PAGER": "sed s/^/PAGED:/"}
        shown = subprocess.run([PROGRAM, "help"], env=environment, capture_output=True, text=True, check=True).stdout
        self.assertNotIn("PAGED:", shown)


class Password(unittest.TestCase):
    def test_nothing_is_shown_from_the_question_on(self):
        """Else whoever answers at once, as scripts do, is shown, and thrown away."""
        ours, theirs = pty.openpty()
        termios.tcflow(theirs, termios.TCOOFF)  # nothing can be asked yet
        with tempfile.TemporaryDirectory() as home:
            child = subprocess.Popen(
                [PROGRAM, "login", "--server", "http://127.0.0.1:9", "--user", "sip:ann@contoso.example"],
                env={"PATH": os.environ["PATH"], "TERM": "xterm", "HOME": home}, stdin=theirs, stdout=theirs, stderr=theirs,
            )  # fmt: skip
            end = time.monotonic() + 30
            while termios.tcgetattr(theirs)[3] & termios.ECHO:
                self.assertLess(time.monotonic(), end, "it asks while the terminal shows what is typed")
                time.sleep(0.01)
            os.write(ours, b"sesame\n")
            termios.tcflow(theirs, termios.TCOON)
            os.close(theirs)
            shown = drain(ours)
            self.assertIn("Password of sip:ann@contoso.example: \n", shown)
            self.assertNotIn("sesame", shown)
            self.assertEqual(child.wait(timeout=60), 1)


class Interrupt(unittest.TestCase):
    def test_ctrl_c_ends_a_command_that_waits_for_input(self):
        child = subprocess.Popen(
            [PROGRAM, "topology", "validate", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        # More than a pipe holds: once it is written the command is reading.
        child.stdin.write(b"# a comment\n" * 20000)
        child.stdin.flush()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
        self.assertEqual(child.returncode, -signal.SIGINT)  # shells call it 130
        self.assertEqual((out, err), (b"", b""))


class NothingWritten(unittest.TestCase):
    def test_reading_commands_leave_no_files(self):
        with tempfile.TemporaryDirectory() as home:
            environment = {"PATH": os.environ["PATH"], "HOME": home}
            for words in (["version"], ["help"], ["topology", "rules"], ["nonsense"]):
                subprocess.run([PROGRAM, *words], env=environment, cwd=home, capture_output=True, check=False)
            self.assertEqual(os.listdir(home), [])


if __name__ == "__main__":
    unittest.main()
