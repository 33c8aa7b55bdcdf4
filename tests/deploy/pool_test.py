#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pool_test.py PROGRAMS [BUNDLE]: a pool of four machines is made from nothing with the commands of the README, typed at a
terminal, then people are let in (first_pool.sh); it is upgraded, rolled back and removed while people chat there; nothing is
lost, and no secret is left where it can be read. Needs root and systemd-nspawn. Exit code 77: cannot be tried here."""

import json
import os
import re
import signal
import sys
import threading

import machines
from node_calls import pack, read_bundle
from office import DOMAIN, POOL, Office
from on_machines import SOURCE, run_trial
from typed import commands, type_all

from pool import give_tokens

PEOPLE = 24
ROOMS = 6
CHAT = 45  # seconds
PLACES = (  # where nothing secret may be, on a machine
    "cat /proc/[0-9]*/cmdline; cat /proc/[0-9]*/environ; journalctl --no-pager; cat /var/lib/pchat-deploy/journal;"
    " cat /root/.*history /var/log/* 2>/dev/null; cat /opt/pchat/current/MANIFEST"
)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


# ---- the first time


def make_pool(office):
    shown = "".join(type_all(office))
    for way in (f"deploy pool {POOL} brings", f"login --context {POOL} --user"):
        check(f"next: pchatctl {way}" in shown, shown)
    print(f"the {len(commands())} commands of the README lead there")
    printed = office.run("bash", SOURCE / "tests/deploy/first_pool.sh")
    messages = json.loads(printed.stdout[printed.stdout.rindex("\n[") :])
    said = [(one["from"], one["body"]) for one in messages]
    wanted = [("ann", "hello"), ("bob", "good morning"), ("carol", "and to you")]
    check(said == [(f"sip:{name}@{DOMAIN}", body) for name, body in wanted], messages)
    contexts = json.loads(office.pchatctl("context", "list", "-o", "json").stdout)
    check(POOL in {one["name"] for one in contexts}, contexts)
    states = office.status()
    check(all(one["state"] == "ok" and one["drift"] == "-" for one in states.values()), states)
    print("made, and people talk over two machines")


def check_again(office):
    """A second run finds nothing to do."""
    done = office.deploy("pool")
    check("no changes" in done.stderr and len(re.findall("no changes", done.stdout)) == len(office.machines), done)
    check(office.deploy("plan", "--exit-code").stdout.endswith("no changes\n"), "the plan sees changes")


def check_drift(office):
    """What somebody changed by hand is found, and put right."""
    machine = office.machines[1]
    machine.ssh("echo '# by hand' >>/etc/pchat/pchatd.yaml; chmod 0644 /etc/pchat/secrets/content; touch /etc/pchat/left-over")
    state = office.status()[machine.fqdn]
    check(state["state"] == "differs", state)
    for path in ("~ /etc/pchat/pchatd.yaml", "~ /etc/pchat/secrets/content", "- /etc/pchat/left-over"):
        check(path in state["differences"], state)
    check(office.deploy("plan", "--exit-code", codes=(8,)).stdout.count("no changes\n") == 3, "others change, too")
    # Where its own name leads is nothing to whether it is ready.
    machine.ssh(f"cp /etc/hosts /root/ && sed 's/.* {machine.fqdn}$/203.0.113.1 {machine.fqdn}/' /root/hosts >/etc/hosts")
    done = office.deploy("pool", "-o", "json")
    ends = {row["name"]: row["result"] for row in json.loads(done.stdout)}
    check(sorted(ends.values()) == ["done", "no changes", "no changes", "no changes"], ends)
    state = office.status()[machine.fqdn]
    check(state["state"] == "ok", state)
    machine.ssh("mv /root/hosts /etc/hosts")
    print("drift is found and mended")


def check_trouble(office):
    """What is wrong where is said, and what can be done."""
    stopped, lost = office.machines[:2]
    stopped.ssh("systemctl stop pchatd")
    lost.cut()
    states = office.status()
    check(states[stopped.fqdn]["state"] == "not ready" and "not ready within" in states[stopped.fqdn]["error"], states)
    check(states[lost.fqdn]["state"] == "unreachable", states)
    done = office.deploy("pool", codes=(1,))
    check("reachable failed" in done.stderr and "--skip-check" in done.stderr, done.stderr)
    lost.mend()
    stopped.ssh("systemctl start pchatd")
    machines.wait_for("all run again", lambda: all(one["state"] == "ok" for one in office.status().values()))
    print("trouble has its names")


def check_interrupted(office, release):
    """Ctrl-C while the release is sent: nothing was begun, which is no failure, and how to go on is said."""
    before = office.status()
    process = office.begin(
        "pchatctl", "deploy", "pool", POOL, "-f", "topology.yaml", *office.ssh_words, "--yes", "--bundle", release.archive
    )
    said = ""
    for line in process.stderr:
        if line.endswith("sending the release\n") and "sending" not in said:
            os.killpg(process.pid, signal.SIGINT)
        said += line
    rows = process.stdout.read()
    check(process.wait() == 130 and rows.count("not begun") == len(office.machines), f"{process.returncode}\n{said}{rows}")
    check("hint: run it again to go on" in said, said)
    check(office.status() == before, "something was changed")
    print("stopped in the middle, and nothing was begun")


# ---- while people chat


def make_world(office):
    office.pchatctl("context", "use", POOL)  # the last to sign in was somebody else
    office.pchatctl("category", "create", "Floor", "--allow", "everyone", "--creator", f"sip:ann@{DOMAIN}")
    names = [f"sip:p{i}@{DOMAIN}" for i in range(PEOPLE)]
    office.write("people.jsonl", "".join(json.dumps({"user": name}) + "\n" for name in names))
    office.pchatctl("user", "import", "people.jsonl")
    rooms = []
    for i in range(ROOMS):
        office.pchatctl("room", "create", f"Room {i}", "--category", "Floor", "--privacy", "open", "--type", "normal")
        rooms.append(json.loads(office.pchatctl("room", "get", f"Room {i}", "-o", "json").stdout)["id"])
    users = give_tokens(lambda text: office.database.sql(text, "pchat_content"), names)
    office.write("world.json", json.dumps({"users": users, "rooms": rooms}))


class Crowd:
    """checker.py at the desk; `work` runs while messages are sent."""

    def __init__(self, office):
        self.office = office
        self.report = office.folder / "report"

    def chat_while(self, work):
        office = self.office
        words = [
            sys.executable, SOURCE / "tests/promises/checker.py", "--world", "world.json", "--seconds", CHAT, "--report",
            self.report, "--ca", office.desk / ".config/pchat/authorities" / POOL / "ca.pem",
            *(word for one in office.machines for word in ("--server", f"https://{one.fqdn}:443")),
        ]  # fmt: skip
        process = office.begin(*words)
        problems = []
        worker = None
        for line in process.stdout:
            state = json.loads(line)["state"]
            print(f"the clients: {state}", flush=True)
            if state == "sending":
                worker = threading.Thread(target=self._guarded, args=(work, problems))
                worker.start()
            elif state == "silent" and worker:
                worker.join()
        code = process.wait()
        if worker:
            worker.join()
        check(not problems, problems)
        text = self.report.with_suffix(".txt")
        check(code == 0, f"checker.py: {code}\n{text.read_text() if text.exists() else process.stderr.read()}")

    @staticmethod
    def _guarded(work, problems):
        try:
            work()
        except Exception as error:  # told by the main thread
            problems.append(error)


def other_build(office, bundle):
    """The same programs, and one file more: another release."""
    files = read_bundle(bundle)
    files["share/note"] = (0o644, b"another build\n")
    return pack(office.folder, files, "0.2.0")


def upgrade(office, release):
    done = office.deploy("pool", "--bundle", release.archive, "-o", "json")
    rows = json.loads(done.stdout)
    check([row["result"] for row in rows] == ["done"] * 4 and rows[0]["name"] == office.machines[3].fqdn, rows)
    states = office.status()
    check({one["release"] for one in states.values()} == {release.name}, states)
    for machine in office.machines:
        check(machine.ssh("cat /opt/pchat/current/share/note").stdout == "another build\n", "the old one runs")


def roll_back(office, before):
    rows = json.loads(office.deploy("rollback", "-o", "json").stdout)
    check([row["result"] for row in rows] == ["done"] * 4, rows)
    check({one["release"] for one in office.status().values()} == {before}, "not the release before")


# ---- what is left behind


def check_secrets(office):
    secrets = {*office.secrets.values(), office.database.password}
    for machine in office.machines:
        everywhere = machine.ssh(f"({PLACES}) | tr '\\0' '\\n' | LC_ALL=C tr -cd '[:print:]\\n'", check=False).stdout
        keys = machine.ssh("cat /etc/pchat/tls/*.key /etc/pchat/secrets/*").stdout.splitlines()
        hidden = secrets | {line for line in keys if len(line) > 20 and "-----" not in line}
        found = [secret for secret in hidden if secret in everywhere]
        check(not found, f"{machine.fqdn} shows secrets: {found}")
        holding = machine.ssh(
            f"grep -rlF -e {office.secrets['run']} /etc /opt /var /root /home /tmp /run 2>/dev/null || :"
        ).stdout.split()
        allowed = re.compile(r"/etc/pchat/secrets/content$|/var/lib/pchat-deploy/changes/[0-9a-f]+/tree/etc/pchat/secrets/content$")
        check(all(allowed.search(path) for path in holding), f"{machine.fqdn}: the password is in {holding}")
        modes = machine.ssh("stat --format='%a %U %n' " + " ".join(holding)).stdout
        check(all(re.match(r"600 (pchat|root) ", line) for line in modes.splitlines()), modes)
        changes = machine.ssh("stat --format=%a%U /var/lib/pchat-deploy/changes").stdout.strip()
        check(changes == "700root", changes)
    print("no secret where it can be read")


def check_removal(office):
    machine = office.machines[3]
    office.deploy("remove", "--machine", machine.fqdn)
    left = machine.ssh("ls -d /opt/pchat /etc/pchat /etc/systemd/system/pchat* /var/lib/pchat-deploy 2>/dev/null || :").stdout
    check(left == "", left)
    machine.ssh("test -d /var/lib/pchat && id pchat")
    check("no changes" in office.deploy("remove", "--machine", machine.fqdn).stdout, "removed twice")
    office.deploy("remove", "--machine", machine.fqdn, "--purge", codes=(2,))
    office.deploy("remove", "--machine", machine.fqdn, "--purge", "--confirm-name", POOL)
    left = machine.ssh("ls -d /var/lib/pchat; id pchat", check=False).stdout
    check(left == "", left)
    print("removed")


def run(folder, programs, bundle):
    with Office(folder, programs, 4, standby={4}) as office:
        office.start()
        make_pool(office)
        check_again(office)
        check_drift(office)
        check_trouble(office)
        make_world(office)
        other = other_build(office, bundle)
        check_interrupted(office, other)
        Crowd(office).chat_while(lambda: upgrade(office, other))
        print("upgraded while people chat: nothing is lost")
        roll_back(office, bundle.name.removeprefix("pchat-").removesuffix(".tar.gz"))
        check_secrets(office)
        check_removal(office)


if __name__ == "__main__":
    sys.exit(run_trial(run))
