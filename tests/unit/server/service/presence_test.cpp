// SPDX-License-Identifier: Apache-2.0
// One server tells who is there, another one hears of it.
#include "server/service/presence_teller.h"
#include "server/service/session_list.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"
#include "tests/support/faulty_content.h"
#include "tests/support/second_server.h"

#include <algorithm>
#include <string>
#include <vector>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr RoomId lobby{100};
constexpr RoomId attic{101};
constexpr PrincipalId ann{11};
constexpr PrincipalId bob{12};

using Users = std::vector<PrincipalId>;

class FakeSessions : public OpenSessions {
public:
    void note_sessions(bool on) override {
        notes = on;
        noted.clear();
    }
    std::vector<Turn> take_noted() override { return std::exchange(noted, {}); }
    std::vector<OpenSession> all_open() override { return open; }

    void opens(const std::string& uuid, PrincipalId user) {
        open.push_back({uuid, user, TokenId{5}, "192.0.2.1", 7});
        if (notes)
            noted.push_back({open.back(), true});
    }
    void closes(const std::string& uuid) {
        std::erase_if(open, [&](const OpenSession& one) { return one.uuid == uuid; });
        if (notes)
            noted.push_back({{uuid, {}, {}, {}, 0}, false});
    }

    bool notes = false;
    std::vector<OpenSession> open;
    std::vector<Turn> noted;
};

/// The second server tells, over a database that fails when it is told to; the world's follows.
struct Pool {
    Pool() {
        REQUIRE_OK(reader.begin(*world.content));
        reader.attach(*world.chat, watches);
    }

    void enter(RoomId room, PrincipalId user) {
        teller_server.book.with(room, [&](LiveRoom& live) {
            teller_server.book.enter(live, room, user, world.clock.steady());
        });
    }
    void leave(RoomId room, PrincipalId user) { teller_server.book.leave(room, user); }
    Roll roll() {
        Roll out;
        world.write([&](ContentTransaction& tx) -> Result<void> {
            out.servers = *tx.registry().list();
            out.now = *tx.registry().now();
            return {};
        });
        return out;
    }
    void heart(ServerId server, std::int64_t epoch, Microseconds lifetime) {
        world.write([&](ContentTransaction& tx) {
            return tx.registry().heartbeat({server, epoch, 0, 0, lifetime});
        });
    }
    void tell() {
        teller.called(roll());
        REQUIRE_OK(teller.tell());
    }
    void follow() { REQUIRE_OK(reader.follow()); }
    void tell_and_follow() {
        tell();
        follow();
    }
    Users in(RoomId room) { return world.chat->elsewhere().in_room(room); }
    std::int64_t entries() {
        const Roll now = roll();
        return std::find_if(
                   now.servers.begin(),
                   now.servers.end(),
                   [](const Server& one) { return one.id == ServerId{2}; }
        )->log_n;
    }
    std::size_t rows(RoomId room) {
        std::size_t out = 0;
        world.write([&](ContentTransaction& tx) -> Result<void> {
            out = tx.presence().in_room(room)->size();
            return {};
        });
        return out;
    }
    std::vector<std::string> sessions() {
        std::vector<std::string> out;
        const auto found = sessions_elsewhere(*world.chat, {}, 100);
        REQUIRE_OK(found);
        for (const SessionElsewhere& one : *found) {
            CHECK(one.server == "pc2.contoso.example");
            out.push_back(one.connection.uuid);
        }
        std::sort(out.begin(), out.end());
        return out;
    }

