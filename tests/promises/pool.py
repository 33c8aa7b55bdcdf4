# SPDX-License-Identifier: Apache-2.0
"""A whole pool on hosts of its own: a database, a bus of several nodes, four servers, and where their clients are."""

import json
import os

from lan import NETWORK, Lan
from parts import Authority, Part, Postgres, require_program, run

PORT = 8443
BUS_PORT, ROUTE_PORT = 4222, 6222
DOMAIN = "promise.example"
ARCHIVE = "pchat_compliance"
PING = 5  # seconds of silence after which a server asks whether somebody is there: who went is soon missed
LOGIN = "PCHAT_PROMISE_LOGIN"
TOPOLOGY = f"""\
apiVersion: pchat/v1
kind: Topology
metadata: {{name: promise}}
spec:
  domain: {DOMAIN}
  sites: [{{name: hq, defaultPool: pool.{DOMAIN}}}]
  frontEnds:
    - {{fqdn: fe.{DOMAIN}, edition: enterprise, site: hq, machines: [{{fqdn: fe1.{DOMAIN}}}], sql: be}}
  sqlInstances:
    - {{name: be, engine: postgresql, server: sql0.{DOMAIN}, version: "15"}}
    - {{name: both, engine: postgresql, server: 127.0.0.1, version: "15", tls: {{mode: "off"}},
       credentials: {{provision: "env:{LOGIN}", run: "env:{LOGIN}"}}}}
  fileStores: [{{name: files, server: nas.{DOMAIN}, share: pchat, path: /mnt/pchat, site: hq}}]
  pools:
    - fqdn: pool.{DOMAIN}
      displayName: Rooms
      kind: multiple
      site: hq
      nextHop: fe.{DOMAIN}
      machines: [{{fqdn: pc1.{DOMAIN}}}]
      databases: {{content: both, compliance: both}}
      compliance: {{enabled: true, outputDirectory: /var/lib/pchat/compliance}}
      fileStore: files
"""


def give_tokens(sql, names):
    """A token for each, as checker.py wants them: signing in by password costs what it should. `sql` runs a text in the
    content database."""
    quoted = ", ".join(f"'{name.removeprefix('sip:')}'" for name in names)
    sql(
        "insert into token (id, uuid, secret_hash, user_id, kind, label, created_at)"
        " select 1000000 + id, gen_random_uuid(), encode(sha256(cast('promise-' || name as bytea)), 'hex'), id, 1,"
        f" 'promise', 1 from principal where name in ({quoted})"
    )
    return [{"user": name, "token": f"promise-{name.removeprefix('sip:')}"} for name in names]


