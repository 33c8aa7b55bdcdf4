# SPDX-License-Identifier: Apache-2.0
"""The program that runs on nodes, called over SSH as a deployment calls it, and what is put into its hands: releases and
changes."""

import dataclasses
import hashlib
import io
import itertools
import pathlib
import shlex
import subprocess
import tarfile
import time

PATIENCE = 90  # seconds for an activation to end
STATE = "/var/lib/pchat-deploy"
EFFECTS = (  # of the paths that begin so: what a change of the file asks for
    ("/etc/pchat/tls/", "reload=pchatd,reload=pchat-nats"),
    ("/etc/pchat/nats.conf", "restart=pchat-nats"),
    ("/etc/systemd/system/pchat-nats.service", "restart=pchat-nats"),
    ("/etc/", "restart=pchatd"),
)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# ---- releases


@dataclasses.dataclass
class Release:
    name: str
    archive: pathlib.Path

    @property
    def sum(self):
        return sha256(self.archive.read_bytes())


def read_bundle(archive):
    """path -> (mode, content), without its list."""
    with tarfile.open(archive) as tar:
        found = {one.name.split("/", maxsplit=1)[1]: (one.mode, tar.extractfile(one).read()) for one in tar if one.isfile()}
    del found["MANIFEST"]
    return found


def pack(folder, files, version="0.1.0", in_archive=None):
    """A release of these files; `in_archive`: what the archive really holds, when it lies."""
    listing = "".join(f"{sha256(content)}  0{mode:o}  {path}\n" for path, (mode, content) in sorted(files.items()))
    name = f"{version}-{sha256(listing.encode())[:12]}"
    held = {**(files if in_archive is None else in_archive), "MANIFEST": (0o644, listing.encode())}
    archive = pathlib.Path(folder) / f"pchat-{name}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        for path, (mode, content) in held.items():
            add_file(tar, f"{name}/{path}", content, mode)
    return Release(name, archive)


def add_file(tar, path, content, mode=0o600):
    member = tarfile.TarInfo(path)
    member.size = len(content)
    member.mode = mode
    tar.addfile(member, io.BytesIO(content))


# ---- changes


def effect_of(path):
    return next(effect for start, effect in EFFECTS if path.startswith(start))


def change_of(release, want, probe, supervisor="systemd", spoil=lambda files: None):
    """What `stage` reads: of what render_files says, with words for the probe. `spoil` may change what is in it."""
    rows = []
    members = {}
    for file in want["files"]:
        content = file["content"].encode()
        words = (file["path"], file["owner"], file["group"], f"0{file['mode']:o}", sha256(content), effect_of(file["path"]))
        rows.append("\t".join(words))
        members["tree" + file["path"]] = content
    texts = {
        "release": [release], "supervisor": [supervisor], "units": want["units"], "files": rows, "probe": probe,
    }  # fmt: skip
    members |= {name: "".join(line + "\n" for line in lines).encode() for name, lines in texts.items()}
    members["agent"] = want["program"].encode()
    spoil(members)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for path, content in members.items():
            add_file(tar, path, content)
    return out.getvalue()


def probe_of(machine):
    """Of a server with a certificate of the pool's own authority."""
    return ["--server", f"https://{machine.fqdn}", "--ca-file", "/etc/pchat/tls/ca.pem"]


# ---- calls


class Failed(Exception):
    """What the node said, its hint, and the exit status."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


class Node:
    def __init__(self, machine, program):
        self.machine = machine
        self.program = program
        self.runs = (f"run-{number}" for number in itertools.count(100))  # each is of one activation

    def call(self, *words, stdin=b"", allow=(0,)):
        """The rows of its answer, each a list of words."""
        command = shlex.join(["/bin/sh", "-c", self.program, "pchat-node", *map(str, words)])
        site = self.machine.site
        done = subprocess.run(
            site.admin.words("ssh", *site.ssh_options(), f"root@{self.machine.address}", command),
            input=stdin, capture_output=True, check=False,
        )  # fmt: skip
        rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
        if done.returncode not in allow:
            raise Failed(done.returncode, done.stderr.decode().strip() or done.stdout.decode().strip())
        return rows

    def refused(self, *words, stdin=b""):
        """What it says where it must not do it."""
        try:
            rows = self.call(*words, stdin=stdin)
        except Failed as failed:
            assert failed.status == 1 and "error\t" in failed.message, f"{words}: {failed.status}: {failed.message}"
            return failed.message
        raise AssertionError(f"{words} was done: {rows}")

    def look(self, *wishes):
        return self.call("look", stdin="".join("\t".join(map(str, wish)) + "\n" for wish in wishes).encode())

    def fact(self, name, *wishes):
        """The words after the name in its first row."""
        return next(row[1:] for row in self.look(*wishes) if row[0] == name)

    def prepare(self, *folders):
        return self.call("prepare", "root", stdin="".join(f"folder\t{folder}\n" for folder in folders).encode())

    def bring(self, release):
        """Uploads and unpacks it."""
        self.machine.put(release.archive, f"{STATE}/incoming/{release.name}.tar.gz")
        return self.call("unpack", release.name, release.sum)

    def stage(self, name, change):
        return self.call("stage", name, stdin=change)

    def progress(self):
        return self.call("progress")

    def wait_end(self):
        """How the activation ended: ok, undone or failed, why, and all rows."""
        end = time.monotonic() + PATIENCE
        while (rows := self.progress())[-1] == ["state", "running"]:
            if time.monotonic() > end:
                raise RuntimeError(f"an activation does not end: {rows}")
            time.sleep(0.1)
        assert rows[-1] == ["state", "ended"], rows
        last = [row for row in rows if row[0] == "ended"][-1]
        return last[1], last[2], rows

    def activate(self, change, within=30):
        assert self.call("activate", change, within, next(self.runs), "ann@desk") == [["started", change]]
        return self.wait_end()

    def roll_back(self):
        self.call("rollback", 30, next(self.runs), "ann@desk")
        return self.wait_end()

    def put_in_force(self, change):
        how, why, rows = self.activate(change)
        assert how == "ok", rows
        assert self.in_force() == change
        return why

    def in_force(self):
        return self.fact("active")[0]

    def pid(self, unit="pchatd"):
        return self.machine.ssh(f"systemctl show --property=MainPID --value {unit}").stdout.strip()

    def wait_step(self, step):
        """Until a step is done, at which tests hold it."""
        end = time.monotonic() + PATIENCE
        while True:
            rows = self.progress()
            if ["step", step] in [[row[0], row[-1]] for row in rows]:
                return
            if time.monotonic() > end or rows[-1] != ["state", "running"]:
                raise RuntimeError(f"step {step} is not reached: {rows}")
            time.sleep(0.05)
