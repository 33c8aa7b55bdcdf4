#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""node_repair_test.py PROGRAMS: what is broken or in the way on a node is found, and a way out of it is left: releases and
services that somebody changed, full disks, calls that come twice or from somebody who lost the lock, folders that lead
elsewhere. The server is a stand-in. Needs root and systemd-nspawn. Exit code 77: cannot be tried here."""

import pathlib
import sys
import tempfile
import threading

import machines
from machines import wait_for
from node_calls import STATE, change_of
from node_cut_test import SETTINGS, Changes, wait_settled
from node_ground import CONTENT

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "promises"))

from skip import skip

DROP_IN = "/etc/systemd/system/pchatd.service.d"
FOREIGN = "/etc/systemd/system/pchat-backup.service"
OWNER = "ann@desk 1 1"


def say(text):
    print(f"ok: {text}", flush=True)


def rows_of(node, name, *wishes):
    return [row[1:] for row in node.look(*wishes) if row[0] == name]


# ---- before anything is switched


def check_folders(node):
    """Nothing of the machine becomes the server's because of how a path is written."""
    before = node.machine.ssh("stat --format='%U %a' /etc").stdout
    for path in (
        "/var/lib/pchat/../../../etc", "/var/lib/pchat/./x", "/var/lib/pchat/..", "/var/lib/pchat/../", "etc", "/",
    ):  # fmt: skip
        assert "path" in node.refused("prepare", "root", stdin=f"folder\t{path}\n".encode())
    # The server may have laid a link in its own folder.
    node.machine.ssh("runuser -u pchat -- ln -s /etc /var/lib/pchat/link")
    for path in ("/var/lib/pchat/link", "/var/lib/pchat/link/new"):
        assert "leads out of" in node.refused("prepare", "root", stdin=f"folder\t{path}\n".encode())
    assert node.machine.ssh("stat --format='%U %a' /etc; ls -d /etc/new", check=False).stdout == before
    node.machine.ssh("rm /var/lib/pchat/link")
    say("paths that lead elsewhere are refused")


def check_uploads(node):
    """What somebody else sent half is not in the way."""
    node.machine.ssh("useradd --create-home ann; useradd --create-home bob")
    node.call("prepare", "ann")
    node.machine.ssh(f"runuser -u ann -- touch {STATE}/incoming/one.tar.gz")
    node.call("prepare", "ann")
    node.machine.ssh(f"test -f {STATE}/incoming/one.tar.gz")
    node.call("prepare", "bob")
    node.machine.ssh(f"runuser -u bob -- touch {STATE}/incoming/one.tar.gz")
    node.prepare()
    assert node.machine.ssh(f"ls -A {STATE}/incoming").stdout == ""
    say("half an upload of somebody else")


def check_twice(changes):
    """The answer was lost, and the call comes again while the first is at work."""
    node, release = changes.node, changes.releases["two"]
    node.machine.ssh(f"rm -r /opt/pchat/releases/{release.name}")
    node.machine.put(release.archive, f"{STATE}/incoming/{release.name}.tar.gz")
    slow = "#!/bin/sh\nsleep 2\nexec /usr/bin/tar.right \"$@\"\n"
    node.machine.ssh("mv /usr/bin/tar /usr/bin/tar.right")
    node.machine.put_file("/usr/bin/tar", slow, mode=0o755)
    for words, stdin, answers in (
        (("unpack", release.name, release.sum), b"", [["present", release.name], ["unpacked", release.name]]),
        (("stage", "again"), changes.change("two"), [["present", "again"], ["staged", "again"]]),
    ):
        said = []
        calls = [threading.Thread(target=lambda: said.extend(node.call(*words, stdin=stdin))) for _ in range(2)]
        for call in calls:
            call.start()
        for call in calls:
            call.join()
        assert sorted(said) == answers, said
    node.machine.ssh("mv /usr/bin/tar.right /usr/bin/tar")
    assert node.machine.ssh(f"find {STATE} -name 'input.*'").stdout == ""
    say("a call that comes twice")


