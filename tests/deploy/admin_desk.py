# SPDX-License-Identifier: Apache-2.0
"""Where an administrator sits: a folder on the site's network (machines.py) with a topology, a key, and pchatctl."""

import json
import os
import pathlib
import shlex
import signal
import subprocess

from machines import LONGEST


class AdminDesk:
    """One pool, and all that is kept about it. `names`: (address, name) besides those of the machines."""

    def __init__(self, site, folder, programs, pool, names=()):
        self.site = site
        self.folder = pathlib.Path(folder)
        self.programs = pathlib.Path(programs).resolve()
        self.pool = pool
        self.ssh_words = ["--identity", site.key, "--known-hosts", site.known_hosts]
        self.agent = ""  # its socket
        self.desk = self.folder / "desk"
        self.desk.mkdir(parents=True)
        # Not /etc/hosts of this machine: what is mounted there is seen by whom it is mounted for.
        known = [*names, *((one.address, one.fqdn) for one in site.machines)]
        self.hosts = self.write("hosts", "127.0.0.1 localhost\n" + "".join(f"{address} {name}\n" for address, name in known))

    def write(self, name, text, mode=0o644):
        path = self.desk / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def words(self, *command):
        """The command line of something that runs at the desk."""
        name = 'mount --bind "$0" /etc/hosts && cd "$1" && shift && exec "$@"'
        return self.site.admin.words("unshare", "--mount", "sh", "-c", name, self.hosts, self.desk, *command)

    @property
    def environment(self):
        return {
            **os.environ, "HOME": str(self.desk), "XDG_CONFIG_HOME": "", "SSH_AUTH_SOCK": self.agent, "POOL": self.pool,
            "TERM": "dumb", "PATH": f"{self.programs}:{os.environ['PATH']}",
            "PCHATCTL_BUNDLE": str(self.site.folder / "bundle"),
        }  # fmt: skip

    def begin(self, *command, **more):
        """A program at the desk, in a process group of its own."""
        return subprocess.Popen(
            [str(word) for word in self.words(*command)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=self.environment, start_new_session=True, **more,
        )  # fmt: skip

    def run(self, *command, codes=(0,)):
        process = self.begin(*command)
        try:
            out, err = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise RuntimeError(f"{shlex.join(map(str, command))} does not end\n{out}{err}") from None
        if process.returncode not in codes:
            raise RuntimeError(f"{shlex.join(map(str, command))}: exit {process.returncode}\n{out}{err}")
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def pchatctl(self, *words, codes=(0,)):
        return self.run("pchatctl", *words, codes=codes)

    def deploy(self, verb, *words, codes=(0,), yes=True):
        subject = self.pool if verb != "node" else words[0]
        rest = words if verb != "node" else words[1:]
        answer = ("--yes",) if yes and verb in ("pool", "node", "rollback", "remove") else ()
        return self.pchatctl(
            "deploy", verb, subject, "-f", "topology.yaml", *self.ssh_words, *answer, *rest, codes=codes
        )  # fmt: skip

    def status(self, codes=(0, 1, 5)):
        return {row["name"]: row for row in json.loads(self.deploy("status", "-o", "json", codes=codes).stdout)}

    def make_certificates(self):
        self.pchatctl("deploy", "ca", "init", self.pool, "-f", "topology.yaml")
        self.pchatctl("deploy", "ca", "issue", self.pool, "-f", "topology.yaml")
