// SPDX-License-Identifier: Apache-2.0
// A database of every released version becomes what a fresh one is, and keeps what it holds.
// Where a version has no dump yet, PCHAT_TEST_ACCEPT=1 makes it; see tests/data/migrations.
#include "base/sha256.h"
#include "server/store/sql/migrate.h"
#include "tests/integration/db/backend.h"
#include "tests/integration/db/dumps.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <cstdlib>
#include <string_view>

using namespace pchat;
using namespace pchat::test;
using sql::Engine;
using sql::Purpose;
using sql::Step;

namespace {

class FixedClock : public Clock {
public:
    [[nodiscard]] Microseconds now() const override { return 1'767'225'600'000'000; }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return {}; }
};
const FixedClock clock_of_tests;

// Those whose dumps can be made here.
std::vector<Engine> dumped_engines() {
    std::vector<Engine> out{Engine::sqlite};
    if (Postgres::shared() != nullptr)
        out.push_back(Engine::postgresql);
    return out;
}

// A step as a later version may bring it: a column, a table with data from others, an index less
// and one more.
std::vector<Step> with_next_step(std::vector<Step> steps, Purpose purpose) {
    static const std::string content =
        "alter table room add column topic text null constraint room_topic_ck check "
        "(length(topic) <= 256);\n"
        "create table sign (room_id integer not null, line text not null, constraint sign_pk "
        "primary key (room_id), constraint sign_room_fk foreign key (room_id) references room "
        "(id));\n"
        "insert into sign (room_id, line) select id, name from room;\n"
        "update room set topic = description;\n"
        "drop index room_category_ix;\n"
        "create index room_topic_ix on room (category_id, topic) where topic is not null;\n";
    static const std::string compliance =
        "alter table batch add column note text null constraint batch_note_ck check "
        "(length(note) <= 256);\n"
        "update batch set note = 'old';\n";
    const std::string& script = purpose == Purpose::content ? content : compliance;
    const int version = static_cast<int>(steps.size()) + 1;
    steps.push_back({version, "next_test_only", script, sha256_hex(script)});
    return steps;
}

std::vector<std::string> fresh_schema(Engine engine, const std::vector<Step>& steps) {
    const EmptyDatabase empty{engine};
    sql::Database database{empty.target()};
    REQUIRE_OK(sql::migrate(database, steps, clock_of_tests));
    return describe_schema(database);
}

struct Case {
    explicit Case(Purpose which = GENERATE(Purpose::content, Purpose::compliance))
        : purpose(which) {}
    Engine engine = GENERATE(from_range(dumped_engines()));
    Purpose purpose;
    std::vector<Step> known = sql::built_in_steps(engine, purpose);
};

// The newest version gets its dump while it is being made; an older one is history.
void record(const Case& c) {
    const EmptyDatabase empty{c.engine};
    {
        sql::Database database{empty.target()};
        REQUIRE_OK(sql::migrate(database, c.known, clock_of_tests));
    }
    const int version = static_cast<int>(c.known.size());
    load(empty.target(), rows_of(c.purpose, version));
    dump(empty.target(), dump_of(c.purpose, c.engine, version));
}

}  // namespace

TEST_CASE("migration data: every version has a dump with rows in every table", "[migrate]") {
    const Case c;
    const int newest = static_cast<int>(c.known.size());
    const char* accept = std::getenv("PCHAT_TEST_ACCEPT");
    if (accept != nullptr && std::string_view{accept} == "1" &&
        !std::filesystem::exists(dump_of(c.purpose, c.engine, newest)))
        record(c);
    for (int version = 1; version <= newest; ++version) {
        INFO(dump_of(c.purpose, c.engine, version).string());
        const EmptyDatabase empty{c.engine};
        load(empty.target(), dump_of(c.purpose, c.engine, version));
        sql::Database database{empty.target()};
        const Result<std::vector<sql::AppliedStep>> applied = sql::applied_steps(database);
        REQUIRE_OK(applied);
        CHECK(applied->size() == static_cast<std::size_t>(version));
        for (const auto& [table, rows] : rows_in(database, columns_of(database))) {
            INFO(table);
            CHECK_FALSE(rows.empty());
        }
    }
}

TEST_CASE("migration data: every version ends as a fresh one does, rows and all", "[migrate]") {
    const Case c;
    const bool next = GENERATE(false, true);
    const std::vector<Step> steps = next ? with_next_step(c.known, c.purpose) : c.known;
    const std::vector<std::string> expected = fresh_schema(c.engine, steps);
    CHECK(expected.size() > 50);
    for (std::size_t version = 1; version <= c.known.size(); ++version) {
        INFO("from version " << version);
        const EmptyDatabase empty{c.engine};
        load(empty.target(), dump_of(c.purpose, c.engine, static_cast<int>(version)));
        sql::Database database{empty.target()};
        Columns columns = columns_of(database);
        columns.erase("schema_migration");
        const auto before = rows_in(database, columns);
        const Result<std::vector<int>> applied = sql::migrate(database, steps, clock_of_tests);
        REQUIRE_OK(applied);
        CHECK(applied->size() == steps.size() - version);
        CHECK(describe_schema(database) == expected);
        CHECK(rows_in(database, columns) == before);
        REQUIRE_OK(sql::check_schema(database, steps));
        if (next && c.purpose == Purpose::content)
            CHECK(
                number(
                    database,
                    "select count(*) from room r join sign w on w.room_id = r.id and w.line = "
                    "r.name where r.topic = r.description"
                ) == number(database, "select count(*) from room")
            );
    }
}

TEST_CASE(
    "migration data: a database that went another way is refused and left alone", "[migrate]"
) {
    const Case c{Purpose::content};
    const EmptyDatabase empty{c.engine};
    const int newest = static_cast<int>(c.known.size());
    load(empty.target(), dump_of(c.purpose, c.engine, newest));
    sql::Database database{empty.target()};
    const std::vector<Step> steps = with_next_step(c.known, c.purpose);
    const std::vector<std::string> before = describe_schema(database);
    std::string why;
    SECTION("its step was edited") {
        REQUIRE_OK(run(
            database,
            "update schema_migration set sha256 = replace(sha256, substr(sha256, 1, 4), 'beef') "
            "where version = 1"
        ));
        why = "in another form (sha256 beef";
    }
    SECTION("it is newer than the program") {
        REQUIRE_OK(
            run(database,
                "insert into schema_migration select version + 2, 'later', sha256, applied_at from "
                "schema_migration where version = " +
                    std::to_string(newest))
        );
        REQUIRE_OK(
            run(database,
                "insert into schema_migration select version + 1, 'next_test_only', '" +
                    steps.back().sha256 +
                    "', applied_at from schema_migration where version = " + std::to_string(newest))
        );
        why = "is version " + std::to_string(newest + 2) + ", this program knows " +
              std::to_string(newest + 1);
    }
    SECTION("a version in between is missing") {
        REQUIRE_OK(run(database, "delete from schema_migration where version = 1"));
        why = "has no version 1";
    }
    REQUIRE_ERR(sql::migrate(database, steps, clock_of_tests), Errc::conflict, why);
    REQUIRE_ERR(sql::check_schema(database, steps), Errc::conflict, why);
    CHECK(describe_schema(database) == before);
}