class Pool:
    def __init__(self, folder, programs, servers=4):
        self.folder = folder
        self.programs = programs
        self.lan = Lan()
        try:
            self.clients = self.lan.add("clients", 2)
            self.database = Postgres(self.lan.add("database", 5), folder, NETWORK)
            hosts = [self.lan.add(f"pc{i + 1}", 11 + i) for i in range(servers)]
            self.authority = Authority(folder)
            for host in hosts:
                self.authority.issue(host.name, f"IP:{host.address}", f"DNS:{host.name}.{DOMAIN}")
            self.bus_password = folder / "bus.secret"
            self.bus_password.write_text("a word between servers", encoding="utf-8")
            self.database_password = folder / "database.secret"
            self.database_password.write_text(self.database.password, encoding="utf-8")
            self.database_password.chmod(0o600)
            self.bus_password.chmod(0o600)
            self.nodes = [self._node(host, hosts) for host in hosts]
            self.servers = [self._server(host, hosts) for host in hosts]
        except BaseException:
            self.lan.close()
            raise

    @property
    def parts(self):
        return [self.database, *self.nodes, *self.servers]

    def urls(self):
        return [f"https://{server.host.address}:{PORT}" for server in self.servers]

    def start(self, users, rooms):
        """Returns the file with who may sign in, and which rooms there are."""
        self.database.start()
        self.database.wait_until_ready()
        world = self._make_world(users, rooms)
        for part in [*self.nodes, *self.servers]:
            part.start()
        for part in [*self.nodes, *self.servers]:
            part.wait_until_ready()
        return world

    def mend_all(self):
        for host in self.lan.hosts:
            self.lan.plug(host)
            for other in self.lan.hosts:
                if host is not other:
                    self.lan.mend(host, other)
        for part in self.parts:
            part.thaw()
            if not part.wanted:
                part.kill()  # it may be on its way down still
                part.start()

    def close(self):
        for part in reversed(self.parts):
            part.thaw()
            part.stop()
        for part in self.parts:
            part.kill()
        self.lan.close()

    # ---- what they run with

    def _node(self, host, hosts):
        tls = json.dumps({
            "cert_file": str(self.folder / f"{host.name}.pem"),
            "key_file": str(self.folder / f"{host.name}.key"),
            "ca_file": str(self.authority.file),
            "verify": True,
            "timeout": 3,
        })  # fmt: skip
        routes = [f"nats-route://{other.address}:{ROUTE_PORT}" for other in hosts if other is not host]
        settings = self.folder / f"nats-{host.name}.conf"
        settings.write_text(
            f'server_name: "{host.name}"\nlisten: "{host.address}:{BUS_PORT}"\n'
            f'ping_interval: "2s"\nping_max: 2\ntls {tls}\n'
            f'authorization {{ users: [ {{ user: "pool", password: "{self.bus_password.read_text()}" }} ] }}\n'
            f'cluster {{\n name: "pool"\n listen: "{host.address}:{ROUTE_PORT}"\n no_advertise: true\n'
            f" routes: {json.dumps(routes)}\n tls {tls}\n}}\n",
            encoding="utf-8",
        )
        program = require_program("nats-server", "/usr/sbin/nats-server")
        return Part(f"nats-{host.name}", host, self.folder, [program, "-c", settings])

    def _server(self, host, hosts):
        data = self.folder / f"data-{host.name}"
        data.mkdir()
        certificate = {"certificate": str(self.folder / f"{host.name}.pem"), "key": str(self.folder / f"{host.name}.key")}
        near = sorted(hosts, key=lambda other: other is not host)  # this machine's first
        settings = {
            "server": {"fqdn": f"{host.name}.{DOMAIN}", "pool": f"pool.{DOMAIN}", "host": host.address},
            "listen": [{"address": host.address, "port": PORT}],
            "tls": certificate,
            "database": self._database("pchat"),
            "compliance": self._database(ARCHIVE),
            "limits": {"pingSeconds": PING},
            "bus": {
                "nodes": [{"address": other.address, "port": BUS_PORT} for other in near],
                "user": "pool",
                "password": f"file:{self.bus_password}",
                "ca": str(self.authority.file),
                **certificate,
            },
            "data": str(data),
        }
        file = self.folder / f"{host.name}.yaml"
        file.write_text(json.dumps(settings, indent=1), encoding="utf-8")
        words = [self.programs / "pchatd", "--config", file]
        return Part(f"pchatd-{host.name}", host, self.folder, words, ready=lambda: self._listens(host))

    def _database(self, name):
        return {
            "engine": "postgresql",
            "host": self.database.host.address,
            "name": name,
            "user": "postgres",
            "password": f"file:{self.database_password}",
            "tls": {"mode": "off"},
        }

    def _listens(self, host):
        rows = run(*host.words("--", "ss", "-Hltn", f"sport = :{PORT}"))
        return host.address in rows

    # ---- who and where

    def _make_world(self, users, rooms):
        self.database.sql("create database pchat", "postgres")
        reference = self.folder / "database.url"
        password = self.database.password
        reference.write_text(f"postgresql://postgres:{password}@127.0.0.1/pchat", encoding="utf-8")
        reference.chmod(0o600)
        people = self.folder / "people.jsonl"
        names = [f"sip:p{i}@{DOMAIN}" for i in range(users)]
        people.write_text("".join(json.dumps({"user": name}) + "\n" for name in names), encoding="utf-8")
        places = self.folder / "rooms.jsonl"
        room = {"category": "General", "type": "normal"}
        kinds = ({"privacy": "open"}, {"privacy": "closed", "members": names})  # access to one can be taken from somebody
        lines = (json.dumps({"name": f"Room {i}", **room, **kinds[i % 2]}) + "\n" for i in range(rooms))
        places.write_text("".join(lines), encoding="utf-8")
        self._make_archive()
        first = FirstServer(self, reference)
        try:
            first.pchatctl("user", "import", people)
            first.pchatctl("room", "create", "-f", places, "-q")
        finally:
            first.stop()
        listed = give_tokens(lambda text: self.database.sql(text), names)
        # As in the file: several at once are made in any order.
        found = self.database.sql("select uuid from room where name like 'Room %' order by length(name), name").split()
        assert len(found) == rooms, found
        admin = (self.folder / "first/admin-token").read_text(encoding="utf-8").strip()
        world = self.folder / "world.json"
        facts = {"users": listed, "rooms": found, "closed": found[1::2], "admin": admin}
        world.write_text(json.dumps(facts), encoding="utf-8")
        return world

    def _make_archive(self):
        self.database.sql(f"create database {ARCHIVE}", "postgres")
        topology = self.folder / "topology.yaml"
        topology.write_text(TOPOLOGY, encoding="utf-8")
        words = (self.programs / "pchatctl", "db", "migrate", "-f", topology, "--database", "compliance", "--yes", "-q")
        login = f"postgres:{self.database.password}"
        run(*self.database.host.words("--", *words), env={**os.environ, LOGIN: login})


class FirstServer(Part):
    """`pchatctl server run` on the host of the database, to make everything from nothing."""

    def __init__(self, pool, reference):
        self.facts = {}
        data = pool.folder / "first"
        self.program = pool.programs / "pchatctl"
        words = [self.program, "server", "run", "--data", data, "--listen", "127.0.0.1:8443", "--plain",
                 "--database", f"file:{reference}", "-o", "json"]  # fmt: skip
        super().__init__("first", pool.database.host, pool.folder, words, ready=self._announced)
        self.start()
        self.wait_until_ready()

    def _announced(self):
        for line in self.log.read_text(encoding="utf-8").splitlines():
            if line.startswith('{"url"'):
                self.facts = json.loads(line)
        return bool(self.facts)

    def pchatctl(self, *words):
        where = ("--server", self.facts["url"], "--token-file", self.facts["token_file"])
        run(*self.host.words("--", self.program, *words, *where))

    def stop(self):
        super().stop()
        self.process.wait(timeout=30)
