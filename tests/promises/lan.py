# SPDX-License-Identifier: Apache-2.0
"""Network namespaces as hosts with addresses of their own on one switch, whose links can be cut. Everything lives in
namespaces, the switch too, so that nothing is left when they are gone. Needs root."""

import contextlib
import os
import re
import signal
import subprocess

NETWORK = "10.77.0."
NOBODY = "02:00:00:00:00:01"  # an address of Ethernet that no host has: what is sent there is lost in silence
OURS = re.compile(r"pchat-(\d+)-\S+")


def ip(*words):
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def why_not():
    """Why there can be no hosts here; empty when there can."""
    if os.geteuid() != 0:
        return "making network namespaces needs root"
    try:
        with contextlib.closing(Lan("probe")) as lan:
            lan.add("a", 1)
    except (OSError, RuntimeError) as error:
        return f"network namespaces cannot be made: {error}"
    return ""


def remove(namespace):
    with contextlib.suppress(RuntimeError):
        for pid in ip("netns", "pids", namespace).split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
    with contextlib.suppress(RuntimeError):
        ip("netns", "delete", namespace)


def remove_stale():
    """What runs have left that were killed."""
    for line in ip("netns", "list").splitlines():
        ours = OURS.match(line)
        if ours and not os.path.exists(f"/proc/{ours[1]}"):
            remove(ours[0])


class Host:
    def __init__(self, name, namespace, number):
        self.name = name
        self.namespace = namespace
        self.address = f"{NETWORK}{number}"

    def __repr__(self):
        return self.name

    def words(self, *command):
        """The command line that runs there, and ends with us."""
        return [
            "nsenter", f"--net=/run/netns/{self.namespace}", "setpriv", "--pdeathsig", "KILL", *map(str, command)
        ]  # fmt: skip

    def pids(self):
        return [int(pid) for pid in ip("netns", "pids", self.namespace).split()]


class Lan:
    def __init__(self, label="run"):
        self.prefix = f"pchat-{os.getpid()}-{label}"
        self.switch = f"{self.prefix}-switch"
        self.hosts = []
        remove_stale()
        ip("netns", "add", self.switch)
        try:
            ip("-n", self.switch, "link", "add", "bridge", "type", "bridge", "stp_state", "0")
            ip("-n", self.switch, "link", "set", "bridge", "up")
        except BaseException:
            self.close()
            raise

    def add(self, name, number):
        host = Host(name, f"{self.prefix}-{name}", number)
        ip("netns", "add", host.namespace)
        self.hosts.append(host)
        port = ("-n", self.switch, "link")
        ip(*port, "add", "name", name, "type", "veth", "peer", "name", "eth0", "netns", host.namespace)
        ip(*port, "set", "dev", name, "master", "bridge", "up")
        ip("-n", host.namespace, "address", "add", f"{host.address}/24", "dev", "eth0")
        ip("-n", host.namespace, "link", "set", "lo", "up")
        ip("-n", host.namespace, "link", "set", "eth0", "up")
        return host

    def cut(self, one, other):
        """What either sends to the other is lost, and nobody is told."""
        for here, there in ((one, other), (other, one)):
            ip("-n", here.namespace, "neighbor", "replace", there.address, "lladdr", NOBODY, "nud", "permanent",
               "dev", "eth0")  # fmt: skip

    def mend(self, one, other):
        for here, there in ((one, other), (other, one)):
            with contextlib.suppress(RuntimeError):  # it was not cut
                ip("-n", here.namespace, "neighbor", "delete", there.address, "dev", "eth0")

    def unplug(self, host):
        ip("-n", self.switch, "link", "set", "dev", host.name, "down")

    def plug(self, host):
        ip("-n", self.switch, "link", "set", "dev", host.name, "up")

    def close(self):
        for host in self.hosts:
            remove(host.namespace)
        remove(self.switch)
