# SPDX-License-Identifier: Apache-2.0
"""What the program on nodes does before anything is switched: account, folders, lock, releases, changes, a look around."""

from node_calls import STATE, Failed, change_of, pack, probe_of

CONTENT = "/var/lib/pchat/content"


def check_account_taken(node):
    ssh = node.machine.ssh
    ssh("useradd --system --uid 842 --gid nogroup other")
    assert ["taken", "uid", "842", "other"] in node.look()
    assert "uid 842 belongs to 'other'" in node.refused("prepare", "root")
    ssh("userdel other; groupadd --gid 842 others")
    assert ["taken", "gid", "842", "others"] in node.look()
    assert "gid 842 belongs to 'others'" in node.refused("prepare", "root")
    ssh("groupdel others; useradd --system --uid 843 pchat")
    assert "pchat has the" in node.refused("prepare", "root")
    ssh("userdel pchat; groupdel -f pchat 2>/dev/null || :")
    assert "there is no user" in node.refused("prepare", "nobody-here")


def check_prepare(node):
    made = node.prepare(CONTENT)
    assert ["made", "user", "pchat"] in made and ["made", "folder", CONTENT] in made, made
    assert node.prepare(CONTENT) == [], "the second time something is made"
    assert node.fact("account") == ["pchat", "842", "842"]
    modes = node.machine.ssh(
        f"stat --format='%U:%G %a %n' /opt/pchat/releases /etc/pchat/secrets {CONTENT} {STATE} {STATE}/changes {STATE}/incoming"
    ).stdout.splitlines()
    assert modes == [
        "root:root 755 /opt/pchat/releases", "root:pchat 750 /etc/pchat/secrets", f"pchat:pchat 700 {CONTENT}",
        f"root:root 711 {STATE}", f"root:root 700 {STATE}/changes", f"root:root 700 {STATE}/incoming",
    ], modes  # fmt: skip
    node.machine.ssh("mkdir /srv/data; useradd --create-home ann")
    assert "chown pchat:pchat /srv/data" in node.refused("prepare", "root", stdin=b"folder\t/srv/data\n")
    # Somebody else signs in: may upload, and sees nothing else.
    node.call("prepare", "ann")
    node.machine.ssh(f"runuser -u ann -- touch {STATE}/incoming/x && ! runuser -u ann -- ls {STATE}/changes 2>/dev/null")
    node.machine.ssh(f"rm {STATE}/incoming/x")
    node.prepare()


def check_unpack(node, folder):
    """Small releases: it is the archive that matters."""
    files = {"bin/one": (0o755, b"#!/bin/sh\n"), "share/two": (0o644, b"2\n"), "share/big": (0o644, bytes(range(256)) * 20000)}
    good = pack(folder, files)
    ssh = node.machine.ssh
    whole = good.archive.read_bytes()
    middle = len(whole) // 2
    for spoiled in (whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], whole[:middle]):
        (folder / "spoiled").write_bytes(spoiled)
        node.machine.put(folder / "spoiled", f"{STATE}/incoming/{good.name}.tar.gz")
        assert "did not arrive whole" in node.refused("unpack", good.name, good.sum)
    lies = {
        "share/two is missing": {path: file for path, file in files.items() if path != "share/two"},
        "share/three is missing, too much": {**files, "share/three": (0o644, b"3")},
        "bin/one is missing, too much, or has another mode": {**files, "bin/one": (0o644, files["bin/one"][1])},
        "share/two is not what": {**files, "share/two": (0o644, b"3\n")},
    }
    for complaint, held in lies.items():
        liar = pack(folder, files, in_archive=held)
        node.machine.put(liar.archive, f"{STATE}/incoming/{liar.name}.tar.gz")
        said = node.refused("unpack", liar.name, liar.sum)
        assert complaint in said, said
    assert "is no name" in node.refused("unpack", "../../etc", "0")
    assert "upload it first" in node.refused("unpack", "0.1.0-000000000000", "0")
    good = pack(folder, files)
    ssh("mount -t tmpfs -o size=2m none /opt/pchat/releases")
    said_by_full_disk = None
    try:
        node.bring(good)
    except Failed as failed:
        said_by_full_disk = failed.message
    assert said_by_full_disk and "the disk is full" in said_by_full_disk, said_by_full_disk
    assert ssh("ls -A /opt/pchat/releases").stdout == "", "something is left behind on the full disk"
    ssh("umount /opt/pchat/releases")
    assert node.bring(good) == [["unpacked", good.name]]
    assert node.bring(good) == [["present", good.name]]
    # What was damaged later is put right.
    ssh(f"echo 3 >/opt/pchat/releases/{good.name}/share/two")
    assert node.bring(good) == [["unpacked", good.name]]
    assert ssh(f"cat /opt/pchat/releases/{good.name}/share/two; ls -A {STATE}/incoming; ls -A /opt/pchat/releases").stdout == (
        f"2\n{good.name}\n"
    )
    ssh(f"rm -r /opt/pchat/releases/{good.name}")


