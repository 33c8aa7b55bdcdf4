#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a topology of the largest size that the rules allow, and then some: 8 pools of 8 machines,
200 SQL instances, more than 5,000 lines. Usage: bench/topology.py > large.yaml"""


def sql_instance(name, server, data_center, extra=()):
    yield f"    # the database server {server}"
    yield f"    - name: {name}"
    yield "      engine: sqlserver"
    yield f"      server: {server}.contoso.example"
    yield "      instance: PCHAT"
    yield "      port: 1433"
    yield "      edition: enterprise"
    yield '      version: "2019"'
    yield f"      dataCenter: {data_center}"
    yield "      domain: contoso.example"
    yield from extra
    yield "      driver: ODBC Driver 18 for SQL Server"
    yield "      tls:"
    yield "        mode: verify"
    yield "        ca: /etc/ssl/certs/corp.pem"
    yield "      credentials:"
    yield f'        provision: "env:PCHAT_{name.upper()}_ADMIN"'
    yield f'        owner: "file:secrets/{name}-owner"'
    yield f'        run: "file:secrets/{name}-run"'
    yield f'        reader: "file:secrets/{name}-reader"'
    yield ""


def machine(pool, number):
    side = "dc1" if number < 4 else "dc2"
    yield f"        # rack {number + 1} of {side}"
    yield "        # replaced every five years"
    yield f"        - fqdn: pc{pool}{number}.contoso.example"
    yield f"          active: {'true' if number < 4 else 'false'}"
    yield f"          dataCenter: {side}"
    yield "          domain: contoso.example"
    yield "          timeZone: America/Los_Angeles"
    yield f"          addresses: [10.{pool}.0.{number + 11}]"
    yield "          ssh:"
    yield f"            host: 10.{pool}.0.{number + 11}"
    yield "            port: 22"
    yield "            user: deploy"


def pool(number):
    yield f"    - fqdn: pchat{number}.contoso.example"
    yield f"      displayName: Rooms of region {number}"
    yield "      kind: multiple"
    yield f"      site: site{number}"
    yield "      nextHop: fe.contoso.example"
    yield f"      dataResidency: region {number} keeps its data at home"
    yield "      capacity: {concurrentUsers: 10000}"
    yield "      ports: {sip: 5041, bus: 8011, https: 443, busClient: 4222}"
    yield "      machines:"
    for index in range(8):
        yield from machine(number, index)
    yield "      databases:"
    yield f"        content: content{number}"
    yield f"        compliance: compliance{number}"
    yield f"        backupContent: backup{number}"
    yield f"        backupCompliance: backupc{number}"
    yield f"        logShippingShare: '\\\\nas{number}\\logs'"
    yield "      compliance:"
    yield "        enabled: true"
    yield f"        outputDirectory: /var/lib/pchat/compliance{number}"
    yield f"      fileStore: files{number}"
    yield ""


def document():
    yield from ("apiVersion: pchat/v1", "kind: Topology", "metadata: {name: large}", "spec:")
    yield from ("  production: true", "  domain: contoso.example")
    yield "  capacity: {provisionedUsers: 150000, concurrentUsers: 80000}"
    yield "  dataCenters: [{name: dc1}, {name: dc2}]"
    yield "  links: [{between: [dc1, dc2], bandwidth: high, latencyMs: 4}]"
    yield "  sites:"
    for number in range(8):
        yield f"    - {{name: site{number}, defaultPool: pchat{number}.contoso.example}}"
    yield "  frontEnds:"
    yield "    - fqdn: fe.contoso.example"
    yield "      edition: enterprise"
    yield "      site: site0"
    yield "      domain: contoso.example"
    yield "      timeZone: America/Los_Angeles"
    yield "      machines: [{fqdn: fe1.contoso.example}, {fqdn: fe2.contoso.example}]"
    yield "      sql: be"
    yield "  sqlInstances:"
    yield from sql_instance("be", "sqlbe", "dc1")
    for number in range(8):
        for name in ("content", "compliance"):
            mirror = (
                "      availability: mirroring",
                f"      mirror: {name}{number}m",
                f"      witness: {name}{number}w",
                "      mirrorPort: 5022",
            )
            yield from sql_instance(f"{name}{number}", f"sql-{name}{number}", "dc1", mirror)
            yield from sql_instance(f"{name}{number}m", f"sql-{name}{number}m", "dc1")
            yield from sql_instance(f"{name}{number}w", f"sql-{name}{number}w", "dc1")
        yield from sql_instance(f"backup{number}", f"sql-backup{number}", "dc2")
        yield from sql_instance(f"backupc{number}", f"sql-backupc{number}", "dc2")
    for number in range(135):
        yield from sql_instance(f"spare{number}", f"sql-spare{number}", "dc2")
    yield "  fileStores:"
    for number in range(8):
        yield f"    - {{name: files{number}, server: nas{number}.contoso.example, share: pchat, path: /mnt/pchat, site: site{number}}}"
    yield "  pools:"
    for number in range(8):
        yield from pool(number)
    yield "  accept:"
    yield '    - {rule: OWN-04, on: "*", reason: spare instances are kept for growth}'


if __name__ == "__main__":
    print("\n".join(document()))
