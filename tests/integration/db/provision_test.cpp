// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/provision.h"
#include "tests/integration/db/backend.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>

using namespace pchat;
using namespace pchat::test;
using sql::Engine;
using sql::Purpose;
using sql::Wanted;

namespace {

const SystemClock wall_clock;

std::optional<sql::Login> login(const std::string& user) {
    return sql::Login{user, Secret{"pass-" + user + ":\"'ü"}};
}

// A content database with logins of its own; all is dropped at the end.
struct Fresh {
    explicit Fresh(Purpose purpose = Purpose::content) : base(fresh_name("pro")) {
        wanted.purpose = purpose;
        wanted.target = Postgres::shared()->superuser(base + " \"x\" 'y'");
        wanted.logins.provision = Postgres::shared()->superuser("").login;
        wanted.logins.owner = login(base + "_owner");
        wanted.logins.run = login(base + "_run");
        wanted.logins.reader = login(base + "_reader");
    }
    ~Fresh() {
        sql::Database server{Postgres::shared()->superuser("postgres")};
        const std::string quoted = base + " \"\"x\"\" 'y'";
        CHECK(server
                  .outside_transaction(
                      "drop",
                      [&](sql::Session& session) -> Result<void> {
                          session.raw()
                              << "drop database if exists \"" + quoted + "\" with (force)";
                          for (const char* end : {"_owner", "_run", "_reader"})
                              session.raw() << "drop role if exists " + base + end;
                          return {};
                      }
                  )
                  .has_value());
    }
    Fresh(const Fresh&) = delete;
    Fresh& operator=(const Fresh&) = delete;
    Fresh(Fresh&&) = delete;
    Fresh& operator=(Fresh&&) = delete;

    [[nodiscard]] sql::Target as(const sql::Login& user) const {
        return Postgres::shared()->as(
            wanted.target.database, user.user, std::string{user.password.reveal()}
        );
    }

    std::string base;
    Wanted wanted;
};

std::vector<std::string> planned(const Wanted& wanted) {
    const Result<std::vector<sql::ProvisionStep>> steps = sql::plan_provision(wanted);
    REQUIRE_OK(steps);
    std::vector<std::string> out;
    for (const sql::ProvisionStep& step : *steps)
        out.push_back(step.what);
    return out;
}

Wanted sqlite(const std::filesystem::path& file) {
    Wanted out;
    out.target.database = file.string();
    return out;
}

unsigned mode_of(const std::filesystem::path& path) {
    struct stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 0777U;
}

}  // namespace

TEST_CASE(
    "provision: SQLite gets a directory and a file that only the owner reads", "[provision]"
) {
    const TempDir dir;
    const Wanted wanted = sqlite(dir.path() / "var/lib/pchat/content.db");
    CHECK(planned(wanted).size() == 2);
    REQUIRE_OK(sql::provision(wanted, wall_clock));
    CHECK(mode_of(dir.path() / "var/lib/pchat") == 0700);
    CHECK(mode_of(wanted.target.database) == 0600);
    CHECK(planned(wanted).empty());

    std::filesystem::permissions(wanted.target.database, std::filesystem::perms{0644});
    CHECK(planned(wanted).size() == 1);
    REQUIRE_OK(sql::provision(wanted, wall_clock));
    CHECK(mode_of(wanted.target.database) == 0600);
}

TEST_CASE("provision: PostgreSQL from nothing, and then there is nothing to do", "[provision]") {
    if (Postgres::shared() == nullptr)
        return;
    Fresh fresh{GENERATE(Purpose::content, Purpose::compliance)};
    const std::vector<std::string> plan = planned(fresh.wanted);
    CHECK(plan.size() == 9);
    const Result<std::vector<std::string>> done = sql::provision(fresh.wanted, wall_clock);
    REQUIRE_OK(done);
    CHECK(*done == plan);
    CHECK(planned(fresh.wanted).empty());
}

