// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "cli/local_server/data_directory.h"
#include "server/store/sql/target.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

inline constexpr std::string_view local_administrator = "admin@localhost.example";

/// The content database of a local server: SQLite in its directory is provisioned, any other is
/// migrated. Returns what was done, in words.
Result<std::vector<std::string>> prepare_database(const sql::Target& target, const Clock& clock);

/// What a database begins with: an administrator whose password and API token lie in the directory,
/// chat for everybody, a category. What is there stays; a token that ends soon is replaced.
Result<void> prepare_content(
    const DataDirectory& directory, const sql::Target& target, const Clock& clock
);

}  // namespace pchat::cli
