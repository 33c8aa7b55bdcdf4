// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/postgresql_grants.h"

#include "server/store/sql/provision_engines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace pchat::sql::postgresql {
namespace {

using Names = std::vector<std::string>;

const Names& changes() {
    static const Names rights{"SELECT", "INSERT", "UPDATE", "DELETE"};
    return rights;
}

Names quoted(const Names& words) {
    Names out;
    for (const std::string& word : words)
        out.push_back(text(word));
    return out;
}

// Tables of later migrations: a reader of the content database gets those only when it is
// provisioned again, because a new table may hold secrets.
bool reads_later_tables(const Wanted& wanted) {
    return wanted.purpose == Purpose::compliance;
}

std::string default_privileges(const Wanted& wanted, const Names& rights, const Login& to) {
    return fmt::format(
        "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON TABLES TO {}",
        name(owner_of(wanted).user),
        fmt::join(rights, ", "),
        name(to.user)
    );
}

std::string all_tables(std::string_view rights, const Login& to) {
    return fmt::format("GRANT {} ON ALL TABLES IN SCHEMA public TO {}", rights, name(to.user));
}

// Grants begin from nothing, so that one that was given by hand goes.
std::string revoke_all(const Login& from) {
    return "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM " + name(from.user);
}

ProvisionStep run_grants(const Wanted& wanted, const Login& run) {
    return plain_step(
        fmt::format("let '{}' read and write the tables of '{}'", run.user, wanted.target.database),
        {revoke_all(run),
         all_tables(fmt::format("{}", fmt::join(changes(), ", ")), run),
         "REVOKE INSERT, UPDATE, DELETE ON schema_migration FROM " + name(run.user),
         default_privileges(wanted, changes(), run)},
        wanted.target.database
    );
}

ProvisionStep reader_grants(const Wanted& wanted, const Login& reader) {
    Names statements{revoke_all(reader), all_tables("SELECT", reader)};
    if (reads_later_tables(wanted))
        statements.push_back(default_privileges(wanted, {"SELECT"}, reader));
    else
        statements.push_back(fmt::format(
            "REVOKE ALL ON {} FROM {}", fmt::join(secret_tables(), ", "), name(reader.user)
        ));
    return plain_step(
        fmt::format("let '{}' read the tables of '{}'", reader.user, wanted.target.database),
        std::move(statements),
        wanted.target.database
    );
}

// How many of the tables that `which` picks ("= 'x'", "not in (...)") give the login anything but
// `rights`.
int wrong_tables(
    Session& session, const std::string& which, const Login& login, const Names& rights
) {
    const std::string granted = fmt::format(
        "select count(*) from aclexplode(c.relacl) x join pg_catalog.pg_roles r on r.oid = "
        "x.grantee where r.rolname = {}",
        text(login.user)
    );
    std::string differs = fmt::format("({}) <> {}", granted, rights.size());
    if (!rights.empty())
        differs += fmt::format(
            " or ({} and x.privilege_type in ({})) <> {}",
            granted,
            fmt::join(quoted(rights), ", "),
            rights.size()
        );
    return count(
        session,
        fmt::format(
            "select count(*) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = "
            "c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname "
            "{} and ({})",
            which,
            differs
        )
    );
}

// How many rights the login will have on tables that the owner makes later.
int default_count(Session& session, const Wanted& wanted, const Login& login) {
    return count(
        session,
        fmt::format(
            "select count(*) from pg_catalog.pg_default_acl a join pg_catalog.pg_namespace n on "
            "n.oid = a.defaclnamespace cross join lateral aclexplode(a.defaclacl) x join "
            "pg_catalog.pg_roles r on r.oid = x.grantee where n.nspname = 'public' and "
            "a.defaclobjtype = 'r' and pg_get_userbyid(a.defaclrole) = {} and r.rolname = {}",
            text(owner_of(wanted).user),
            text(login.user)
        )
    );
}

bool run_is_right(Session& session, const Wanted& wanted, const Login& run) {
    const auto all = static_cast<int>(changes().size());
    return wrong_tables(session, "<> 'schema_migration'", run, changes()) == 0 &&
           wrong_tables(session, "= 'schema_migration'", run, {"SELECT"}) == 0 &&
           default_count(session, wanted, run) == all;
}

bool reader_is_right(Session& session, const Wanted& wanted, const Login& reader) {
    if (reads_later_tables(wanted))
        return wrong_tables(session, "<> ''", reader, {"SELECT"}) == 0 &&
               default_count(session, wanted, reader) == 1;
    const std::string secrets = fmt::format("in ({})", fmt::join(quoted(secret_tables()), ", "));
    return wrong_tables(session, "not " + secrets, reader, {"SELECT"}) == 0 &&
           wrong_tables(session, secrets, reader, {}) == 0;
}

}  // namespace

