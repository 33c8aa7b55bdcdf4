#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Servers that are lost without a word, as `message tail` meets them: stand-ins that greet, and then fall silent in the
middle of a message, or for good. lost_servers_test.py PCHATCTL"""

import base64
import hashlib
import json
import socket
import subprocess
import tempfile
import threading
import unittest

from local_server import PROGRAM, WAIT, environment

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(text, opcode=1, final=True):
    payload = text.encode()
    assert len(payload) < 65536
    size = bytes([len(payload)]) if len(payload) < 126 else bytes([126]) + len(payload).to_bytes(2, "big")
    return bytes([(0x80 if final else 0) | opcode]) + size + payload


class StandIn:
    """Welcomes, lets join, and then sends what it was given; after that it says nothing any more."""

    def __init__(self, after=b""):
        self.after = after
        self.others = []
        self.visits = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.kept = []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                link = self.listener.accept()[0]
            except OSError:
                return
            self.visits += 1
            self.kept.append(link)
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link):
        stream = link.makefile("rwb")
        key = ""
        while (line := stream.readline().strip()) != b"":
            if line.lower().startswith(b"sec-websocket-key:"):
                key = line.split(b":")[1].strip().decode()
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        stream.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Protocol: pchat.v1\r\nSec-WebSocket-Accept: " + accept.encode() + b"\r\n\r\n"
        )
        stream.write(frame(json.dumps({"type": "welcome", "servers": [self.url, *self.others]})))
        stream.flush()
        request = json.loads(self._read(stream))
        room = {"id": "1", "name": "lobby"}
        answer = {"type": "ok", "id": request["id"], "room": room, "head": 0, "rev": 0, "messages": []}
        stream.write(frame(json.dumps(answer)) + self.after)
        stream.flush()

    @staticmethod
    def _read(stream):
        head = stream.read(2)
        size = head[1] & 0x7F
        if size == 126:
            size = int.from_bytes(stream.read(2), "big")
        mask = stream.read(4)
        return bytes(byte ^ mask[i % 4] for i, byte in enumerate(stream.read(size)))

    def close(self):
        self.listener.close()
        for link in self.kept:
            link.close()


def message(seq, body):
    return json.dumps({"type": "msg", "room": "1", "seq": seq, "at": "2026-01-01T00:00:00Z", "from": "sip:ann@x", "body": body})


class LostServers(unittest.TestCase):
    def follow(self, first):
        with tempfile.TemporaryDirectory() as home:
            return subprocess.run(
                [PROGRAM, "message", "tail", "lobby", "--server", first.url, "--limit", "1", "--timeout", "1"],
                env=environment(home, PCHATCTL_TOKEN="token"), capture_output=True, text=True, timeout=WAIT, check=False,
            )  # fmt: skip

    def check_goes_to_the_other(self, after):
        first, second = StandIn(after), StandIn(frame(message(1, "from the other")))
        try:
            first.others = [second.url]
            done = self.follow(first)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout.count("\n"), 1, done.stdout)
            self.assertIn("from the other", done.stdout)
            self.assertIn(f"connected again, to {second.url}", done.stderr)
            # Although the servers name the first one first.
            self.assertEqual((first.visits, second.visits), (1, 1))
            return done.stderr
        finally:
            first.close()
            second.close()

    def test_silence_in_the_middle_of_a_message(self):
        whole = frame(message(1, "half of it"))
        self.assertIn("in the middle of a message", self.check_goes_to_the_other(whole[:20]))

    def test_silence_between_the_parts_of_a_message(self):
        part = frame(message(1, "half of it")[:20], final=False)
        self.assertIn("in the middle of a message", self.check_goes_to_the_other(part))

    def test_silence_for_good(self):
        self.assertIn("says nothing any more", self.check_goes_to_the_other(b""))


if __name__ == "__main__":
    unittest.main(verbosity=2)
