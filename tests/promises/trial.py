# SPDX-License-Identifier: Apache-2.0
"""One trial of a pool: clients chat at all its servers, something happens to it meanwhile, and checker.py says whether a
promise was broken. What happens, and what else must hold, is said by who is derived from Trial."""

import argparse
import asyncio
import collections
import contextlib
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

import lan
import record
from archive import is_at_rest, read_archive
from archive_judge import judge_archive
from parts import require_program, run
from pool import ARCHIVE, Pool
from skip import skip

HERE = pathlib.Path(__file__).resolve().parent
FOLLOW = 2.0 * float(os.environ.get("PCHAT_TEST_PATIENCE", "1"))
MOST_SHOWN = 20
READ = (
    "import ssl, sys, urllib.request as web; print(web.urlopen(sys.argv[1], timeout=5,"
    " context=ssl.create_default_context(cafile=sys.argv[2])).read().decode())"
)


def parser_of(description, clients, rooms, seconds):
    out = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    out.add_argument("--programs", type=pathlib.Path, required=True, metavar="DIR", help="with pchatd and pchatctl")
    out.add_argument("--servers", type=int, default=4)
    out.add_argument("--clients", type=int, default=clients)
    out.add_argument("--rooms", type=int, default=rooms)
    out.add_argument("--seconds", type=float, default=seconds, help="during which messages are sent")
    out.add_argument("--pace", type=float, default=0.5, help="messages of one client in a second")
    out.add_argument("--changes", type=int, help="how often somebody loses access (every five seconds)")
    out.add_argument("--leave", type=int, help="how many go home when their server fails them (a tenth)")
    out.add_argument("--converge", type=float, default=60, help="seconds until all must know everything")
    out.add_argument("--seed", type=int, default=1)
    out.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="keep what was said and noted there")
    return out


def why_not(options):
    for name, place in (("initdb", "/usr/lib/postgresql/*/bin/initdb"), ("nats-server", "/usr/sbin/nats-server")):
        try:
            require_program(name, place)
        except FileNotFoundError as error:
            return str(error)
    missing = [name for name in ("ip", "ss", "nsenter", "setpriv", "openssl", "psql") if not shutil.which(name)]
    if missing:
        return f"there is no {missing[0]}"
    for name in ("pchatd", "pchatctl"):
        if not (options.programs / name).exists():
            raise SystemExit(f"there is no {name} in {options.programs}")
    return lan.why_not()