    ChatWorld world;
    FaultyContent content{*world.content};
    RecordingAudience heard;
    SecondServer teller_server{world, content, heard};
    FakeSessions open;
    PresenceTeller teller{*teller_server.chat, open};
    KeywordWatches watches;
    PoolFollower reader{world.chat->facts().life.server};
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("presence: who comes and goes is known at the other server", "[presence]") {
    Pool pool;
    pool.enter(lobby, ann);  // before anybody is told
    pool.tell_and_follow();
    CHECK(pool.in(lobby) == Users{ann});
    pool.enter(lobby, bob);
    pool.enter(lobby, bob);  // with another device
    pool.enter(attic, bob);
    pool.tell_and_follow();
    CHECK(pool.in(lobby) == Users{ann, bob});
    CHECK(pool.in(attic) == Users{bob});
    pool.leave(lobby, bob);
    pool.leave(lobby, ann);
    pool.tell_and_follow();
    CHECK(pool.in(lobby) == Users{bob});
    CHECK(pool.rows(lobby) == 1);
    CHECK(pool.teller.told() == 4);
    CHECK(pool.teller.untold() == 0);
}

TEST_CASE("presence: who came and went before it was told is nothing", "[presence]") {
    Pool pool;
    pool.enter(lobby, ann);
    pool.tell_and_follow();
    const std::int64_t before = pool.entries();
    pool.enter(lobby, bob);
    pool.leave(lobby, bob);
    pool.leave(lobby, ann);
    pool.enter(lobby, ann);
    pool.tell_and_follow();
    CHECK(pool.entries() == before);
    CHECK(pool.in(lobby) == Users{ann});
}

TEST_CASE(
    "presence: a server that is alone tells nobody, and forgets what it had told", "[presence]"
) {
    Pool pool;
    pool.heart(ServerId{1}, 1, 0);
    pool.enter(lobby, ann);
    const std::int64_t before = pool.entries();
    pool.tell();
    CHECK(pool.entries() == before);
    CHECK_FALSE(pool.open.notes);
    CHECK(pool.rows(lobby) == 0);
    pool.heart(ServerId{1}, 1, 60'000'000);
    pool.tell();
    CHECK(pool.rows(lobby) == 1);
    pool.heart(ServerId{1}, 1, 0);
    Roll alone = pool.roll();
    pool.teller.called(alone);
    REQUIRE_OK(pool.teller.tell());
    CHECK(pool.open.notes);  // whoever is away for a moment comes back
    alone.now += 61'000'000;
    pool.teller.called(alone);
    REQUIRE_OK(pool.teller.tell());
    CHECK_FALSE(pool.open.notes);
    CHECK(pool.rows(lobby) == 0);
}

TEST_CASE("presence: rows of a former life are gone before a new one is told", "[presence]") {
    Pool pool;
    pool.world.write([&](ContentTransaction& tx) {
        const Participant left{attic, bob, ServerId{2}, 0, 1};
        return tx.presence().join(std::span{&left, 1});
    });
    pool.enter(lobby, ann);
    pool.tell_and_follow();
    CHECK(pool.rows(attic) == 0);
    CHECK(pool.rows(lobby) == 1);
    CHECK(pool.in(attic).empty());
}

TEST_CASE("presence: a write that fails is done by the next one", "[presence]") {
    Pool pool;
    pool.tell_and_follow();
    pool.enter(lobby, ann);
    pool.enter(attic, bob);
    pool.teller.called(pool.roll());
    pool.content.fail_next(1, Errc::unreachable);
    REQUIRE_ERR(pool.teller.tell(), Errc::unreachable, "");
    CHECK(pool.teller.untold() == 2);
    pool.leave(attic, bob);
    pool.tell_and_follow();
    CHECK(pool.teller.untold() == 0);
    CHECK(pool.teller.told() == 1);
    CHECK(pool.in(lobby) == Users{ann});
    CHECK(pool.in(attic).empty());
}

TEST_CASE("presence: an unknown outcome is settled, whatever it was", "[presence]") {
    const bool happens = GENERATE(true, false);
    INFO(happens);
    Pool pool;
    pool.open.opens("held", ann);  // so that numbers of sessions are there already
    pool.tell_and_follow();
    pool.enter(lobby, ann);
    pool.enter(attic, bob);
    pool.open.opens("gone", bob);
    pool.open.opens("stays", bob);
    pool.teller.called(pool.roll());
    pool.content.lose_answer(1, happens);
    REQUIRE_ERR(pool.teller.tell(), Errc::unknown_outcome, "");
    pool.leave(attic, bob);  // whose row may be there
    pool.open.closes("gone");
    pool.tell_and_follow();
    CHECK(pool.in(lobby) == Users{ann});
    CHECK(pool.in(attic).empty());
    CHECK(pool.rows(attic) == 0);
    CHECK(pool.rows(lobby) == 1);
    CHECK(pool.sessions() == Names{"held", "stays"});
}

TEST_CASE("presence: many at once go in portions", "[presence]") {
    Pool pool;
    pool.tell_and_follow();
    const std::int64_t before = pool.entries();
    for (std::int64_t user = 1; user <= 4'500; ++user)
        pool.enter(RoomId{100 + user % 3}, PrincipalId{user});
    while (pool.in(RoomId{102}).size() < 1'500)  // a slow machine needs several calls
        pool.tell_and_follow();
    CHECK(pool.entries() == before + 3);
    CHECK(pool.in(lobby).size() == 1'500);
    CHECK(pool.in(attic).size() == 1'500);
    CHECK(pool.rows(lobby) == 1'500);
}

TEST_CASE("presence: a server that is lost is not counted, until it lives again", "[presence]") {
    Pool pool;
    pool.enter(lobby, ann);
    pool.open.opens("one", ann);
    pool.tell_and_follow();
    pool.heart(ServerId{2}, pool.teller_server.life.epoch, 0);
    pool.follow();
    CHECK(pool.in(lobby).empty());
    CHECK(pool.sessions().empty());
    CHECK(is_open_elsewhere(*pool.world.chat, "one") == false);
    pool.heart(ServerId{2}, pool.teller_server.life.epoch, 60'000'000);
    pool.follow();
    CHECK(pool.in(lobby) == Users{ann});
    CHECK(is_open_elsewhere(*pool.world.chat, "one") == true);
}

TEST_CASE("presence: another life of a server begins with nobody", "[presence]") {
    Pool pool;
    pool.enter(lobby, ann);
    pool.tell_and_follow();
    CHECK(pool.in(lobby) == Users{ann});
    pool.world.write([&](ContentTransaction& tx) -> Result<void> {
        Enrolment again;
        again.uuid = "00000000-0000-7000-8000-000000000098";
        again.fqdn = "pc2.contoso.example";
        again.lifetime = 60'000'000;
        const auto server = tx.registry().enrol(again);
        return server ? Result<void>{} : Result<void>{pass(server.error())};
    });
    pool.follow();
    CHECK(pool.in(lobby).empty());
    REQUIRE_ERR((pool.enter(lobby, bob), pool.teller.tell()), Errc::denied, "");  // fenced
    CHECK(pool.rows(lobby) == 1);
}

TEST_CASE("presence: an orderly end tells that nobody is left", "[presence]") {
    Pool pool;
    pool.enter(lobby, ann);
    pool.open.opens("one", ann);
    pool.tell_and_follow();
    REQUIRE_OK(pool.teller.end());
    pool.follow();
    CHECK(pool.in(lobby).empty());
    CHECK(pool.rows(lobby) == 0);
    CHECK(pool.sessions().empty());
}

TEST_CASE("presence: a log that was trimmed too early: who is there is read again", "[presence]") {
    Pool pool;
    pool.enter(lobby, ann);
    pool.enter(attic, ann);
    pool.tell_and_follow();
    pool.enter(lobby, bob);
    pool.leave(attic, ann);
    pool.tell();
    pool.world.write([&](ContentTransaction& tx) -> Result<void> {
        const auto trimmed = tx.log().trim(ServerId{2}, pool.world.clock.now() + 1, 1'000);
        return trimmed ? Result<void>{} : Result<void>{pchat::pass(trimmed.error())};
    });
    pool.follow();
    CHECK(pool.in(lobby) == Users{ann, bob});
    CHECK(pool.in(attic).empty());
}

TEST_CASE("presence: a server that comes late finds who is there already", "[presence]") {
    Pool pool;
    pool.enter(lobby, ann);
    pool.tell();
    pool.enter(lobby, bob);
    pool.tell();
    KeywordWatches watches;
    PoolFollower late{pool.world.chat->facts().life.server};
    REQUIRE_OK(late.begin(*pool.world.content));  // all of that is behind its cursor
    late.attach(*pool.world.chat, watches);
    REQUIRE_OK(late.follow());
    CHECK(pool.in(lobby) == Users{ann, bob});
}

TEST_CASE("presence: sessions elsewhere are listed while they are open", "[presence]") {
    Pool pool;
    pool.open.opens("before", ann);
    pool.tell_and_follow();
    CHECK(pool.sessions() == Names{"before"});
    pool.open.opens("one", ann);
    pool.open.opens("short", bob);
    pool.open.closes("short");
    pool.open.closes("before");
    pool.tell_and_follow();
    CHECK(pool.sessions() == Names{"one"});
}

TEST_CASE("presence: a room that is removed has nobody any more", "[presence]") {
    Pool pool;
    pool.enter(lobby, ann);
    pool.tell_and_follow();
    pool.teller_server.book.forget(lobby);
    pool.tell_and_follow();
    CHECK(pool.in(lobby).empty());
    CHECK(pool.rows(lobby) == 0);
}