def check_owner(changes):
    """Who lost the lock changes nothing any longer."""
    node, release = changes.node, changes.releases["two"]
    calls = (
        ("prepare", "root"), ("unpack", release.name, release.sum), ("stage", "one"), ("provision", release.name, "pool", "-"),
        ("activate", "one", 20, "run-1", OWNER), ("rollback", 20, "run-2", OWNER), ("recover",), ("prune", 1), ("remove",),
        ("remove", "purge"),
    )  # fmt: skip
    before = node.machine.ssh(f"ls -A {STATE}/changes").stdout
    for words in calls:
        assert node.call(*words, OWNER, allow=(3,)) == [["free"]], words
    other = "bob@home 2 2"
    node.call("lock", other)
    for words in calls:
        assert node.call(*words, OWNER, allow=(3,))[0][:2] == ["held", other], words
    node.call("unlock", other)
    assert node.machine.ssh(f"ls -A {STATE}/changes").stdout == before
    node.call("lock", OWNER)
    assert node.call("stage", "one", OWNER, stdin=changes.change("one")) == [["present", "one"]]
    assert node.call("prune", 9, OWNER) == []
    node.call("unlock", OWNER)
    say("calls of somebody who lost the lock")


# ---- activations


def check_first_cut_off(changes):
    """Kept only once it has shown that it is good, also when the machine crashed meanwhile."""
    node = changes.node
    changes.start_and_hold("bad", "files", within=5)
    node.machine.crash()
    changes.release_hold()
    node.machine.start().wait()
    wait_settled_or_left(node)
    how, why, rows = node.wait_end()
    assert how == "failed" and "no change before it" in why, rows
    assert node.in_force() == "-"
    assert node.machine.ssh("systemctl is-active pchatd", check=False).stdout == "inactive\n"
    say("a first change that was cut off and is no good")
    changes.start_and_hold("one", "files")
    node.machine.crash()
    changes.release_hold()
    node.machine.start().wait()
    wait_settled(changes)
    changes.check("one")
    assert "gate" in [row[-1] for row in node.progress()], "it was kept without being asked"
    say("a first change that was cut off and is good")


def wait_settled_or_left(node):
    wait_for("nobody made it good", lambda: node.fact("activation") == ["none"])


def check_once(changes):
    """A run begins one activation, however often it is asked for."""
    node = changes.node
    node.put_in_force("two")
    node.put_in_force("one")
    words = ("rollback", 20, "run-1", "ann@desk")
    assert node.call(*words) == [["started", "two"]]
    assert node.call(*words) == [["started", "two"]]
    assert node.wait_end()[0] == "ok"
    assert node.call(*words) == [["started", "two"]]
    assert node.wait_end()[0] == "ok" and node.in_force() == "two", "it went forward again"
    changes.start_and_hold("one", "begin")
    assert node.call("activate", "one", 20, changes.run, "ann@desk") == [["started", "one"]]
    changes.release_hold()
    assert node.wait_end()[0] == "ok"
    changes.check("one")
    say("a run that is begun twice")


def check_failed_way_back(changes):
    """The release before is damaged for a while; who comes later brings it to an end."""
    node, ssh = changes.node, changes.node.machine.ssh
    manifest = f"/opt/pchat/releases/{changes.releases['one'].name}/MANIFEST"
    for way_out in ("recover", "activate"):
        changes.start_and_hold("bad", "start", within=1)
        ssh(f"mv {manifest} {manifest}.away")
        changes.release_hold()
        wait_for("it does not end", lambda: node.progress()[-1] == ["state", "gone"])
        rows = node.progress()
        end = [row for row in rows if row[0] == "ended"][-1]
        assert end[1] == "failed" and "one cannot be put back: the release" in end[2] and "deploy again" in end[3], rows
        # Nothing was stopped that cannot be replaced.
        assert ssh("systemctl is-active pchatd").stdout == "active\n"
        if way_out == "recover":
            ssh(f"mv {manifest}.away {manifest}")
            node.call("recover")
            assert node.wait_end()[0] == "undone"
            changes.check("one")
    # Never put right; another release is the way out.
    how, _, rows = node.activate("two")
    assert how == "ok", rows
    changes.check("two")
    ssh(f"mv {manifest}.away {manifest}")
    node.put_in_force("one")
    say("a way back that fails")


