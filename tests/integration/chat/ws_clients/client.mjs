// SPDX-License-Identifier: Apache-2.0
// client.mjs URL TOKEN ROOM: the npm package ws against pchatd. Ends with 0 when all was as RFC 6455
// and the protocol say.
import assert from "node:assert/strict";
import WebSocket from "ws";

const [url, token, room] = process.argv.slice(2);
const options = { rejectUnauthorized: false, headers: { Authorization: `Bearer ${token}` } };

class Session {
    constructor(given = options) {
        this.frames = [];
        this.waiting = [];
        this.socket = new WebSocket(url, "pchat.v1", given);
        this.closed = new Promise((resolve) => this.socket.on("close", resolve));
        this.socket.on("error", (error) => (this.error = error));
        this.socket.on("message", (data, isBinary) => {
            assert.equal(isBinary, false);
            this.frames.push(JSON.parse(data));
            this.waiting.splice(0).forEach((wake) => wake());
        });
    }

    async next(fits) {
        for (;;) {
            const at = this.frames.findIndex(fits);
            if (at >= 0) return this.frames.splice(at, 1)[0];
            await new Promise((resolve) => this.waiting.push(resolve));
        }
    }

    ask(request) {
        this.socket.send(JSON.stringify(request));
        return this.next((frame) => frame.id === request.id);
    }
}

async function chats() {
    const session = new Session();
    await session.next((frame) => frame.type === "welcome");
    assert.equal(session.socket.protocol, "pchat.v1");
    assert.equal(session.socket.extensions, "");
    assert.equal((await session.ask({ type: "join", id: "1", room })).type, "ok");
    const body = "größer als die Welt, 世界, 🌍";
    const key = `node-${Date.now()}-${Math.random()}`;
    const sent = await session.ask({ type: "send", id: "2", room, key, body });
    const message = await session.next((frame) => frame.type === "msg" && frame.seq === sent.seq);
    assert.equal(message.body, body);
    const pong = new Promise((resolve) => session.socket.on("pong", resolve));
    session.socket.ping("are you there");
    assert.equal((await pong).toString(), "are you there");
    session.socket.close(1000, "bye");
    assert.equal(await session.closed, 1000);
}

async function fragments() {
    const session = new Session();
    await session.next((frame) => frame.type === "welcome");
    const text = JSON.stringify({ type: "ping", id: "ä🌍".length + "" });
    const bytes = Buffer.from(text);
    for (let i = 0; i < bytes.length; ++i) {
        session.socket.send(bytes.subarray(i, i + 1), {
            binary: false,
            fin: i + 1 === bytes.length,
        });
        if (i === 3) session.socket.ping();  // between two fragments
    }
    assert.equal((await session.next((frame) => frame.id)).type, "ok");
    session.socket.close();
    await session.closed;
}

async function refusals() {
    const binary = new Session();
    await binary.next((frame) => frame.type === "welcome");
    binary.socket.send(Buffer.from([1, 2, 3]), { binary: true });
    assert.equal(await binary.closed, 1003);
    const stranger = new Session({ rejectUnauthorized: false });
    await new Promise((resolve) => stranger.socket.on("open", resolve));
    stranger.socket.send(JSON.stringify({ type: "auth", id: "1", token: "wrong" }));
    assert.equal(await stranger.closed, 4001);
    const late = new Session({ rejectUnauthorized: false });
    await new Promise((resolve) => late.socket.on("open", resolve));
    late.socket.send(JSON.stringify({ type: "auth", id: "1", token }));
    await late.next((frame) => frame.type === "welcome");
    late.socket.terminate();
    await late.closed;
}

setTimeout(() => {
    console.error("client.mjs: no end after 60 seconds");
    process.exit(1);
}, 60_000).unref();
await chats();
await fragments();
await refusals();
