#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries to make a pool break its promises: four servers, a PostgreSQL and a cluster of NATS on hosts of their own
(network namespaces), clients at all of them, and a plan of faults. checker.py says whether a promise was broken.

The full size, 10 minutes:  pool_run.py --programs build/ci/bin --clients 400 --rooms 100 --seconds 600 --hang 20
The same again:             --seed N as the run said

Needs root. Exit code: 0 all promises were kept, 1 one was broken or a program ended that should not, 77 cannot be run
here (with PCHAT_TEST_REQUIRE=all that is 1)."""

import argparse
import asyncio
import contextlib
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time

import lan
from faults import Breaker, make_plan
from parts import require_program
from pool import Pool
from skip import skip

HERE = pathlib.Path(__file__).resolve().parent


def options_of(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, required=True, metavar="DIR", help="with pchatd and pchatctl")
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--rooms", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=60, help="during which messages are sent")
    parser.add_argument("--pace", type=float, default=0.5, help="messages of one client in a second")
    parser.add_argument("--hang", type=float, default=8, help="seconds that a server stands still; the other faults are parts of it")
    parser.add_argument("--converge", type=float, default=60, help="seconds until all must know everything")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="keep what was said and noted there")
    return parser.parse_args(words)


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


class Run:
    def __init__(self, options, folder, pool):
        self.options = options
        self.folder = folder
        self.pool = pool
        self.plan = make_plan(options.seed, options.seconds, options.hang, len(pool.servers))
        self.begun = time.monotonic()
        self.surprises = []  # ends of programs that nobody meant

    def say(self, text):
        print(f"{time.monotonic() - self.begun:8.1f}  {text}", flush=True)

    async def go(self):
        options, pool = self.options, self.pool
        world = pool.start(options.clients, options.rooms)
        self.say(f"{len(pool.servers)} servers, {options.clients} clients, {options.rooms} rooms, seed {options.seed}")
        words = [sys.executable, HERE / "checker.py", "--world", world, "--ca", pool.authority.file,
                 "--seed", options.seed, "--seconds", options.seconds, "--pace", options.pace,
                 "--converge", options.converge, "--report", self.folder / "report",
                 *(word for url in pool.urls() for word in ("--server", url))]  # fmt: skip
        checker = await asyncio.create_subprocess_exec(
            *pool.clients.words("--", *words), stdout=asyncio.subprocess.PIPE, start_new_session=True
        )
        tasks = [asyncio.create_task(self.keep_up())]
        async for line in checker.stdout:
            state = json.loads(line)["state"]
            self.say(f"the clients: {state}")
            if state == "sending":
                tasks.append(asyncio.create_task(self.break_things()))
            elif state == "silent":
                # The last fault outlasts the last message.
                await asyncio.gather(*tasks[1:])
                pool.mend_all()
                self.say("all is mended")
        code = await checker.wait()
        for task in tasks:
            if task.done():
                task.result()
            task.cancel()
        for surprise in self.surprises:
            self.say(surprise)
        return 1 if code or self.surprises else 0

    async def break_things(self):
        await asyncio.gather(*(self.one_fault(fault, time.monotonic()) for fault in self.plan))

    async def one_fault(self, fault, begun):
        breaker = Breaker(self.pool)
        await asyncio.sleep(begun + fault.at - time.monotonic())
        self.say(str(fault))
        breaker.begin(fault)
        await asyncio.sleep(begun + fault.at + fault.lasts - time.monotonic())
        breaker.end(fault)

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


def main(words):
    options = options_of(words)
    if why := why_not(options):
        return skip(why)
    end_on(signal.SIGTERM, signal.SIGHUP)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pchat-promises-"))
    folder.chmod(0o711)  # PostgreSQL runs as somebody else
    code, pool = 1, None
    try:
        pool = Pool(folder, options.programs.resolve())
        code = asyncio.run(Run(options, folder, pool).go())
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
