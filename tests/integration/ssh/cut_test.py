#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Links to machines that are cut in silence: whoever uses them hears of it, and soon. Hosts are network namespaces."""

import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "promises"))

import lan
import skip

SSHD = "/usr/sbin/sshd"
SOON = 60  # seconds; by itself TCP gives up after a quarter of an hour
SIZE = 4 << 30  # of a file that is never sent to its end
CONFIG = """\
ListenAddress {address}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
PidFile none
StrictModes no
UsePAM no
UseDNS no
PermitRootLogin yes
Subsystem sftp /usr/lib/openssh/sftp-server
"""


class Site:
    """An administrator's desk, a gate, and a machine; all know each other."""

    def __init__(self, folder, trial):
        self.folder = pathlib.Path(folder)
        self.trial = trial
        self.lan = lan.Lan("ssh")
        self.servers = []
        for name in ("host_key", "key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name], check=True)
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        self.desk = self.lan.add("desk", 1)
        self.gate = self.serve("gate", 2)
        self.machine = self.serve("machine", 3)

    def serve(self, name, number):
        host = self.lan.add(name, number)
        config = self.folder / f"{name}.conf"
        config.write_text(CONFIG.format(address=host.address, folder=self.folder))
        log = open(self.folder / f"{name}.log", "wb")
        self.servers.append(subprocess.Popen(host.words(SSHD, "-D", "-e", "-f", config), stderr=log))
        return host

    def start(self, jump, *action):
        words = [self.trial, self.folder, self.folder / "key", self.machine.address, jump or "-", *action]
        return subprocess.Popen(self.desk.words(*words), stdout=subprocess.PIPE, text=True)

    def wait_until_all_answer(self):
        end = time.monotonic() + SOON
        while self.start(self.gate.address, "run", "true").wait() != 0:
            if time.monotonic() > end:
                raise RuntimeError("the servers do not answer")

    def close(self):
        for server in self.servers:
            server.kill()
            server.wait()
        self.lan.close()


def check(site, jump, action, cut):
    """Whether somebody at the desk hears that the link was cut."""
    remote = site.folder / "remote"
    with contextlib.suppress(FileNotFoundError):
        remote.unlink()
    words = ("upload", site.folder / "local", remote) if action == "upload" else ("run", "sleep 600")
    trial = site.start(jump, *words)
    try:
        if trial.stdout.readline() != "connected\n":
            return "it does not connect"
        while action == "upload" and not (remote.exists() and remote.stat().st_size > 1 << 20):
            if trial.poll() is not None:
                return f"it ends too early: {trial.stdout.read()}"
        cut()
        said = trial.communicate(timeout=SOON)[0]
    except subprocess.TimeoutExpired:
        return "it still waits"
    finally:
        trial.kill()
        trial.wait()
    return "" if said.startswith(f"unreachable: {site.machine.address}:22") else f"it says: {said}"


def main():
    trial = pathlib.Path(sys.argv[1])
    missing = lan.why_not() or ("" if os.access(SSHD, os.X_OK) else f"there is no {SSHD} (Debian: openssh-server)")
    if missing:
        return skip.skip(missing)
    failures = 0
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(Site(folder, trial)) as site:
        site.wait_until_all_answer()
        with open(site.folder / "local", "wb") as local:
            local.truncate(SIZE)
        links = [
            ("to the machine", None, site.desk, site.machine),
            ("to the gate", site.gate.address, site.desk, site.gate),
            ("behind the gate", site.gate.address, site.gate, site.machine),
        ]
        for name, jump, one, other in links:
            for action in ("upload", "run"):
                begin = time.monotonic()
                problem = check(site, jump, action, lambda one=one, other=other: site.lan.cut(one, other))
                site.lan.mend(one, other)
                print(f"{'FAIL' if problem else 'ok'}: {action}, cut {name}, {time.monotonic() - begin:.1f} s {problem}")
                failures += bool(problem)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
