// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"
#include "server/store/sql/content.h"
#include "tests/integration/db/command_case.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <tuple>

using namespace pchat;
using namespace pchat::test;
using Catch::Contains;
using sql::Engine;
using sql::Purpose;

namespace {

// A database with two events, and a backup of that moment.
struct BackedUp : CommandCase {
    explicit BackedUp(Engine engine) : CommandCase(engine) {
        REQUIRE(db({"provision", "--yes"}) == 0);
        add_event(1);
        add_event(2);
        REQUIRE(content({"backup", "--to", file()}) == 0);
    }
    [[nodiscard]] std::string file() const { return path("backups/one").string(); }
    [[nodiscard]] std::string manifest() const { return file() + ".json"; }

    int restore(std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"restore", "--from", file()});
        return content(std::move(more));
    }
    int replace() { return restore({"--force", "--confirm-name", name()}); }

    void write(const std::string& path, const std::string& text) const {
        std::ofstream{path, std::ios::binary} << text;
    }
    void edit_manifest(const std::string& key, const nlohmann::json& value) const {
        auto json = nlohmann::json::parse(read_file(manifest()));
        json[key] = value;
        write(manifest(), json.dump());
    }
    // Other bytes, and a manifest that vouches for them.
    void forge(const std::string& bytes) const {
        write(file(), bytes);
        edit_manifest("sha256", sha256_hex(bytes));
        edit_manifest("bytes", bytes.size());
    }
};

}  // namespace

TEST_CASE("db restore: brings back the rows, the rights and the modes", "[db-restore]") {
    BackedUp pchatctl{GENERATE(from_range(engines()))};
    pchatctl.add_event(3);
    CHECK(pchatctl.replace() == 0);
    INFO(pchatctl.stderr_text());
    CHECK(pchatctl.events() == 2);
    CHECK(pchatctl.content({"test"}) == 0);
    CHECK(pchatctl.content({"plan", "--exit-code"}) == 0);
    CHECK(pchatctl.replace() == 0);
    CHECK(pchatctl.events() == 2);
    if (pchatctl.engine() == Engine::postgresql)
        return;
    CHECK(names_in(pchatctl.path("a")) == std::vector<std::string>{"content.db"});
}

TEST_CASE("db restore: into a database that was just created, without a question", "[db-restore]") {
    BackedUp pchatctl{GENERATE(from_range(engines()))};
    REQUIRE(pchatctl.content({"uninstall", "--confirm-name", pchatctl.name()}) == 0);
    if (pchatctl.engine() == Engine::postgresql) {
        CHECK(pchatctl.restore() == 1);
        CHECK_THAT(pchatctl.stderr_text(), Contains("pchatctl db provision"));
        REQUIRE(pchatctl.content({"provision", "--yes"}) == 0);
    }
    CHECK(pchatctl.restore() == 0);
    CHECK(pchatctl.events() == 2);
    CHECK(pchatctl.content({"test"}) == 0);
}

TEST_CASE("db restore: a database with rows needs --force and its name", "[db-restore]") {
    BackedUp pchatctl{GENERATE(from_range(engines()))};
    pchatctl.add_event(3);
    CHECK(pchatctl.restore() == 1);
    CHECK_THAT(pchatctl.stderr_text(), Contains("is not empty") && Contains("--force"));
    CHECK(pchatctl.restore({"--force", "--yes"}) == 2);
    CHECK(pchatctl.restore({"--confirm-name", pchatctl.name()}) == 1);
    CHECK(pchatctl.restore({"--force", "--confirm-name", "content"}) == 2);
    CHECK(pchatctl.restore({"--force", "--confirm-name", pchatctl.name(), "--dry-run"}) == 0);
    CHECK(pchatctl.events() == 3);
}

TEST_CASE("db restore: refuses what is not the backup that was taken", "[db-restore]") {
    BackedUp pchatctl{GENERATE(from_range(engines()))};
    const std::string bytes = read_file(pchatctl.file());
    SECTION("a changed byte") {
        std::string other = bytes;
        other[other.size() / 2] ^= 1;
        pchatctl.write(pchatctl.file(), other);
        CHECK(pchatctl.replace() == 3);
        CHECK_THAT(pchatctl.stderr_text(), Contains("is not what was backed up"));
    }
    SECTION("the first half") {
        pchatctl.write(pchatctl.file(), bytes.substr(0, bytes.size() / 2));
        CHECK(pchatctl.replace() == 3);
    }
    SECTION("the first half with a manifest to fit") {
        pchatctl.forge(bytes.substr(0, bytes.size() / 2));
        CHECK(pchatctl.replace() != 0);
    }
    SECTION("something else with a manifest to fit") {
        pchatctl.forge("nothing like a database");
        CHECK(pchatctl.replace() != 0);
    }
    SECTION("no manifest") {
        std::filesystem::remove(pchatctl.manifest());
        CHECK(pchatctl.replace() == 1);
        CHECK_THAT(pchatctl.stderr_text(), Contains("one.json"));
    }
    SECTION("a damaged manifest") {
        pchatctl.write(
            pchatctl.manifest(),
            GENERATE(
                "", "{", "[]", R"({"format": "x"})", R"({"format": "pchat-backup/v1", "engine": 7})"
            )
        );
        CHECK(pchatctl.replace() == 3);
    }
    SECTION("no file") {
        std::filesystem::remove(pchatctl.file());
        CHECK(pchatctl.replace() == 1);
    }
    SECTION("other counts") {
        pchatctl.edit_manifest(
            "rows",
            {{"server", 0},
             {"principal", 0},
             {"category", 0},
             {"room", 0},
             {"message", 0},
             {"compliance_outbox", 7}}
        );
        CHECK(pchatctl.replace() == 3);
        CHECK_THAT(pchatctl.stderr_text(), Contains("does not hold the rows"));
    }
    CHECK(pchatctl.events() == 2);
    CHECK(pchatctl.content({"test"}) == 0);
}

