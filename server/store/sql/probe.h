// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/provision.h"

#include <string>
#include <vector>

namespace pchat::sql {

/// One thing that a login tries, in transactions that are rolled back.
struct ProbeCheck {
    std::string role;  // "owner", "run", "reader"; "file" for SQLite, which knows no logins
    std::string user;
    std::string what;
    bool allowed = true;                  // what shall come of it
    bool together = false;                // one transaction for all statements, else one for each
    std::vector<std::string> statements;  // exactly what is tried
};

struct ProbeResult {
    std::string role;
    std::string user;
    std::string what;
    std::string expected;  // "allowed", "denied"; SQLite: a setting's value
    std::string found;     // the same, or what the database said
    bool ok = false;
};

/// What probe() would try. Connects as the owner, to learn the tables.
Result<std::vector<ProbeCheck>> plan_probe(const Wanted& wanted);

/// Connects as each login and tries what it may and may not do. Nothing remains. An error only
/// where there is no database; a login that cannot connect is a result.
Result<std::vector<ProbeResult>> probe(const Wanted& wanted);

}  // namespace pchat::sql
