// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/render_node.h"
#include "generated/folders.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"
#include "tests/support/temp_dir.h"
#include "topology/parse.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

// A pool of the examples and secrets for it, which nobody read anywhere.
namespace pchat::test {

inline const std::filesystem::path sources{PCHAT_SOURCE_DIR};

/// A topology and one of its pools.
struct World {
    topology::Parsed parsed;
    topology::Directory directory;
    const topology::Pool& pool;

    explicit World(topology::Parsed read)
        : parsed(std::move(read)), directory(parsed.model),
          pool(parsed.model.spec.pools.items.at(0)) {}
    [[nodiscard]] const topology::Machine& machine(std::size_t at) const {
        return pool.machines.items.at(at);
    }
};

inline std::unique_ptr<World> world_of(
    const std::string& example, const std::string& from = {}, const std::string& to = {}
) {
    std::string text = read_file(sources / "examples" / (example + ".yaml"));
    if (!from.empty()) {
        const std::size_t at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
    }
    topology::Parsed parsed = topology::parse("topology.yaml", std::move(text));
    REQUIRE(parsed.problems.empty());
    return std::make_unique<World>(std::move(parsed));
}

inline cli::DatabaseAccess postgresql(const std::string& database, const std::string& password) {
    cli::DatabaseAccess out;
    out.target.engine = sql::Engine::postgresql;
    out.target.host = "pg1.contoso.example";
    out.target.port = 5432;
    out.target.database = database;
    out.target.ca_file = "/home/ann/corp.pem";
    out.target.login = {"pchat_run", Secret{password}};
    out.authority = "corporate authority\n";
    return out;
}

inline cli::DatabaseAccess sqlite(const std::string& file) {
    cli::DatabaseAccess out;
    out.target.engine = sql::Engine::sqlite;
    out.target.database = file;
    return out;
}

inline cli::PoolSecrets secrets_for(const World& world, cli::DatabaseAccess content) {
    cli::PoolSecrets out;
    out.content = std::move(content);
    for (const topology::Machine& machine : world.pool.machines)
        out.machines.push_back(
            {*machine.fqdn,
             {fmt::format("certificate of {}\n", *machine.fqdn),
              Secret{fmt::format("KEY-OF-{}", *machine.fqdn)},
              "authority of the pool\n"},
             Secret{fmt::format("BUS-PASSWORD-OF-{}", *machine.fqdn)}}
        );
    return out;
}

}  // namespace pchat::test