TEST_CASE("provision: no statement holds a password", "[provision]") {
    if (Postgres::shared() == nullptr)
        return;
    const Fresh fresh;
    const Result<std::vector<sql::ProvisionStep>> steps = sql::plan_provision(fresh.wanted);
    REQUIRE_OK(steps);
    for (const sql::ProvisionStep& step : *steps) {
        for (const std::string& statement : step.shown) {
            CHECK_THAT(statement, !Catch::Contains("pass-"));
            CHECK_THAT(statement, !Catch::Contains("SCRAM-SHA-256$"));
        }
        for (const std::string& statement : step.run)
            CHECK_THAT(statement, !Catch::Contains("pass-"));
    }
}

TEST_CASE("provision: of two at once one does it and the other finds it done", "[provision]") {
    if (Postgres::shared() == nullptr)
        return;
    const Fresh fresh;
    Result<std::vector<std::string>> other = fail(Errc::internal, "did not run");
    std::thread second{[&] { other = sql::provision(fresh.wanted, wall_clock); }};
    const Result<std::vector<std::string>> mine = sql::provision(fresh.wanted, wall_clock);
    second.join();
    REQUIRE_OK(mine);
    REQUIRE_OK(other);
    CHECK(mine->size() + other->size() == 9);
    CHECK((mine->empty() || other->empty()));
}

TEST_CASE("provision: goes on where it was interrupted", "[provision]") {
    if (Postgres::shared() == nullptr)
        return;
    const auto before = static_cast<std::size_t>(GENERATE(1, 3, 4, 5, 6, 7, 8));
    const Fresh fresh;
    const Result<std::vector<sql::ProvisionStep>> steps = sql::plan_provision(fresh.wanted);
    REQUIRE_OK(steps);
    for (std::size_t i = 0; i < before; ++i) {
        const sql::ProvisionStep& step = (*steps)[i];
        if (step.action == sql::Action::migrate) {
            sql::Database owner{fresh.as(*fresh.wanted.logins.owner)};
            REQUIRE_OK(sql::migrate(
                owner, sql::built_in_steps(Engine::postgresql, Purpose::content), wall_clock
            ));
            continue;
        }
        sql::Database server{Postgres::shared()->superuser(step.database)};
        REQUIRE_OK(server
                       .outside_transaction(step.what, [&](sql::Session& session) -> Result<void> {
                           for (const std::string& statement : step.run)
                               session.raw() << statement;
                           return {};
                       }));
    }
    REQUIRE_OK(sql::provision(fresh.wanted, wall_clock));
    CHECK(planned(fresh.wanted).empty());
}

TEST_CASE("provision: a password that does not fit any more is set", "[provision]") {
    if (Postgres::shared() == nullptr)
        return;
    Fresh fresh;
    REQUIRE_OK(sql::provision(fresh.wanted, wall_clock));
    fresh.wanted.logins.run->password = Secret{"another one"};
    const Result<std::vector<std::string>> done = sql::provision(fresh.wanted, wall_clock);
    REQUIRE_OK(done);
    REQUIRE(done->size() == 1);
    CHECK_THAT(
        done->front(), Catch::Contains("set the password of login '" + fresh.base + "_run'")
    );
    REQUIRE_OK(sql::Session::open(fresh.as(*fresh.wanted.logins.run)));
    CHECK(planned(fresh.wanted).empty());
}

TEST_CASE("provision: a password that expired is renewed once", "[provision]") {
    if (Postgres::shared() == nullptr)
        return;
    Fresh fresh;
    REQUIRE_OK(sql::provision(fresh.wanted, wall_clock));
    {
        sql::Database server{Postgres::shared()->superuser("postgres")};
        REQUIRE_OK(run(server, "alter role " + fresh.base + "_run valid until '2001-01-01'"));
        REQUIRE_OK(run(server, "alter role " + fresh.base + "_reader valid until '2999-01-01'"));
    }
    const Result<std::vector<std::string>> done = sql::provision(fresh.wanted, wall_clock);
    REQUIRE_OK(done);
    REQUIRE(done->size() == 1);
    CHECK_THAT(
        done->front(), Catch::Contains("renew the expired password of login '" + fresh.base)
    );
    REQUIRE_OK(sql::Session::open(fresh.as(*fresh.wanted.logins.run)));
    CHECK(planned(fresh.wanted).empty());
}