TEST_CASE(
    "db restore: refuses a newer schema, another engine, the other database", "[db-restore]"
) {
    BackedUp pchatctl{GENERATE(from_range(engines()))};
    SECTION("newer") {
        pchatctl.edit_manifest("schema_version", 5);
        CHECK(pchatctl.replace() == 1);
        CHECK_THAT(pchatctl.stderr_text(), Contains("has schema version 5, this program knows 4"));
    }
    SECTION("another engine") {
        pchatctl.edit_manifest("engine", "sqlserver");
        CHECK(pchatctl.replace() == 1);
        CHECK_THAT(pchatctl.stderr_text(), Contains("was taken from sqlserver"));
    }
    SECTION("the other database") {
        CHECK(pchatctl.db({"restore", "--database", "compliance", "--from", pchatctl.file()}) == 1);
        CHECK_THAT(
            pchatctl.stderr_text(), Contains("holds a content database, not a compliance one")
        );
    }
    SECTION("the other database under a false manifest") {
        pchatctl.edit_manifest("database", "compliance");
        pchatctl.edit_manifest("schema_version", 1);  // the newest that a compliance one has
        CHECK(pchatctl.db({"restore", "--database", "compliance", "--from", pchatctl.file()}) == 1);
        CHECK_THAT(pchatctl.stderr_text(), Contains("was applied to"));
        CHECK(pchatctl.db({"test", "--database", "compliance"}) == 0);
    }
    SECTION("both") {
        CHECK(pchatctl.db({"restore", "--from", pchatctl.file()}) == 2);
    }
    CHECK(pchatctl.events() == 2);
}

TEST_CASE("db restore: refuses while somebody uses the database", "[db-restore]") {
    BackedUp pchatctl{GENERATE(from_range(engines()))};
    pchatctl.add_event(3);
    const sql::Target target = pchatctl.target();
    {
        const auto other = sql::Session::open(target);
        REQUIRE_OK(other);
        int rows = 0;
        (*other)->raw() << "select count(*) from compliance_outbox", soci::into(rows);
        CHECK(pchatctl.replace() == 1);
        CHECK_THAT(pchatctl.stderr_text(), Contains("hint: stop the server"));
    }
    CHECK(pchatctl.events() == 3);
    CHECK(pchatctl.replace() == 0);
    CHECK(pchatctl.events() == 2);
}

TEST_CASE("db restore: PostgreSQL goes back where the archive breaks off", "[db-restore]") {
    if (Postgres::shared() == nullptr)
        return;
    BackedUp pchatctl{Engine::postgresql};
    pchatctl.add_event(3);
    // Its list of contents is whole, its data is not.
    const std::string bytes = read_file(pchatctl.file());
    pchatctl.forge(bytes.substr(0, bytes.size() - 40));
    CHECK(pchatctl.replace() == 1);
    CHECK_THAT(pchatctl.stderr_text(), Contains("pg_restore failed"));
    CHECK(pchatctl.events() == 3);
    CHECK(pchatctl.content({"test"}) == 0);
    CHECK(pchatctl.content({"plan", "--exit-code"}) == 0);
}

TEST_CASE("db restore: PostgreSQL goes on after a restore that was killed", "[db-restore]") {
    if (Postgres::shared() == nullptr)
        return;
    BackedUp pchatctl{Engine::postgresql};
    sql::Database owner{pchatctl.target()};
    for (const char* statement :
         {"alter schema public rename to pchat_replaced", "create schema public"})
        REQUIRE_OK(run(owner, statement));
    CHECK(number(owner, "select count(*) from pchat_replaced.compliance_outbox") == 2);
    // Its connection would be in the way.
    {
        sql::Database gone{Postgres::shared()->superuser("postgres")};
        REQUIRE_OK(
            run(gone,
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" +
                    pchatctl.name() + "'")
        );
    }
    // Nobody goes on as if nothing had been, and what was set aside is not dropped unasked.
    CHECK(pchatctl.content({"migrate"}) == 1);
    CHECK_THAT(pchatctl.stderr_text(), Contains("was interrupted"));
    CHECK(pchatctl.restore() == 1);
    CHECK(pchatctl.replace() == 0);
    CHECK(pchatctl.events() == 2);
    CHECK(pchatctl.content({"test"}) == 0);
    sql::Database again{pchatctl.target()};
    CHECK(
        number(
            again, "select count(*) from pg_catalog.pg_namespace where nspname = 'pchat_replaced'"
        ) == 0
    );
}

