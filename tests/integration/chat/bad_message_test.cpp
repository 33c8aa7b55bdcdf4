// SPDX-License-Identifier: Apache-2.0
// A message that the database refuses, for a reason that no rule of ours foresees, among good ones.
#include "server/store/sql/database.h"
#include "server/store/sql/raw_sqlite.h"
#include "tests/integration/chat/scene.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <set>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr int good_messages = 40;
constexpr const char* bad_word = "the database does not like this";

void refuse_bad_word(const sql::Target& target) {
    const std::string condition = std::string{"new.body = '"} + bad_word + "'";
    if (target.engine == sql::Engine::sqlite) {
        auto file = sql::RawSqlite::open(target.database, 2 /* read and write */, 10'000);
        REQUIRE_OK(file);
        REQUIRE_OK(file->run(
            "adding a trigger",
            "create trigger refuse before insert on message when " + condition +
                " begin select raise(abort, 'refused'); end"
        ));
        return;
    }
    sql::Database database{target.copy()};
    const Result<void> added =
        database.write("adding a trigger", [&](sql::Session& session) -> Result<void> {
            session.raw() << "create function refuse() returns trigger language plpgsql as "
                             "'begin raise exception ''refused''; end'";
            session.raw() << "create trigger refuse before insert on message for each row when (" +
                                 condition + ") execute function refuse()";
            return {};
        });
    REQUIRE_OK(added);
}

void one_bad_among_good(const std::string& engine) {
    Scene scene{3, {}, engine};
    refuse_bad_word(scene.database.target());
    const std::string& room = scene.room(0);
    ChatClient ann = scene.client(0);
    ChatClient bob = scene.client(1);
    ChatClient witness = scene.client(2);
    ann.join(room);
    bob.join(room);
    witness.join(room, 0);
    // Enough at once for groups that hold the bad one and good ones of both.
    for (int i = 0; i < good_messages; ++i) {
        const std::string key = std::to_string(i);
        ann.send(send_request(key, room, key, "from ann"));
        if (i == good_messages / 2)
            bob.send(send_request("bad", room, "bad", bad_word));
        bob.send(send_request(key, room, key, "from bob"));
    }
    CHECK(bob.answer("bad")["type"] == "err");
    std::set<std::int64_t> numbers;
    for (int i = 0; i < good_messages; ++i)
        for (ChatClient* client : {&ann, &bob}) {
            const Json done = client->answer(std::to_string(i));
            CHECK(done["type"] == "ok");
            numbers.insert(done.value("seq", std::int64_t{0}));
        }
    // Each once, without a gap where the bad one would have been, and again under the same number.
    REQUIRE(numbers.size() == 2 * good_messages);
    CHECK(*numbers.begin() == 1);
    CHECK(*numbers.rbegin() == 2 * good_messages);
    for (std::int64_t seq = 1; seq <= 2 * good_messages; ++seq)
        CHECK(witness.wait_for("msg")["seq"] == seq);
    CHECK(ann.post(room, "0", "from ann") <= 2 * good_messages);
    CHECK(ann.post(room, "last", "from ann") == 2 * good_messages + 1);
    CHECK(bob.ask(send_request("", room, "bad", bad_word))["type"] == "err");
    CHECK(witness.wait_for("msg")["seq"] == 2 * good_messages + 1);
}

}  // namespace

TEST_CASE("bad message: only its sender hears of it on SQLite", "[bad_message]") {
    one_bad_among_good("sqlite");
}

TEST_CASE("bad message: only its sender hears of it on PostgreSQL", "[bad_message]") {
    if (Postgres::shared() != nullptr)
        one_bad_among_good("postgresql");
}
