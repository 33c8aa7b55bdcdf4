# SPDX-License-Identifier: Apache-2.0
"""Where an administrator deploys from: machines (machines.py), a PostgreSQL with TLS, a file store that all machines
share, and a desk with a topology, a key, and pchatctl."""

import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys

import machines

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "promises"))

from lan import NETWORK
from parts import Authority, Postgres

POOL = "pchat.contoso.example"
DOMAIN = "contoso.example"
SQL = f"sql1.{DOMAIN}"
STORE = "/mnt/pchat"
ACCOUNT = 842
LONGEST = 300  # seconds for one command

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


class Office:
    def __init__(self, folder, programs, count, standby=()):
        """`standby`: numbers of machines, from 1, that take no users."""
        self.folder = pathlib.Path(folder)
        self.programs = pathlib.Path(programs).resolve()
        self.standby = standby
        self.folder.chmod(0o711)  # the database has an account of its own
        self.site = machines.Site(self.folder)
        try:
            self.database = self._database()
            self.machines = [self.site.add(f"pc{i + 1}.{DOMAIN}") for i in range(count)]
            self._furnish()
        except BaseException:
            self.site.close()
            raise

    def _database(self):
        host = self.site.lan.add("sql", 5)
        (self.folder / "tls").mkdir()
        authority = Authority(self.folder / "tls")
        authority.issue("sql", f"DNS:{SQL}")
        return Postgres(host, self.folder, NETWORK, tls=self.folder / "tls/sql")

    def _furnish(self):
        self.desk = self.folder / "desk"
        self.desk.mkdir()
        self.secrets = {"ann": "annes-password", "bob": "bobs-password", "carol": "carols-password", "run": "runs-password"}
        (self.desk / "secrets").mkdir()
        for name in ("ann", "bob", "carol"):
            self.write(f"secrets/{name}", self.secrets[name] + "\n", 0o600)
        self.write("secrets/pg-admin", f"postgres:{self.database.password}\n", 0o600)
        self.write("secrets/content-run", f"pchat_run:{self.secrets['run']}\n", 0o600)
        self.write_topology()
        # Not /etc/hosts of this machine: what is mounted there is seen by whom it is mounted for.
        names = [f"{self.database.host.address} {SQL}", *(f"{one.address} {one.fqdn}" for one in self.machines)]
        self.hosts = self.write("hosts", "127.0.0.1 localhost\n" + "\n".join(names) + "\n")
        store = self.folder / "store"
        store.mkdir()
        os.chown(store, ACCOUNT, ACCOUNT)
        for one in self.machines:
            (one.root / "etc/hosts").write_text(self.hosts.read_text(encoding="utf-8"), encoding="utf-8")
            one.bind(store, STORE)

    def write(self, name, text, mode=0o644):
        path = self.desk / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

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

    # ---- at the desk

    def words(self, *command):
        """The command line of something that runs at the desk."""
        name = 'mount --bind "$0" /etc/hosts && cd "$1" && shift && exec "$@"'
        return self.site.admin.words("unshare", "--mount", "sh", "-c", name, self.hosts, self.desk, *command)

    @property
    def environment(self):
        return {
            **os.environ, "HOME": str(self.desk), "XDG_CONFIG_HOME": "", "SSH_AUTH_SOCK": "", "POOL": POOL, "TERM": "dumb",
            "PATH": f"{self.programs}:{os.environ['PATH']}", "PCHATCTL_BUNDLE": str(self.folder / "bundle"),
        }  # fmt: skip

    def begin(self, *command, **more):
        """A program at the desk, in a process group of its own."""
        return subprocess.Popen(
            [str(word) for word in self.words(*command)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=self.environment, start_new_session=True, **more,
        )  # fmt: skip

    def run(self, *command, codes=(0,)):
        process = self.begin(*command)
        try:
            out, err = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise RuntimeError(f"{shlex.join(map(str, command))} does not end\n{out}{err}") from None
        if process.returncode not in codes:
            raise RuntimeError(f"{shlex.join(map(str, command))}: exit {process.returncode}\n{out}{err}")
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def ssh_words(self):
        return ["--identity", self.site.key, "--known-hosts", self.site.known_hosts]

    def pchatctl(self, *words, codes=(0,)):
        return self.run("pchatctl", *words, codes=codes)

    def deploy(self, verb, *words, codes=(0,), yes=True):
        subject = POOL if verb != "node" else words[0]
        rest = words if verb != "node" else words[1:]
        answer = ("--yes",) if yes and verb in ("pool", "node", "rollback", "remove") else ()
        return self.pchatctl(
            "deploy", verb, subject, "-f", "topology.yaml", *self.ssh_words(), *answer, *rest, codes=codes
        )  # fmt: skip

    def status(self, codes=(0, 1, 5)):
        return {row["name"]: row for row in json.loads(self.deploy("status", "-o", "json", codes=codes).stdout)}

    def prepare_by_hand(self):
        """What comes before a deployment."""
        self.pchatctl("deploy", "ca", "init", POOL, "-f", "topology.yaml")
        self.pchatctl("deploy", "ca", "issue", POOL, "-f", "topology.yaml")
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
