#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ways_test.py PROGRAMS [BUNDLE]: the ways by which `pchatctl deploy` gets into a machine, and what it makes of one that is
empty: somebody who is not root and may run sudo, a jump host and an agent, runit instead of systemd; each for a pool of
one machine on SQLite, which has its databases and its administrator made there. Needs root and systemd-nspawn. Exit
code 77: cannot be tried here."""

import json
import os
import re
import subprocess
import sys

from admin_desk import AdminDesk
from machines import RUNIT, Site, wait_for
from node_calls import pack, read_bundle
from on_machines import SOURCE, run_trial

DOMAIN = "contoso.example"
LOW, HIGH = 443, 8443  # ports below and above those that need a capability
BIND_SERVICE = "0000000000000400"
NOTHING = "0000000000000000"
LEFT_BEHIND = "ls -d /opt/pchat /etc/pchat /etc/systemd/system/pchat* /etc/sv/pchat* /var/lib/pchat* /var/log/pchat 2>/dev/null"


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def say(text):
    print(f"ok: {text}", flush=True)


class Trial:
    """A machine, and a desk with a pool that it shall be: the example of a deployment of one machine."""

    def __init__(self, folder, programs, machine, login="root"):
        self.machine = machine
        self.login = login
        self.desk = AdminDesk(machine.site, folder / f"desk-of-{machine.host.name}", programs, machine.fqdn)
        self.desk.write("ann.password", "annes-password\n", 0o600)
        self.admin = ("--admin", f"sip:ann@{DOMAIN}", "--admin-password-file", "ann.password")

    def write_topology(self, port, more=""):
        text = (SOURCE / "examples/embedded.yaml").read_text(encoding="utf-8")
        for old, new in (
            ("pc.localhost.example", self.machine.fqdn),
            ("localhost.example", DOMAIN),
            ("host: 127.0.0.1", f"host: {self.machine.address}, user: {self.login}"),
            ("kind: single\n", f"kind: single\n      ports: {{https: {port}}}\n      capacity: {{concurrentUsers: 1000}}\n"),
        ):
            check(old in text, f"the example has no '{old}'")
            text = text.replace(old, new)
        self.desk.write("topology.yaml", text + more)

    def result(self, *words, codes=(0,)):
        """Of a deployment, in a word."""
        done = self.desk.deploy("pool", "-o", "json", *words, codes=codes)
        return json.loads(done.stdout)[0]["result"], done.stderr

    def refused(self, *words):
        done = self.desk.deploy("pool", *words, codes=(1,))
        check("nothing was changed" in done.stderr, done.stderr)
        return done.stderr

    def check_twice(self):
        """A second run finds nothing to do, and all is well."""
        result, said = self.result()
        check(result == "no changes", (result, said))
        state = self.desk.status()[self.machine.fqdn]
        check(state["state"] == "ok" and state["health"] == "ready" and state["drift"] == "-", state)
        return state

    def check_process(self, capabilities):
        """Whose the server is, and what it may do."""
        facts = dict(re.findall(r"(\w+):\t(\S+)", self.machine.ssh("cat /proc/$(pidof pchatd)/status").stdout))
        for name in ("CapEff", "CapPrm", "CapBnd", "CapAmb"):
            check(facts[name] == capabilities, (name, facts))
        check(facts["Uid"] == "842" and facts["NoNewPrivs"] == "1", facts)

    def check_gone(self):
        left = self.machine.ssh(f"{LEFT_BEHIND}; getent passwd pchat; pidof pchatd", check=False).stdout
        check(left == "", left)


# ---- whoever may run sudo


def check_sudo(trial, bundle):
    """From a sudo that wants a password to one that does what the hint says, with all that may be set there."""
    ssh = trial.machine.ssh
    # Copies of a tree may lose the bit without which sudo is nothing.
    ssh("chmod 4755 /usr/bin/sudo; echo 'ops ALL=(ALL) ALL' >/etc/sudoers.d/ops")
    trial.write_topology(LOW)
    trial.desk.make_certificates()
    said = trial.refused()
    check("sudo asks ops for a password" in said, said)
    wanted = re.search(r"hint: write '(.+)' into (/etc/sudoers.d/\S+) there", said)
    check(wanted, said)
    trial.check_gone()
    say("a sudo that asks for a password is refused")
    ssh(f"rm /etc/sudoers.d/ops; echo '{wanted[1]}' >{wanted[2]}; chmod 0440 {wanted[2]}; visudo --check --quiet")
    ssh("printf 'Defaults requiretty\\nDefaults secure_path=/bin\\n' >/etc/sudoers.d/defaults")
    make_pool(trial)
    ssh("rm /etc/sudoers.d/defaults")
    trial.check_twice()
    trial.check_process(BIND_SERVICE)
    say("sudo, with a terminal and without")
    talk(trial)
    upgrade(trial, bundle)
    journal = ssh("journalctl _COMM=sudo --output=cat").stdout
    check("pchat-node" in journal and "do_provision" not in journal, journal)
    remove(trial)


def make_pool(trial):
    """From nothing, its administrator with it."""
    result, said = trial.result(*trial.admin)
    check(result == "done", said)
    check(f"sip:ann@{DOMAIN} is the administrator" in said, said)
    check("next: pchatctl login" in said and "then: pchatctl topology publish" in said, said)
    # Again, and for somebody else.
    result, said = trial.result(*trial.admin)
    check(result == "no changes" and f"sip:ann@{DOMAIN} is the administrator" in said, said)
    done = trial.desk.deploy("pool", "--admin", f"sip:bob@{DOMAIN}", *trial.admin[2:], codes=(1,))
    check(f"sip:ann@{DOMAIN}" in done.stderr, done.stderr)


def messages(trial):
    listed = trial.desk.pchatctl("message", "list", "Lobby", "-o", "json").stdout
    return [one["body"] for one in json.loads(listed)]


def talk(trial):
    """By the context that the deployment wrote; whether the pool goes by its topology is told on the way."""
    desk, fqdn = trial.desk, trial.machine.fqdn
    desk.pchatctl("login", "--context", fqdn, "--user", f"sip:ann@{DOMAIN}", "--password-file", "ann.password")
    _, said = trial.result()
    publish = re.search(r"goes by no topology yet\nnext: pchatctl (topology publish .+)\n", said)
    check(publish, said)
    desk.pchatctl(*publish[1].split(), "--yes")
    _, said = trial.result()
    check("topology publish" not in said, said)
    trial.write_topology(LOW, "# a word more\n")
    _, said = trial.result()
    check("goes by another topology, version 1" in said and "next: pchatctl topology publish" in said, said)
    for words in (
        ("policy", "set", "global", "--enable-persistent-chat"),
        ("category", "create", "Research", "--allow", "everyone", "--creator", f"sip:ann@{DOMAIN}"),
        ("room", "create", "Lobby", "--category", "Research", "--privacy", "open", "--type", "normal"),
        ("message", "send", "Lobby", "good morning"),
    ):
        desk.pchatctl(*words)
    check(messages(trial) == ["good morning"], messages(trial))
    say("SQLite from nothing: an administrator, a topology and a message")


def other_release(trial, bundle, path, mode, content):
    """The same but for one file."""
    return pack(trial.desk.folder, {**read_bundle(bundle), path: (mode, content)}, "0.2.0")


def upgrade(trial, bundle):
    release = other_release(trial, bundle, "share/note", 0o644, b"another build\n")
    check(trial.result("--bundle", release.archive)[0] == "done", "no upgrade")
    state = trial.desk.status()[trial.machine.fqdn]
    check(state["release"] == release.name and state["health"] == "ready", state)
    check(messages(trial) == ["good morning"], "an upgrade loses a message")
    trial.desk.deploy("rollback")
    state = trial.desk.status()[trial.machine.fqdn]
    check(state["release"] != release.name and state["state"] == "ok", state)
    check(messages(trial) == ["good morning"], "a way back loses a message")
    say("upgraded and brought back, with its data")


def remove(trial):
    trial.desk.deploy("remove", "--purge", codes=(2,))
    trial.desk.deploy("remove", "--purge", "--confirm-name", "somebody-else", codes=(2,))
    trial.check_twice()
    trial.desk.deploy("remove", "--purge", "--confirm-name", trial.machine.fqdn)
    trial.check_gone()
    say("removed")


# ---- a jump host, and an agent


def start_agent(site):
    """Its socket; it has the key, and ends with its process."""
    socket = site.folder / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    environment = {**os.environ, "SSH_AUTH_SOCK": str(socket)}
    wait_for(
        "the agent takes no key",
        lambda: subprocess.run(["ssh-add", "-q", site.key], env=environment, check=False, capture_output=True).returncode == 0,
    )
    return process, str(socket)


def check_jump(trial, gate):
    """Nobody but the gate reaches the machine; the key is the agent's, and both host keys have to be right."""
    site, desk = trial.machine.site, trial.desk
    site.lan.cut(site.admin, trial.machine.host)
    trial.write_topology(HIGH)
    desk.make_certificates()
    known = desk.desk / "known"
    desk.ssh_words = ["--known-hosts", known, "--jump", f"ops@{gate.fqdn}"]
    agent, desk.agent = start_agent(site)
    try:
        said = trial.refused()
        check(f": {gate.fqdn}:22: its host key is not known" in said, said)
        known.write_text(gate.host_key(), encoding="ascii")
        said = trial.refused()
        place = f"{trial.machine.address}:22 through {gate.fqdn}:22"
        check(f"{place}: its host key is not known" in said, said)
        known.write_text(gate.host_key() + swapped(trial.machine, gate), encoding="ascii")
        said = trial.refused()
        check(f"host-key failed: {place}: the machine shows another host key" in said, said)
        known.write_text(swapped(gate, trial.machine) + trial.machine.host_key(), encoding="ascii")
        said = trial.refused()
        check(f"host-key failed: {gate.fqdn}:22: the machine shows another host key" in said, said)
        known.write_text(gate.host_key() + trial.machine.host_key(), encoding="ascii")
        agent_socket, desk.agent = desk.agent, ""
        check("there is no key to sign in with" in trial.refused(), "somebody got in without a key")
        desk.agent = agent_socket
        result, said = trial.result()
        check(result == "done", said)
        trial.check_twice()
        check_from_the_gate(trial, gate)
        desk.deploy("remove")
    finally:
        agent.kill()
        agent.wait()
        site.lan.mend(site.admin, trial.machine.host)
    say("a jump host and an agent")


