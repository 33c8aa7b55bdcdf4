// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/store/sql/migrate.h"
#include "server/store/sql/target.h"

#include <optional>
#include <string>
#include <vector>

namespace pchat::sql {

/// Who may do what with a database. A login that is missing is not created; without an owner the
/// login that provisions owns and migrates.
struct Logins {
    Login provision;              // creates databases and logins
    std::optional<Login> owner;   // owns the tables, migrates
    std::optional<Login> run;     // the server: reads and writes, no DDL
    std::optional<Login> reader;  // export and reports: reads
};

/// One database as it shall be.
struct Wanted {
    Target target;  // of the database itself; its login is not used
    Purpose purpose = Purpose::content;
    Logins logins;
    std::string tablespace;    // postgresql; empty: the server's default
    bool accept_loss = false;  // of a server that is set to lose what it has confirmed
};

enum class Action : std::uint8_t {
    statements,  // in one transaction, by the login that provisions
    alone,       // one statement that refuses to run in a transaction
    migrate,     // by the owner
    file,        // sqlite: directory, file and their modes
};

/// One thing to do, in the order in which they are done.
struct ProvisionStep {
    std::string what;                // "create database 'pchat_content'"
    std::vector<std::string> shown;  // the exact SQL with passwords as ***; for --dry-run and plan
    std::vector<std::string> run;    // the same with the passwords' verifiers
    std::string database;            // where it runs: the maintenance database, or the new one
    Action action = Action::statements;
};

/// What is missing, found by asking the server; empty when all is as it shall be. Changes nothing.
Result<std::vector<ProvisionStep>> plan_provision(const Wanted& wanted);

/// Does it: creates, grants, migrates. Running it again finds nothing to do; interrupted, it goes
/// on where it stopped. Returns what was done.
Result<std::vector<std::string>> provision(const Wanted& wanted, const Clock& clock);

}  // namespace pchat::sql
