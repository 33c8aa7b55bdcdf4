# SPDX-License-Identifier: Apache-2.0
"""People who chat in rooms, go to another server when theirs fails them, and note what they see."""

import asyncio
import contextlib
import hashlib
import ssl

import record
from chat_socket import ChatSocket, Closed

PAGE = 500
IN_FLIGHT = 4
REST = 1.0  # seconds before what was refused for now is asked again
NO_ACCESS = {"not-allowed", "room-not-found"}


def body_of(key):
    """What a message says is known from its key, so that a reader finds out what was altered."""
    return f"{key} {hashlib.sha256(key.encode()).hexdigest()}"


def key_in(body):
    key = body.split(" ", 1)[0]
    return key if body == body_of(key) else "?" + body


class Unwell(Exception):
    """The server fails this client: it goes elsewhere."""


class Room:
    """One person's place in one room."""

    def __init__(self, name):
        self.name = name
        self.last = None  # number of the last message seen
        self.joined = False
        self.goal = 0  # what was missed ends here
        self.waiting = []  # live messages that came before that was read
        self.refused = False  # this person may not be there
        self.heard = None  # who is there, as the server tells it; None: it tells only how many
        self.roster = None  # who was there in the end

    @property
    def caught_up(self):
        return self.joined and self.last >= self.goal

    def hear_roster(self, event):
        if "joined" not in event:
            self.heard = None
        elif self.heard is not None:
            self.heard |= {one["user"] for one in event["joined"]}
            self.heard -= set(event["left"])


