#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""install_test.py PROGRAMS [BUNDLE]: the release bundle and the rendered files are put onto machines that have nothing but an
SSH server, by hand; the server runs there under systemd, on SQLite, and the nodes of the bus find each other. Needs
root and systemd-nspawn. Without BUNDLE one is made of PROGRAMS. Exit code 77: cannot be tried here."""

import json
import re
import subprocess
import sys

from machines import Site, wait_for
from on_machines import run_trial
from topologies import POOL, Desk, embedded, several

CURRENT = "/opt/pchat/current"
C_LIBRARY = re.compile(r"/(ld-linux[^/]*|lib(c|m|dl|rt|pthread|resolv|util|anl|mvec|nss_[a-z]+))\.so\.\d$")
MOST_EXPOSED = 2.0


def install(machine, bundle):
    """As a deployment does it; returns the name of the release."""
    release = bundle.name.removeprefix("pchat-").removesuffix(".tar.gz")
    machine.put(bundle, "/root/bundle.part")
    machine.ssh(
        "set -e; mkdir -p /opt/pchat/releases; tar -C /opt/pchat/releases -xzf /root/bundle.part; rm /root/bundle.part;"
        f" ln -s releases/{release} {CURRENT}.new; mv -T {CURRENT}.new {CURRENT};"
        f" cd {CURRENT}; while read -r sum mode path; do echo \"$sum  $path\"; done <MANIFEST | sha256sum --check --quiet;"
        " groupadd --system --gid 842 pchat; useradd --system --uid 842 --gid pchat --home-dir /nonexistent"
        " --shell /usr/sbin/nologin pchat; install -d -m 0755 /etc/pchat /etc/pchat/tls; install -d -m 0750 -g pchat"
        " /etc/pchat/secrets; install -d -m 0700 -o pchat -g pchat /var/lib/pchat /var/lib/pchat/content"
    )
    return release


def put_files(machine, files):
    for file in files:
        machine.put_file(file["path"], file["content"], f"{file['owner']}:{file['group']}", file["mode"])
    machine.ssh("systemctl daemon-reload")


def check_libraries(machine):
    """All but the C library come with the release, those of drivers too, which find them as the programs do."""
    listing = machine.ssh(
        f"cd {CURRENT}; ldd bin/pchatd bin/pchatctl; for file in lib/*.so* lib/odbc/*; do LD_LIBRARY_PATH=$PWD/lib ldd $file; done"
    ).stdout
    assert "not found" not in listing, listing
    foreign = {
        path
        for path in re.findall(r"=> (/\S+)", listing)
        if not path.startswith("/opt/pchat/") and not C_LIBRARY.search(path)
    }
    assert not foreign, f"libraries of the machine are used: {sorted(foreign)}"


def check_drivers(machine, desk):
    """A database that is not there is refused by the network, not by a driver that cannot be found."""
    for engine in ("postgresql", "sqlserver"):
        text = several([(machine.fqdn, machine.address)], "127.0.0.1").replace(
            'content, engine: postgresql, server: 127.0.0.1, version: "15"',
            f'content, engine: {engine}, server: 127.0.0.1, port: 9, version: "{2019 if engine == "sqlserver" else 15}"'
            + (", edition: standard" if engine == "sqlserver" else ""),
        )
        machine.put_file(f"/root/{engine}.yaml", text)
        done = machine.ssh(
            f"PCHAT_TEST_LOGIN=content:hunter2 {CURRENT}/bin/pchatctl db status -f /root/{engine}.yaml -o json", check=False
        )
        error = json.loads(done.stdout)[0]["error"]["message"]
        assert "127.0.0.1:9" in error and "lib" not in error, f"{engine}: {error}"
        print(f"{engine}: {error}")


def exposure_of(machine, unit):
    said = machine.ssh(f"systemd-analyze security {unit} || :").stdout
    value = float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)[1])
    assert value <= MOST_EXPOSED, said
    print(f"{unit}: exposure {value}")


def readyz(machine, desk, name):
    probe = (
        "import ssl, sys, urllib.request; trust = ssl.create_default_context(cafile=sys.argv[1]);"
        " print(urllib.request.urlopen(sys.argv[2], context=trust, timeout=5).read().decode())"
    )
    done = subprocess.run(
        machine.site.admin.words(sys.executable, "-c", probe, desk.authority(name), f"https://{machine.address}/readyz"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return json.loads(done.stdout) if done.returncode == 0 else None


def check_process(machine, asking="systemctl show --property=MainPID --value pchatd"):
    """Whose the server is and what it may do; returns its pid."""
    pid = machine.ssh(asking).stdout.strip()
    status = machine.ssh(f"cat /proc/{pid}/status").stdout
    capabilities = int(re.search(r"CapEff:\s*(\w+)", status)[1], 16)
    assert capabilities == 1 << 10, f"the server has capabilities {capabilities:x}, not CAP_NET_BIND_SERVICE alone"
    assert re.search(r"CapBnd:\s*0*400\n", status), status
    assert re.search(r"Uid:\s*842\s+842", status), status
    assert re.search(r"NoNewPrivs:\s*1", status), status
    limits = machine.ssh(f"cat /proc/{pid}/limits").stdout
    assert re.search(r"Max open files\s+3000\s+3000", limits), limits
    return pid


def run_server(machine, bundle, desk):
    name = machine.fqdn
    desk.write(embedded(name, machine.address), name)
    release = install(machine, bundle)
    check_libraries(machine)
    put_files(machine, desk.render(name, name, release)["files"])
    machine.put_file("/root/topology.yaml", desk.topology.read_text())
    machine.ssh(f"{CURRENT}/bin/pchatctl db provision -f /root/topology.yaml --yes")
    machine.ssh("systemctl enable --now pchatd")
    answer = wait_for("the server is not ready", lambda: readyz(machine, desk, name))
    print(f"{name} ready: {answer}")
    exposure_of(machine, "pchatd.service")
    check_process(machine)
    check_drivers(machine, desk)


def check_life(machine, desk):
    """It comes back after its own death and after the machine's."""
    pid = check_process(machine)
    machine.ssh("systemctl kill --signal=KILL pchatd")
    wait_for("the server is not started again", lambda: readyz(machine, desk, machine.fqdn))
    assert check_process(machine) != pid
    machine.reboot()
    wait_for("the server does not start with the machine", lambda: readyz(machine, desk, machine.fqdn))
    machine.cut()
    assert machine.ssh("true", check=False).returncode == 255, "a machine that was cut off answers"
    machine.mend()
    machine.wait()
    machine.crash()
    machine.start().wait()
    wait_for("the server does not start after a crash", lambda: readyz(machine, desk, machine.fqdn))


