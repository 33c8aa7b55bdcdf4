#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fault_test.py PROGRAMS [BUNDLE] [--every-step]: deployments of two machines that something comes in the way of. Afterwards each machine
runs the old release or the new one, never neither, and the next run finishes the work. Needs root and systemd-nspawn.
Exit code 77: cannot be tried here."""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import sys
import threading
import time

import machines
from node_calls import pack, read_bundle
from office import POOL, Office
from on_machines import run_trial

SEED = 11
KILLS = 3  # of pchatctl, at steps that the seed chooses
CLOCK = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def say(text):
    print(f"ok: {text}", flush=True)


class Trial:
    def __init__(self, office, bundle):
        self.office = office
        self.first, self.second = office.machines
        files = self.files = read_bundle(bundle)
        self.made = 0
        self.releases = []
        self.other()
        self.crashing = pack(office.folder, {**files, "bin/pchatd": (0o755, b"#!/bin/sh\necho broken >&2\nexit 1\n")}, "0.3.0")
        lame = b'#!/bin/sh\n[ "$1" = --check-config ] && exit 0\nexec sleep 1000\n'
        self.lame = pack(office.folder, {**files, "bin/pchatd": (0o755, lame)}, "0.3.1")

    def deploy(self, release, *more, codes=(0,)):
        return self.office.deploy("pool", "--bundle", release.archive, *more, codes=codes)

    def other(self):
        """A release that no machine has; the last one that was made comes first."""
        self.made += 1
        note = {"share/note": (0o644, b"%d\n" % self.made)}
        release = pack(self.office.folder, {**self.files, **note}, f"0.2.{self.made}")
        self.releases.insert(0, release)
        return release

    def begin(self, release, *more):
        """A deployment, and its lines as they come."""
        office = self.office
        return office.begin(
            "pchatctl", "deploy", "pool", POOL, "-f", "topology.yaml", *office.ssh_words, "--yes", "--bundle",
            release.archive, *more,
        )  # fmt: skip

    def both_run(self, *releases):
        """Each machine runs one of these, and is ready: at once, or when it has found the others again."""
        names = {release.name for release in releases}
        states = {}

        def so():
            states.update(self.office.status())
            return all(one["release"] in names and one["health"] == "ready" for one in states.values())

        try:
            machines.wait_for("the machines run something else", so)
        except RuntimeError as error:
            raise AssertionError(states) from error
        return states

    def finish(self, release):
        """The next run finishes the work, and the one after it finds nothing."""
        self.deploy(release)
        states = self.both_run(release)
        check(all(one["state"] == "ok" for one in states.values()), states)


# ---- before anything is changed


def check_refusals(trial):
    office, release = trial.office, trial.releases[0]
    stranger = office.folder / "stranger"
    machines.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", stranger)
    known = office.site.known_hosts
    good = known.read_text()
    words = ("deploy", "pool", POOL, "-f", "topology.yaml", "--yes", "--bundle", release.archive)
    done = office.pchatctl(*words, "--identity", stranger, "--known-hosts", known, codes=(1,))
    check("sign-in failed" in done.stderr and "nothing was changed" in done.stderr, done.stderr)
    say("wrong key")
    known.write_text(good.replace(good.split()[2], pathlib.Path(f"{stranger}.pub").read_text().split()[1], 1))
    done = office.deploy("pool", "--bundle", release.archive, codes=(1,))
    check("host-key failed" in done.stderr and "ssh-keygen -R" in done.stderr, done.stderr)
    say("changed host key")
    known.write_text("")
    done = office.deploy("pool", "--bundle", release.archive, codes=(1,))
    check("host-key failed" in done.stderr and "--accept-new-host-keys" in done.stderr, done.stderr)
    known.write_text(good)
    say("unknown host")
    for machine in office.machines:
        machine.ssh("useradd --create-home ops; install -d -o ops -m 700 ~ops/.ssh; install -o ops /root/.ssh/authorized_keys ~ops/.ssh/")
    done = office.deploy("pool", "--bundle", release.archive, "--ssh-user", "ops", codes=(1,))
    check("sudo" in done.stderr, done.stderr)
    say("no sudo")
    for machine in office.machines:
        left = machine.ssh("ls -d /opt/pchat /etc/pchat /var/lib/pchat-deploy 2>/dev/null || :").stdout
        check(left == "", f"{machine.fqdn} was changed: {left}")


def failed_check(trial, name, machine):
    done = trial.deploy(trial.releases[0], codes=(1,))
    check(f"{machine.fqdn}: {name} failed" in done.stderr, done.stderr)
    say(f"check {name}")


def check_preflight(trial):
    office, machine = trial.office, trial.second
    listen = "use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 443, Listen => 1) or die; sleep"
    machine.ssh(f"systemd-run --quiet --unit=squatter perl -e '{listen}'")
    failed_check(trial, "ports", machine)
    machine.ssh("systemctl stop squatter")
    office.site.lan.cut(machine.host, office.database.host)
    failed_check(trial, "database", machine)
    office.site.lan.mend(machine.host, office.database.host)
    shutil.copy(CLOCK, machine.root / "root/clock.so")
    # Not for all programs: sshd's own do not live with another library in them.
    wrong = "#!/bin/sh\nLD_PRELOAD=/root/clock.so FAKETIME=+3600 exec /usr/bin/date.right \"$@\"\n"
    machine.ssh("mv /usr/bin/date /usr/bin/date.right")
    machine.put_file("/usr/bin/date", wrong, mode=0o755)
    failed_check(trial, "clock", machine)
    machine.ssh("mv /usr/bin/date.right /usr/bin/date")


# ---- releases that are no good


def check_bad_releases(trial):
    good = trial.releases[0]
    trial.deploy(good)
    trial.both_run(good)
    for release, why in ((trial.crashing, "broken"), (trial.lame, "")):
        done = trial.deploy(release, "--within", "15s", "-o", "json", codes=(1,))
        rows = json.loads(done.stdout)
        check([row["result"] for row in rows] == ["undone", "not begun"], rows)
        check(why in done.stderr, done.stderr)
        states = trial.both_run(good)
        check(all(one["state"] == "ok" for one in states.values()), states)
        say(f"release {release.name} was taken back")


# ---- in the middle


def check_disk_full(trial):
    machine, old = trial.second, trial.releases[0]
    machine.ssh("mount -t tmpfs -o size=8m tmpfs /var/lib/pchat-deploy/incoming")
    new = trial.other()
    done = trial.deploy(new, codes=(1,))
    check("space" in done.stderr.lower() or "full" in done.stderr, done.stderr)
    trial.both_run(old)
    machine.ssh("umount /var/lib/pchat-deploy/incoming")
    trial.finish(new)
    say("disk full in mid-upload")


def until(process, pattern):
    """Reads what it says up to this; returns that line, and leaves the rest to a thread."""
    for line in process.stderr:
        if re.search(pattern, line):
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return line
    raise AssertionError(f"it never said '{pattern}'")


def check_cuts(trial):
    machine, old = trial.second, trial.releases[0]
    new = trial.other()
    process = trial.begin(new)
    until(process, f"{machine.fqdn} +sending")
    machine.cut()
    check(process.wait(120) == 1, "a deployment without a link does not fail")
    machine.mend()
    trial.both_run(old, new)
    trial.finish(new)
    say("link cut in mid-upload")
    old, new = new, trial.other()
    process = trial.begin(new)
    until(process, f"{machine.fqdn} +services are stopped")
    machine.cut()
    time.sleep(10)
    machine.mend()
    check(process.wait(200) == 0, "a deployment does not outlast a cut of the link")
    trial.both_run(new)
    say("link cut in mid-switch")
    old, new = new, trial.other()
    process = trial.begin(new)
    until(process, f"{machine.fqdn} +files are in place")
    machine.crash()
    machine.start().wait()
    check(process.wait(300) in (0, 5), "a crash of a machine ends otherwise")
    trial.both_run(old, new)
    trial.finish(new)
    say("machine crashed in mid-switch")


def check_two_at_once(trial):
    new = trial.other()
    process = trial.begin(new)
    until(process, "preparing")
    done = trial.deploy(new, codes=(1,))
    check("is being deployed by" in done.stderr and "--take-over" in done.stderr, done.stderr)
    check(process.wait(200) == 0, "the first one was disturbed")
    trial.both_run(new)
    say("two administrators at once")


def steps_of(trial):
    """How many lines a whole deployment says."""
    process = trial.begin(trial.other())
    lines = sum(1 for line in process.stderr if re.match(r"\d\d:\d\d:\d\d ", line))
    check(process.wait(200) == 0, "a deployment that nothing comes in the way of fails")
    return lines


def check_kills(trial, numbers, signals):
    for number in numbers:
        for one in signals:
            old, new = trial.releases[0], trial.other()
            process = trial.begin(new)
            for _ in range(number):
                until_line(process)
            os.killpg(process.pid, one)
            process.stdout.read()
            process.stderr.read()
            code = process.wait(300)
            check(one == signal.SIGKILL or code in (0, 1, 5, 130), f"{one.name} at step {number}: exit {code}")
            wait_until_settled(trial)
            trial.both_run(old, new)
            trial.finish(new)
            say(f"{one.name} at step {number}")


def until_line(process):
    for line in process.stderr:
        if re.match(r"\d\d:\d\d:\d\d ", line):
            return


def wait_until_settled(trial):
    """What a machine has begun it brings to its end by itself."""
    machines.wait_for(
        "a machine goes on changing",
        lambda: all(one["state"] != "changing" for one in trial.office.status().values()),
        120,
    )


def run(folder, programs, bundle):
    everything = "--every-step" in sys.argv
    with Office(folder, programs, 2) as office:
        office.start()
        office.prepare_by_hand()
        trial = Trial(office, bundle)
        check_refusals(trial)
        check_preflight(trial)
        check_bad_releases(trial)
        check_disk_full(trial)
        check_cuts(trial)
        check_two_at_once(trial)
        steps = range(1, steps_of(trial) + 1)
        chosen = steps if everything else sorted(random.Random(SEED).sample(steps, KILLS))
        check_kills(trial, chosen, [signal.SIGKILL, signal.SIGINT] if everything else [signal.SIGKILL])
        if not everything:
            check_kills(trial, chosen[1:2], [signal.SIGINT])


if __name__ == "__main__":
    sys.exit(run_trial(run, "" if os.path.exists(CLOCK) else "there is no libfaketime"))
