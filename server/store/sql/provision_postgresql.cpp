// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/durability.h"
#include "server/store/sql/open_restore.h"
#include "server/store/sql/postgresql_grants.h"
#include "server/store/sql/provision_engines.h"
#include "server/store/sql/scram.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace pchat::sql {
using namespace postgresql;
namespace {

Result<void> check_names(const Wanted& wanted) {
    if (Result<void> fit = check_name(pg, "database", wanted.target.database); !fit)
        return fit;
    for (const NamedLogin& login : logins_to_create(wanted))
        if (Result<void> fit = check_name(pg, "login", login.login->user); !fit)
            return fit;
    if (!wanted.tablespace.empty())
        return check_name(pg, "tablespace", wanted.tablespace);
    return {};
}

// `verb` is "CREATE ROLE" or "ALTER ROLE"; the password itself is in neither form.
Result<ProvisionStep> role_step(
    std::string_view verb, const NamedLogin& login, std::string what, std::string_view end = ""
) {
    if (login.login->password.empty())
        return fail(
            Errc::invalid, fmt::format("the password of login '{}' is empty", login.login->user)
        );
    Result<std::string> salt = random_bytes(16);
    if (!salt)
        return pass(std::move(salt).error());
    const std::string begin = fmt::format("{} {} LOGIN PASSWORD ", verb, name(login.login->user));
    ProvisionStep step = plain_step(
        std::move(what),
        {fmt::format(
            "{}{}{}", begin, text(scram_sha256_verifier(login.login->password, *salt)), end
        )},
        maintenance_database(pg)
    );
    step.shown = {fmt::format("{}'***'{}", begin, end)};
    return step;
}

Result<void> plan_role(
    std::vector<ProvisionStep>& steps,
    Session& session,
    const Wanted& wanted,
    const NamedLogin& login
) {
    const std::string& user = login.login->user;
    const std::string row =
        fmt::format("select count(*) from pg_catalog.pg_roles where rolname = {}", text(user));
    // The server refuses a password that expired like a wrong one, also when it is set anew.
    const bool expired = count(session, row + " and rolvaliduntil <= now()") > 0;
    std::string_view verb = "ALTER ROLE";
    std::string what;
    if (count(session, row) == 0) {
        verb = "CREATE ROLE";
        what = fmt::format("create login '{}' ({})", user, login.role);
    } else if (count(session, row + " and not rolcanlogin") > 0) {
        what = fmt::format("let role '{}' log in ({})", user, login.role);
    } else if (expired) {
        what = fmt::format("renew the expired password of login '{}' ({})", user, login.role);
    } else {
        const Result<bool> fits = password_fits(wanted, *login.login);
        if (!fits)
            return pass(fits.error());
        if (*fits)
            return {};
        what = fmt::format("set the password of login '{}' ({})", user, login.role);
    }
    Result<ProvisionStep> step =
        role_step(verb, login, std::move(what), expired ? " VALID UNTIL 'infinity'" : "");
    if (!step)
        return pass(std::move(step).error());
    steps.push_back(std::move(*step));
    return {};
}

// Whoever gives a database to an owner must be a member of it; a superuser always is.
void plan_membership(
    std::vector<ProvisionStep>& steps, Session& session, const Wanted& wanted, bool owner_is_new
) {
    const std::string& owner = owner_of(wanted).user;
    const bool superuser =
        count(
            session,
            "select count(*) from pg_catalog.pg_roles where rolname = current_user and rolsuper"
        ) > 0;
    if (superuser || owner == wanted.logins.provision.user)
        return;
    if (!owner_is_new &&
        count(
            session, fmt::format("select cast(pg_has_role({}, 'USAGE') as integer)", text(owner))
        ) == 1)
        return;
    steps.push_back(plain_step(
        fmt::format("let '{}' act as '{}'", wanted.logins.provision.user, owner),
        {fmt::format("GRANT {} TO CURRENT_USER", name(owner))},
        maintenance_database(pg)
    ));
}

// All sorting and comparing that matters is by code, so "C" fits, and no update of the system's
// locales can ever break an index.
ProvisionStep create_database(const Wanted& wanted) {
    std::string statement = fmt::format(
        "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE "
        "'C'",
        name(wanted.target.database),
        name(owner_of(wanted).user)
    );
    if (!wanted.tablespace.empty())
        statement += " TABLESPACE " + name(wanted.tablespace);
    ProvisionStep step = plain_step(
        fmt::format("create database '{}'", wanted.target.database),
        {std::move(statement)},
        maintenance_database(pg)
    );
    step.action = Action::alone;
    return step;
}

// What is missing in a database that exists.
Result<void> plan_inside(std::vector<ProvisionStep>& steps, const Wanted& wanted, bool new_logins) {
    Database database{target_as(wanted, wanted.logins.provision, wanted.target.database)};
    const Result<std::vector<AppliedStep>> applied = applied_steps(database);
    if (!applied)
        return pass(applied.error());
    const Result<std::vector<Step>> pending =
        pending_steps(wanted.target, *applied, built_in_steps(pg, wanted.purpose));
    if (!pending)
        return pass(pending.error());
    return database.read("looking at grants", [&](Session& session) -> Result<void> {
        // Again, for a database has settings of its own.
        if (!wanted.accept_loss)
            if (Result<void> durable = check_durability(session); !durable)
                return durable;
        if (Result<void> whole = check_no_restore_open(session); !whole)
            return whole;
        bool wrong_owner = false;
        if (!schema_is_right(session, wanted, new_logins, wrong_owner))
            steps.push_back(schema_step(wanted, wrong_owner));
        add_migration(steps, wanted, *pending);
        add_grants(steps, &session, wanted, new_logins || !pending->empty());
        return {};
    });
}

// What is missing of a database that does not exist: everything. Before version 15 everybody could
// create tables in a new one.
void plan_new(std::vector<ProvisionStep>& steps, Session& session, const Wanted& wanted) {
    const int version =
        count(session, "select cast(current_setting('server_version_num') as integer)");
    steps.push_back(create_database(wanted));
    steps.push_back(connect_step(wanted));
    steps.push_back(schema_step(wanted, version < 150000));
    add_migration(steps, wanted, built_in_steps(pg, wanted.purpose));
    add_grants(steps, nullptr, wanted, true);
}

Result<void> plan_existing(
    std::vector<ProvisionStep>& steps, Session& session, const Wanted& wanted, bool new_logins
) {
    const std::string row =
        fmt::format("from pg_catalog.pg_database where datname = {}", text(wanted.target.database));
    const auto encoding =
        ask<std::string>(session, "select cast(pg_encoding_to_char(encoding) as text) " + row);
    if (encoding != "UTF8")
        return fail(
            Errc::conflict,
            fmt::format(
                "database '{}' on {}:{} has the encoding {}, UTF8 is needed",
                wanted.target.database,
                wanted.target.host,
                wanted.target.port,
                encoding
            ),
            "choose another name, or drop it when it is not needed"
        );
    const std::string& owner = owner_of(wanted).user;
    if (count(
            session,
            fmt::format("select count(*) {} and pg_get_userbyid(datdba) = {}", row, text(owner))
        ) == 0)
        steps.push_back(plain_step(
            fmt::format("give database '{}' to '{}'", wanted.target.database, owner),
            {fmt::format(
                "ALTER DATABASE {} OWNER TO {}", name(wanted.target.database), name(owner)
            )},
            maintenance_database(pg)
        ));
    bool closed =
        !new_logins &&
        count(
            session,
            fmt::format(
                "select count(*) {} and (has_database_privilege('public', oid, 'CONNECT') "
                "or has_database_privilege('public', oid, 'TEMPORARY'))",
                row
            )
        ) == 0;
    for (const std::string& user : users_to_grant(wanted))
        closed =
            closed && count(
                          session,
                          fmt::format(
                              "select count(*) {} and has_database_privilege({}, oid, 'CONNECT')",
                              row,
                              text(user)
                          )
                      ) == 1;
    if (!closed)
        steps.push_back(connect_step(wanted));
    return plan_inside(steps, wanted, new_logins);
}

Result<std::vector<ProvisionStep>> plan_with(Session& session, const Wanted& wanted) {
    if (!wanted.accept_loss)
        if (Result<void> durable = check_durability(session); !durable)
            return pass(std::move(durable).error());
    std::vector<ProvisionStep> steps;
    bool new_logins = false;
    bool new_owner = false;
    for (const NamedLogin& login : logins_to_create(wanted)) {
        const bool is_new = count(
                                session,
                                fmt::format(
                                    "select count(*) from pg_catalog.pg_roles where rolname = {}",
                                    text(login.login->user)
                                )
                            ) == 0;
        new_logins = new_logins || is_new;
        new_owner = new_owner || (is_new && login.login->user == owner_of(wanted).user);
        if (Result<void> planned = plan_role(steps, session, wanted, login); !planned)
            return pass(std::move(planned).error());
    }
    plan_membership(steps, session, wanted, new_owner);
    const bool exists = count(
                            session,
                            fmt::format(
                                "select count(*) from pg_catalog.pg_database where datname = {}",
                                text(wanted.target.database)
                            )
                        ) > 0;
    if (!exists) {
        plan_new(steps, session, wanted);
        return steps;
    }
    if (Result<void> planned = plan_existing(steps, session, wanted, new_logins); !planned)
        return pass(std::move(planned).error());
    return steps;
}

}  // namespace

Result<std::vector<ProvisionStep>> plan_postgresql(const Wanted& wanted) {
    if (Result<void> fit = check_names(wanted); !fit)
        return pass(std::move(fit).error());
    const Target server = target_as(wanted, wanted.logins.provision, maintenance_database(pg));
    Result<std::unique_ptr<Session>> session = Session::open(server);
    if (!session)
        return pass(std::move(session).error());
    return (*session)->guarded("looking at the server", [&] {
        return plan_with(**session, wanted);
    });
}

}  // namespace pchat::sql
