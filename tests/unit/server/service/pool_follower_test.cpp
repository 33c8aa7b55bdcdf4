// SPDX-License-Identifier: Apache-2.0
#include "server/service/message_admin.h"
#include "server/service/room_admin.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"
#include "tests/support/faulty_content.h"
#include "tests/support/second_server.h"

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

using Bodies = std::vector<std::string>;

/// The world's server, and another one over its database that only listens.
struct Pool {
    Pool()
        : ann(world.user("ann")), bob(world.user("bob")),
          lobby(world.room("Lobby", "General", {{ann, bob}})), content(*world.content),
          second(world, content, heard) {}

    void say(const std::string& body) {
        world.post(ann, lobby, body);
        world.clock.pass(1s);
    }
    void follow() { REQUIRE_OK(second.follower.follow()); }
    void take_from_bob() {
        RoomFields fields;
        fields.members.remove = {"sip:bob@contoso.example"};
        REQUIRE_OK(change_room(*world.changes, world.as("admin"), "Lobby", fields));
    }
    /// Another entry in the log of the world's server.
    void log(const std::string& body) {
        world.write([&](ContentTransaction& tx) -> Result<void> {
            const auto self = tx.registry().advance(ServerId{1}, world.chat->facts().life.epoch, 0);
            if (!self)
                return pass(self.error());
            return tx.log().append({ServerId{1}, self->log_n, 0, log_commit, body});
        });
    }
    std::int64_t entries() {
        std::int64_t out = 0;
        world.write([&](ContentTransaction& tx) -> Result<void> {
            const auto servers = tx.registry().list();
            REQUIRE_OK(servers);
            for (const Server& server : *servers)
                if (server.id == ServerId{1})
                    out = server.log_n;
            return {};
        });
        return out;
    }
    bool may_read(PrincipalId user) {
        const auto seen = second.chat->see(user, lobby);
        return seen && seen->rights.has(Right::history);
    }

    ChatWorld world;
    PrincipalId ann;
    PrincipalId bob;
    RoomId lobby;
    FaultyContent content;
    RecordingAudience heard;
    SecondServer second;
};

}  // namespace

TEST_CASE("pool follower: what is said elsewhere reaches rooms in use, once", "[pool]") {
    Pool pool;
    pool.say("before");
    pool.follow();
    CHECK(pool.heard.foreign.empty());  // nobody here has the room open
    REQUIRE_OK(pool.second.book.warm_up(pool.lobby));
    pool.say("one");
    pool.say("two");
    pool.follow();
    CHECK(pool.heard.foreign == Bodies{"one", "two"});
    pool.follow();
    CHECK(pool.heard.foreign.size() == 2);
}

TEST_CASE("pool follower: keywords are watched for in rooms that nobody has open", "[pool]") {
    Pool pool;
    REQUIRE_OK(pool.second.watches.watch(*pool.second.chat, pool.bob, {"deploy"}));
    pool.say("deploy begins");
    pool.say("deploy ends");
    pool.follow();
    CHECK(pool.heard.foreign == Bodies{"deploy begins", "deploy ends"});
    pool.follow();
    CHECK(pool.heard.foreign.size() == 2);
}

TEST_CASE("pool follower: rights that were taken elsewhere are gone here", "[pool]") {
    Pool pool;
    CHECK(pool.may_read(pool.bob));
    pool.take_from_bob();
    CHECK(pool.may_read(pool.bob));
    pool.follow();
    CHECK_FALSE(pool.may_read(pool.bob));
    REQUIRE(pool.heard.touched.size() == 1);
    CHECK(pool.heard.touched[0].rooms == std::vector{pool.lobby});
}

TEST_CASE("pool follower: what became of older messages is told", "[pool]") {
    Pool pool;
    for (const char* body : {"one", "two", "three", "four"})
        pool.say(body);
    REQUIRE_OK(pool.second.book.warm_up(pool.lobby));
    const AdminCall admin = pool.world.as("admin");
    REQUIRE_OK(remove_message(*pool.world.changes, admin, "Lobby", 3));
    pool.follow();
    REQUIRE(pool.heard.changes.size() == 1);
    CHECK(pool.heard.changes[0].messages.at(0).seq == 3);
    CHECK(pool.heard.changes[0].messages.at(0).change == MessageChange::removed);
    REQUIRE_OK(clear_room(*pool.world.changes, admin, "Lobby", {3, std::nullopt}));
    pool.follow();
    REQUIRE(pool.heard.clears.size() == 1);
    CHECK(pool.heard.clears[0].first == 3);
}

