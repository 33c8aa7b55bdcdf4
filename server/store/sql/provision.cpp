// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/provision.h"

#include "server/store/sql/provision_engines.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat::sql {
namespace {

// Of two that provision at once, the second waits here and then finds nothing to do. One lock a
// server: the logins are shared by its databases.
Result<void> lock(Session& session) {
    return session.guarded("waiting for another provisioning to end", [&]() -> Result<void> {
        if (session.engine() == Engine::postgresql) {
            session.raw() << "set lock_timeout = '10min'";
            session.raw() << "set statement_timeout = '10min'";
            session.raw() << "select pg_advisory_lock(123577325677937)";
        } else {
            // It does not fail by itself: the result tells.
            session.raw() << "DECLARE @got INT; EXEC @got = sp_getapplock @Resource = N'pchat "
                             "provision', @LockMode = N'Exclusive', @LockOwner = N'Session', "
                             "@LockTimeout = 600000; IF @got < 0 RAISERROR(N'another one "
                             "provisions', 16, 1)";
        }
        return {};
    });
}

Result<void> run_statements(const Wanted& wanted, const ProvisionStep& step) {
    Database database{target_as(wanted, wanted.logins.provision, step.database)};
    const auto body = [&step](Session& session) -> Result<void> {
        for (const std::string& statement : step.run)
            session.raw() << statement;
        return {};
    };
    return step.action == Action::alone ? database.outside_transaction(step.what, body)
                                        : database.write(step.what, body);
}

Result<void> migrate_as_owner(const Wanted& wanted, const Clock& clock) {
    Database database{target_as(wanted, owner_of(wanted), wanted.target.database)};
    const Result<std::vector<int>> done =
        migrate(database, built_in_steps(wanted.target.engine, wanted.purpose), clock);
    if (!done)
        return pass(done.error());
    return {};
}

Result<void> carry_out(const Wanted& wanted, const ProvisionStep& step, const Clock& clock) {
    switch (step.action) {
    case Action::statements:
    case Action::alone:
        return run_statements(wanted, step);
    case Action::migrate:
        return migrate_as_owner(wanted, clock);
    case Action::file:
        return create_sqlite_file(wanted);
    }
    return fail(Errc::internal, "unknown action");
}

}  // namespace

std::string_view maintenance_database(Engine engine) {
    return engine == Engine::postgresql ? "postgres" : "master";
}

Target target_as(const Wanted& wanted, const Login& login, std::string_view database) {
    const Target& from = wanted.target;
    Target out;
    out.engine = from.engine;
    out.host = from.host;
    out.port = from.port;
    out.instance = from.instance;
    out.database = database;
    out.driver = from.driver;
    out.encryption = from.encryption;
    out.ca_file = from.ca_file;
    out.login = {login.user, login.password.copy()};
    out.connect_timeout = from.connect_timeout;
    out.statement_timeout = from.statement_timeout;
    out.lock_timeout = from.lock_timeout;
    return out;
}

const Login& owner_of(const Wanted& wanted) {
    return wanted.logins.owner ? *wanted.logins.owner : wanted.logins.provision;
}

std::vector<NamedLogin> logins_to_create(const Wanted& wanted) {
    std::vector<NamedLogin> out;
    const auto add = [&](std::string_view role, const std::optional<Login>& login) {
        if (!login || login->user == wanted.logins.provision.user)
            return;
        const bool known = std::any_of(out.begin(), out.end(), [&](const NamedLogin& other) {
            return other.login->user == login->user;
        });
        if (!known)
            out.push_back({role, &*login});
    };
    add("owner", wanted.logins.owner);
    add("run", wanted.logins.run);
    add("reader", wanted.logins.reader);
    return out;
}

const Login* needs_grants(const Wanted& wanted, const std::optional<Login>& login) {
    if (!login || login->user == wanted.logins.provision.user ||
        login->user == owner_of(wanted).user)
        return nullptr;
    return &*login;
}

Result<bool> password_fits(const Wanted& wanted, const Login& login) {
    const Target target = target_as(wanted, login, maintenance_database(wanted.target.engine));
    Failure failure;
    const Result<std::unique_ptr<Session>> opened = Session::open(target, &failure);
    if (opened)
        return true;
    // A login that may not open this database, or not from here, has still shown its password.
    const bool wrong = wanted.target.engine == Engine::postgresql
                           ? failure.state == "28P01" || failure.state == "28"
                           : failure.error.code == Errc::denied;
    if (wrong)
        return false;
    if (failure.error.code == Errc::unreachable || failure.error.code == Errc::timeout)
        return pass(opened.error());
    return true;
}

const std::vector<std::string>& secret_tables() {
    static const std::vector<std::string> tables{"user_account", "token"};
    return tables;
}

void add_migration(
    std::vector<ProvisionStep>& steps, const Wanted& wanted, const std::vector<Step>& pending
) {
    if (pending.empty())
        return;
    ProvisionStep step;
    step.what = fmt::format(
        "bring the schema of '{}' to version {}", wanted.target.database, pending.back().version
    );
    for (const Step& one : pending)
        for (std::string& statement : statements_of(one, wanted.target.engine))
            step.shown.push_back(std::move(statement));
    step.database = wanted.target.database;
    step.action = Action::migrate;
    steps.push_back(std::move(step));
}

ProvisionStep plain_step(
    std::string what, std::vector<std::string> statements, std::string_view database
) {
    ProvisionStep step;
    step.what = std::move(what);
    step.shown = statements;
    step.run = std::move(statements);
    step.database = database;
    return step;
}

Result<std::vector<ProvisionStep>> plan_provision(const Wanted& wanted) {
    switch (wanted.target.engine) {
    case Engine::sqlite:
        return plan_sqlite(wanted);
    case Engine::postgresql:
        return plan_postgresql(wanted);
    case Engine::sqlserver:
        return plan_sqlserver(wanted);
    }
    return fail(Errc::internal, "unknown database engine");
}

Result<std::vector<std::string>> provision(const Wanted& wanted, const Clock& clock) {
    const Target server =
        target_as(wanted, wanted.logins.provision, maintenance_database(wanted.target.engine));
    std::unique_ptr<Session> locked;  // until the end
    if (wanted.target.engine != Engine::sqlite) {
        Result<std::unique_ptr<Session>> opened = Session::open(server);
        if (!opened)
            return pass(std::move(opened).error());
        locked = std::move(*opened);
        if (Result<void> mine = lock(*locked); !mine)
            return pass(std::move(mine).error());
    }
    const Result<std::vector<ProvisionStep>> steps = plan_provision(wanted);
    if (!steps)
        return pass(steps.error());
    std::vector<std::string> done;
    for (const ProvisionStep& step : *steps) {
        if (Result<void> result = carry_out(wanted, step, clock); !result)
            return pass(std::move(result).error(), step.what);
        done.push_back(step.what);
    }
    return done;
}

}  // namespace pchat::sql
