// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/context.h"
#include "cli/local_server/data_directory.h"
#include "cli/local_server/server_settings.h"
#include "server/store/sql/target.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pchat::cli {

/// What `server run` was asked for.
struct RunServer {
    std::string data;
    std::string listen = "127.0.0.1:8443";
    std::string database;
    std::optional<std::int64_t> nodes;  // none: one server alone
    bool plain = false;
};

/// What `--database` leads to.
Result<sql::Target> read_database(const Context& ctx, const std::string& reference);

/// Migrated or made, with what it begins with.
Result<void> fill_database(
    Context& ctx, const DataDirectory& directory, const sql::Target& database
);

/// One that can be connected to: nobody connects to "all addresses".
std::string usable_url(std::string url);

/// What a dry run found that would be done.
void show_steps(Context& ctx, const std::string& directory, const std::vector<std::string>& steps);

/// A whole pool: a database, a bus and that many servers.
Result<void> run_pool(Context& ctx, const RunServer& opt, const LocalSettings& settings);
/// What run_pool would do.
Result<void> show_pool_plan(Context& ctx, const RunServer& opt, const LocalSettings& settings);

}  // namespace pchat::cli
