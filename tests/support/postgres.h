// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/target.h"

#include <filesystem>
#include <string>

namespace pchat::test {

/// A private PostgreSQL on a free port of the loopback address, its data in a temporary directory.
/// Started once for each test process, stopped and removed at its end.
class Postgres {
public:
    /// Nothing where the server's programs are not installed: prints SKIPPED, and fails the test
    /// when PCHAT_TEST_REQUIRE=all.
    static Postgres* shared();

    virtual ~Postgres() = default;
    Postgres(const Postgres&) = delete;
    Postgres& operator=(const Postgres&) = delete;
    Postgres(Postgres&&) = delete;
    Postgres& operator=(Postgres&&) = delete;

    /// As its superuser, to this database.
    [[nodiscard]] virtual sql::Target superuser(const std::string& database) const = 0;
    /// Its directory, of the account that it runs as.
    [[nodiscard]] virtual std::filesystem::path data() const = 0;
    /// Its programs: psql, pg_dump.
    [[nodiscard]] virtual std::filesystem::path programs() const = 0;
    /// The same server with another login.
    [[nodiscard]] sql::Target as(
        const std::string& database, const std::string& user, const std::string& password
    ) const;

    /// A power cut: no checkpoint, no good-bye. The server is down afterwards.
    virtual void kill9() = 0;
    /// Starts it again; returns when it takes connections. `settings` are of postgresql.conf.
    virtual void start(const std::string& settings = "") = 0;
    /// Stops in order.
    virtual void stop() = 0;

protected:
    Postgres() = default;
};

}  // namespace pchat::test