class Trial:
    def __init__(self, options, folder, pool):
        self.options = options
        self.folder = folder
        self.pool = pool
        self.begun = time.monotonic()
        self.surprises = []  # what nobody meant

    async def trouble(self):
        """What happens while the clients chat."""

    def troubles(self):
        """Which server cannot follow the others when: its number, from, until, in seconds since the clients send."""
        return []

    def judge(self, _notes):
        """What is wrong beside what checker.py finds. Notes have the time of time.monotonic()."""
        return []

    def say(self, text):
        print(f"{time.monotonic() - self.begun:8.1f}  {text}", flush=True)

    async def go(self):
        options, pool = self.options, self.pool
        world = pool.start(options.clients, options.rooms)
        self.say(f"{len(pool.servers)} servers, {options.clients} clients, {options.rooms} rooms, seed {options.seed}")
        urls = pool.urls()
        troubles = self.folder / "troubles.json"
        troubles.write_text(json.dumps([[urls[i], *times] for i, *times in self.troubles()]), encoding="utf-8")
        words = [sys.executable, HERE / "checker.py", "--world", world, "--ca", pool.authority.file,
                 "--seed", options.seed, "--seconds", options.seconds, "--pace", options.pace,
                 "--converge", options.converge, "--report", self.folder / "report",
                 "--changes", int(options.seconds / 5) if options.changes is None else options.changes,
                 "--leave", options.clients // 10 if options.leave is None else options.leave, "--follow", FOLLOW,
                 "--troubles", troubles,
                 *(word for url in urls for word in ("--server", url))]  # fmt: skip
        checker = await asyncio.create_subprocess_exec(
            *pool.clients.words("--", *words), stdout=asyncio.subprocess.PIPE, start_new_session=True
        )
        tasks = [asyncio.create_task(self.keep_up())]
        async for line in checker.stdout:
            state = json.loads(line)["state"]
            self.say(f"the clients: {state}")
            if state == "sending":
                tasks.append(asyncio.create_task(self.trouble()))
            elif state == "silent":
                # The last of it may outlast the last message.
                await asyncio.gather(*tasks[1:])
                pool.mend_all()
                self.say("all is mended")
        code = await checker.wait()
        await self.until("compliance is at rest", lambda: is_at_rest(pool, ARCHIVE), 60)
        for task in tasks:
            if task.done():
                task.result()
            task.cancel()
        notes = self.notes()
        self.surprises.extend(self.judge(notes))
        self.surprises.extend(self.judge_archive(notes))
        for surprise in self.surprises:
            self.say(surprise)
        return 1 if code or self.surprises else 0

    def judge_archive(self, notes):
        archive = read_archive(self.pool, ARCHIVE)
        kinds = collections.Counter(event.kind for event in archive.events)
        self.say(f"compliance has {kinds[1]} messages, {kinds[2]} joins and {kinds[3]} parts in {len(archive.batches)} batches")
        with open(self.folder / "archive.jsonl", "w", encoding="utf-8") as out:
            out.writelines(json.dumps(dataclasses.asdict(event)) + "\n" for event in archive.events)
        breaches = judge_archive(archive, notes)
        more = [f"and {len(breaches) - MOST_SHOWN} more"] if len(breaches) > MOST_SHOWN else []
        return [*(f"BROKEN {breach}" for breach in breaches[:MOST_SHOWN]), *more]

    def notes(self):
        report = json.loads((self.folder / "report.json").read_text(encoding="utf-8"))
        out = list(record.read(self.folder / "report.notes.jsonl"))
        for note in out:
            note.when += report["begun"]
        return out

    async def keep_up(self):
        """What a service manager does: starts again what ended."""
        while True:
            await asyncio.sleep(0.5)
            for part in self.pool.parts:
                if not part.wanted or part.process.poll() is None:
                    if part.wanted and not part.was_ready:
                        part.ready()
                    continue
                code = part.process.returncode
                # One that finds no database says so and ends.
                if (part.was_ready or code < 0) and not part.excused:
                    self.surprises.append(f"{part} ended with {code}:\n{part.tail()}")
                self.say(f"{part} ended with {code}, is started again")
                part.start()

    # ---- what the pool says of itself

    async def until(self, what, holds, seconds=30):
        """Waits until that is so, or notes that it was not. `holds` may wait for programs."""
        def held():
            with contextlib.suppress(RuntimeError):  # who was asked did not answer
                return holds()
            return False

        end = time.monotonic() + seconds
        while not await asyncio.to_thread(held):
            if time.monotonic() > end:
                self.surprises.append(f"not within {seconds} s: {what}")
                return False
            await asyncio.sleep(0.1)
        self.say(what)
        return True

    def ready(self):
        """/readyz of every server, in their order."""
        words = [(sys.executable, "-c", READ, url + "/readyz", self.pool.authority.file) for url in self.pool.urls()]
        return [json.loads(run(*self.pool.clients.words("--", *one))) for one in words]

    def status(self):
        """The servers that `pchatctl pool status` shows, by the name of their host."""
        url = next(url for url, server in zip(self.pool.urls(), self.pool.servers) if server.wanted and server.ready())
        words = (self.options.programs.resolve() / "pchatctl", "pool", "status", "-o", "json", "--server", url,
                 "--ca-file", self.pool.authority.file, "--token-file", self.folder / "first/admin-token")  # fmt: skip
        found = json.loads(run(*self.pool.clients.words("--", *words)))["servers"]
        return {one["server"].split(".")[0]: one for one in found}


def end_on(*signals):
    def stop(number, _frame):
        raise SystemExit(128 + number)

    for one in signals:
        signal.signal(one, stop)


@contextlib.contextmanager
def undisturbed():
    """What cleans up is not interrupted by who is impatient."""
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    yield


def hold(trial, options):
    """The exit code: 0 all promises were kept."""
    if why := why_not(options):
        return skip(why)
    end_on(signal.SIGTERM, signal.SIGHUP)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pchat-promises-"))
    folder.chmod(0o711)  # PostgreSQL runs as somebody else
    code, pool = 1, None
    try:
        pool = Pool(folder, options.programs.resolve(), options.servers)
        code = asyncio.run(trial(options, folder, pool).go())
    finally:
        with undisturbed():
            if pool is not None:
                pool.close()
            keep_or_remove(folder, options.keep, code)
    return code


def keep_or_remove(folder, keep, code):
    for secret in (*folder.glob("*.key"), *folder.glob("*.secret"), *folder.glob("*.url"), folder / "world.json"):
        secret.unlink(missing_ok=True)
    for bulk in ("postgres", "first"):
        shutil.rmtree(folder / bulk, ignore_errors=True)
    if keep is not None:
        shutil.copytree(folder, keep, dirs_exist_ok=True)
    if keep is None and code != 0:
        print(f"what was said and noted is kept in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