def check_books(changes):
    """The folder of the books is full when a change turns out to be good."""
    node, ssh = changes.node, changes.node.machine.ssh
    ssh(f"cp -a {STATE} /root/books; mount -t tmpfs -o size=2m,mode=711 none {STATE}; cp -a /root/books/. {STATE}")
    ssh(f"ln -s /run/hold {STATE}/hold")  # to let go of it makes no room
    changes.start_and_hold("two", "gate")
    ssh(f"cat /dev/zero >{STATE}/filler || :; rm /run/hold")
    assert node.wait_end()[0] == "ok"
    ssh(f"rm {STATE}/filler {STATE}/hold")
    changes.check("two")
    assert node.roll_back()[0] == "ok"
    changes.check("one")
    # What is full before anything is changed changes nothing.
    before = node.pid()
    ssh(f"cat /dev/zero >{STATE}/filler || :")
    assert "nothing can be written" in node.refused("activate", "two", 20, next(node.runs), "ann@desk")
    ssh(f"rm {STATE}/filler")
    assert node.pid() == before
    changes.check("one")
    ssh(f"rm -r /root/books; cp -a {STATE} /root/books; umount --lazy {STATE}; cp -a /root/books/. {STATE}; rm -r /root/books")
    changes.check("one")
    say("a full disk under the books")


def check_full_settings(changes):
    """What cannot be written anyway stops nobody."""
    node, ssh = changes.node, changes.node.machine.ssh
    before = node.pid()
    ssh("cp -a /etc/pchat /root/kept; mount -t tmpfs -o size=128k,mode=755 none /etc/pchat; cp -a /root/kept/. /etc/pchat")
    big = {"path": "/etc/pchat/tls/zz.pem", "owner": "root", "group": "root", "mode": 0o644, "content": "x" * 200_000}
    want = {**changes.want, "files": [*changes.files["two"], big]}
    node.stage("big", change_of(changes.releases["two"].name, want, ["--server", "https://pc1"]))
    how, why, rows = node.activate("big")
    assert how == "undone" and "nothing was changed" in why and "zz.pem cannot be written" in why, rows
    assert node.pid() == before, "a service was stopped for nothing"
    changes.check("one")
    ssh("umount --lazy /etc/pchat; rm -r /root/kept")
    changes.check("one")
    say("a full disk under the settings")


# ---- what somebody changed


def check_drift(changes):
    """A release and the ways in which services are started are as they were left, or it is said."""
    node, ssh = changes.node, changes.node.machine.ssh
    release = changes.releases["one"]
    program = f"/opt/pchat/releases/{release.name}/bin/pchatd"
    for harm, mend, complaint in (
        (f"chmod u+s {program}", f"chmod 0755 {program}", "bin/pchatd is missing, too much, or has another mode"),
        (f"chown pchat {program}", f"chown root {program}", "others than root may change bin/pchatd"),
        (f"echo '# by hand' >>{program}", "", "bin/pchatd is not what MANIFEST says"),
    ):
        ssh(harm)
        assert rows_of(node, "damaged") == [[release.name, complaint]], node.look()
        assert [release.name] not in rows_of(node, "release")
        assert complaint in node.refused("activate", "one", 20, next(node.runs), "ann@desk")
        if mend:
            ssh(mend)
            assert rows_of(node, "damaged") == []
    # One that does not run is looked at before it does, and makes room.
    other = changes.releases["two"]
    ssh(f"echo '# by hand' >>/opt/pchat/releases/{other.name}/bin/pchatd")
    assert "is sent once more" in node.refused("activate", "two", 20, next(node.runs), "ann@desk")
    assert [other.name] not in rows_of(node, "release")
    assert node.bring(other) == [["unpacked", other.name]]
    # Sent once more: and what runs of it is started again.
    ssh("systemctl restart pchatd")
    before = node.pid()
    node.machine.ssh(f"rm {program}")
    assert node.bring(release) == [["unpacked", release.name]]
    assert "before it was repaired" in rows_of(node, "damaged")[0][1]
    node.put_in_force("one")
    assert node.pid() != before and rows_of(node, "damaged") == []
    changes.check("one")
    say("a release that was changed by hand")

    before = node.pid()
    node.machine.put_file(f"{DROP_IN}/x.conf", "[Service]\nUser=root\n")
    ssh("systemctl daemon-reload; systemctl restart pchatd")
    assert [f"{DROP_IN}/x.conf"] in rows_of(node, "other")
    assert ssh("ps -o uid= -p $(systemctl show --property=MainPID --value pchatd)").stdout.strip() == "0"
    node.put_in_force("one")
    assert node.pid() != before
    assert ssh("ps -o uid= -p $(systemctl show --property=MainPID --value pchatd)").stdout.strip() == "842"
    changes.check("one")
    assert ssh(f"ls -d {DROP_IN}", check=False).stdout == ""
    say("a unit that was changed by a file beside it")


