#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""units_test.py PROGRAMS: the units that are rendered are understood by systemd and leave little to an intruder, and
nats-server takes its configuration; without a machine, as whoever runs this. Exit code 77: cannot be tried here."""

import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "promises"))

from skip import skip
from topologies import POOL, Desk, embedded, several

MOST = 2.0  # of ten, as systemd-analyze counts exposure
MACHINES = [("pc1.contoso.example", "10.77.0.11"), ("pc2.contoso.example", "10.77.0.12")]


def check_unit(folder, file):
    name = file["path"].rsplit("/", maxsplit=1)[1]
    unit = folder / name
    # verify wants programs that are there, and manuals that are installed.
    text = re.sub(r"^(ExecStart\w*=)\S+", r"\1/bin/true", file["content"], flags=re.MULTILINE)
    unit.write_text(re.sub(r"^Documentation=.*\n", "", text, flags=re.MULTILINE))
    said = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    complaints = [line for line in said.stderr.splitlines() if name in line]
    assert not complaints, f"systemd does not understand {name}: {complaints}"
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", unit], capture_output=True, text=True, check=True
    ).stdout
    exposure = float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", judged)[1])
    assert exposure <= MOST, f"{name}: exposure {exposure}, more than {MOST}\n{judged}"
    print(f"{name}: exposure {exposure}")


def check_bus(folder, files):
    """nats-server reads the certificates, too, so the paths lead to where they are here."""
    text = files["/etc/pchat/nats.conf"]["content"]
    for path, file in files.items():
        if path.startswith("/etc/pchat/tls/"):
            local = folder / path.rsplit("/", maxsplit=1)[1]
            local.write_text(file["content"])
            text = text.replace(path, str(local))
    settings = folder / "nats.conf"
    settings.write_text(text)
    settings.chmod(stat.S_IRUSR)
    done = subprocess.run(["nats-server", "-t", "-c", settings], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"nats-server refuses its configuration: {done.stdout}{done.stderr}"
    print("nats.conf: understood")


def main():
    os.environ["PATH"] += ":/usr/sbin"
    for program in ("systemd-analyze", "nats-server"):
        if not shutil.which(program):
            return skip(f"there is no {program}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        desk = Desk(folder / "desk", sys.argv[1])
        desk.write(several(MACHINES), POOL)
        files = {file["path"]: file for file in desk.render(POOL, MACHINES[0][0])["files"]}
        for unit in ("pchatd", "pchat-nats"):
            check_unit(folder, files[f"/etc/systemd/system/{unit}.service"])
        check_bus(folder, files)
        one = MACHINES[0][0]
        alone = Desk(folder / "alone", sys.argv[1])
        alone.write(embedded(*MACHINES[0]).replace("      databases:", "      ports: {https: 8443}\n      databases:"), one)
        files = {file["path"]: file for file in alone.render(one, one)["files"]}
        check_unit(folder, files["/etc/systemd/system/pchatd.service"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
