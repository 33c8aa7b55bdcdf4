// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/provision_sqlserver.h"

#include "server/store/sql/provision_engines.h"
#include "server/store/sql/quote.h"
#include "server/store/sql/scram.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace pchat::sql {
namespace {

constexpr Engine ms = Engine::sqlserver;

std::string name(std::string_view text) {
    return quoted_name(ms, text);
}

std::string text(std::string_view value) {
    return quoted_text(ms, value);
}

SqlServerStep make_step(
    std::string what,
    std::string needed,
    std::vector<std::string> statements,
    std::string_view where
) {
    SqlServerStep out;
    out.inside = where != maintenance_database(ms);
    out.needed = std::move(needed);
    out.step = plain_step(std::move(what), std::move(statements), where);
    return out;
}

std::string login_statement(std::string_view verb, const Login& login, std::string_view hash) {
    return fmt::format("{} LOGIN {} WITH PASSWORD = {} HASHED", verb, name(login.user), hash);
}

SqlServerStep create_login(const NamedLogin& login, std::string_view salt) {
    const std::string missing = fmt::format(
        "NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = {})", text(login.login->user)
    );
    const auto statement = [&](std::string_view hash) {
        return fmt::format("IF {} {}", missing, login_statement("CREATE", *login.login, hash));
    };
    SqlServerStep out = make_step(
        fmt::format("create login '{}' ({})", login.login->user, login.role),
        fmt::format("SELECT CASE WHEN {} THEN 1 ELSE 0 END", missing),
        {statement(sqlserver_password_hash(login.login->password, salt))},
        maintenance_database(ms)
    );
    out.step.shown = {statement("***")};
    return out;
}

// The collation decides nothing by itself, keys name their own; this one knows all of Unicode and
// is on every server since 2008. Names of columns are written alike everywhere, so it may tell
// cases apart or not.
SqlServerStep create_database(const std::string& database) {
    const std::string missing = fmt::format("DB_ID({}) IS NULL", text(database));
    SqlServerStep out = make_step(
        fmt::format("create database '{}'", database),
        fmt::format("SELECT CASE WHEN {} THEN 1 ELSE 0 END", missing),
        {fmt::format(
            "IF {} CREATE DATABASE {} COLLATE Latin1_General_100_CI_AS", missing, name(database)
        )},
        maintenance_database(ms)
    );
    out.step.action = Action::alone;
    return out;
}

// Full recovery: log backups and mirroring need it. Row versions: readers do not wait for writers.
// Each setting in its own statement and step, since none of them may run in a transaction.
std::vector<SqlServerStep> database_settings(const std::string& database) {
    struct Setting {
        std::string_view what;
        std::string_view wrong;  // of sys.databases
        std::string_view set;
    };
    constexpr std::array settings{
        Setting{"full recovery", "recovery_model <> 1", "RECOVERY FULL"},
        Setting{"snapshots", "snapshot_isolation_state <> 1", "ALLOW_SNAPSHOT_ISOLATION ON"},
        // Whoever is in the way at this moment is rolled back: the setting waits for nobody.
        Setting{
            "row versions for readers",
            "is_read_committed_snapshot_on = 0",
            "READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE"},
        Setting{"page checksums", "page_verify_option <> 2", "PAGE_VERIFY CHECKSUM"},
        Setting{"no automatic closing", "is_auto_close_on = 1", "AUTO_CLOSE OFF"},
    };
    std::vector<SqlServerStep> out;
    for (const Setting& setting : settings) {
        const std::string wrong = fmt::format(
            "EXISTS (SELECT 1 FROM sys.databases WHERE name = {} AND {})",
            text(database),
            setting.wrong
        );
        out.push_back(make_step(
            fmt::format("set '{}' to {}", database, setting.what),
            fmt::format("SELECT CASE WHEN {} THEN 1 ELSE 0 END", wrong),
            {fmt::format("IF {} ALTER DATABASE {} SET {}", wrong, name(database), setting.set)},
            maintenance_database(ms)
        ));
        out.back().step.action = Action::alone;
        out.back().of_database = true;
    }
    return out;
}

SqlServerStep create_user(const std::string& database, const Login& login) {
    const std::string missing = fmt::format(
        "NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = {})", text(login.user)
    );
    return make_step(
        fmt::format("let login '{}' into '{}'", login.user, database),
        fmt::format("SELECT CASE WHEN {} THEN 1 ELSE 0 END", missing),
        {fmt::format(
            "IF {0} CREATE USER {1} FOR LOGIN {1} WITH DEFAULT_SCHEMA = [dbo]",
            missing,
            name(login.user)
        )},
        database
    );
}

SqlServerStep add_member(const std::string& database, std::string_view role, const Login& login) {
    const std::string missing = fmt::format(
        "NOT EXISTS (SELECT 1 FROM sys.database_role_members m JOIN sys.database_principals r ON "
        "r.principal_id = m.role_principal_id JOIN sys.database_principals u ON u.principal_id = "
        "m.member_principal_id WHERE r.name = {} AND u.name = {})",
        text(role),
        text(login.user)
    );
    return make_step(
        fmt::format("make '{}' a member of {} in '{}'", login.user, role, database),
        fmt::format("SELECT CASE WHEN {} THEN 1 ELSE 0 END", missing),
        {fmt::format("IF {} ALTER ROLE {} ADD MEMBER {}", missing, name(role), name(login.user))},
        database
    );
}

// DENY counts more than what the roles allow. On an object that is not there it is an error.
SqlServerStep deny(
    const std::string& database,
    std::string_view what,
    std::size_t count,
    std::string_view table,
    const Login& login
) {
    const std::string missing = fmt::format(
        "OBJECT_ID(N'[dbo].{0}', N'U') IS NOT NULL AND (SELECT COUNT(*) FROM "
        "sys.database_permissions p JOIN sys.database_principals u ON u.principal_id = "
        "p.grantee_principal_id WHERE p.class = 1 AND p.state = 'D' AND p.major_id = "
        "OBJECT_ID(N'[dbo].{0}') AND u.name = {1}) < {2}",
        name(table),
        text(login.user),
        count
    );
    SqlServerStep out = make_step(
        fmt::format("keep '{}' from {} of {} in '{}'", login.user, what, table, database),
        fmt::format("SELECT CASE WHEN {} THEN 1 ELSE 0 END", missing),
        {fmt::format(
            "IF {} DENY {} ON [dbo].{} TO {}", missing, what, name(table), name(login.user)
        )},
        database
    );
    return out;
}

std::vector<SqlServerStep> rights(const Wanted& wanted) {
    const std::string& database = wanted.target.database;
    std::vector<SqlServerStep> out;
    if (const Login* run = needs_grants(wanted, wanted.logins.run); run != nullptr) {
        out.push_back(add_member(database, "db_datareader", *run));
        out.push_back(add_member(database, "db_datawriter", *run));
        out.push_back(deny(database, "INSERT, UPDATE, DELETE", 3, "schema_migration", *run));
    }
    if (const Login* reader = needs_grants(wanted, wanted.logins.reader); reader != nullptr) {
        // The secret tables are closed first: the role opens all that is left.
        if (wanted.purpose == Purpose::content)
            for (const std::string& table : secret_tables())
                out.push_back(deny(database, "SELECT", 1, table, *reader));
        out.push_back(add_member(database, "db_datareader", *reader));
    }
    for (SqlServerStep& step : out)
        step.after_migration = true;  // what is closed must be there
    return out;
}

Result<bool> is_needed(const Wanted& wanted, const SqlServerStep& step) {
    Database database{target_as(wanted, wanted.logins.provision, step.step.database)};
    return database.read(step.step.what, [&](Session& session) -> Result<bool> {
        int needed = 0;
        session.raw() << step.needed, soci::into(needed);
        return needed != 0;
    });
}

// The login exists; nothing where its password fits.
Result<void> add_password(
    std::vector<ProvisionStep>& steps,
    const Wanted& wanted,
    const NamedLogin& login,
    std::string_view salt
) {
    const Result<bool> fits = password_fits(wanted, *login.login);
    if (!fits)
        return pass(fits.error());
    if (*fits)
        return {};
    const std::string hash = sqlserver_password_hash(login.login->password, salt);
    steps.push_back(plain_step(
        fmt::format("set the password of login '{}' ({})", login.login->user, login.role),
        {login_statement("ALTER", *login.login, hash)},
        maintenance_database(ms)
    ));
    steps.back().shown = {login_statement("ALTER", *login.login, "***")};
    return {};
}

Result<std::vector<Step>> missing_migrations(const Wanted& wanted, bool database_is_new) {
    std::vector<Step> known = built_in_steps(ms, wanted.purpose);
    if (database_is_new)
        return known;
    Database database{target_as(wanted, wanted.logins.provision, wanted.target.database)};
    const Result<std::vector<AppliedStep>> applied = applied_steps(database);
    if (!applied)
        return pass(applied.error());
    return pending_steps(wanted.target, *applied, known);
}

Result<void> check_names(const Wanted& wanted) {
    if (Result<void> fit = check_name(ms, "database", wanted.target.database); !fit)
        return fit;
    for (const NamedLogin& login : logins_to_create(wanted)) {
        if (Result<void> fit = check_name(ms, "login", login.login->user); !fit)
            return fit;
        if (login.login->password.empty())
            return fail(
                Errc::invalid, fmt::format("the password of login '{}' is empty", login.login->user)
            );
    }
    return {};
}

}  // namespace

