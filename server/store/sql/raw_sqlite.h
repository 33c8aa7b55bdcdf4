// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::sql {

/// A SQLite file without SOCI, for what its API hides: copies, locks, files that must stay as they
/// are, checkpoints. Never for a running server's queries.
class RawSqlite {
public:
    using Rows = std::vector<std::vector<std::string>>;

    /// `flags` as sqlite3_open_v2 takes them.
    static Result<RawSqlite> open(const std::string& file, int flags, int busy_ms);

    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }
    Result<Rows> query(std::string_view doing, const std::string& statement);
    Result<void> run(std::string_view doing, const std::string& statement);
    /// What a native code means, with our words around it.
    [[nodiscard]] Error error(std::string_view doing, int code) const;

private:
    explicit RawSqlite(std::string file) : file_(std::move(file)) {}

    std::string file_;
    std::unique_ptr<sqlite3, decltype(&sqlite3_close)> handle_{nullptr, &sqlite3_close};
};

/// Makes sure that nobody else has the file open, folds its write-ahead log into it, and keeps
/// everybody out for as long as the result lives. A damaged file is nobody's: `damaged` tells.
Result<RawSqlite> claim_sqlite(const std::string& file, bool& damaged);

}  // namespace pchat::sql
