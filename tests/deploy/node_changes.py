# SPDX-License-Identifier: Apache-2.0
"""What a change of a node starts again and what not; and that a bad one is taken back."""

from node_calls import STATE, change_of, pack, probe_of
from node_ground import CONTENT
from topologies import POOL, Desk, embedded, several

SETTINGS = "/etc/pchat/pchatd.yaml"
BUS = ("/etc/pchat/nats.conf", "/etc/systemd/system/pchat-nats.service")
NOTIFIES = """\
#!/usr/bin/perl
use Socket;
exit 0 if @ARGV;
socket my $manager, AF_UNIX, SOCK_DGRAM, 0;
send $manager, "READY=1", 0, sockaddr_un($ENV{NOTIFY_SOCKET});
sleep 1000;
"""


def wanted(folder, programs, machine, release, supervisor="systemd"):
    """A server on SQLite with a node of the bus beside it, which it does not use: all kinds of files, and two services."""
    pool = Desk(folder / f"pool-{supervisor}", programs)
    pool.write(several([(machine.fqdn, machine.address), ("pc9.contoso.example", "10.77.0.99")]), POOL)
    want = pool.render(POOL, machine.fqdn, release, supervisor)
    alone = Desk(folder / f"alone-{supervisor}", programs)
    alone.write(embedded(machine.fqdn, machine.address), machine.fqdn)
    own = {file["path"]: file for file in alone.render(machine.fqdn, machine.fqdn, release, supervisor)["files"]}
    want["files"] = [own[SETTINGS] if file["path"] == SETTINGS else file for file in want["files"]]
    return want, alone


def edited(want, path, edit):
    files = [{**file, "content": edit(file["content"])} if file["path"] == path else file for file in want["files"]]
    assert files != want["files"], f"{path} is not among the files, or stays the same"
    return {**want, "files": files}


def without(want, *paths):
    return {**want, "files": [file for file in want["files"] if file["path"] not in paths]}


def pids(node):
    return {unit: node.pid(unit) for unit in ("pchatd", "pchat-nats")}


def check_changes(node, want, release):
    """What is started again, and what is not."""
    probe = probe_of(node.machine)
    assert "stage it first" in node.refused("activate", "c2", 30, "run-1", "ann")
    node.put_in_force("c1")
    first = pids(node)
    assert "0" not in first.values(), first
    node.put_in_force("c1")
    assert pids(node) == first, "with nothing new something was started again"

    changed = edited(want, SETTINGS, lambda text: text + "log: {level: debug}\n")
    node.stage("c2", change_of(release, changed, probe))
    node.put_in_force("c2")
    second = pids(node)
    assert second["pchatd"] != first["pchatd"] and second["pchat-nats"] == first["pchat-nats"], (first, second)

    renewed = edited(changed, "/etc/pchat/tls/server.pem", lambda text: "renewed\n" + text)
    node.stage("c3", change_of(release, renewed, probe))
    node.put_in_force("c3")
    assert pids(node) == second, "for other certificates something was started again"
    assert "reloaded" in node.machine.ssh("journalctl --unit=pchat-nats --unit=pchatd --no-pager").stdout.lower()

    alone = without({**renewed, "units": ["pchatd.service"]}, *BUS)
    node.stage("c4", change_of(release, alone, probe))
    node.put_in_force("c4")
    left = node.machine.ssh(f"ls {' '.join(BUS)}; systemctl is-active pchat-nats", check=False)
    assert left.stdout == "inactive\n", f"a service that is gone has left {left.stdout}"
    assert node.pid() == second["pchatd"]
    assert node.roll_back()[0] == "ok" and node.in_force() == "c3" and node.fact("previous") == ["c4"]
    assert "0" not in pids(node).values()

    # What somebody changed by hand is found, and put right.
    node.machine.ssh(f"echo '# by hand' >>{SETTINGS}; chmod 0666 /etc/pchat/tls/server.pem")
    before = node.pid()
    node.put_in_force("c3")
    assert node.pid() != before
    assert node.machine.ssh(f"grep hand {SETTINGS}; stat -c %a /etc/pchat/tls/server.pem", check=False).stdout == "644\n"


def check_bad_changes(node, want, release, folder, files):
    """Taken back, with an account of why."""
    ready = probe_of(node.machine)
    before = node.in_force()
    crashing = pack(folder, {**files, "bin/pchatd": (0o755, b"#!/bin/sh\necho it ends here >&2\nexit 3\n")})
    sleeping = pack(folder, {**files, "bin/pchatd": (0o755, b"#!/bin/sh\n[ \"$1\" ] || exec sleep 1000\n")})
    deaf = pack(folder, {**files, "bin/pchatd": (0o755, NOTIFIES.encode())})
    for name, broken, complaint, log in (
        ("crashing", crashing, "pchatd ended 4 times", "it ends here"),
        ("sleeping", sleeping, "not ready within 6 s: pchatd is activating (start)", ""),
        ("deaf", deaf, "not ready within 6 s", ""),
    ):
        node.bring(broken)
        node.stage(name, change_of(broken.name, want, ready))
        how, why, rows = node.activate(name, 30 if name == "crashing" else 6)
        assert how == "undone" and complaint in why, (name, rows)
        assert any(row[0] == "log" and log in row[2] for row in rows), rows
        check_ready(node, before, release)
    lost = edited(want, SETTINGS, lambda text: text.replace(CONTENT, "/var/lib/pchat/nowhere"))
    node.stage("lost", change_of(release, lost, ready))
    how, why, rows = node.activate("lost", 20)
    assert how == "undone", rows
    check_ready(node, before, release)
    print(f"lost: {why}")
    # The one before cannot be worse than it was: it stays.
    node.machine.ssh("mv /var/lib/pchat/content /var/lib/pchat/away; systemctl restart pchatd", check=False)
    how, why, _ = node.activate(before, 5)
    assert how == "failed" and "was in force before" in why, (how, why)
    node.machine.ssh("mv /var/lib/pchat/away /var/lib/pchat/content")
    node.put_in_force(before)


def check_ready(node, change, release):
    assert node.in_force() == change
    assert node.fact("current") == [release]
    assert node.fact("activation") == ["none"]
    probe = " ".join(probe_of(node.machine))
    node.machine.ssh(f"/opt/pchat/current/bin/pchatctl test ready --within 5s {probe}")


def check_upgrade(node, want, release, folder, files):
    newer = pack(folder, {**files, "share/licences/pchat": (0o644, b"another\n")})
    node.bring(newer)
    node.stage("newer", change_of(newer.name, want, probe_of(node.machine)))
    before = pids(node)
    node.put_in_force("newer")
    after = pids(node)
    assert node.fact("current") == [newer.name]
    assert after["pchatd"] != before["pchatd"] and after["pchat-nats"] == before["pchat-nats"], (before, after)
    # The newest one, the one in force and the one before it.
    node.roll_back()
    assert node.fact("current") == [release]
    node.call("prune", 1)
    names = {row[1] for row in node.look() if row[0] == "release"}
    assert names == {release, newer.name}, names
    changes = node.machine.ssh(f"ls {STATE}/changes").stdout.split()
    assert set(changes) == {"newer", node.in_force()}, changes
    assert node.call("prune", 1) == []