std::vector<std::string> users_to_grant(const Wanted& wanted) {
    std::vector<std::string> users;
    for (const std::optional<Login>* login : {&wanted.logins.run, &wanted.logins.reader})
        if (const Login* needed = needs_grants(wanted, *login);
            needed != nullptr && std::find(users.begin(), users.end(), needed->user) == users.end())
            users.push_back(needed->user);
    return users;
}

ProvisionStep connect_step(const Wanted& wanted) {
    const std::string database = name(wanted.target.database);
    Names statements{fmt::format("REVOKE ALL ON DATABASE {} FROM PUBLIC", database)};
    for (const std::string& user : users_to_grant(wanted))
        statements.push_back(fmt::format("GRANT CONNECT ON DATABASE {} TO {}", database, name(user))
        );
    return plain_step(
        fmt::format("let nobody else connect to '{}'", wanted.target.database),
        std::move(statements),
        maintenance_database(pg)
    );
}

ProvisionStep schema_step(const Wanted& wanted, bool wrong_owner) {
    Names statements{"CREATE SCHEMA IF NOT EXISTS public"};
    if (wrong_owner)
        statements.push_back("ALTER SCHEMA public OWNER TO " + name(owner_of(wanted).user));
    statements.emplace_back("REVOKE ALL ON SCHEMA public FROM PUBLIC");
    for (const std::string& user : users_to_grant(wanted)) {
        statements.push_back("REVOKE CREATE ON SCHEMA public FROM " + name(user));
        statements.push_back("GRANT USAGE ON SCHEMA public TO " + name(user));
    }
    return plain_step(
        fmt::format("let only the owner create tables in '{}'", wanted.target.database),
        std::move(statements),
        wanted.target.database
    );
}

bool schema_is_right(Session& session, const Wanted& wanted, bool new_logins, bool& wrong_owner) {
    const std::string row = "from pg_catalog.pg_namespace where nspname = 'public'";
    // From version 15 on `public` belongs to whoever owns the database.
    wrong_owner = count(
                      session,
                      fmt::format(
                          "select count(*) {} and pg_get_userbyid(nspowner) in ({}, "
                          "'pg_database_owner')",
                          row,
                          text(owner_of(wanted).user)
                      )
                  ) == 0;
    const bool open =
        count(
            session,
            fmt::format(
                "select count(*) {} and (has_schema_privilege('public', oid, 'CREATE') or "
                "has_schema_privilege('public', oid, 'USAGE'))",
                row
            )
        ) > 0;
    // A login that does not exist yet cannot be asked about.
    if (wrong_owner || open || new_logins)
        return false;
    const std::vector<std::string> users = users_to_grant(wanted);
    return std::all_of(users.begin(), users.end(), [&](const std::string& user) {
        return count(
                   session,
                   fmt::format(
                       "select count(*) {0} and has_schema_privilege({1}, oid, 'USAGE') and not "
                       "has_schema_privilege({1}, oid, 'CREATE')",
                       row,
                       text(user)
                   )
               ) == 1;
    });
}

void add_grants(
    std::vector<ProvisionStep>& steps, Session* session, const Wanted& wanted, bool again
) {
    if (const Login* run = needs_grants(wanted, wanted.logins.run);
        run != nullptr && (again || !run_is_right(*session, wanted, *run)))
        steps.push_back(run_grants(wanted, *run));
    if (const Login* reader = needs_grants(wanted, wanted.logins.reader);
        reader != nullptr && (again || !reader_is_right(*session, wanted, *reader)))
        steps.push_back(reader_grants(wanted, *reader));
}

}  // namespace pchat::sql::postgresql