TEST_CASE("provision: the server's login reads and writes and can do no more", "[provision]") {
    if (Postgres::shared() == nullptr)
        return;
    const Fresh fresh;
    REQUIRE_OK(sql::provision(fresh.wanted, wall_clock));
    sql::Database owner{fresh.as(*fresh.wanted.logins.owner)};
    REQUIRE_OK(run(owner, "create table later (x integer)"));

    sql::Database database{fresh.as(*fresh.wanted.logins.run)};
    REQUIRE_OK(run(database, "insert into deployment values ('a', 'b')"));
    REQUIRE_OK(run(database, "update deployment set value = 'c'"));
    REQUIRE_OK(run(database, "delete from deployment"));
    REQUIRE_OK(run(database, "insert into later values (1)"));
    CHECK(number(database, "select count(*) from schema_migration") > 0);
    const std::string denied = GENERATE(
        "delete from schema_migration",
        "create table b (x integer)",
        "drop table later",
        "truncate deployment",
        "create temporary table c (x integer)",
        "create role d"
    );
    INFO(denied);
    REQUIRE_ERR(run(database, denied), Errc::denied, "lacks a permission");
}

TEST_CASE("provision: the reader reads what holds no secrets", "[provision]") {
    if (Postgres::shared() == nullptr)
        return;
    const Fresh fresh;
    REQUIRE_OK(sql::provision(fresh.wanted, wall_clock));
    sql::Database database{fresh.as(*fresh.wanted.logins.reader)};
    CHECK(number(database, "select count(*) from room") == 0);
    const std::string denied = GENERATE(
        "insert into deployment values ('a', 'b')",
        "insert into id_block select 'x', count(*) from token",
        "select count(*) from user_account",
        "select count(*) from token"
    );
    INFO(denied);
    REQUIRE_ERR(run(database, denied), Errc::denied, "lacks a permission");
}

TEST_CASE("provision: others may not even connect", "[provision]") {
    if (Postgres::shared() == nullptr)
        return;
    const Fresh fresh;
    const Fresh stranger;
    REQUIRE_OK(sql::provision(fresh.wanted, wall_clock));
    REQUIRE_OK(sql::provision(stranger.wanted, wall_clock));
    const auto opened = sql::Session::open(fresh.as(*stranger.wanted.logins.run));
    REQUIRE_ERR(opened, Errc::denied, "lacks a permission");
}

TEST_CASE("provision: a login without superuser's rights is enough", "[provision]") {
    if (Postgres::shared() == nullptr)
        return;
    sql::Database server{Postgres::shared()->superuser("postgres")};
    const std::string admin = fresh_name("admin");
    REQUIRE_OK(run(server, "create role " + admin + " login createdb createrole password 'x'"));
    {
        Fresh fresh;
        fresh.wanted.logins.provision = {admin, Secret{"x"}};
        REQUIRE_OK(sql::provision(fresh.wanted, wall_clock));
        CHECK(planned(fresh.wanted).empty());
    }
    REQUIRE_OK(run(server, "drop role " + admin));
}

TEST_CASE("provision: refuses a server that is set to lose confirmed messages", "[provision]") {
    if (Postgres::shared() == nullptr)
        return;
    const std::string setting = GENERATE("fsync", "synchronous_commit");
    Fresh fresh;
    Postgres::shared()->stop();
    Postgres::shared()->start(setting + "=off");
    const auto refused = sql::plan_provision(fresh.wanted);
    fresh.wanted.accept_loss = true;
    const auto accepted = sql::plan_provision(fresh.wanted);
    Postgres::shared()->stop();
    Postgres::shared()->start();
    REQUIRE_ERR(
        refused, Errc::invalid, setting + " is off for postgresql database 'postgres' on 127.0.0.1:"
    );
    REQUIRE_OK(accepted);
}
