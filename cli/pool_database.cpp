// SPDX-License-Identifier: Apache-2.0
#include "cli/pool_database.h"

#include "base/unicode.h"
#include "cli/secret_reference.h"
#include "cli/topology_file.h"
#include "cli/valid_topology.h"
#include "server/store/sql/address.h"
#include "topology/rules/directory.h"

#include <fmt/format.h>

#include <string_view>

namespace pchat::cli {
namespace {

using topology::DatabasePlace;
using topology::DatabaseUse;
using topology::SqlInstance;

sql::Engine engine_of(const SqlInstance& instance) {
    switch (*instance.engine) {
    case topology::Engine::postgresql:
        return sql::Engine::postgresql;
    case topology::Engine::sqlserver:
        return sql::Engine::sqlserver;
    case topology::Engine::sqlite:
        break;
    }
    return sql::Engine::sqlite;
}

std::optional<sql::Encryption> encryption_of(const SqlInstance& instance) {
    if (!instance.tls.mode.given())
        return std::nullopt;
    switch (*instance.tls.mode) {
    case topology::TlsMode::require:
        return sql::Encryption::require;
    case topology::TlsMode::off:
        return sql::Encryption::off;
    case topology::TlsMode::verify:
        break;
    }
    return sql::Encryption::verify;
}

Result<sql::Logins> read_logins(
    const Context& ctx, const SqlInstance& instance, const std::string& folder
) {
    sql::Logins logins;
    const auto& from = instance.credentials;
    if (!from.provision.given())
        return fail(
            Errc::invalid,
            fmt::format("sql instance {} names no credentials.provision", *instance.name),
            fmt::format(
                "pchatctl topology set sql-instance {} --credentials-provision env:NAME",
                *instance.name
            )
        );
    Result<sql::Login> provision = read_login(ctx, from.provision, folder);
    if (!provision)
        return pass(std::move(provision).error());
    logins.provision = std::move(*provision);
    const auto optional = [&](const topology::Text& reference,
                              std::optional<sql::Login>& into) -> Result<void> {
        if (!reference.given())
            return {};
        Result<sql::Login> login = read_login(ctx, reference, folder);
        if (!login)
            return pass(std::move(login).error());
        into = std::move(*login);
        return {};
    };
    for (const auto& [reference, into] :
         {std::pair{&from.owner, &logins.owner},
          std::pair{&from.run, &logins.run},
          std::pair{&from.reader, &logins.reader}})
        if (Result<void> read = optional(*reference, *into); !read)
            return pass(std::move(read).error());
    return logins;
}

Result<void> check_pool(const topology::Parsed& parsed, const std::string& wanted) {
    if (wanted.empty() && !parsed.model.spec.pools.items.empty())
        return {};
    const Result<const topology::Pool*> found = pool_named(parsed, wanted);
    if (!found)
        return pass(found.error());
    return {};
}

}  // namespace

sql::Target target_in(
    const topology::Pool& pool, const topology::SqlInstance& instance, sql::Purpose purpose
) {
    const bool content = purpose == sql::Purpose::content;
    sql::Address address;
    address.engine = engine_of(instance);
    if (address.engine == sql::Engine::sqlite) {
        address.database = fmt::format("{}/{}.db", *instance.path, to_string(purpose));
        return sql::target_at(address);
    }
    address.host = *instance.server;
    if (instance.port.given())
        address.port = static_cast<int>(*instance.port);
    address.instance = *instance.instance;
    address.database = content ? *pool.databases.content_name : *pool.databases.compliance_name;
    address.driver = *instance.driver;
    address.encryption = encryption_of(instance);
    address.ca_file = *instance.tls.ca;
    return sql::target_at(address);
}

Result<sql::Login> read_login(
    const Context& ctx, const topology::Text& reference, const std::string& folder
) {
    Result<Secret> secret = read_secret(ctx, *reference, folder);
    if (!secret) {
        Error error = std::move(secret).error();
        if (error.hint.empty())
            error.hint = fmt::format(
                "{} holds user:password on one line, for nobody else to read (chmod 600)",
                *reference
            );
        return pass(std::move(error));
    }
    const std::string_view both = secret->reveal();
    const std::size_t colon = both.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return fail(
            Errc::bad_file,
            fmt::format("what {} holds is not user:password", *reference),
            "the name of a login of the database, a colon, its password; all on one line"
        );
    return sql::Login{
        std::string{both.substr(0, colon)}, Secret{std::string{both.substr(colon + 1)}}};
}

void DatabaseChoice::declare(Args& args) {
    file_option(args, file);
    Arg& of = args.option("pool", pool, "POOL", "only the databases of this pool");
    of.kind = ValueKind::name;
    of.refers = "pool";
    args.choice("database", database, {"content", "compliance"}, "only this one of the two");
}

std::string PoolDatabase::name() const {
    return fmt::format("{} of {}", to_string(wanted.purpose), pool);
}

const sql::Login& PoolDatabase::owner() const {
    return wanted.logins.owner ? *wanted.logins.owner : wanted.logins.provision;
}

sql::Target PoolDatabase::as(const sql::Login& login) const {
    sql::Target target = wanted.target.without_login();
    target.login = {login.user, login.password.copy()};
    return target;
}

Result<std::vector<PoolDatabase>> choose_databases(Context& ctx, const DatabaseChoice& choice) {
    const Result<std::string> path = topology_path(ctx, choice.file);
    if (!path)
        return pass(path.error());
    const Result<topology::Parsed> parsed = load_valid_topology(ctx, *path);
    if (!parsed)
        return pass(parsed.error());
    if (Result<void> known = check_pool(*parsed, choice.pool); !known)
        return pass(std::move(known).error());
    const std::string folder = folder_of_topology(*path);
    const topology::Directory directory{parsed->model};
    std::vector<PoolDatabase> chosen;
    for (const DatabasePlace& place : directory.databases()) {
        const bool content = place.use == DatabaseUse::content;
        if (!content && place.use != DatabaseUse::compliance)
            continue;
        const sql::Purpose purpose = content ? sql::Purpose::content : sql::Purpose::compliance;
        if (!choice.pool.empty() && !equal_ignoring_case(*place.pool->fqdn, choice.pool))
            continue;
        if (!choice.database.empty() && choice.database != to_string(purpose))
            continue;
        PoolDatabase database;
        database.pool = *place.pool->fqdn;
        database.instance = *place.instance->name;
        database.wanted.purpose = purpose;
        database.wanted.target = target_in(*place.pool, *place.instance, purpose);
        if (database.wanted.target.engine != sql::Engine::sqlite) {
            Result<sql::Logins> logins = read_logins(ctx, *place.instance, folder);
            if (!logins)
                return pass(std::move(logins).error(), database.name());
            database.wanted.logins = std::move(*logins);
        }
        chosen.push_back(std::move(database));
    }
    if (chosen.empty())
        return fail(
            Errc::not_found,
            "no database was chosen",
            "the pool has no compliance database, or --database leaves none"
        );
    return chosen;
}

}  // namespace pchat::cli