def check_stage(node, want, release):
    probe = probe_of(node.machine)

    def refused(spoil):
        return node.refused("stage", "c0", stdin=change_of(release, want, probe, spoil=spoil))

    assert "it has no probe" in refused(lambda members: members.pop("probe"))
    assert "is not what its list says" in refused(lambda members: members.update({"tree/etc/pchat/pchatd.yaml": b"x"}))
    assert "/etc/pchat/more is not in its list" in refused(lambda members: members.update({"tree/etc/pchat/more": b""}))
    for path in ("/etc/passwd", "/etc/pchat/../passwd"):
        row = f"{path}\troot\troot\t0644\t{0:064}\t-\n".encode()
        assert "is no place of ours" in refused(lambda members, row=row: members.update({"files": row}))
    assert "cannot be unpacked" in node.refused("stage", "c0", stdin=b"no archive")
    assert node.stage("c1", change_of(release, want, probe)) == [["staged", "c1"]]
    assert node.stage("c1", change_of(release, want, probe)) == [["present", "c1"]]
    loose = node.machine.ssh(f"find {STATE}/changes -perm /077").stdout
    assert loose == "", f"others may read {loose}"
    assert node.machine.ssh(f"ls -A {STATE}/changes").stdout == "c1\n"


def check_lock(node):
    ann, bob = "ann@desk run-1", "bob@home run-2"
    assert node.call("lock", ann) == [["locked", ann]]
    [[held, owner, age]] = node.call("lock", bob, allow=(3,))
    assert (held, owner) == ("held", ann) and int(age) >= 0
    assert node.call("lock", ann) == [["locked", ann]]
    assert node.call("touch-lock", ann) == [["locked", ann]]
    assert node.fact("lock")[:2] == ["held", ann]
    assert node.call("lock", bob, "carl@desk run-0", allow=(3,))[0][1] == ann, "taken over from somebody else"
    assert node.call("lock", bob, ann) == [["locked", bob]]
    assert node.call("touch-lock", ann, allow=(3,))[0][:2] == ["held", bob]
    assert node.call("unlock", ann, allow=(3,))[0][:2] == ["held", bob]
    assert node.call("unlock", bob) == [["free"]]
    assert node.call("touch-lock", bob, allow=(3,)) == [["free"]]
    assert node.fact("lock") == ["free"]


FAKE = b"""\
#!/bin/sh
echo "$2 $7 $8" >>/root/calls
case $2:$8 in
    migrate:content) [ -e /root/behind ] && printf '[\\n  {\\n    "pending": [\\n      "0009_more"\\n    ]\\n  }\\n]\\n' ;;
    migrate:compliance) exit 1 ;;
    backup:*) touch "${10}$8-$6-$(date +%s.%N).db" "${10}$8-$6-x.db.json" ;;
esac
exit 0
"""


def check_copies(node, folder):
    """Before the schema of a file is brought up to date a copy of it is made, by a release that only notes what it shall do."""
    release = pack(folder, {"bin/pchatctl": (0o755, FAKE)})
    ssh = node.machine.ssh
    node.bring(release)

    def calls(pool):
        ssh("rm -f /root/calls")
        assert node.call("provision", release.name, pool, "-", stdin=b"topology") == [["provisioned", pool]]
        return [" ".join(line.split()) for line in ssh("cat /root/calls").stdout.splitlines()]

    whole = ["migrate --database content", "migrate --database compliance", "provision --yes", "migrate --yes"]
    assert calls("p.example") == whole, calls("p.example")
    assert ssh("ls /var/lib/pchat").stdout.split() == ["content"], "a copy is made of what stays as it is"
    ssh("touch /root/behind")
    assert calls("p.example") == [whole[0], "backup --database content", *whole[1:]], calls("p.example")
    for _ in range(4):
        only = calls("p.example/content")
    assert only == [
        "migrate --database content", "backup --database content", "provision --database content", "migrate --database content",
    ], only  # fmt: skip
    assert "is no database" in node.refused("provision", release.name, "p.example/other", "-")
    kept = ssh("cd /var/lib/pchat/backups && ls -d content-p.example-[0-9]*.db; stat --format='%a %U' .").stdout.split()
    assert len(kept) == 5 and kept[3:] == ["700", "root"], kept
    ssh(f"rm -r /var/lib/pchat/backups /root/behind /root/calls /opt/pchat/releases/{release.name}")


