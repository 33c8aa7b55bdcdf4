# SPDX-License-Identifier: Apache-2.0
"""A WebSocket of the chat protocol, for asyncio, with nothing but the standard library."""

import asyncio
import json
import struct
import urllib.parse

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
ROOM_FOR_FRAMES = 1 << 20


class Closed(OSError):
    """The connection ended; the code of the close frame, 0 without one."""

    def __init__(self, code=0, reason=""):
        super().__init__(f"closed with {code} {reason}".rstrip())
        self.code = code


def frame_of(opcode, payload):
    """Masked with zeroes, which changes nothing: cheap for us, and servers unmask all the same."""
    size = len(payload)
    if size < 126:
        head = bytes([0x80 | opcode, 0x80 | size])
    elif size < 65536:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + bytes(4) + payload


class ChatSocket:
    """Text frames as JSON, both ways. Answers pings by itself."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, url, token, tls):
        """Upgrades as the owner of the token; raises OSError, or Closed when the server will not."""
        place = urllib.parse.urlsplit(url)
        secure = tls if place.scheme == "https" else None
        reader, writer = await asyncio.open_connection(place.hostname, place.port, ssl=secure, limit=ROOM_FOR_FRAMES)
        self = cls(reader, writer)
        try:
            writer.write(
                f"GET /v1/ws HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Protocol: pchat.v1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 101"):
                raise Closed(reason=head.split(b"\r\n", 1)[0].decode(errors="replace"))
        except BaseException as error:
            self.abort()
            if isinstance(error, asyncio.IncompleteReadError):
                raise Closed() from None
            raise
        return self

    def send(self, request):
        self.writer.write(frame_of(TEXT, json.dumps(request).encode()))

    async def receive(self):
        """The next text frame; raises Closed."""
        try:
            while True:
                opcode, payload = await self._frame()
                if opcode == TEXT:
                    return json.loads(payload)
                if opcode == PING:
                    self.writer.write(frame_of(PONG, payload))
                elif opcode == CLOSE:
                    code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 0
                    raise Closed(code, payload[2:].decode(errors="replace"))
        except asyncio.IncompleteReadError:
            raise Closed() from None

    async def _frame(self):
        first, second = await self.reader.readexactly(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", await self.reader.readexactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self.reader.readexactly(8))
        return first & 0x0F, await self.reader.readexactly(size)

    def abort(self):
        """Ends at once, without a good-bye: nobody waits for a peer that may be gone."""
        self.writer.transport.abort()