TEST_CASE(
    "db restore: SQLite replaces a damaged file, and says where a directory lacks", "[db-restore]"
) {
    BackedUp pchatctl{Engine::sqlite};
    pchatctl.write(pchatctl.name(), std::string(8192, 'x'));
    pchatctl.write(pchatctl.name() + "-wal", "left over");
    CHECK(pchatctl.restore() == 1);
    CHECK(pchatctl.replace() == 0);
    CHECK(pchatctl.events() == 2);
    std::filesystem::remove_all(pchatctl.path("a"));
    CHECK(pchatctl.restore() == 1);
    CHECK_THAT(pchatctl.stderr_text(), Contains("hint: mkdir -p"));
}

TEST_CASE("db restore: no server and no shipper of before is let in again", "[db-restore]") {
    BackedUp pchatctl{GENERATE(from_range(engines()))};
    Server lost;
    Lease old;
    const auto write = [&](const ContentWork& work) {
        const auto database = sql::open_content(pchatctl.target());
        REQUIRE_OK(database->write("testing", work));
    };
    Enrolment enrolment;
    enrolment.id = ServerId{1};
    enrolment.uuid = "01890a5d-ac96-774b-bcce-000000000001";
    enrolment.fqdn = "pc.localhost.example";
    enrolment.addresses = "[]";
    enrolment.lifetime = 60'000'000;
    old.name = "shipper";
    old.owner_name = "pc";
    const auto take = [&](ContentTransaction& tx) -> Result<void> {
        const auto server = tx.registry().enrol(enrolment);
        if (!server)
            return pass(server.error());
        const auto lease = tx.registry().acquire(old, 60'000'000);
        if (!lease)
            return pass(lease.error());
        REQUIRE(*lease);
        lost = *server;
        old = **lease;
        return {};
    };
    const bool known = GENERATE(false, true);
    if (known) {
        write(take);
        REQUIRE(pchatctl.content({"backup", "--to", pchatctl.file(), "--force"}) == 0);
    }
    write(take);
    const Server before = lost;
    const Lease held = old;
    REQUIRE(pchatctl.replace() == 0);
    auto database = sql::open_content(pchatctl.target());
    const Result<void> advanced = database->write("testing", [&](ContentTransaction& tx) {
        const auto server = tx.registry().advance(before.id, before.epoch, 0);
        return server ? Result<void>{} : Result<void>{pass(server.error())};
    });
    REQUIRE_ERR(advanced, Errc::denied, "was replaced");
    old.fencing_token = 0;
    old.owner_name = "another";
    REQUIRE_OK(database->write("testing", take));
    CHECK(lost.epoch > before.epoch + 1'000'000);
    CHECK(old.fencing_token > held.fencing_token + 1'000'000);
    const std::int64_t first = old.fencing_token;
    // The same backup once more: what was handed out since is behind as well.
    database.reset();
    REQUIRE(pchatctl.replace() == 0);
    old.owner_name = "a third";
    write(take);
    CHECK(old.fencing_token > first);
}

TEST_CASE("db restore: SQLite keeps owner, group and mode", "[db-restore]") {
    if (::geteuid() != 0) {
        WARN("only root can give files away: not tested");
        return;
    }
    BackedUp pchatctl{Engine::sqlite};
    const auto owner = [&] {
        struct stat facts {};
        REQUIRE(::stat(pchatctl.name().c_str(), &facts) == 0);
        return std::tuple{facts.st_uid, facts.st_gid, facts.st_mode & 07777U};
    };
    REQUIRE(::chown(pchatctl.name().c_str(), 1234, 2345) == 0);
    REQUIRE(::chmod(pchatctl.name().c_str(), 0400) == 0);
    CHECK(pchatctl.replace() == 0);
    CHECK(owner() == std::tuple{1234U, 2345U, 0400U});
    // A new one goes to the owner of the directory, who is the service.
    REQUIRE(::chown(pchatctl.path("a").c_str(), 3456, 4567) == 0);
    std::filesystem::remove(pchatctl.name());
    CHECK(pchatctl.restore() == 0);
    CHECK(owner() == std::tuple{3456U, 4567U, 0600U});
    CHECK(pchatctl.content({"test"}) == 0);
}
