// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/database.h"
#include "tests/integration/db/backend.h"
#include "tests/support/cli_session.h"
#include "tests/support/temp_dir.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pchat::test {

/// pchatctl in this process with a topology of one pool, whose databases do not exist yet: SQLite
/// files in a directory of its own, or databases and logins of the private PostgreSQL. All is gone
/// at the end.
class CommandCase {
public:
    explicit CommandCase(sql::Engine engine);
    ~CommandCase();
    CommandCase(const CommandCase&) = delete;
    CommandCase& operator=(const CommandCase&) = delete;
    CommandCase(CommandCase&&) = delete;
    CommandCase& operator=(CommandCase&&) = delete;

    /// `db <words>` with the topology; the exit code. What was said is in `session`.
    int db(const std::vector<std::string>& words);
    /// The same for the content database alone.
    int content(std::vector<std::string> words);

    [[nodiscard]] sql::Engine engine() const { return engine_; }
    [[nodiscard]] std::filesystem::path path(const std::string& name) const;
    /// As --confirm-name wants it.
    [[nodiscard]] std::string name(sql::Purpose purpose = sql::Purpose::content) const;
    /// The database as its owner.
    [[nodiscard]] sql::Target target(sql::Purpose purpose = sql::Purpose::content) const;
    [[nodiscard]] std::string login(const std::string& role) const { return base_ + "_" + role; }
    [[nodiscard]] std::string stdout_text() const { return session.out.str(); }
    [[nodiscard]] std::string stderr_text() const { return session.err.str(); }

    /// An event in the outbox of the content database, and how many there are.
    void add_event(int number);
    [[nodiscard]] int events();

    CliSession session;

private:
    [[nodiscard]] std::string topology() const;

    TempDir dir_;
    sql::Engine engine_;
    std::string base_;
};

/// The names in a directory, sorted.
std::vector<std::string> names_in(const std::filesystem::path& directory);

}  // namespace pchat::test
