#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""node_cut_test.py PROGRAMS [--seed N | --all]: an activation on a node is killed, its machine crashed and rebooted, its
link cut, at some of its steps, which come from the seed, or at all of them, and in between: afterwards all of one change is
in force, the old one or the new one, and at no time has a server run with what belongs to both. The server is a stand-in
that writes down what it finds. Needs root and systemd-nspawn. Exit code 77: cannot be tried here."""

import argparse
import pathlib
import random
import sys
import tempfile
import time

import machines
from machines import wait_for
from node_calls import STATE, Node, change_of, pack
from topologies import Desk, embedded

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "promises"))

from skip import skip

SETTINGS = "/etc/pchat/pchatd.yaml"
SERVER = """\
#!/usr/bin/perl
use Socket;
exit 0 if @ARGV;
open my $settings, "<", "/etc/pchat/pchatd.yaml";
open my $ran, ">>", "/var/lib/pchat/ran";
print $ran "%s ", scalar <$settings>;
close $ran;
socket my $manager, AF_UNIX, SOCK_DGRAM, 0;
my $say = sub { send $manager, shift, 0, sockaddr_un($ENV{NOTIFY_SOCKET}) if $ENV{NOTIFY_SOCKET} };
$SIG{HUP} = "IGNORE";
$say->("READY=1");
while (1) { sleep 1; $say->("WATCHDOG=1") }
"""
PROBE = """\
#!/bin/sh
[ "$1 $2" = "test ready" ] || exit 2
[ %s = ready ] || { echo "pchatctl: not this one" && exit 1; }
"""
FORWARD = ("begin", "stop", "files", "switch", "units", "start", "gate", "keep")
BACK = ("back", "back-stop", "back-files", "back-switch", "back-units", "back-start", "back-gate")
KILL = "systemctl kill --kill-who={} --signal=KILL pchat-activation"


class Changes:
    """one and two are good, and differ in program, settings and a secret; with bad the server never gets ready."""

    def __init__(self, folder, programs, machine, supervisor):
        desk = Desk(folder / f"desk-{supervisor}", programs)
        desk.write(embedded(machine.fqdn, machine.address), machine.fqdn)
        self.want = desk.render(machine.fqdn, machine.fqdn, supervisor=supervisor)
        self.node = Node(machine, self.want["program"])
        self.supervisor = supervisor
        self.run = ""  # the last one that is held
        self.releases = {}
        self.files = {}
        for name in ("one", "two", "bad"):
            probe = PROBE % ("not" if name == "bad" else "ready")
            self.releases[name] = pack(
                folder,
                {"bin/pchatd": (0o755, (SERVER % name).encode()), "bin/pchatctl": (0o755, probe.encode())},
            )
            files = [
                {**file, "content": f"{name}\n"} if file["path"] == SETTINGS else file for file in self.want["files"]
            ]
            extra = {"path": f"/etc/pchat/secrets/{name}", "owner": "pchat", "group": "pchat", "mode": 0o600}
            self.files[name] = [*files, {**extra, "content": "hunter2\n", "secret": True}]

    def put_there(self):
        self.node.prepare()
        for name, release in self.releases.items():
            self.node.bring(release)
            self.node.stage(name, self.change(name))

    def change(self, name):
        want = {**self.want, "files": self.files[name]}
        return change_of(self.releases[name].name, want, ["--server", "https://pc1"], self.supervisor)

    def other(self):
        return "two" if self.node.in_force() == "one" else "one"

    def check(self, name):
        """All of it is in force, and nothing else."""
        rows = self.node.look(*(("file", file["path"]) for file in self.files[name]))
        facts = {row[0]: row[1:] for row in rows}
        assert facts["active"] == [name], f"{facts['active']} is in force, not {name}"
        assert facts["current"] == [self.releases[name].name], facts["current"]
        assert facts["activation"] == ["none"], facts["activation"]
        assert "other" not in facts, f"left behind: {facts['other']}"
        assert not [row for row in rows if row[-1] == "absent" and row[0] == "file"], rows
        assert facts["unit"][1:4] == ["active", "running", "enabled"], facts["unit"]
        ran = self.node.machine.ssh("cat /var/lib/pchat/ran").stdout.splitlines()
        mixed = [line for line in ran if len(set(line.split())) != 1]
        assert not mixed, f"a server has run with what belongs to two changes: {mixed}"
        assert ran[-1] == f"{name} {name}", f"{ran[-1]} runs, not {name}"

    def release_hold(self):
        """From outside, also where nobody can sign in."""
        (self.node.machine.root / STATE.lstrip("/") / "hold").unlink(missing_ok=True)

    def start_and_hold(self, change, *steps, within=20):
        """At the first of them now, and at the others later."""
        self.node.machine.ssh(f"echo {' '.join(steps)} >{STATE}/hold")
        self.run = next(self.node.runs)
        self.node.call("activate", change, within, self.run, "ann@desk")
        self.node.wait_step(steps[0])

    def wait_end(self):
        """Also of one that was killed before it began."""
        node = self.node
        wait_for("an activation does not end", lambda: node.progress()[-1][1] != "running")
        if node.progress()[-1][1] == "gone":
            node.call("recover")
        return node.wait_end()


class Sample:
    """Of steps: some that come from the seed, or all."""

    def __init__(self, seed, everything):
        self.chance = random.Random(seed)
        self.everything = everything

    def some(self, steps, count):
        if self.everything:
            return steps
        return sorted(self.chance.sample(steps, count), key=steps.index)


def check_kills(changes, sample):
    """Whatever it was doing, systemd sees to it that it is taken back, at once."""
    ssh = changes.node.machine.ssh
    for step in sample.some(FORWARD, 3):
        before, wanted = changes.node.in_force(), changes.other()
        changes.start_and_hold(wanted, step)
        ssh(KILL.format("main"))
        changes.release_hold()
        how, why, _ = changes.wait_end()
        print(f"killed at {step}: {how}: {why}")
        assert how == ("ok" if step == "keep" else "undone"), (step, how, why)
        changes.check(wanted if step == "keep" else before)
    for step in sample.some(BACK, 2):
        before = changes.node.in_force()
        changes.start_and_hold("bad", step, within=1)
        ssh(KILL.format("main"))
        changes.release_hold()
        how, why, _ = changes.wait_end()
        assert how == "undone", (step, how, why)
        changes.check(before)


def check_recover(changes):
    """Who cleaned up was killed, too: the next call does it."""
    node = changes.node
    before, wanted = node.in_force(), changes.other()
    changes.start_and_hold(wanted, "files", "back")
    running = node.call("activate", before, 20, "run-2", "bob@home", allow=(3,))
    assert running == [["running", wanted, changes.run, "ann@desk"]], running
    for words in (("recover",), ("remove",)):
        assert node.call(*words, allow=(3,))[0][0] == "running", words
    assert node.fact("activation")[:4] == ["running", before, wanted, "forward"]
    node.machine.ssh(KILL.format("main"))
    node.wait_step("back")
    node.machine.ssh(KILL.format("control"))
    wait_for("the activation is not gone", lambda: node.progress()[-1] == ["state", "gone"])
    changes.release_hold()
    assert node.fact("activation")[:4] == ["gone", before, wanted, "back"]
    assert node.call("recover") == [["started", wanted]]
    assert node.wait_end()[0] == "undone"
    changes.check(before)
    assert node.call("recover") == [["none"]]
    # Or the next activation does it, and then its own work.
    changes.start_and_hold(wanted, "switch", "back-files")
    node.machine.ssh(KILL.format("main"))
    node.wait_step("back-files")
    node.machine.ssh(KILL.format("control"))
    wait_for("the activation is not gone", lambda: node.progress()[-1] == ["state", "gone"])
    changes.release_hold()
    assert node.activate(wanted)[0] == "ok"
    changes.check(wanted)


def check_any_time(changes, sample):
    """Not only where steps end."""
    for _ in range(20 if sample.everything else 3):
        before, wanted = changes.node.in_force(), changes.other()
        changes.node.call("activate", wanted, 20, next(changes.node.runs), "ann@desk")
        wait = sample.chance.uniform(0, 1.5)
        time.sleep(wait)
        changes.node.machine.ssh(KILL.format("main"), check=False)
        how, why, _ = changes.wait_end()
        print(f"killed after {wait:.2f} s: {how}: {why}")
        changes.check(wanted if how == "ok" else before)


def wait_settled(changes):
    """A machine that has started has made good what was cut off."""
    node = changes.node
    wait_for("nobody made it good", lambda: node.fact("activation") == ["none"])
    wait_for("the server does not start", lambda: node.fact("unit")[1] == "active")


def check_crashes(changes, sample):
    machine = changes.node.machine
    for step in sample.some(("begin", "files", "switch", "start", "gate", "keep"), 3):
        before, wanted = changes.node.in_force(), changes.other()
        changes.start_and_hold(wanted, step)
        machine.crash()
        changes.release_hold()
        machine.start().wait()
        wait_settled(changes)
        changes.check(wanted if step == "keep" else before)
        print(f"crashed at {step}: {changes.node.progress()[-2]}")
    for step in sample.some(("stop", "units"), 1):
        before = changes.node.in_force()
        changes.start_and_hold(changes.other(), step)
        machine.reboot()
        changes.release_hold()
        wait_settled(changes)
        changes.check(before)
    before = changes.node.in_force()
    changes.start_and_hold("bad", "back-stop", within=1)
    machine.crash()
    changes.release_hold()
    machine.start().wait()
    wait_settled(changes)
    changes.check(before)


def check_link_cut(changes):
    machine = changes.node.machine
    wanted = changes.other()
    changes.start_and_hold(wanted, "stop")
    machine.cut()
    changes.release_hold()
    time.sleep(1)
    machine.mend()
    machine.wait()
    assert changes.node.wait_end()[0] == "ok"
    changes.check(wanted)


def check_full_disk(changes):
    """Nothing was put in its place before all of it was written."""
    machine, before = changes.node.machine, changes.node.in_force()
    machine.ssh(
        "cp -a /etc/pchat /root/kept; mount -t tmpfs -o size=128k,mode=755 none /etc/pchat; cp -a /root/kept/. /etc/pchat"
    )
    big = {"path": "/etc/pchat/tls/zz.pem", "owner": "root", "group": "root", "mode": 0o644, "content": "x" * 200_000}
    wanted = changes.other()
    want = {**changes.want, "files": [*changes.files[wanted], big]}
    changes.node.stage("big", change_of(changes.releases[wanted].name, want, ["--server", "https://pc1"]))
    how, why, _ = changes.node.activate("big")
    assert how == "undone" and "zz.pem cannot be written" in why, (how, why)
    changes.check(before)
    machine.ssh("umount --lazy /etc/pchat")
    changes.check(before)


def check_first(changes, sample):
    """There is nothing to go back to."""
    node, machine = changes.node, changes.node.machine
    how, why, _ = node.activate("bad", 1)
    assert how == "failed" and "no change before it" in why, (how, why)
    assert machine.ssh("systemctl is-active pchatd", check=False).stdout == "inactive\n"
    assert not [row for row in node.look() if row[0] == "other"], "files were left"
    assert node.in_force() == "-" and node.fact("activation") == ["none"]
    for step in sample.some(("begin", "files", "units"), 1):
        changes.start_and_hold("one", step)
        machine.crash()
        changes.release_hold()
        machine.start().wait()
        wait_settled(changes)
        changes.check("one")
        node.call("remove")
        changes.put_there()
    changes.start_and_hold("one", "switch")
    machine.ssh(KILL.format("main"))
    changes.release_hold()
    assert changes.wait_end()[0] == "ok"
    changes.check("one")


def check_secrets(changes):
    """While it is at work, nobody sees one among the processes."""
    wanted = changes.other()
    changes.start_and_hold(wanted, "files")
    processes = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' '\\n'"
    assert changes.node.machine.ssh(f"{processes} | grep -c hunter[2]", check=False).stdout == "0\n"
    changes.release_hold()
    assert changes.node.wait_end()[0] == "ok"
    changes.check(wanted)


def check_runit(changes, sample):
    """Nobody takes it back but a machine that starts, and who asks for it; until then nothing runs that is mixed."""
    node, machine = changes.node, changes.node.machine
    machine.ssh("mkdir -p /etc/service; systemd-run --quiet --unit=supervisor runsvdir /etc/service")
    changes.put_there()
    node.put_in_force("one")
    changes.start_and_hold("two", "files")
    machine.crash()
    changes.release_hold()
    machine.start().wait()
    machine.ssh("systemd-run --quiet --unit=supervisor runsvdir /etc/service")
    wait_settled(changes)
    changes.check("one")
    for step in sample.some(("begin", "stop", "files", "switch", "start", "gate", "keep"), 2):
        before, wanted = node.in_force(), changes.other()
        changes.start_and_hold(wanted, step)
        machine.ssh("kill -9 $(grep -lazx 'activatio[n]' /proc/[0-9]*/cmdline | cut -d/ -f3) || :")
        changes.release_hold()
        wait_for("it is not gone", lambda: node.progress()[-1][1] in ("gone", "ended"))
        node.call("recover")
        how, why, _ = node.wait_end()
        assert how == ("ok" if step == "keep" else "undone"), (step, how, why)
        changes.check(wanted if step == "keep" else before)


def run(folder, programs, sample):
    with machines.Site(folder) as site:
        machine = site.add("pc1.contoso.example")
        site.write_hosts()
        machine.start().wait()
        changes = Changes(folder, programs, machine, "systemd")
        changes.put_there()
        check_first(changes, sample)
        check_secrets(changes)
        check_kills(changes, sample)
        check_recover(changes)
        check_any_time(changes, sample)
        check_link_cut(changes)
        check_full_disk(changes)
        check_crashes(changes, sample)
        changes.node.call("remove", "purge")
        check_runit(Changes(folder, programs, machine, "runit"), sample)


def main():
    problem = machines.why_not()
    if problem:
        return skip(problem)
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("programs", type=pathlib.Path)
    words.add_argument("--seed", type=int, default=7)
    words.add_argument("--all", action="store_true")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        run(pathlib.Path(name), given.programs, Sample(given.seed, given.all))
    return 0


if __name__ == "__main__":
    sys.exit(main())
