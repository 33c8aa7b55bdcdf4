// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"
#include "server/service/session_list.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"
#include "tests/support/passing_transaction.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr ServerId self{1};
constexpr ServerId east{2};
constexpr ServerId west{3};
constexpr PrincipalId ann{11};
constexpr Microseconds begin = 1'800'000'000'000'000;

/// Counts the rows that a page of sessions takes.
class CountingPresence : public PresenceStore {
public:
    CountingPresence(PresenceStore& inner, std::size_t& rows) : inner_(inner), rows_(rows) {}

    Result<std::vector<Connection>> connections(std::string_view after, int limit) override {
        auto out = inner_.connections(after, limit);
        rows_ += out ? out->size() : 0;
        return out;
    }
    Result<void> connect(std::span<const Connection> all) override { return inner_.connect(all); }
    Result<void> disconnect(std::span<const SessionId> ids) override {
        return inner_.disconnect(ids);
    }
    Result<std::optional<Connection>> find_uuid(std::string_view uuid) override {
        return inner_.find_uuid(uuid);
    }
    Result<std::vector<Connection>> of_user(PrincipalId user) override {
        return inner_.of_user(user);
    }
    Result<std::int64_t> count() override { return inner_.count(); }
    Result<void> join(std::span<const Participant> all) override { return inner_.join(all); }
    Result<void> part(std::span<const Participant> all) override { return inner_.part(all); }
    Result<std::vector<Participant>> in_room(RoomId room) override { return inner_.in_room(room); }
    Result<std::vector<Participant>> joined_by_way_of(
        ServerId server, std::int64_t epoch, const ParticipantPosition& after, int limit
    ) override {
        return inner_.joined_by_way_of(server, epoch, after, limit);
    }
    Result<std::vector<Participant>> left_in_rooms(ServerId server, std::int64_t epoch, int limit)
        override {
        return inner_.left_in_rooms(server, epoch, limit);
    }
    Result<std::int64_t> forget(ServerId server, std::int64_t epoch, int limit) override {
        return inner_.forget(server, epoch, limit);
    }

private:
    PresenceStore& inner_;
    std::size_t& rows_;
};

class CountingTransaction : public PassingTransaction {
public:
    CountingTransaction(ContentTransaction& inner, std::size_t& rows)
        : PassingTransaction(inner), presence_(inner.presence(), rows) {}

    PresenceStore& presence() override { return presence_; }

private:
    CountingPresence presence_;
};

class CountingContent : public ContentDatabase {
public:
    explicit CountingContent(std::size_t& rows) : rows_(rows) {}

    Result<void> read(std::string_view doing, const ContentWork& work) override {
        return inner_->read(doing, counted(work));
    }
    Result<void> write(std::string_view doing, const ContentWork& work) override {
        return inner_->write(doing, counted(work));
    }

private:
    ContentWork counted(const ContentWork& work) {
        return [this, &work](ContentTransaction& tx) {
            CountingTransaction counting{tx, rows_};
            return work(counting);
        };
    }

    std::unique_ptr<ContentDatabase> inner_ = memory_content();
    std::size_t& rows_;
};

struct Pool {
    Pool() {
        Server there;
        there.id = east;
        there.epoch = 2;
        there.fqdn = "pc2.contoso.example";
        Server other = there;
        other.id = west;
        other.fqdn = "pc3.contoso.example";
        world.chat->elsewhere().set_servers({there, other});
    }

    void connect(Microseconds at, ServerId server, std::int64_t epoch, PrincipalId user = ann) {
        Connection one;
        one.id = SessionId{++last_id};
        one.uuid = make_uuid(at);
        one.server = server;
        one.epoch = epoch;
        one.user = user;
        one.connected_at = at;
        connecting.push_back(one);
        if (server != self && epoch == 2)
            open.insert({at, one.uuid});
    }
    void flush() {
        world.write([&](ContentTransaction& tx) {
            return tx.presence().connect(std::exchange(connecting, {}));
        });
    }
    std::vector<SessionPlace> page(const SessionPlace& after, std::size_t limit) {
        const auto found = sessions_elsewhere(*world.chat, after, limit);
        REQUIRE_OK(found);
        std::vector<SessionPlace> out;
        for (const SessionElsewhere& one : *found) {
            CHECK(
                one.server ==
                (one.connection.server == east ? "pc2.contoso.example" : "pc3.contoso.example")
            );
            out.push_back({one.connection.connected_at, one.connection.uuid});
        }
        return out;
    }
    std::vector<SessionPlace> all(std::size_t at_a_time) {
        std::vector<SessionPlace> out;
        for (SessionPlace after;;) {
            const auto more = page(after, at_a_time);
            CHECK(more.size() <= at_a_time);
            if (more.empty())
                return out;
            out.insert(out.end(), more.begin(), more.end());
            after = out.back();
        }
    }

    std::size_t rows = 0;
    ChatWorld world{nullptr, std::make_unique<CountingContent>(rows)};
    std::int64_t last_id = 0;
    std::vector<Connection> connecting;
    std::set<SessionPlace> open;
};

}  // namespace

TEST_CASE("session list: pages in the order of connecting, each session once", "[presence]") {
    Pool pool;
    for (Microseconds i = 0; i < 60; ++i) {
        // Seven in each millisecond, whose uuids say nothing of their order.
        pool.connect(begin + i * 143, i % 2 == 0 ? east : west, 2);
        pool.connect(begin + i * 143, self, 1);  // listed from memory
        pool.connect(begin + i * 143, east, 1);  // of a life that is over
    }
    pool.flush();
    const std::vector<SessionPlace> wanted{pool.open.begin(), pool.open.end()};
    for (const std::size_t at_a_time : {1U, 3U, 7U, 59U, 60U, 61U})
        CHECK((pool.all(at_a_time) == wanted));
    CHECK(pool.page(wanted.back(), 10).empty());
    CHECK(pool.page({}, 0).empty());
}

TEST_CASE("session list: a page costs about a page, however many there are", "[presence]") {
    const auto rows_of_a_page = [](int sessions) {
        Pool pool;
        for (int i = 0; i < sessions; ++i)
            pool.connect(begin + i * 5'000, east, 2);
        pool.flush();
        const SessionPlace middle = *std::next(pool.open.begin(), sessions / 2);
        pool.rows = 0;
        CHECK(pool.page(middle, 50).size() == 50);
        return pool.rows;
    };
    const std::size_t of_few = rows_of_a_page(300);
    CHECK(of_few <= 52);
    CHECK(rows_of_a_page(3'000) == of_few);
}

TEST_CASE("session list: those of a user, wherever they are", "[presence]") {
    Pool pool;
    constexpr PrincipalId bob{12};
    pool.connect(begin, east, 2);
    pool.connect(begin + 1, west, 2, bob);
    pool.connect(begin + 2, west, 2);
    pool.connect(begin + 3, east, 1);  // of a life that is over
    pool.connect(begin + 4, self, 1);
    pool.flush();
    const auto found = sessions_elsewhere(*pool.world.chat, ann);
    REQUIRE_OK(found);
    REQUIRE(found->size() == 2);
    for (const SessionElsewhere& one : *found)
        CHECK(one.connection.user == ann);
}
