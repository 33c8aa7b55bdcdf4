// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "cli/deploy/node_files.h"
#include "server/store/sql/target.h"
#include "topology/rules/directory.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What a node of a pool shall have, from the topology and from the secrets that were read before.
// Pure: no file is read, nobody is asked, and the same goes in and comes out.
namespace pchat::cli {

/// What starts services on a node and keeps them alive.
enum class Supervisor : std::uint8_t { systemd, runit };

/// PEM texts.
struct TlsMaterial {
    std::string certificate;  // with its chain
    Secret key;
    std::string authority;  // may be empty: one that everybody knows
};

struct DatabaseAccess {
    sql::Target target;     // with the login that pchatd uses
    std::string authority;  // PEM; empty: none is named
};

/// What the pool's own authority gave out to one machine.
struct MachineSecrets {
    std::string fqdn;
    TlsMaterial tls;
    Secret bus_password;  // of its server at the bus
};

struct PoolSecrets {
    DatabaseAccess content;
    std::optional<DatabaseAccess> compliance;
    std::optional<TlsMaterial> tls;        // given in the topology, for clients
    std::vector<MachineSecrets> machines;  // empty: tls is given, and there is no bus
};

struct NodeChoice {
    std::string release;  // "<version>-<hash12>"
    Supervisor supervisor = Supervisor::systemd;
};

/// The files of a machine, which `pool` has, sorted by path, and its services.
Result<NodeWant> render_node(
    const topology::Directory& topology,
    const topology::Pool& pool,
    const topology::Machine& machine,
    const PoolSecrets& secrets,
    const NodeChoice& choice
);

/// An ODBC driver that the machine must have by itself; empty: the release brings it.
std::string own_driver(const DatabaseAccess& access);

/// Where the files of databases on SQLite are.
std::vector<std::string> database_folders(const PoolSecrets& secrets);

/// The file store of a pool whose only machine has it by itself; empty: others see it, too.
std::string own_store(const topology::Directory& topology, const topology::Pool& pool);

/// Folders that the server writes into and that are made where they are not there.
std::vector<std::string> server_folders(
    const topology::Directory& topology, const topology::Pool& pool, const PoolSecrets& secrets
);

/// Which databases of the pool are files of its machine, as the program there is told: "POOL" for
/// all of them, "POOL/content", "POOL/compliance"; empty: none is.
std::string local_databases(const topology::Pool& pool, const PoolSecrets& secrets);

/// How many sessions a server of the pool lets in: as many as are planned for all of it, since one
/// may have to carry them alone, but no more than a server can.
std::int64_t session_limit(const topology::Directory& topology, const topology::Pool& pool);

/// What its services may have open at the same time.
std::int64_t open_file_limit(const topology::Directory& topology, const topology::Pool& pool);

/// Pools of several machines only.
bool has_bus(const topology::Pool& pool);

/// A TCP port on which a machine takes connections; for preflight, and for whoever sets up a
/// firewall.
struct NodePort {
    std::uint16_t number = 0;
    std::string purpose;             // "clients", "bus, from servers", "bus, from nodes"
    std::vector<std::string> peers;  // who connects; empty: anybody
};
std::vector<NodePort> node_ports(const topology::Pool& pool, const topology::Machine& machine);

}  // namespace pchat::cli
