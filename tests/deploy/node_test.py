#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""node_test.py PROGRAMS [BUNDLE]: the program that a deployment runs on nodes prepares a machine, unpacks releases, puts
changes in force, takes bad ones back, and removes it all; with the real server, under systemd and under runit. What
happens when it is killed: node_cut_test.py. Needs root and systemd-nspawn. Exit code 77: cannot be tried here."""

import sys

from machines import Site
from node_calls import STATE, Node, change_of, pack, probe_of, read_bundle
from node_changes import SETTINGS, check_bad_changes, check_changes, check_upgrade, edited, wanted
from node_ground import (
    CONTENT,
    check_account_taken,
    check_copies,
    check_instance,
    check_lock,
    check_look,
    check_marks,
    check_prepare,
    check_stage,
    check_unpack,
)
from on_machines import run_trial

SECRET = "hunter2"


def check_secrets(node, want):
    """Only where they must be: files that root and the server read."""
    keys = [file["content"].splitlines()[1] for file in want["files"] if file["path"].endswith(".key")]
    node.machine.put_file("/root/secrets", "\n".join([SECRET, *keys]), mode=0o600)
    found = node.machine.ssh("grep -lrF --file=/root/secrets /etc /var /opt /root /tmp /run 2>/dev/null || :").stdout.split()
    allowed = (f"{STATE}/changes/", "/etc/pchat/secrets/", "/etc/pchat/tls/", "/etc/pchat/nats.conf", "/root/secrets")
    strange = [path for path in found if not path.startswith(allowed)]
    assert not strange, f"secrets are in {strange}"
    assert found, "no secret was found where it must be"
    said = node.machine.ssh("journalctl --no-pager --output=cat | grep --fixed-strings --file=/root/secrets", check=False)
    assert said.returncode == 1, "a secret is in the journal"
    loose = node.machine.ssh(
        f"find {STATE}/changes {STATE}/journal {STATE}/progress -perm /077; find /etc/pchat -name '*.key' -perm /007"
    ).stdout
    assert loose == "", f"others may read {loose}"


def check_remove(node):
    removed = node.call("remove")
    assert ["removed", "/opt/pchat"] in removed, removed
    ssh = node.machine.ssh
    left = ssh(f"ls -d /etc/pchat /opt/pchat {STATE} /etc/systemd/system/pchat*", check=False).stdout
    assert left == "", left
    assert "content.db" in ssh(f"ls {CONTENT}; id -u pchat").stdout
    assert ssh("systemctl list-units --all --no-legend 'pchat*'; pidof pchatd nats-server", check=False).stdout == ""
    assert node.call("remove") == []
    purged = node.call("remove", "purge")
    assert ["removed", "/var/lib/pchat"] in purged and ["removed", "user", "pchat"] in purged, purged
    assert ssh("getent passwd pchat; getent group pchat; ls -d /var/lib/pchat", check=False).stdout == ""
    assert node.call("remove", "purge") == []


def run_under_systemd(machine, bundle, folder, programs):
    files = read_bundle(bundle)
    release = pack(folder, files)
    want, desk = wanted(folder, programs, machine, release.name)
    node = Node(machine, want["program"])
    check_account_taken(node)
    check_prepare(node)
    check_lock(node)
    check_marks(node)
    check_instance(node)
    check_unpack(node, folder)
    check_copies(node, folder)
    assert node.bring(release) == [["unpacked", release.name]]
    check_stage(node, want, release.name)
    provision(machine, desk, release.name)
    check_changes(node, want, release.name)
    check_look(node)
    check_bad_changes(node, want, release.name, folder, files)
    check_upgrade(node, want, release.name, folder, files)
    check_secrets(node, want)
    check_remove(node)


def provision(machine, desk, release):
    machine.put_file("/root/topology.yaml", desk.topology.read_text())
    machine.ssh(f"/opt/pchat/releases/{release}/bin/pchatctl db provision -f /root/topology.yaml --yes")


def run_under_runit(machine, bundle, folder, programs):
    release = pack(folder, read_bundle(bundle))
    want, desk = wanted(folder, programs, machine, release.name, "runit")
    node = Node(machine, want["program"])
    machine.ssh("mkdir -p /etc/service; systemd-run --quiet --unit=supervisor runsvdir /etc/service")
    node.prepare(CONTENT)
    node.bring(release)
    provision(machine, desk, release.name)

    def stage(name, what):
        node.stage(name, change_of(release.name, what, probe_of(machine), "runit"))

    def pid(unit):
        return machine.ssh(f"cat /etc/sv/{unit}/supervise/pid").stdout.strip()

    stage("r1", want)
    node.put_in_force("r1")
    server, bus = pid("pchatd"), pid("pchat-nats")
    rows = node.look()
    assert any(row[:5] == ["unit", "pchatd", "active", "running", "enabled"] and row[5] == server for row in rows), rows
    stage("r2", edited(want, SETTINGS, lambda text: text + "log: {level: debug}\n"))
    node.put_in_force("r2")
    assert pid("pchatd") != server and pid("pchat-nats") == bus
    stage("r3", edited(want, SETTINGS, lambda text: text + "nonsense: 1\n"))
    how, why, rows = node.activate("r3", 20)
    assert how == "undone" and node.in_force() == "r2", rows
    assert any(row[0] == "log" and "nonsense" in row[2] for row in rows), rows
    assert node.roll_back()[0] == "ok" and node.in_force() == "r1"
    removed = node.call("remove", "purge")
    assert ["removed", "/etc/sv/pchatd"] in removed and ["removed", "/var/log/pchat"] in removed, removed
    assert machine.ssh("ls /etc/service | grep pchat; pidof pchatd nats-server", check=False).stdout == ""


def run(folder, programs, bundle):
    with Site(folder) as site:
        machine = site.add("pc1.contoso.example")
        site.write_hosts()
        machine.start().wait()
        run_under_systemd(machine, bundle, folder, programs)
        run_under_runit(machine, bundle, folder, programs)


if __name__ == "__main__":
    sys.exit(run_trial(run))
