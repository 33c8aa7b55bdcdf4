// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL that is set to forget what it confirmed: all of `db` says so.
#include "server/store/sql/admin.h"
#include "tests/integration/db/backend.h"
#include "tests/integration/db/error_checks.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

using namespace pchat;
using namespace pchat::test;
using sql::Purpose;

namespace {

const SystemClock wall_clock;

sql::Wanted wanted(const sql::Target& target) {
    sql::Wanted out;
    out.target = target.without_login();
    out.logins.provision = {target.login.user, Secret{std::string{target.login.password.reveal()}}};
    return out;
}

struct Said {
    std::optional<Error> provision;
    std::optional<Error> migrate;
    std::optional<Error> dry_run;
    std::optional<Error> status;
};

template <class T>
std::optional<Error> error_in(const Result<T>& result) {
    return result ? std::nullopt : std::optional{result.error()};
}

Said ask(const sql::Target& target) {
    Said out;
    out.provision = error_in(sql::plan_provision(wanted(target)));
    out.migrate = error_in(sql::migrate_database(target, Purpose::content, wall_clock));
    out.dry_run = error_in(sql::pending_migrations(target, Purpose::content));
    const Result<sql::Status> status = sql::database_status(target, Purpose::content);
    REQUIRE_OK(status);
    out.status = status->forgets;
    return out;
}

void check_said(const std::optional<Error>& error, const std::string& setting, const char* hint) {
    REQUIRE(error.has_value());
    INFO(describe(*error));
    CHECK(error->code == Errc::invalid);
    CHECK_THAT(
        error->message,
        Catch::StartsWith(setting + " is off for postgresql database '") &&
            Catch::Contains("loses messages that were confirmed")
    );
    CHECK_THAT(error->hint, Catch::Contains(hint));
    CHECK_THAT(describe(*error), !Catch::Contains("secret"));
}

void check_all(const Said& said, const std::string& setting, const char* hint) {
    for (const std::optional<Error>* error :
         {&said.provision, &said.migrate, &said.dry_run, &said.status})
        check_said(*error, setting, hint);
}

}  // namespace

TEST_CASE("durability: a whole server that forgets is refused", "[fault]") {
    if (Postgres::shared() == nullptr)
        return;
    const std::string setting = GENERATE("fsync", "synchronous_commit");
    const EmptyDatabase empty{sql::Engine::postgresql};
    Postgres::shared()->stop();
    Postgres::shared()->start(setting + "=off");
    const Said said = ask(empty.target());
    Postgres::shared()->stop();
    Postgres::shared()->start();
    check_all(said, setting, "start the server without ");
    CHECK_FALSE(ask(empty.target()).status.has_value());
}

TEST_CASE("durability: a database of its own that forgets is refused", "[fault]") {
    if (Postgres::shared() == nullptr)
        return;
    const EmptyDatabase empty{sql::Engine::postgresql};
    const std::string name = empty.target().database;
    {
        sql::Database database{empty.target()};
        REQUIRE_OK(run(database, "alter database " + name + " set synchronous_commit = off"));
    }
    check_all(ask(empty.target()), "synchronous_commit", "alter database \"empty_");
    // The way out that it names.
    sql::Database server{Postgres::shared()->superuser("postgres")};
    const std::string hint = ask(empty.target()).status->hint;
    REQUIRE_OK(run(server, hint));
    CHECK_FALSE(ask(empty.target()).migrate.has_value());
    sql::Wanted lossy = wanted(empty.target());
    lossy.accept_loss = true;
    REQUIRE_OK(run(server, "alter database " + name + " set synchronous_commit = off"));
    REQUIRE_OK(sql::plan_provision(lossy));
}

TEST_CASE("durability: a login that forgets is refused", "[fault]") {
    if (Postgres::shared() == nullptr)
        return;
    const EmptyDatabase empty{sql::Engine::postgresql};
    sql::Database server{Postgres::shared()->superuser("postgres")};
    const std::string user = fresh_name("hasty");
    REQUIRE_OK(run(server, "create role " + user + " superuser login password 'secret'"));
    REQUIRE_OK(run(server, "alter role " + user + " set synchronous_commit = off"));
    const sql::Target target = Postgres::shared()->as(empty.target().database, user, "secret");
    check_said(
        ask(target).status, "synchronous_commit", ("alter role \"" + user + "\" reset").c_str()
    );
    REQUIRE_OK(run(server, "drop role " + user));
}
