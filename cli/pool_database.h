// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/args.h"
#include "cli/context.h"
#include "server/store/sql/provision.h"
#include "topology/parse.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// `-f`, `--pool` and `--database`: which databases a `db` command is about.
struct DatabaseChoice {
    std::string file;
    std::string pool;
    std::string database;

    void declare(Args& args);
};

/// One database of the topology. `wanted` holds its logins.
struct PoolDatabase {
    std::string pool;
    std::string instance;  // its name in the topology
    sql::Wanted wanted;

    /// "content of pchat.contoso.example".
    [[nodiscard]] std::string name() const;
    /// The login that migrates: the owner, else the one that provisions.
    [[nodiscard]] const sql::Login& owner() const;
    /// The database with this login.
    [[nodiscard]] sql::Target as(const sql::Login& login) const;
};

/// A pool's database on an instance, without a login.
sql::Target target_in(
    const topology::Pool& pool, const topology::SqlInstance& instance, sql::Purpose purpose
);

/// What a reference of an instance's credentials leads to: "user:password"; the password may hold
/// colons. A path that is not absolute begins at `folder`.
Result<sql::Login> read_login(
    const Context& ctx, const topology::Text& reference, const std::string& folder
);

/// Reads the topology, which must be free of errors, and the secrets that the chosen databases
/// need.
Result<std::vector<PoolDatabase>> choose_databases(Context& ctx, const DatabaseChoice& choice);

}  // namespace pchat::cli