def check_foreign_unit(changes):
    """It begins as ours do, and belongs to somebody else."""
    node = changes.node
    node.machine.put_file(FOREIGN, "[Service]\nExecStart=/bin/sleep 1000\n")
    node.machine.ssh("systemctl daemon-reload; systemctl start pchat-backup")
    node.put_in_force("two")
    changes.check("two")
    assert node.machine.ssh(f"ls {FOREIGN}; systemctl is-active pchat-backup").stdout == f"{FOREIGN}\nactive\n"
    say("a service of somebody else")


def check_hanging_store(changes):
    """Nobody answers for what shall be mounted there."""
    node, ssh = changes.node, changes.node.machine.ssh
    mount = "exec 5<>/run/slow; mount -t autofs -o fd=5,pgrp=$$,minproto=5,maxproto=5,direct none /mnt/slow; sleep 1000"
    node.machine.put_file("/root/slow", f"mkdir -p /mnt/slow; mkfifo /run/slow; {mount}\n")
    ssh("systemd-run --quiet --unit=slow sh /root/slow")
    wait_for("nothing is mounted", lambda: ssh("grep -q /mnt/slow /proc/mounts", check=False).returncode == 0)
    found = rows_of(node, "store", ("store", "/mnt/slow/store"))
    assert found == [["/mnt/slow/store", "mount", "does not answer within 10 s", "-", "-"]], found
    ssh("umount --lazy /mnt/slow; systemctl stop slow")
    say("a file store that hangs")


def check_removal(changes):
    """Mounted folders are no obstacle, and what stays is said."""
    node, ssh = changes.node, changes.node.machine.ssh
    ssh("install -d -o pchat /srv/data")
    node.prepare(CONTENT, "/srv/data")
    ssh("systemctl stop pchatd; cp -a /var/lib/pchat /root/data; mount -t tmpfs none /var/lib/pchat")
    ssh("cp -a /root/data/. /var/lib/pchat")
    ssh("mkdir /var/lib/pchat/store; mount -t tmpfs none /var/lib/pchat/store; touch /var/lib/pchat/store/of-all-machines")
    said = node.call("remove", "purge")
    assert ["stays", "/var/lib/pchat", "/var/lib/pchat /var/lib/pchat/store is mounted"] in said, said
    assert ["stays", "/srv/data", "databases outside of /var/lib/pchat"] in said, said
    assert ["removed", "user", "pchat"] in said and ["removed", STATE] in said, said
    assert any(row[:2] == ["stays", "journal"] for row in said), said
    left = ssh(
        f"find /var/lib/pchat ! -type d; ls -d {STATE} /opt/pchat /etc/pchat; systemctl is-active pchat-backup", check=False
    ).stdout
    assert left == "/var/lib/pchat/store/of-all-machines\nactive\n", left
    say("removal of what is mounted")


def run(folder, programs):
    with machines.Site(folder) as site:
        machine = site.add("pc1.contoso.example")
        site.write_hosts()
        machine.start().wait()
        changes = Changes(folder, programs, machine, "systemd")
        node = changes.node
        node.prepare(CONTENT)
        check_folders(node)
        check_uploads(node)
        changes.put_there()
        check_twice(changes)
        check_owner(changes)
        check_first_cut_off(changes)
        check_once(changes)
        check_failed_way_back(changes)
        check_books(changes)
        check_full_settings(changes)
        check_drift(changes)
        check_foreign_unit(changes)
        check_hanging_store(changes)
        check_removal(changes)


def main():
    problem = machines.why_not()
    if problem:
        return skip(problem)
    with tempfile.TemporaryDirectory() as name:
        run(pathlib.Path(name), pathlib.Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
