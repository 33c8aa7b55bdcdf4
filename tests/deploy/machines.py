# SPDX-License-Identifier: Apache-2.0
"""Whole machines with systemd and an SSH server, in containers of systemd-nspawn: each has its own copy of a Debian
tree (overlayfs), its own place on a switch (a network namespace) and its own cgroup. They can be rebooted, crashed and
cut off. Needs root."""

import contextlib
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "promises"))

import debian_tree
import lan

PATIENCE = 60  # seconds for a machine to answer
LONGEST = 300  # and for one command there
SYSTEMD = ("--boot",)
RUNIT = ("/usr/sbin/runit",)  # which starts /etc/service, the SSH server with it
REBOOT = 133  # what systemd-nspawn ends with when the machine asks for one


def why_not():
    """Why there can be no machines here; empty when there can."""
    for program in ("systemd-nspawn", "ssh", "sftp", "ssh-keygen", "ip"):
        if not shutil.which(program):
            return f"there is no {program}"
    return lan.why_not() or debian_tree.why_not()


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{shlex.join(map(str, words))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def wait_for(what, check, seconds=PATIENCE):
    """Until it is so; a value that is not true is no answer."""
    end = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def cgroups(name):
    """Hosts that share a cgroup tree cannot end their services. Both trees where there are two."""
    top = pathlib.Path("/sys/fs/cgroup")
    found = [top / tree for tree in ("unified", "systemd") if (top / tree).is_dir()]
    return [tree / name for tree in found or [top]]


class Machine:
    def __init__(self, site, host, fqdn, init):
        self.site = site
        self.init = init
        self.host = host
        self.fqdn = fqdn
        self.address = host.address
        self.folder = site.folder / fqdn
        self.root = self.folder / "root"
        self.keeper = None  # starts the container again when it wants a reboot
        self.bound = []
        self._make_root()

    def _make_root(self):
        for name in ("root", "upper", "work"):
            (self.folder / name).mkdir(parents=True)
        layers = f"lowerdir={self.site.tree},upperdir={self.folder}/upper,workdir={self.folder}/work"
        run("mount", "-t", "overlay", "overlay", "-o", layers, self.root)
        run("ssh-keygen", "-A", "-f", self.root)
        (self.root / "etc/hostname").write_text(self.fqdn + "\n")
        (self.root / "etc/resolv.conf").write_text("")
        keys = self.root / "root/.ssh"
        keys.mkdir(mode=0o700, exist_ok=True)
        (keys / "authorized_keys").write_text(self.site.key.with_suffix(".pub").read_text())

    def bind(self, folder, place):
        """Gives it a folder of this machine, before it starts: as a share that all mount."""
        inside = self.root / place.lstrip("/")
        inside.mkdir(parents=True, exist_ok=True)
        run("mount", "--bind", folder, inside)
        self.bound.append(inside)

    def host_key(self):
        words = (self.root / "etc/ssh/ssh_host_ed25519_key.pub").read_text().split()
        return f"{self.address},{self.fqdn} {words[0]} {words[1]}\n"

    # ---- its life

    def start(self):
        names = cgroups(self.host.namespace)
        for name in names:
            name.mkdir(exist_ok=True)
        enter = "".join(f"echo $$ >{name}/cgroup.procs; " for name in names)
        container = shlex.join([
            "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--link-journal=no",
            "--resolv-conf=off", "--timezone=off", "--console=pipe", "--kill-signal=SIGRTMIN+4",
            f"--network-namespace-path=/run/netns/{self.host.namespace}", f"--directory={self.root}", *self.init,
        ])  # fmt: skip
        with open(self.folder / "console", "ab") as console:
            self.keeper = subprocess.Popen(
                ["bash", "-c", f"{enter} while {container}; [ $? -eq {REBOOT} ]; do :; done"],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
                env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            )  # fmt: skip
        return self

    def wait(self):
        """Until somebody can sign in."""
        wait_for(f"{self.fqdn} lets nobody in", lambda: self.ssh("true", check=False).returncode == 0)
        return self

    def boot_id(self):
        """Another one after each start; a container has the kernel's in common with all others."""
        return self.ssh("stat --format=%Z /proc/1").stdout.strip()

    def reboot(self):
        before = self.boot_id()
        self.ssh("systemctl reboot", check=False)
        wait_for(f"{self.fqdn} does not come back", lambda: self._other_boot(before))

    def _other_boot(self, before):
        done = self.ssh("stat --format=%Z /proc/1", check=False)
        return done.returncode == 0 and done.stdout.strip() != before

    def crash(self):
        """As when the power fails: nothing is told, nothing is written."""
        os.killpg(self.keeper.pid, signal.SIGKILL)
        for name in cgroups(self.host.namespace):
            self._kill_all(name)
        self.keeper.wait()
        self.keeper = None

    @staticmethod
    def _kill_all(group):
        for listing in group.rglob("cgroup.procs"):
            with contextlib.suppress(OSError):
                for pid in listing.read_text().split():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(pid), signal.SIGKILL)

    def stop(self):
        if self.keeper is None:
            return
        self.ssh("systemctl poweroff", check=False)
        try:
            self.keeper.wait(30)
            self.keeper = None
        except subprocess.TimeoutExpired:
            self.crash()

    def cut(self):
        self.site.lan.unplug(self.host)

    def mend(self):
        self.site.lan.plug(self.host)

    # ---- from the administrator's side

    def ssh(self, command, check=True, **options):
        done = subprocess.run(
            self.site.admin.words("ssh", *self.site.ssh_options(), f"root@{self.address}", command),
            capture_output=True, text=True, check=False, **{"timeout": LONGEST, **options},
        )  # fmt: skip
        if check and done.returncode != 0:
            raise RuntimeError(f"{self.fqdn}: {command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def put(self, source, target):
        batch = f'put "{source}" "{target}"\n'
        run(*self.site.admin.words("sftp", *self.site.ssh_options(), "-q", "-b", "-", f"root@{self.address}"), input=batch)

    def put_file(self, path, content, owner="root:root", mode=0o644):
        staged = self.folder / "staged"
        staged.write_text(content)
        self.ssh(f"mkdir -p {shlex.quote(os.path.dirname(path))}")
        self.put(staged, path + ".part")
        quoted = shlex.quote(path)
        self.ssh(f"chown {owner} {quoted}.part && chmod {mode:o} {quoted}.part && mv {quoted}.part {quoted}")

    def close(self):
        if self.keeper is not None:
            self.crash()
        for place in (*self.bound, self.root):
            with contextlib.suppress(RuntimeError):
                run("umount", "--lazy", place)
        with contextlib.suppress(RuntimeError):  # an empty folder that is left does no harm
            for name in cgroups(self.host.namespace):
                wait_for(f"{name} is in use", lambda name=name: self._remove(name), 5)

    @staticmethod
    def _remove(name):
        """Whether it is gone: those that were killed leave it a little later."""
        for group in (*sorted(name.rglob("*/"), reverse=True), name):
            with contextlib.suppress(OSError):
                group.rmdir()
        return not name.exists()


class Site:
    """A switch with an administrator's desk, and machines to be added."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.tree = debian_tree.ensure()
        self.key = self.folder / "id_ed25519"
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key)
        self.known_hosts = self.folder / "known_hosts"
        self.machines = []
        self.lan = lan.Lan("deploy")
        self.admin = self.lan.add("admin", 1)

    def add(self, fqdn, init=SYSTEMD):
        """`init`: how nspawn is to start it; RUNIT for a machine without systemd."""
        number = 11 + len(self.machines)
        machine = Machine(self, self.lan.add(fqdn.split(".", maxsplit=1)[0], number), fqdn, init)
        self.machines.append(machine)
        with open(self.known_hosts, "a", encoding="ascii") as known:
            known.write(machine.host_key())
        return machine

    def write_hosts(self):
        """Every machine knows all of them by name."""
        lines = ["127.0.0.1 localhost", *(f"{machine.address} {machine.fqdn}" for machine in self.machines)]
        for machine in self.machines:
            (machine.root / "etc/hosts").write_text("\n".join(lines) + "\n")

    def ssh_options(self):
        return [
            "-F", "none", "-i", self.key, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
            "-o", f"UserKnownHostsFile={self.known_hosts}", "-o", "ConnectTimeout=5", "-o", "LogLevel=ERROR",
        ]  # fmt: skip

    def close(self):
        for machine in self.machines:
            machine.close()
        self.lan.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