def check_marks(node):
    """Of several machines that see the same store; and of one that may not write there."""
    ssh = node.machine.ssh
    ssh("install -d -o pchat -m 0700 /mnt/store; install -d -m 0700 /mnt/closed")
    ssh("touch -d '2 hours ago' /mnt/store/.pchat-mark-old; touch /mnt/store/.pchat-mark-other")
    wishes = (
        ("leave", "/mnt/store", "m1"), ("find", "/mnt/store", "m1"), ("find", "/mnt/store", "m2"),
        ("find", "/mnt/store", "old"), ("take", "/mnt/store", "m1"), ("leave", "/mnt/closed", "m1"),
    )  # fmt: skip
    said = [node.call("mark", *wish)[0][1] for wish in wishes]
    assert said == ["left", "found", "missing", "missing", "taken", "Permission denied"], said
    assert ssh("ls -A /mnt/store").stdout.split() == [".pchat-mark-other"], "the mark of somebody else is taken, too"
    assert "no name of a mark" in node.refused("mark", "leave", "/mnt/store", "../x")
    assert "nothing that is done" in node.refused("mark", "break", "/mnt/store", "m1")
    ssh("rm -r /mnt/store /mnt/closed")


def check_instance(node):
    """A browser of SQL Server that knows one instance, on a port where somebody listens."""
    answer = "tcp;22;;"
    browser = (
        "use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 1434, Proto => q(udp)) or die;"
        " while ($s->recv(my $asked, 99)) { $s->send(qq(\\5\\0\\0ServerName;SQL;InstanceName;CHAT;%s)) if $asked eq qq(\\4CHAT\\0); }"
    ) % answer
    node.machine.ssh(f"systemd-run --quiet --unit=browser perl -e '{browser}'")
    rows = node.look(("instance", "127.0.0.1", "CHAT"), ("instance", "127.0.0.1", "OTHER"))
    found = sorted(row[2:] for row in rows if row[0] == "reach")
    assert found == [["22", "open"], ["OTHER", "no answer of SQL Server Browser, UDP 1434"]], found
    assert ["address", node.machine.address] in rows, rows
    node.machine.ssh("systemctl stop browser")


def check_look(node):
    ssh = node.machine.ssh
    ssh("install -d -o pchat -m 0700 /mnt/store; install -d -m 0700 /mnt/closed; touch /etc/pchat/leftover")
    # What other machines have under way there, whatever the numbers of their processes.
    theirs = "seq --format=/mnt/store/.pchat-look-%.0f 32768 | xargs"
    ssh(f"{theirs} touch")
    rows = node.look(
        ("file", "/etc/pchat/pchatd.yaml"), ("file", "/etc/pchat/none"), ("name", node.machine.fqdn), ("name", "no.example"),
        ("port", 22), ("port", 9), ("store", "/mnt/store"), ("store", "/mnt/closed"), ("store", "/mnt/none"),
        ("store", "/dev/shm"), ("reach", "127.0.0.1", 22), ("reach", "127.0.0.1", 9), ("reach", "no.example", 9),
        ("reach", "10.77.0.99", 9),
    )  # fmt: skip
    for row in (
        ["supervisor", "systemd"], ["uid", "0"], ["architecture", "amd64"], ["file", "/etc/pchat/none", "absent"],
        ["name", node.machine.fqdn, node.machine.address], ["name", "no.example"], ["port", "22", "taken", "0", "sshd"],
        ["port", "9", "free"], ["store", "/mnt/none", "absent"], ["reach", "127.0.0.1", "22", "open"],
        ["reach", "127.0.0.1", "9", "refused"], ["reach", "no.example", "9", "unknown-name"], ["other", "/etc/pchat/leftover"],
    ):  # fmt: skip
        assert row in rows, f"{row} is not in {rows}"
    begins = [row[:4] for row in rows]
    for row in (
        ["os", "debian", "12", "Debian GNU/Linux 12 (bookworm)"], ["file", "/etc/pchat/pchatd.yaml", "root", "root"],
        ["store", "/mnt/store", "folder", "writable"], ["store", "/mnt/closed", "folder", "Permission denied"],
        ["store", "/dev/shm", "mount", "writable"],
    ):  # fmt: skip
        assert row in begins, f"{row} does not begin one of {rows}"
    # Nobody answers, or a router says that nobody does.
    assert next(row[3] for row in rows if row[:2] == ["reach", "10.77.0.99"]) in ("timeout", "no-route")
    ssh(f"{theirs} rm")  # which fails where one is missing
    assert ssh("ls -A /mnt/store /dev/shm").stdout.split() == ["/dev/shm:", "/mnt/store:"], "a probe was left in a store"
    ssh("rm -r /mnt/store /mnt/closed /etc/pchat/leftover")
