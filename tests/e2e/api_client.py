# SPDX-License-Identifier: Apache-2.0
"""Clients of the HTTP interface and of the WebSocket for tests, with nothing but the standard library."""

import base64
import collections
import http.client
import json
import os
import socket
import struct
import time
import urllib.parse

PATIENCE = int(os.environ.get("PCHAT_TEST_PATIENCE", "1"))  # sanitized programs are slow
WAIT = 20 * PATIENCE
PASSWORD = "correct horse battery"


def quoted(name):
    """For one segment of a path."""
    return urllib.parse.quote(name, safe="")


class Answer:
    def __init__(self, status, headers, text):
        self.status = status
        self.headers = headers
        self.text = text
        self.json = json.loads(text) if headers.get("Content-Type", "").startswith("application/json") else None

    @property
    def code(self):
        """Of an error; empty when there is none."""
        return self.json.get("error", {}).get("code", "") if isinstance(self.json, dict) else ""

    @property
    def hint(self):
        return self.json["error"].get("hint", "")

    def __repr__(self):
        return f"{self.status} {self.text[:400]}"


class Api:
    """One connection of one person, for one thread."""

    def __init__(self, url, token=None):
        self.url = url
        self.token = token
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=WAIT)

    def send(self, method, path, body=None, headers=(), **query):
        """The body is text as it is, or anything else as JSON; a query value may be a list."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
            sent["Content-Type"] = "application/json"
        if query:
            path += "?" + urllib.parse.urlencode(query, doseq=True)
        data = body.encode() if isinstance(body, str) else body
        try:
            self.connection.request(method, path, data, {**sent, **dict(headers)})
            reply = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()  # it was idle for too long, or the last answer ended it
            self.connection.request(method, path, data, {**sent, **dict(headers)})
            reply = self.connection.getresponse()
        text = reply.read().decode()
        return Answer(reply.status, reply.headers, text)

    def ok(self, method, path, body=None, headers=(), **query):
        answer = self.send(method, path, body, headers, **query)
        assert answer.status in (200, 201, 202), f"{method} {path} {body}: {answer}"
        return answer.json

    def get(self, path, **query):
        return self.ok("GET", path, **query)

    def post(self, path, body=None, **query):
        return self.ok("POST", path, body, **query)

    def patch(self, path, body, **query):
        return self.ok("PATCH", path, body, **query)

    def delete(self, path, **query):
        return self.ok("DELETE", path, **query)

    def add_user(self, address, **fields):
        """Makes a user and signs in."""
        self.post("/v1/users", {"user": address, "password": PASSWORD, **fields})
        return self.sign_in(address)

    def sign_in(self, address):
        out = type(self)(self.url)
        out.token = out.post("/v1/sessions", {"user": address, "password": PASSWORD})["token"]
        return out

    def __del__(self):
        self.connection.close()


class Closed(OSError):
    """The server ended the WebSocket, with this code."""


class Chat:
    """A WebSocket. What comes unasked while an answer is awaited is kept in `events`."""

    def __init__(self, url, token):
        place = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((place.hostname, place.port), timeout=WAIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.bytes = b""
        self.events = collections.deque()
        self.last_id = 0
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /v1/ws HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: pchat.v1\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self.bytes:
            self._receive()
        head, _, self.bytes = self.bytes.partition(b"\r\n\r\n")
        assert b" 101 " in head.split(b"\r\n")[0], head
        self.welcome = self.next()

    def _receive(self):
        more = self.socket.recv(65536)
        if not more:
            raise Closed(0)
        self.bytes += more

    def _parsed(self):
        """The first frame as (opcode, payload); None while it is not all there."""
        if len(self.bytes) < 2:
            return None
        start, size = 2, self.bytes[1] & 0x7F
        if size >= 126:
            form, start = ("!H", 4) if size == 126 else ("!Q", 10)
            if len(self.bytes) < start:
                return None
            (size,) = struct.unpack(form, self.bytes[2:start])
        if len(self.bytes) < start + size:
            return None
        opcode, payload = self.bytes[0] & 0x0F, self.bytes[start : start + size]
        self.bytes = self.bytes[start + size :]
        return opcode, payload

    def _frame(self, opcode, payload):
        mask = os.urandom(4)
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack("!H", size)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self.socket.sendall(bytes([0x80 | opcode]) + length + mask + masked)

    def next(self, seconds=WAIT):
        """The next text frame; raises TimeoutError or Closed."""
        self.socket.settimeout(max(seconds, 0.001))
        while True:
            frame = self._parsed()
            if frame is None:
                self._receive()
                continue
            opcode, payload = frame
            if opcode == 8:
                raise Closed(struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 0)
            if opcode == 9:
                self._frame(10, payload)
            elif opcode == 1:
                return json.loads(payload)

    def ask(self, kind, **fields):
        """Sends a request and waits for its answer."""
        self.last_id += 1
        self._frame(1, json.dumps({"type": kind, "id": str(self.last_id), **fields}).encode())
        while True:
            frame = self.next()
            if frame.get("id") == str(self.last_id):
                return frame
            self.events.append(frame)

    def wait_for(self, kind, seconds=WAIT, **fields):
        """The next event of the kind, kept or yet to come; None when it does not come in time."""
        end = time.monotonic() + seconds
        for event in list(self.events):
            if event["type"] == kind and all(event.get(name) == value for name, value in fields.items()):
                self.events.remove(event)
                return event
        while (left := end - time.monotonic()) > 0:
            try:
                event = self.next(left)
            except TimeoutError:
                break
            if event["type"] == kind and all(event.get(name) == value for name, value in fields.items()):
                return event
            self.events.append(event)
        return None

    def wait_for_end(self, seconds=WAIT):
        """The close code; what came before is kept."""
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0:
                self.events.append(self.next(left))
        except Closed as closed:
            return closed.args[0]
        except (TimeoutError, ConnectionResetError):
            return None
        return None

    def close(self):
        self.socket.close()

    def __del__(self):
        self.socket.close()
