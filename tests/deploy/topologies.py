# SPDX-License-Identifier: Apache-2.0
"""Topologies of a pool on the machines of machines.py, and what the command line renders of them."""

import json
import os
import pathlib
import subprocess

POOL = "pchat.contoso.example"
HEAD = """\
apiVersion: pchat/v1
kind: Topology
metadata: {name: contoso}
spec:
  domain: contoso.example
  dataCenters: [{name: dc1}]
  sites: [{name: hq, defaultPool: %(pool)s}]
  frontEnds:
    - {fqdn: fe.contoso.example, edition: enterprise, site: hq, machines: [{fqdn: fe1.contoso.example}], sql: be}
"""
TAIL = """\
  fileStores: [{name: files, server: nas.contoso.example, share: pchat, path: /mnt/pchat, site: hq}]
"""


def embedded(machine, address):
    """One machine, SQLite."""
    head = HEAD % {"pool": machine}
    return f"""{head}\
  sqlInstances:
    - {{name: be, engine: postgresql, server: sql0.contoso.example, version: "15", dataCenter: dc1}}
    - {{name: content, engine: sqlite, path: /var/lib/pchat/content}}
{TAIL}\
  pools:
    - fqdn: {machine}
      displayName: Rooms
      kind: single
      site: hq
      nextHop: fe.contoso.example
      capacity: {{concurrentUsers: 1000}}
      machines: [{{fqdn: {machine}, dataCenter: dc1, addresses: ["{address}"]}}]
      databases: {{content: content}}
      fileStore: files
"""


def several(machines, server="sql1.contoso.example"):
    """Some machines (name, address), and a PostgreSQL that need not be there. Its login is content:hunter2."""
    rows = "\n".join(
        f"        - {{fqdn: {name}, dataCenter: dc1, addresses: ['{address}']}}" for name, address in machines
    )
    head = HEAD % {"pool": POOL}
    return f"""{head}\
  sqlInstances:
    - {{name: be, engine: postgresql, server: sql0.contoso.example, version: "15", dataCenter: dc1}}
    - {{name: content, engine: postgresql, server: {server}, version: "15", dataCenter: dc1, tls: {{mode: require}},
       credentials: {{provision: "env:PCHAT_TEST_LOGIN", run: "env:PCHAT_TEST_LOGIN"}}}}
{TAIL}\
  pools:
    - fqdn: {POOL}
      displayName: Rooms
      kind: multiple
      site: hq
      nextHop: fe.contoso.example
      capacity: {{concurrentUsers: 1000}}
      machines:
{rows}
      databases: {{content: content}}
      fileStore: files
"""


class Desk:
    """Where the administrator sits: a folder with the topology and what pchatctl keeps."""

    def __init__(self, folder, programs):
        self.folder = pathlib.Path(folder)
        self.programs = pathlib.Path(programs)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.topology = self.folder / "topology.yaml"
        self.environment = {
            **os.environ, "HOME": str(self.folder), "XDG_CONFIG_HOME": "", "PCHAT_TEST_LOGIN": "content:hunter2",
        }  # fmt: skip

    def _run(self, *words):
        done = subprocess.run(
            [str(word) for word in words], capture_output=True, text=True, check=False, env=self.environment
        )
        if done.returncode != 0:
            raise RuntimeError(f"{words[0]} {words[1:4]}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def pchatctl(self, *words):
        return self._run(self.programs / "pchatctl", *words)

    def write(self, text, pool):
        """A topology, and the certificates of the pool that it describes."""
        self.topology.write_text(text)
        self.pchatctl("deploy", "ca", "init", pool, "-f", self.topology)
        self.pchatctl("deploy", "ca", "issue", pool, "-f", self.topology)

    def authority(self, pool):
        return self.folder / ".config/pchat/authorities" / pool / "ca.pem"

    def render(self, pool, machine, release="0.1.0-0123456789ab", supervisor="systemd"):
        return json.loads(self._run(self.programs / "render_files", self.topology, pool, machine, release, supervisor))