TEST_CASE("pool follower: who is invited elsewhere is told here", "[pool]") {
    Pool pool;
    pool.world.category("Research", {{pool.world.everyone()}});
    pool.follow();
    RoomFields fields;
    fields.name = "Lab";
    fields.category = "Research";
    fields.members.add = {"sip:bob@contoso.example"};
    REQUIRE_OK(create_room(*pool.world.changes, pool.world.as("admin"), fields));
    pool.follow();
    REQUIRE(pool.heard.invitations.size() == 1);
    CHECK(pool.heard.invitations[0].user == pool.bob);
    CHECK(pool.heard.invitations[0].sequence == pool.world.heard.invitations.at(0).sequence);
}

TEST_CASE("pool follower: a log that was trimmed too early: all is read again", "[pool]") {
    Pool pool;
    REQUIRE_OK(pool.second.book.warm_up(pool.lobby));
    pool.say("one");
    pool.take_from_bob();
    pool.world.write([&](ContentTransaction& tx) -> Result<void> {
        const auto trimmed = tx.log().trim(ServerId{1}, pool.world.clock.now() + 1, 1'000);
        return trimmed ? Result<void>{} : Result<void>{pass(trimmed.error())};
    });
    pool.follow();
    CHECK(pool.heard.foreign == Bodies{"one"});
    CHECK_FALSE(pool.may_read(pool.bob));
    REQUIRE(pool.heard.touched.size() == 1);
    CHECK(pool.heard.touched[0].policies);     // whereupon every session asks again
    CHECK(pool.heard.touched[0].anybody_out);  // who was signed out stood in the log, too
}

TEST_CASE("pool follower: an entry that says nothing: all is read again", "[pool]") {
    Pool pool;
    REQUIRE_OK(pool.second.book.warm_up(pool.lobby));
    pool.follow();
    pool.log("no entry");
    pool.take_from_bob();
    pool.say("one");
    pool.follow();
    CHECK(pool.second.follower.unreadable() == 1);
    CHECK_FALSE(pool.may_read(pool.bob));
    CHECK(pool.heard.foreign == Bodies{"one"});
    REQUIRE(pool.heard.touched.size() == 1);
    CHECK(pool.heard.touched[0].anybody_out);  // it may have been a sign-out
    pool.follow();
    CHECK(pool.second.follower.unreadable() == 1);
    CHECK(pool.heard.touched.size() == 1);
}

TEST_CASE("pool follower: numbers that are given once more are no known ones", "[pool]") {
    Pool pool;
    pool.follow();
    // What the bus brought was lost by a database that was put back.
    for (int i = 0; i < 3; ++i)
        REQUIRE_OK(pool.second.follower.follow(ServerId{1}, {pool.entries() + 1 + i, {}}));
    pool.take_from_bob();
    pool.follow();
    CHECK_FALSE(pool.may_read(pool.bob));
    REQUIRE_FALSE(pool.heard.touched.empty());
    CHECK(pool.heard.touched.back().anybody_out);
    pool.say("after");
    const std::size_t before = pool.heard.touched.size();
    pool.follow();
    CHECK(pool.heard.touched.size() == before);  // from there it goes on as ever
}

TEST_CASE("pool follower: a look that fails loses nothing", "[pool]") {
    Pool pool;
    REQUIRE_OK(pool.second.book.warm_up(pool.lobby));
    for (int spared = 0; spared < 2; ++spared) {  // the log; the messages
        INFO(spared);
        pool.say("one");
        pool.heard.foreign.clear();
        pool.content.fail_read(spared, Errc::unreachable);
        REQUIRE_ERR(pool.second.follower.follow(), Errc::unreachable, "");
        CHECK(pool.heard.foreign.empty());
        pool.follow();
        CHECK_FALSE(pool.heard.foreign.empty());
    }
}

TEST_CASE("pool follower: messages without history are forgotten everywhere", "[pool]") {
    Pool pool;
    pool.say("one");
    pool.say("two");
    REQUIRE_OK(pool.second.book.warm_up(pool.lobby));
    LogBody body;
    body.touched.expired = {{pool.lobby, 1, 2}};
    pool.log(log_text(body));
    pool.follow();
    CHECK(pool.second.book.standing(pool.lobby)->first_seq == 2);
}

TEST_CASE("pool follower: what this server itself still has to show is read", "[pool]") {
    Pool pool;
    REQUIRE_OK(pool.second.book.warm_up(pool.lobby));
    std::promise<bool> stored;
    Chat::Draft draft;
    draft.sender = pool.ann;
    draft.room = pool.lobby;
    draft.body = "mine";
    REQUIRE_OK(pool.second.chat->post(std::move(draft), [&](const Result<Posted>& posted) {
        stored.set_value(posted.has_value());
    }));
    REQUIRE(stored.get_future().get());
    pool.second.chat->wait_until_stored();
    pool.follow();
    CHECK(pool.heard.foreign.empty());  // its own log is not read
    pool.second.follower.owe(pool.lobby, 1);
    pool.follow();
    CHECK(pool.heard.foreign == Bodies{"mine"});
}

TEST_CASE("pool follower: who is signed out is out, also while the database is away", "[pool]") {
    Pool pool;
    Touched touched;
    touched.signed_out = {pool.bob};
    touched.rooms = {pool.lobby};
    pool.content.fail_read(0, Errc::unreachable);
    REQUIRE_ERR(pool.second.chat->apply(touched), Errc::unreachable, "");
    REQUIRE(pool.heard.touched.size() == 1);
    CHECK(pool.heard.touched[0].signed_out == std::vector{pool.bob});
    REQUIRE_OK(pool.second.chat->apply_again());
    CHECK(pool.heard.touched.size() == 2);
}

TEST_CASE("pool follower: nothing is said while what people may do is not in force", "[pool]") {
    Pool pool;
    REQUIRE_OK(pool.second.book.warm_up(pool.lobby));
    pool.follow();
    pool.take_from_bob();
    pool.say("not for bob");
    pool.content.fail_read(1, Errc::unreachable);  // the log is read, the directory is not
    REQUIRE_ERR(pool.second.follower.follow(), Errc::unreachable, "");
    CHECK_FALSE(pool.second.chat->is_current());
    CHECK(pool.heard.foreign.empty());
    pool.content.fail_read(0, Errc::unreachable);
    REQUIRE_ERR(pool.second.follower.go_on(), Errc::unreachable, "");
    CHECK(pool.heard.foreign.empty());
    REQUIRE_OK(pool.second.follower.go_on());
    CHECK(pool.second.chat->is_current());
    CHECK_FALSE(pool.may_read(pool.bob));
    CHECK(pool.heard.foreign == Bodies{"not for bob"});
}

TEST_CASE("pool follower: every look tells who belongs to the pool", "[pool]") {
    Pool pool;
    PoolFollower::Roll told;
    pool.second.follower.on_roll([&](const PoolFollower::Roll& roll) { told = roll; });
    pool.follow();
    REQUIRE(told.servers.size() == 2);
    CHECK(told.servers[1].fqdn == "pc2.contoso.example");
    CHECK(told.servers[1].expires_at > told.now);
    pool.content.fail_read(0, Errc::unreachable);
    told = {};
    REQUIRE_FALSE(pool.second.follower.follow());
    CHECK(told.servers.empty());  // nothing was read
}

TEST_CASE("pool follower: what is being stored here is not told as of others", "[pool]") {
    Pool pool;
    REQUIRE_OK(pool.second.book.warm_up(pool.lobby));
    // It is stored, but the answer of the database is lost, and then nothing can be written.
    pool.content.lose_answer(1, true);
    pool.content.fail_after(1, Errc::unreachable);
    Chat& chat = *pool.second.chat;
    Chat::Draft draft;
    draft.sender = pool.bob;
    draft.room = pool.lobby;
    draft.body = "ours";
    std::promise<void> answered;
    REQUIRE_OK(chat.post(std::move(draft), [&](const Result<Posted>& posted) {
        CHECK(posted.has_value());
        answered.set_value();
    }));
    while (!chat.commit_counts().database_away)
        std::this_thread::yield();
    pool.say("theirs");
    pool.follow();
    CHECK(pool.heard.foreign.empty());
    CHECK(pool.second.follower.waits());
    pool.content.fail_next(0, Errc::internal);
    answered.get_future().wait();
    chat.wait_until_stored();
    Remembered ours{1, std::make_shared<const std::string>("ours"), false};
    pool.second.book.append(pool.lobby, 0, ours);
    REQUIRE_OK(pool.second.follower.go_on());
    CHECK(pool.heard.foreign == Bodies{"theirs"});
    CHECK_FALSE(pool.second.follower.waits());
}

TEST_CASE(
    "pool follower: what stands before a message that is being stored here is told", "[pool]"
) {
    Pool pool;
    REQUIRE_OK(pool.second.book.warm_up(pool.lobby));
    pool.say("before");
    pool.content.lose_answer(1, true);
    pool.content.fail_after(1, Errc::unreachable);
    Chat& chat = *pool.second.chat;
    Chat::Draft draft;
    draft.sender = pool.bob;
    draft.room = pool.lobby;
    draft.body = "ours";
    std::promise<void> answered;
    REQUIRE_OK(chat.post(std::move(draft), [&](const Result<Posted>&) { answered.set_value(); }));
    while (!chat.commit_counts().database_away)
        std::this_thread::yield();
    pool.say("theirs");
    pool.follow();
    CHECK(pool.heard.foreign == Bodies{"before"});
    CHECK(pool.second.follower.waits());
    pool.content.fail_next(0, Errc::internal);
    answered.get_future().wait();
    chat.wait_until_stored();
}