def run_under_runit(machine, bundle, desk):
    """The same without systemd's help."""
    name = machine.fqdn
    desk.write(embedded(name, machine.address), name)
    release = install(machine, bundle)
    put_files(machine, desk.render(name, name, release, "runit")["files"])
    machine.put_file("/root/topology.yaml", desk.topology.read_text())
    machine.ssh(f"{CURRENT}/bin/pchatctl db provision -f /root/topology.yaml --yes")
    machine.ssh("mkdir -p /etc/service; ln -s /etc/sv/pchatd /etc/service; systemd-run --quiet runsvdir /etc/service")
    wait_for("runit does not start the server", lambda: readyz(machine, desk, name))
    asking = "cat /etc/sv/pchatd/supervise/pid"
    pid = check_process(machine, asking)
    machine.ssh(f"kill -9 {pid}")
    wait_for("runit does not start the server again", lambda: readyz(machine, desk, name))
    assert check_process(machine, asking) != pid
    log = machine.ssh("cat /var/log/pchat/pchatd/current").stdout
    assert "listens at" in log, log
    machine.ssh("sv stop pchatd")


def run_bus(both, bundle, desk):
    """The nodes of a pool find each other, with certificates of its authority on either side."""
    desk.write(several([(machine.fqdn, machine.address) for machine in both]), POOL)
    for machine in both:
        if machine.ssh(f"test -e {CURRENT}", check=False).returncode != 0:
            install(machine, bundle)
        want = desk.render(POOL, machine.fqdn)
        put_files(machine, [file for file in want["files"] if "pchatd.service" not in file["path"]])
        machine.ssh("systemctl enable --now pchat-nats")
    for machine in both:
        wait_for(
            f"the bus of {machine.fqdn} has no route",
            lambda machine=machine: "Route connection created" in machine.ssh("journalctl --unit=pchat-nats --no-pager").stdout,
        )
        exposure_of(machine, "pchat-nats.service")
        pid = machine.ssh("systemctl show --property=MainPID --value pchat-nats").stdout.strip()
        status = machine.ssh(f"cat /proc/{pid}/status").stdout
        assert re.search(r"Cap(Eff|Bnd):\s*0+\n", status), status


def run(folder, programs, bundle):
    with Site(folder) as site:
        first = site.add("pc1.contoso.example")
        second = site.add("pc2.contoso.example")
        site.write_hosts()
        for machine in (first, second):
            machine.start()
        for machine in (first, second):
            machine.wait()
        desk = Desk(folder / "desk", programs)
        run_server(first, bundle, desk)
        check_life(first, desk)
        run_under_runit(second, bundle, Desk(folder / "runit-desk", programs))
        run_bus((first, second), bundle, Desk(folder / "bus-desk", programs))


if __name__ == "__main__":
    sys.exit(run_trial(run))
