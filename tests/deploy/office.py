# SPDX-License-Identifier: Apache-2.0
"""Where an administrator deploys a pool of several machines from: the machines (machines.py), a PostgreSQL with TLS, a
file store that all machines share, and a desk (admin_desk.py)."""

import os
import pathlib
import sys

import machines
from admin_desk import AdminDesk

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "promises"))

from lan import NETWORK
from parts import Authority, Postgres

POOL = "pchat.contoso.example"
DOMAIN = "contoso.example"
SQL = f"sql1.{DOMAIN}"
STORE = "/mnt/pchat"
ACCOUNT = 842

TOPOLOGY = """\
apiVersion: pchat/v1
kind: Topology
metadata: {{name: contoso}}
spec:
  domain: contoso.example
  dataCenters: [{{name: dc1}}]
  sites: [{{name: hq, defaultPool: {pool}}}]
  frontEnds:
    - {{fqdn: fe.contoso.example, edition: enterprise, site: hq, machines: [{{fqdn: fe1.contoso.example}}], sql: be}}
  sqlInstances:
    - {{name: be, engine: postgresql, server: sql0.contoso.example, version: "15", dataCenter: dc1}}
    - {{name: content, engine: postgresql, server: {sql}, version: "15", dataCenter: dc1, tls: {{mode: require}},
       credentials: {{provision: "file:secrets/pg-admin", run: "file:secrets/content-run"}}}}
  fileStores: [{{name: files, server: nas.contoso.example, share: pchat, path: {store}, site: hq}}]
  pools:
    - fqdn: {pool}
      displayName: Rooms
      kind: multiple
      site: hq
      nextHop: fe.contoso.example
      capacity: {{concurrentUsers: {users}}}
      machines:
{machines}
      databases: {{content: content}}
      fileStore: files
"""


class Office(AdminDesk):
    def __init__(self, folder, programs, count, standby=()):
        """`standby`: numbers of machines, from 1, that take no users."""
        self.standby = standby
        folder = pathlib.Path(folder)
        folder.chmod(0o711)  # the database has an account of its own
        site = machines.Site(folder)
        try:
            self.database = self._database(site)
            self.machines = [site.add(f"pc{i + 1}.{DOMAIN}") for i in range(count)]
            super().__init__(site, folder, programs, POOL, [(self.database.host.address, SQL)])
            self._furnish()
        except BaseException:
            site.close()
            raise

    @staticmethod
    def _database(site):
        host = site.lan.add("sql", 5)
        (site.folder / "tls").mkdir()
        authority = Authority(site.folder / "tls")
        authority.issue("sql", f"DNS:{SQL}")
        return Postgres(host, site.folder, NETWORK, tls=site.folder / "tls/sql")

    def _furnish(self):
        self.secrets = {"ann": "annes-password", "bob": "bobs-password", "carol": "carols-password", "run": "runs-password"}
        (self.desk / "secrets").mkdir()
        for name in ("ann", "bob", "carol"):
            self.write(f"secrets/{name}", self.secrets[name] + "\n", 0o600)
        self.write("secrets/pg-admin", f"postgres:{self.database.password}\n", 0o600)
        self.write("secrets/content-run", f"pchat_run:{self.secrets['run']}\n", 0o600)
        self.write_topology()
        store = self.folder / "store"
        store.mkdir()
        os.chown(store, ACCOUNT, ACCOUNT)
        for one in self.machines:
            (one.root / "etc/hosts").write_text(self.hosts.read_text(encoding="utf-8"), encoding="utf-8")
            one.bind(store, STORE)

    def write_topology(self, users=1000):
        rows = "\n".join(
            f"        - {{fqdn: {one.fqdn}, dataCenter: dc1, addresses: ['{one.address}'],"
            f" active: {'false' if i + 1 in self.standby else 'true'}, ssh: {{host: {one.address}}}}}"
            for i, one in enumerate(self.machines)
        )
        self.write("topology.yaml", TOPOLOGY.format(pool=POOL, sql=SQL, store=STORE, users=users, machines=rows))

    def start(self):
        self.database.start()
        self.database.wait_until_ready()
        for one in self.machines:
            one.start()
        for one in self.machines:
            one.wait()

    def prepare_by_hand(self):
        """What comes before a deployment."""
        self.make_certificates()
        self.pchatctl(
            "db", "provision", "-f", "topology.yaml", "--yes", "--admin", f"sip:ann@{DOMAIN}", "--admin-password-file",
            "secrets/ann",
        )  # fmt: skip

    def close(self):
        self.database.kill()
        self.site.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
