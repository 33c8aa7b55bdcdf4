// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/database.h"
#include "server/store/sql/provision.h"
#include "server/store/sql/session.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat::sql {

/// The parts of provision() that differ; nobody else includes this.
Result<std::vector<ProvisionStep>> plan_sqlite(const Wanted& wanted);
Result<std::vector<ProvisionStep>> plan_postgresql(const Wanted& wanted);
Result<std::vector<ProvisionStep>> plan_sqlserver(const Wanted& wanted);
Result<void> create_sqlite_file(const Wanted& wanted);

/// The database that every server has.
std::string_view maintenance_database(Engine engine);

/// The server of the wanted database, with another login or database.
Target target_as(const Wanted& wanted, const Login& login, std::string_view database);

/// The login that owns the tables and migrates.
const Login& owner_of(const Wanted& wanted);

/// A login with what it is for.
struct NamedLogin {
    std::string_view role;  // "owner", "run", "reader"
    const Login* login;
};

/// The logins to create: without the one that provisions and without repetitions.
std::vector<NamedLogin> logins_to_create(const Wanted& wanted);

/// The login that runs or reads, when it is neither the owner nor the one that provisions: those
/// need no grants.
const Login* needs_grants(const Wanted& wanted, const std::optional<Login>& login);

/// "login 'x' is there" for a password that fits; nothing else proves it without knowing it.
Result<bool> password_fits(const Wanted& wanted, const Login& login);

/// Tables of the content database that a reader must not see.
const std::vector<std::string>& secret_tables();

/// The migrations that `applied` lacks, as a step; nothing when it lacks none.
void add_migration(
    std::vector<ProvisionStep>& steps, const Wanted& wanted, const std::vector<Step>& pending
);

/// A step whose statements hold no password: what is shown is what runs.
ProvisionStep plain_step(
    std::string what, std::vector<std::string> statements, std::string_view database
);

}  // namespace pchat::sql
