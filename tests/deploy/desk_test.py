#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""desk_test.py PROGRAMS [BUNDLE]: several who deploy the same pool, and who wants to end in the middle. Needs root and systemd-nspawn.
Exit code 77: cannot be tried here."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time

from fault_test import Trial, check, say, until, wait_until_settled
from office import POOL, Office
from on_machines import run_trial

PATIENCE = 90  # seconds for what is noticed within 30


def words_of(trial, release, *more, verb="pool", subject=POOL):
    office = trial.office
    return ["pchatctl", "deploy", verb, subject, "-f", "topology.yaml", *office.ssh_words, "--bundle", release.archive, *more]


def check_one_machine_locks_all(trial):
    new = trial.other()
    first, second = (machine.fqdn for machine in trial.office.machines)
    process = trial.office.begin(*words_of(trial, new, "--yes", verb="node", subject=first))
    until(process, "preparing")
    done = trial.office.deploy("node", second, "--bundle", new.archive, codes=(1,))
    check("is being deployed by" in done.stderr, done.stderr)
    check(process.wait(PATIENCE) == 0, "the one who was first was disturbed")
    trial.finish(new)
    say("who deploys one machine has the lock of the pool")


def check_lost_lock(trial):
    mine, theirs = trial.other(), trial.other()
    process = trial.office.begin(*words_of(trial, mine, "--yes", "--pause", "1h", "-o", "json"))
    until(process, f"{trial.first.fqdn} +ready")
    trial.deploy(theirs, "--take-over")
    out = process.stdout.read()
    check(process.wait(PATIENCE) == 5, out)
    rows = json.loads(out)
    check([row["result"] for row in rows] == ["done", "failed"], rows)
    check("lock" in rows[1]["why"] or "taken over" in rows[1]["why"], rows)
    states = trial.both_run(theirs)
    check(all(one["state"] == "ok" for one in states.values()), states)
    say("who has lost the lock stops")


def answer(office, words, meanwhile):
    """A program on a terminal, answered with yes once it asks and something else was done; its exit code and all it said."""
    end, terminal = pty.openpty()
    process = subprocess.Popen(
        [str(word) for word in office.words(*words)], stdin=terminal, stdout=terminal, stderr=terminal,
        env=office.environment, start_new_session=True,
    )  # fmt: skip
    os.close(terminal)
    said = b""
    asked = False
    last = time.monotonic() + 2 * PATIENCE
    while time.monotonic() < last:
        if not select.select([end], [], [], 1)[0]:
            continue
        try:
            piece = os.read(end, 65536)
        except OSError:  # the program has ended
            break
        said += piece
        if not asked and b"Deploy that?" in said:
            asked = True
            meanwhile()
            os.write(end, b"y\n")
    os.close(end)
    return process.wait(PATIENCE), said.decode(errors="replace")


def check_old_plan(trial):
    mine, theirs = trial.other(), trial.other()
    code, said = answer(trial.office, words_of(trial, mine), lambda: trial.deploy(theirs))
    check(code == 1 and "somebody else changed it meanwhile" in said, (code, said))
    states = trial.both_run(theirs)
    check(all(one["state"] == "ok" for one in states.values()), states)
    say("a plan that is not true any more is not carried out")


def check_end_while_sending(trial):
    old, new = trial.releases[0], trial.other()
    process = trial.office.begin(*words_of(trial, new, "--yes", "-o", "json"))
    until(process, "sending the release")
    os.killpg(process.pid, signal.SIGINT)
    out = process.stdout.read()
    check(process.wait(PATIENCE) == 130, out)
    check([row["result"] for row in json.loads(out)] == ["not begun", "not begun"], out)
    trial.both_run(old)
    trial.finish(new)
    say("Ctrl-C while a release is sent")


def check_end_without_answer(trial):
    machine, old, new = trial.first, trial.releases[0], trial.other()
    process = trial.office.begin(*words_of(trial, new, "--yes", "-o", "json"))
    until(process, f"{machine.fqdn} +services are stopped")
    machine.cut()
    os.killpg(process.pid, signal.SIGTERM)
    out = process.stdout.read()
    machine.mend()
    check(process.wait(PATIENCE) == 130, out)
    check([row["result"] for row in json.loads(out)] == ["left", "not begun"], out)
    wait_until_settled(trial)
    trial.both_run(old, new)
    trial.finish(new)
    say("SIGTERM while a machine does not answer")


def check_no_way_back(trial):
    """What was before is damaged when a release that is no good shall be taken back."""
    machine, old = trial.first, trial.releases[0]
    manifest = f"/opt/pchat/releases/{old.name}/MANIFEST"
    process = trial.office.begin(*words_of(trial, trial.lame, "--yes", "--within", "15s", "-o", "json"))
    until(process, f"{machine.fqdn} +services are started")
    machine.ssh(f"mv {manifest} /root/MANIFEST")
    out = process.stdout.read()
    check(process.wait(PATIENCE) == 1, out)
    rows = json.loads(out)
    check([row["result"] for row in rows] == ["failed", "not begun"] and "cannot be put back" in rows[0]["why"], rows)
    machine.ssh(f"mv /root/MANIFEST {manifest}")
    trial.finish(trial.other())
    say("the next run finds the way back that was not there")


def run(folder, programs, bundle):
    with Office(folder, programs, 2) as office:
        office.start()
        office.prepare_by_hand()
        trial = Trial(office, bundle)
        trial.finish(trial.other())
        check_one_machine_locks_all(trial)
        check_lost_lock(trial)
        check_old_plan(trial)
        check_end_while_sending(trial)
        check_end_without_answer(trial)
        check_no_way_back(trial)


if __name__ == "__main__":
    sys.exit(run_trial(run))