std::vector<SqlServerStep> sqlserver_steps(const Wanted& wanted, std::string_view salt) {
    const std::string& database = wanted.target.database;
    std::vector<SqlServerStep> out;
    for (const NamedLogin& login : logins_to_create(wanted))
        out.push_back(create_login(login, salt));
    out.push_back(create_database(database));
    for (SqlServerStep& setting : database_settings(database))
        out.push_back(std::move(setting));
    for (const NamedLogin& login : logins_to_create(wanted))
        out.push_back(create_user(database, *login.login));
    if (wanted.logins.owner && wanted.logins.owner->user != wanted.logins.provision.user)
        out.push_back(add_member(database, "db_owner", *wanted.logins.owner));
    for (SqlServerStep& right : rights(wanted))
        out.push_back(std::move(right));
    return out;
}

Result<std::vector<ProvisionStep>> plan_sqlserver(const Wanted& wanted) {
    if (Result<void> fit = check_names(wanted); !fit)
        return pass(std::move(fit).error());
    Result<std::string> salt = random_bytes(4);
    if (!salt)
        return pass(std::move(salt).error());
    const Result<bool> is_new = is_needed(wanted, create_database(wanted.target.database));
    if (!is_new)
        return pass(is_new.error());
    std::vector<ProvisionStep> out;
    for (const NamedLogin& login : logins_to_create(wanted)) {
        const Result<bool> missing = is_needed(wanted, create_login(login, *salt));
        if (!missing)
            return pass(missing.error());
        if (*missing)
            continue;
        if (Result<void> set = add_password(out, wanted, login, *salt); !set)
            return pass(std::move(set).error());
    }
    Result<std::vector<Step>> migrations = missing_migrations(wanted, *is_new);
    if (!migrations)
        return pass(std::move(migrations).error());
    bool migrated = false;
    for (SqlServerStep& step : sqlserver_steps(wanted, *salt)) {
        if (step.after_migration && !std::exchange(migrated, true))
            add_migration(out, wanted, *migrations);
        // Of a new database nothing can be asked yet, and closing a table waits for the table.
        const bool unknown = *is_new && (step.inside || step.of_database);
        const Result<bool> needed = unknown || (step.after_migration && !migrations->empty())
                                        ? true
                                        : is_needed(wanted, step);
        if (!needed)
            return pass(needed.error());
        if (*needed)
            out.push_back(std::move(step.step));
    }
    if (!migrated)
        add_migration(out, wanted, *migrations);
    return out;
}

}  // namespace pchat::sql
