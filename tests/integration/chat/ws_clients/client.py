#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""client.py URL TOKEN ROOM: Python's websockets against pchatd, and frames that no client sends."""
import asyncio
import json
import os
import ssl
import struct
import sys
import uuid
from urllib.parse import urlparse

import websockets

URL, TOKEN, ROOM = sys.argv[1:4]
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
PLACE = urlparse(URL)


def trust():
    """Whatever certificate the server has: what is tested is the layer above."""
    if PLACE.scheme != "wss":
        return None
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def connect(**more):
    return websockets.connect(
        URL, subprotocols=["pchat.v1"], extra_headers=HEADERS, ssl=trust(), **more
    )


async def answer(socket, wanted):
    while True:
        frame = json.loads(await socket.recv())
        if frame.get("id") == wanted or frame["type"] == wanted:
            return frame


async def chats():
    # Offers compression, as it does unless told otherwise; the server declines.
    async with connect() as socket:
        assert socket.subprotocol == "pchat.v1"
        assert not socket.extensions
        await answer(socket, "welcome")
        await socket.send(json.dumps({"type": "join", "id": "1", "room": ROOM}))
        assert (await answer(socket, "1"))["type"] == "ok"
        body = "größer, 世界, 🌍"
        request = {"type": "send", "id": "2", "room": ROOM, "key": str(uuid.uuid4()), "body": body}
        await socket.send(json.dumps(request))
        sent = await answer(socket, "2")
        message = await answer(socket, "msg")
        while message["seq"] != sent["seq"]:
            message = await answer(socket, "msg")
        assert message["body"] == body
        await (await socket.ping())
        # A list is sent in fragments.
        text = json.dumps({"type": "ping", "id": "3"})
        await socket.send([text[:5], text[5:9], text[9:]])
        assert (await answer(socket, "3"))["type"] == "ok"


async def closes(text, code):
    async with connect() as socket:
        await answer(socket, "welcome")
        await socket.send(text)
        try:
            while True:
                await socket.recv()
        except websockets.ConnectionClosed:
            assert socket.close_code == code, socket.close_code


def frame(first, payload=b"", masked=True, length=None):
    size = len(payload) if length is None else length
    out = bytes([first])
    bit = 0x80 if masked else 0
    if size < 126:
        out += bytes([bit | size])
    elif size < 65536:
        out += bytes([bit | 126]) + struct.pack(">H", size)
    else:
        out += bytes([bit | 127]) + struct.pack(">Q", size)
    if not masked:
        return out + payload
    mask = os.urandom(4)
    return out + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


async def raw():
    """A connection that was upgraded, for bytes as we like them."""
    reader, writer = await asyncio.open_connection(PLACE.hostname, PLACE.port, ssl=trust())
    writer.write(
        b"GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Protocol: pchat.v1\r\n"
        + f"Authorization: Bearer {TOKEN}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101"), head
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head, head
    return reader, writer


async def read_frame(reader):
    first, second = await reader.readexactly(2)
    assert second & 0x80 == 0, "a server never masks"
    size = second & 0x7F
    if size == 126:
        size = struct.unpack(">H", await reader.readexactly(2))[0]
    elif size == 127:
        size = struct.unpack(">Q", await reader.readexactly(8))[0]
    return first, await reader.readexactly(size)


async def close_code(reader):
    while True:
        first, payload = await read_frame(reader)
        if first == 0x88:
            return struct.unpack(">H", payload[:2])[0]


PING = json.dumps({"type": "ping", "id": "p"}).encode()

HOSTILE = {
    "a frame without a mask": (frame(0x81, PING, masked=False), 1002),
    "a reserved bit": (frame(0xC1, PING), 1002),
    "an opcode that does not exist": (frame(0x83, PING), 1002),
    "a control frame of 126 bytes": (frame(0x89, b"x" * 126), 1002),
    "a control frame in fragments": (frame(0x09, b"x"), 1002),
    "a continuation of nothing": (frame(0x80, PING), 1002),
    "a message within a message": (frame(0x01, b"{") + frame(0x81, PING), 1002),
    "a length of 2^63": (frame(0x81, length=1 << 63), 1002),
    "a length of 2^62": (frame(0x81, length=1 << 62), 1009),
    "text that is not UTF-8": (frame(0x81, b'{"type":"\xff"}'), 1007),
    "UTF-8 that is cut off": (frame(0x81, b'{"type":"\xe4\xb8"'), 1007),
    "half a surrogate pair": (frame(0x81, b'"\xed\xa0\x80"'), 1007),
    "a close frame of one byte": (frame(0x88, b"\x03"), 1002),
    "a close code that may not be sent": (frame(0x88, struct.pack(">H", 1005)), 1002),
    "a flood of pings": (frame(0x89, b"x") * 5_000, 4009),
}


async def hostile():
    for name, (sent, code) in HOSTILE.items():
        reader, writer = await raw()
        writer.write(sent)
        got = await close_code(reader)
        assert got == code, f"{name}: closed with {got}, not {code}"
        writer.close()


async def patient():
    """Every byte in a segment of its own, a character split between two fragments."""
    reader, writer = await raw()
    text = json.dumps({"type": "send", "id": "s", "room": ROOM, "key": str(uuid.uuid4()),
                       "body": "世"}, ensure_ascii=False).encode()
    cut = text.index("世".encode()) + 1
    join = frame(0x81, json.dumps({"type": "join", "id": "j", "room": ROOM}).encode())
    for byte in join + frame(0x01, text[:cut]) + frame(0x80, text[cut:]):
        writer.write(bytes([byte]))
        await writer.drain()
    while True:
        _, payload = await read_frame(reader)
        got = json.loads(payload)
        if got.get("id") == "s":
            assert got["type"] == "ok", got
            break
    writer.write(frame(0x88, struct.pack(">H", 1000) + b"bye"))
    assert await close_code(reader) == 1000
    writer.close()


async def run():
    await chats()
    await closes(b"\x01\x02", 1003)
    await patient()
    await hostile()


asyncio.run(asyncio.wait_for(run(), 60))