def swapped(machine, other):
    """A line that has the other's key for it."""
    return f"{machine.host_key().split()[0]} {' '.join(other.host_key().split()[1:])}\n"


def check_from_the_gate(trial, gate):
    """The administrator does not reach it even now, so the rest is seen by other ways."""
    site = trial.machine.site
    site.lan.mend(site.admin, trial.machine.host)
    trial.check_process(NOTHING)
    site.lan.cut(site.admin, trial.machine.host)
    said = gate.ssh(f"timeout 5 bash -c 'exec 3<>/dev/tcp/{trial.machine.address}/{HIGH}' && echo open").stdout
    check(said == "open\n", said)


# ---- runit


def check_runit(trial, bundle):
    machine = trial.machine
    machine.ssh("test ! -d /run/systemd/system")
    trial.write_topology(LOW)
    trial.desk.make_certificates()
    check(trial.result()[0] == "done", "runit: not deployed")
    state = trial.check_twice()
    check(state["services"] == "pchatd active", state)
    trial.check_process(BIND_SERVICE)
    broken = other_release(trial, bundle, "bin/pchatd", 0o755, b"#!/bin/sh\necho broken >&2\nexit 1\n")
    result, said = trial.result("--bundle", broken.archive, "--within", "15s", codes=(1,))
    check(result == "undone" and "broken" in said, said)
    trial.check_twice()
    say("runit: a bad release is taken back")
    trial.write_topology(HIGH)
    check(trial.result()[0] == "done", "runit: no other port")
    trial.check_process(NOTHING)
    trial.desk.deploy("rollback")
    state = trial.desk.status()[machine.fqdn]
    check(state["state"] == "differs" and state["health"] == "ready", state)
    trial.check_process(BIND_SERVICE)
    trial.desk.deploy("remove", "--purge", "--confirm-name", machine.fqdn)
    trial.check_gone()
    say("runit: another port, and back; removed")


def run(folder, programs, bundle):
    with Site(folder) as site:
        first, second = site.add(f"pc1.{DOMAIN}"), site.add(f"pc2.{DOMAIN}")
        third = site.add(f"pc3.{DOMAIN}", RUNIT)
        site.write_hosts()
        for machine in site.machines:
            machine.start()
        for machine in site.machines:
            machine.wait()
        first.ssh("useradd --create-home ops; install -d -o ops -m 700 ~ops/.ssh; install -o ops /root/.ssh/authorized_keys ~ops/.ssh/")
        check_sudo(Trial(folder, programs, first, login="ops"), bundle)
        check_jump(Trial(folder, programs, second), first)
        check_runit(Trial(folder, programs, third), bundle)


if __name__ == "__main__":
    sys.exit(run_trial(run))
