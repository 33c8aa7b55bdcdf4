#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""way_back_test.py PROGRAMS [BUNDLE]: three machines come back to one release, whatever each of them had before; a machine that is away
is left out; a store that is not shared, and a release that does not know the databases, are seen before anything is changed; hooks
end. Needs root and systemd-nspawn. Exit code 77: cannot be tried here."""

import json
import os
import signal
import sys

from node_calls import pack, read_bundle
from office import STORE, Office
from on_machines import run_trial

NEWER_SCHEMA = "share/schemas/sql/content/sqlite/9999_newer.sql"


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def ends(done):
    return [row["result"] for row in json.loads(done.stdout)]


class Trial:
    def __init__(self, office, bundle):
        self.office = office
        files = read_bundle(bundle)
        self.releases = [
            pack(office.folder, {**files, "share/note": (0o644, version.encode())}, version) for version in ("0.1.0", "0.2.0", "0.3.0")
        ]
        requires = files["REQUIRES"][1].decode()
        lines = [line for line in requires.splitlines() if "-schema" not in line]
        steps = sum(1 for path in files if path.startswith("share/schemas/sql/content/sqlite/")) + 1
        required = "\n".join([*lines, f"content-schema {steps}", ""]).encode()
        newer = {**files, "REQUIRES": (0o644, required), NEWER_SCHEMA: (0o644, b"-- one more\n")}
        self.newer = pack(office.folder, newer, "0.4.0")

    def in_force(self):
        return [one["release"] for _, one in sorted(self.office.status().items())]

    def all_run(self, *releases):
        found = self.in_force()
        check(found == [one.name for one in releases], f"{found} is not {[one.name for one in releases]}")


def check_store(trial):
    """A folder of its own under the same name is no shared store."""
    office, machine = trial.office, trial.office.machines[1]
    machine.ssh(f"mount -t tmpfs -o mode=0777 tmpfs {STORE}")
    done = office.deploy("plan", "-o", "json", "--bundle", trial.releases[0].archive, codes=(1,))
    told = json.loads(done.stdout)
    bad = {one["check"]: one["message"] for one in told["checks"] if one["result"] == "failed"}
    check(list(bad) == ["same-store"] and machine.fqdn in bad["same-store"], bad)
    check(told["error"]["code"] == "conflict", told["error"])
    done = office.deploy("pool", "-o", "json", "--bundle", trial.releases[0].archive, codes=(1,))
    check("same-store" in {one["check"] for one in json.loads(done.stdout)["checks"] if one["result"] == "failed"}, done.stdout)
    machine.ssh(f"umount {STORE}")
    left = machine.ssh(f"ls -A {STORE}").stdout
    check(left == "", f"marks are left behind: {left}")
    print("a store that is not shared is seen", flush=True)


def check_one_release(trial):
    office, (first, second, third) = trial.office, trial.releases
    for release in (first, second):
        check(ends(office.deploy("pool", "--bundle", release.archive, "-o", "json")) == ["done"] * 3, release.name)
    canary = office.machines[0].fqdn
    office.deploy("node", canary, "--bundle", third.archive)
    shown = office.deploy("rollback", "--dry-run").stdout
    check(f"{third.name} -> {second.name}" in shown and "1 machine changes of 3" in shown, shown)
    done = office.deploy("rollback", "-o", "json")
    rows = json.loads(done.stdout)
    check(sorted(ends(done)) == ["done", "no changes", "no changes"], rows)
    check({row["release"] for row in rows} == {second.name}, rows)
    trial.all_run(second, second, second)
    print("a canary goes to what the others have", flush=True)
    # Half of a roll-back, and the rest of it.
    office.deploy("rollback", "--machine", office.machines[1].fqdn, "--to", first.name)
    check(sorted(ends(office.deploy("rollback", "--to", first.name, "-o", "json"))) == ["done", "done", "no changes"], "not the rest")
    trial.all_run(first, first, first)
    done = office.deploy("rollback", "--to", "0.9.0-000000000000", codes=(1,))
    check("keeps no 0.9.0" in done.stderr, done.stderr)
    print("all come to one release", flush=True)


def check_schema(trial):
    office, first = trial.office, trial.releases[0]
    done = office.deploy("pool", "--bundle", trial.newer.archive, codes=(1,))
    check("schema failed" in done.stderr and "this release has" in done.stderr, done.stderr)
    office.deploy("pool", "--bundle", trial.newer.archive, "--skip-check", "schema")
    done = office.deploy("rollback", "--to", first.name, codes=(1,))
    check("schema failed" in done.stderr and "db restore" in done.stderr, done.stderr)
    trial.all_run(*[trial.newer] * 3)
    office.deploy("rollback", "--to", first.name, "--skip-check", "schema")
    trial.all_run(first, first, first)
    print("a release that does not know the databases is no way back", flush=True)


def check_left_out(trial):
    office, second = trial.office, trial.releases[1]
    away = office.machines[2]
    away.cut()
    done = office.deploy("pool", "--bundle", second.archive, codes=(1,))
    check(f"{away.fqdn}: reachable failed" in done.stderr, done.stderr)
    done = office.deploy("pool", "--bundle", second.archive, "--skip-check", "reachable", "-o", "json")
    check({row["name"]: row["result"] for row in json.loads(done.stdout)}[away.fqdn] == "left out", done.stdout)
    away.mend()
    check(sorted(ends(office.deploy("pool", "--bundle", second.archive, "-o", "json"))) == ["done", "no changes", "no changes"], "not the rest")
    trial.all_run(second, second, second)
    print("a machine that is away is left out", flush=True)


def check_hook(trial):
    """What a hook leaves running is not waited for, and Ctrl-C ends one that does not end; locks are given back."""
    office, third = trial.office, trial.releases[2]
    hook = office.write("hook", "#!/bin/sh\nsleep 1000 &\necho $! >hook.pid\necho hooked >&2\n", 0o755)
    done = office.deploy("pool", "--bundle", third.archive, "--before-hook", hook)
    os.kill(int((office.desk / "hook.pid").read_text()), signal.SIGKILL)
    check("hooked" in done.stderr, done.stderr)
    hook = office.write("hook", "#!/bin/sh\necho hooked >&2\nexec sleep 1000\n", 0o755)
    process = office.begin(
        "pchatctl", "deploy", "pool", "pchat.contoso.example", "-f", "topology.yaml", *office.ssh_words, "--yes", "--bundle",
        trial.releases[1].archive, "--before-hook", hook,
    )  # fmt: skip
    wait_for_line(process, "hooked")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    check(process.returncode == 130, f"{process.returncode}: {out}{err}")
    check(all("locked_by" not in one for one in office.status().values()), "a lock is left")
    trial.all_run(third, third, third)
    print("hooks end", flush=True)


def wait_for_line(process, text):
    for line in process.stderr:
        if text in line:
            return
    raise AssertionError(f"it never said '{text}'")


def try_all(folder, programs, bundle):
    with Office(folder, programs, 3) as office:
        office.start()
        office.prepare_by_hand()
        trial = Trial(office, bundle)
        check_store(trial)
        check_one_release(trial)
        check_schema(trial)
        check_left_out(trial)
        check_hook(trial)


if __name__ == "__main__":
    sys.exit(run_trial(try_all))
