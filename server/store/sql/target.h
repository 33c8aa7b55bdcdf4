// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/secret.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pchat::sql {

enum class Engine : std::uint8_t { sqlite, postgresql, sqlserver };
std::string_view to_string(Engine engine);

/// The two databases of a pool.
enum class Purpose : std::uint8_t { content, compliance };
std::string_view to_string(Purpose purpose);

enum class Encryption : std::uint8_t { verify, require, off };

/// A user and a password that a reference led to.
struct Login {
    std::string user;
    Secret password;
};

/// SQLite's write-ahead log, as the last commit left it.
struct Journal {
    std::atomic<int> pages{0};
};

/// One database and how to reach it.
struct Target {
    Engine engine = Engine::sqlite;
    std::string host;  // servers
    int port = 0;
    bool create = false;               // sqlite: make the file when it is not there
    bool as_found = false;             // sqlite: leave its journal as it is, for whoever only looks
    std::shared_ptr<Journal> journal;  // sqlite: of Checkpoints; none: commits fold it in
    std::string instance;              // sqlserver; empty: the default one
    std::string database;              // servers: its name; sqlite: the file
    std::string driver;                // ODBC driver; empty: the engine's default
    Encryption encryption = Encryption::verify;
    std::string ca_file;
    Login login;
    std::chrono::seconds connect_timeout{5};
    std::chrono::seconds statement_timeout{30};
    std::chrono::milliseconds lock_timeout{10'000};

    /// "postgresql database 'pchat_content' on pg1:5432 as 'pchat_run'": what drivers do not tell.
    /// Holds no password.
    [[nodiscard]] std::string describe() const;

    /// The same place, for another login: a Target with a Secret is not copied by accident.
    [[nodiscard]] Target without_login() const;
    /// With its login, on purpose.
    [[nodiscard]] Target copy() const;
};

}  // namespace pchat::sql