class Person:
    """One client, over all its sessions."""

    def __init__(self, crowd, user, rooms, random):
        self.crowd = crowd
        self.name = user["user"]
        self.token = user["token"]
        self.label = user["user"].removeprefix("sip:").split("@")[0]
        self.rooms = {name: Room(name) for name in rooms}
        self.random = random
        self.server = ""
        self.socket = None
        self.begun = {}  # room -> number of the last message before the first join
        self.open = {}  # key -> room, of what is not acknowledged
        self.asked = {}  # id -> what to do with the answer, until when
        self.last_id = 0
        self.last_key = 0
        self.sessions = 0
        self.ended = ""  # why the last session did
        self.leaves = False  # goes home for good when the server fails, or at last when all is said
        self.is_gone = False  # for good: went home, or was disabled

    def note(self, kind, room, *fields):
        self.crowd.notes.append(kind(self.crowd.now(), self.name, room, self.server, *fields))

    @property
    def at_home(self):
        return self.socket is not None and all(room.caught_up or room.refused for room in self.rooms.values())

    @property
    def settled(self):
        """Everything sent is acknowledged, and everything that anybody knows of was delivered."""
        heads = self.crowd.heads
        all_known = all(r.caught_up and r.last >= heads.get(r.name, 0) for r in self.rooms.values())
        return self.at_home and not self.open and all_known

    # ---- sessions

    async def live(self):
        pause = 0.0
        while True:
            self.server = self.random.choice([s for s in self.crowd.servers if s != self.server] or self.crowd.servers)
            await asyncio.sleep(pause * self.random.uniform(0.5, 1.5))
            pause = min(3.0, pause * 2 + 0.1)
            try:
                async with asyncio.timeout(self.crowd.patience):
                    self.socket = await ChatSocket.open(self.server, self.token, self.crowd.tls)
                self.sessions += 1
                await self.session()
            except (OSError, ssl.SSLError, TimeoutError, Unwell) as error:
                if self.at_home:
                    pause = 0.1
                self.ended = f"{self.server}: {type(error).__name__} {error}"
            finally:
                self.leave()
            if self.leaves and self.crowd.sending_from is not None:
                self.is_gone = True
                self.note(record.Left, "")
                return

    def leave(self):
        if self.socket is not None:
            self.socket.abort()
        self.socket = None
        self.asked.clear()
        for room in self.rooms.values():
            room.joined = room.refused = False
            room.waiting.clear()

    async def session(self):
        """Until one of the three says that it cannot go on."""
        tasks = [asyncio.create_task(part) for part in (self.listen(), self.talk(), self.watch())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def listen(self):
        while True:
            frame = await self.socket.receive()
            kind = frame["type"]
            if kind == "msg":
                self.take_message(frame)
            elif kind in ("ok", "err"):
                answered, _ = self.asked.pop(frame.get("id"), (None, None))
                if answered is not None:
                    answered(frame)
            elif kind == "welcome":
                for room in self.rooms.values():
                    self.join(room)
            elif kind == "roster":
                self.rooms[frame["room"]].hear_roster(frame)
            elif kind == "gone":
                self.is_refused(self.rooms[frame["room"]], f"gone: {frame['reason']}")
            elif kind == "moved":
                raise Unwell("sent elsewhere")

    async def watch(self):
        """Nothing says that a link was cut: what is not answered in time tells."""
        begun = self.crowd.now()
        while True:
            await asyncio.sleep(1)
            now = self.crowd.now()
            if self.leaves and self.crowd.is_over:
                raise Unwell("all is said")
            if any(until < now for _, until in self.asked.values()):
                raise Unwell("no answer in time")
            if not self.asked:
                if not any(room.joined or room.refused for room in self.rooms.values()) and now - begun > self.crowd.patience:
                    raise Unwell("no welcome in time")
                self.ask(lambda _: None, type="ping")

    def ask(self, answered, **request):
        self.last_id += 1
        name = str(self.last_id)
        self.asked[name] = (answered, self.crowd.now() + self.crowd.patience)
        self.socket.send({"id": name, **request})

    def later(self, work):
        """In a while, if this session lasts."""
        session = self.sessions
        asyncio.get_running_loop().call_later(REST, lambda: work() if self.socket and self.sessions == session else None)

    # ---- reading

    def join(self, room):
        since = {"history": 0} if room.last is None else {"since": room.last}
        asked = self.crowd.now()
        self.ask(lambda answer: self.joined(room, asked, answer), type="join", room=room.name, **since)

    def is_refused(self, room, code):
        """Somebody took the room away; tries to come in until it is given back."""
        self.note(record.Refused, room.name, code)
        room.joined, room.refused = False, True
        self.later(lambda: self.join(room))

    def joined(self, room, asked, answer):
        if answer["type"] == "err" and answer["code"] in NO_ACCESS:
            self.is_refused(room, answer["code"])
            return
        if answer["type"] == "err":
            self.note(record.Refused, room.name, answer["code"])
            raise Unwell(answer["code"])
        head = answer["head"]
        self.note(record.Joined, room.name, room.last, head, answer.get("gap", False), asked)
        if room.last is None:
            room.last = self.begun[room.name] = head
        room.joined, room.refused = True, False
        room.heard = {one["user"] for one in answer["participants"]} if "participants" in answer else None
        room.goal = head
        self.take_missed(room, answer)

    def take_missed(self, room, answer):
        """A page of what was missed; asks for the next one until all is there."""
        if answer["type"] == "err":
            self.note(record.Refused, room.name, answer["code"])
            raise Unwell(answer["code"])
        for message in answer["messages"]:
            if message["seq"] <= room.goal:  # what comes after the head comes live
                self.see(room, message, live=False)
        if room.caught_up:
            for message in room.waiting:
                self.see(room, message, live=True)
            room.waiting.clear()
        elif answer["messages"] or answer.get("more"):
            self.read_on(room)
        else:
            raise Unwell("a room ends before its head")

    def read_on(self, room):
        self.ask(
            lambda page: self.take_missed(room, page), type="history", room=room.name, after=room.last, limit=PAGE
        )

    def take_message(self, frame):
        room = self.rooms[frame["room"]]
        if room.caught_up or room.refused:
            self.see(room, frame, live=True)
        else:
            room.waiting.append(frame)

    def see(self, room, message, live):
        seq = message["seq"]
        sender = message["from"]
        self.note(record.Seen, room.name, seq, key_in(message["body"]), sender, message["at"], live)
        room.last = max(room.last, seq)
        self.crowd.heard_of(room.name, seq)

    # ---- writing

    async def talk(self):
        while not self.at_home:
            await asyncio.sleep(0.05)
        for key in list(self.open):
            self.send(key, again=True)
        while True:
            await asyncio.sleep(self.random.expovariate(self.crowd.pace))
            loud = [name for name in self.rooms if self.crowd.is_loud(name)]
            if loud and len(self.open) < IN_FLIGHT:
                self.last_key += 1
                key = f"{self.label}-{self.last_key}"
                self.open[key] = self.random.choice(loud)
                self.send(key, again=False)

    def send(self, key, again):
        room = self.open.get(key)
        if room is None:
            return
        self.note(record.Sent, room, key, again)
        request = {"type": "send", "room": room, "key": key, "body": body_of(key)}
        self.ask(lambda answer: self.sent(key, room, answer), **request)

    def sent(self, key, room, answer):
        if answer["type"] == "ok":
            self.note(record.Acknowledged, room, key, answer["seq"], answer["at"])
            self.open.pop(key, None)
            self.crowd.heard_of(room, answer["seq"])
            return
        self.note(record.Refused, room, answer["code"], key)
        self.later(lambda: self.send(key, again=True))

    # ---- when all is over

    async def read_history(self):
        """Notes the history of each room from where this person began; whole ones only."""
        for room in self.rooms.values():
            while True:
                pages = asyncio.get_running_loop().create_future()
                if self.at_home:
                    self.read_page(room, self.begun[room.name], [], pages)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(3 * self.crowd.patience):
                            await pages
                        break
                await asyncio.sleep(0.2)
            self.crowd.notes.extend(pages.result())

    def read_page(self, room, after, found, done):
        def take(page):
            if page["type"] == "err":
                self.note(record.Refused, room.name, page["code"])
                return
            for message in page["messages"]:
                note = (message["seq"], key_in(message["body"]), message["from"], message["at"])
                found.append(record.Read(self.crowd.now(), self.name, room.name, self.server, *note))
            if page["messages"] and page.get("more"):
                self.read_page(room, found[-1].seq, found, done)
            elif not done.done():
                done.set_result(found)

        self.ask(take, type="history", room=room.name, after=after, limit=PAGE)

    async def ask_rosters(self):
        """Who is in each room, until it is who should be."""
        for room in self.rooms.values():
            while not self.has_all(room):
                if self.at_home:
                    self.ask(lambda answer, room=room: self.take_roster(room, answer), type="roster", room=room.name)
                await asyncio.sleep(0.3)

    def has_all(self, room):
        there = self.crowd.there(room.name)
        return room.roster is not None and there == set(room.roster) and room.heard in (None, there)

    def take_roster(self, room, answer):
        if answer["type"] == "ok":
            room.roster = sorted(one["user"] for one in answer["participants"])

    def note_rosters(self):
        for room in self.rooms.values():
            if room.roster is not None:
                self.note(record.Roster, room.name, room.roster, None if room.heard is None else sorted(room.heard))
