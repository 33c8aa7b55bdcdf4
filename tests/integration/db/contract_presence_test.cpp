// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/contract.h"

#include <algorithm>
#include <limits>
#include <thread>
#include <tuple>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr RoomId lobby{1};
constexpr ServerId east{1};
constexpr ServerId west{2};

Connection a_connection(std::int64_t id, ServerId server, std::int64_t epoch) {
    Connection out;
    out.id = SessionId{id};
    out.uuid = uuid_of(id);
    out.server = server;
    out.epoch = epoch;
    out.user = PrincipalId{id % 10};
    out.address = "2001:db8::1";
    return out;
}

/// Numbered from 1.
std::vector<Connection> connections(std::int64_t count, ServerId server, std::int64_t epoch) {
    std::vector<Connection> out;
    for (std::int64_t id = 1; id <= count; ++id)
        out.push_back(a_connection(id, server, epoch));
    return out;
}

ContentWork connect(std::vector<Connection> connections) {
    return [connections = std::move(connections)](ContentTransaction& tx) {
        return tx.presence().connect(connections);
    };
}

ContentWork join(std::vector<Participant> participants) {
    return [participants = std::move(participants)](ContentTransaction& tx) {
        return tx.presence().join(participants);
    };
}

ContentWork part(std::vector<Participant> participants) {
    return [participants = std::move(participants)](ContentTransaction& tx) {
        return tx.presence().part(participants);
    };
}

std::int64_t count(Content& content) {
    return content.read([](ContentTransaction& tx) { return tx.presence().count(); });
}

std::optional<Connection> find(Content& content, std::int64_t id) {
    return content.read([&](ContentTransaction& tx) { return tx.presence().find_uuid(uuid_of(id)); }
    );
}

/// User and time of everybody in the room, in order.
std::vector<std::pair<std::int64_t, Microseconds>> in_room(Content& content, RoomId room) {
    std::vector<std::pair<std::int64_t, Microseconds>> out;
    for (const Participant& one :
         content.read([&](ContentTransaction& tx) { return tx.presence().in_room(room); }))
        out.emplace_back(one.user.value, one.joined_at);
    return out;
}

auto fields(const Connection& c) {
    return std::tie(
        c.id,
        c.uuid,
        c.server,
        c.epoch,
        c.user,
        c.token,
        c.protocol,
        c.address,
        c.agent,
        c.connected_at
    );
}

using Seen = std::vector<std::pair<std::int64_t, Microseconds>>;

}  // namespace

TEST_CASE("connections: every field comes back", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    Connection full = a_connection(most, ServerId{most}, most);
    full.uuid = uuid_of(1);
    full.token = TokenId{most};
    full.protocol = Protocol::sip;
    full.agent = "K\xC3\xBChlschrank/1.0 \xF0\x9F\xA7\x8A";
    full.connected_at = most;
    const Connection plain = a_connection(2, east, 1);
    content.write(connect({full, plain}));
    REQUIRE(find(content, 1));
    CHECK((fields(*find(content, 1)) == fields(full)));
    REQUIRE(find(content, 2));
    CHECK((fields(*find(content, 2)) == fields(plain)));
    CHECK_FALSE(find(content, 3));
}

TEST_CASE("connections: they come and go many at a time, all or none", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    std::vector<Connection> many = connections(300, east, 1);
    std::reverse(many.begin(), many.end());
    many.back().uuid = many.front().uuid;
    REQUIRE_ERR(content.try_write(connect(many)), Errc::conflict, "");
    CHECK(count(content) == 0);
    many.back().uuid = uuid_of(1);
    content.write(connect(many));
    CHECK(count(content) == 300);
    const auto of_user =
        content.read([](ContentTransaction& tx) { return tx.presence().of_user(PrincipalId{7}); });
    REQUIRE(of_user.size() == 30);
    CHECK(of_user.front().id == SessionId{7});
    CHECK(of_user.back().id == SessionId{297});

    const SessionId gone[] = {{7}, {8}, {5000}};
    content.write([&](ContentTransaction& tx) { return tx.presence().disconnect(gone); });
    CHECK(count(content) == 298);
    CHECK_FALSE(find(content, 7));
    CHECK(find(content, 9));
}

TEST_CASE("connections: those of a lost life go in portions, others stay", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    std::vector<Connection> all = connections(7, east, 1);
    all.push_back(a_connection(100, east, 2));
    all.push_back(a_connection(101, west, 1));
    content.write(connect(all));
    const auto forget = [&](int limit) {
        std::int64_t out = -1;
        content.write([&](ContentTransaction& tx) -> Result<void> {
            const auto forgotten = tx.presence().forget(east, 1, limit);
            if (!forgotten)
                return pass(forgotten.error());
            out = *forgotten;
            return {};
        });
        return out;
    };
    CHECK(forget(5) == 5);
    CHECK(forget(5) == 2);
    CHECK(forget(5) == 0);
    CHECK(count(content) == 2);
    CHECK(find(content, 100));
    CHECK(find(content, 101));
}

TEST_CASE("connections: all come in pages, by uuid", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    std::vector<Connection> all = connections(5, east, 2);
    all.push_back(a_connection(100, east, 1));
    all.push_back(a_connection(101, west, 2));
    std::reverse(all.begin(), all.end());
    content.write(connect(all));
    const auto seen_after = [&](std::string after) {
        std::vector<std::string> seen;
        for (;;) {
            const auto page = content.read([&](ContentTransaction& tx) {
                return tx.presence().connections(after, 2);
            });
            CHECK(page.size() <= 2);
            if (page.empty())
                return seen;
            for (const Connection& one : page) {
                CHECK(one.uuid == uuid_of(one.id.value));
                seen.push_back(one.uuid);
            }
            after = seen.back();
        }
    };
    std::vector<std::string> wanted;
    for (const std::int64_t id : {1, 2, 3, 4, 5, 100, 101})
        wanted.push_back(uuid_of(id));
    std::sort(wanted.begin(), wanted.end());
    CHECK(seen_after("") == wanted);
    CHECK(seen_after(wanted[3]) == std::vector<std::string>(wanted.begin() + 4, wanted.end()));
    CHECK(seen_after(wanted[0].substr(0, 8)) == wanted);  // a part comes before the whole
}

TEST_CASE("participants: those of one life come in pages, room by room", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    std::vector<Participant> all{{lobby, {1}, east, 1, 1}, {lobby, {1}, west, 2, 1}};
    for (const RoomId room : {lobby, RoomId{2}, RoomId{3}})
        for (std::int64_t user = 1; user <= 3; ++user)
            all.push_back({room, {user}, east, 2, 10 * room.value + user});
    content.write(join(all));
    std::vector<Microseconds> seen;
    for (ParticipantPosition after;;) {
        const auto page = content.read([&](ContentTransaction& tx) {
            return tx.presence().joined_by_way_of(east, 2, after, 2);
        });
        if (page.empty())
            break;
        CHECK(page.size() <= 2);
        for (const Participant& one : page)
            seen.push_back(one.joined_at);
        after = {page.back().room, page.back().user};
    }
    CHECK(seen == std::vector<Microseconds>{11, 12, 13, 21, 22, 23, 31, 32, 33});
}

TEST_CASE("presence: what is left behind is that of all lives up to one", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    content.write(
        join({{lobby, {1}, east, 1, 1}, {lobby, {2}, east, 2, 1}, {lobby, {3}, east, 3, 1}})
    );
    content.write(
        connect({a_connection(1, east, 1), a_connection(2, east, 2), a_connection(3, east, 3)})
    );
    const auto left = content.read([](ContentTransaction& tx) {
        return tx.presence().left_in_rooms(east, 2, 100);
    });
    CHECK(left.size() == 2);
    content.write([&](ContentTransaction& tx) -> Result<void> {
        const auto forgotten = tx.presence().forget(east, 2, 100);
        if (!forgotten)
            return pass(forgotten.error());
        CHECK(*forgotten == 2);
        return {};
    });
    CHECK(find(content, 3));
    CHECK(count(content) == 1);
}

TEST_CASE("participants: those that are there already stay", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    content.write(join({{lobby, {5}, east, 1, 10}, {lobby, {2}, east, 1, 11}}));
    content.write(join(
        {{lobby, {9}, east, 1, 20},
         {lobby, {5}, east, 1, 21},
         {lobby, {2}, east, 1, 22},
         {lobby, {3}, east, 1, 23},
         {lobby, {3}, east, 1, 24},
         {{2}, {5}, east, 1, 25}}
    ));
    content.write(join({}));
    CHECK(in_room(content, lobby) == Seen{{2, 11}, {3, 23}, {5, 10}, {9, 20}});
    CHECK(in_room(content, {2}) == Seen{{5, 25}});

    // The same user by another server, and by another life of this one.
    content.write(join({{lobby, {5}, west, 1, 30}, {lobby, {5}, east, 2, most}}));
    CHECK(in_room(content, lobby) == Seen{{2, 11}, {3, 23}, {5, 10}, {5, most}, {5, 30}, {9, 20}});

    content.write(part({{lobby, {5}, east, 1, 0}, {lobby, {77}, east, 1, 0}}));
    CHECK(in_room(content, lobby) == Seen{{2, 11}, {3, 23}, {5, most}, {5, 30}, {9, 20}});
    CHECK(in_room(content, {2}) == Seen{{5, 25}});
}

TEST_CASE("participants: servers that let the same join at once all succeed", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    constexpr std::size_t writers = 4;
    std::vector<Result<void>> done(writers);
    std::vector<std::thread> threads;
    for (std::size_t writer = 0; writer < writers; ++writer)
        threads.emplace_back([&, writer] {
            for (std::int64_t room = 1; done[writer] && room <= 10; ++room)
                done[writer] =
                    content.try_write(join({{{room}, {1}, east, 1, 1}, {{room}, {2}, east, 1, 1}}));
        });
    for (std::thread& thread : threads)
        thread.join();
    for (const Result<void>& one : done)
        REQUIRE_OK(one);
    CHECK(in_room(content, {10}) == Seen{{1, 1}, {2, 1}});
}

TEST_CASE(
    "participants: what a life left behind comes in portions until none is left", "[presence]"
) {
    Content content{GENERATE(from_range(backends()))};
    std::vector<Participant> all{{lobby, {1}, east, 2, 1}, {lobby, {1}, west, 1, 1}};
    for (std::int64_t user = 1; user <= 150; ++user)
        for (const RoomId room : {lobby, RoomId{2}})
            all.push_back({room, {user}, east, 1, user});
    content.write(join(all));
    std::size_t seen = 0;
    int portions = 0;
    for (;; ++portions) {
        const auto left = content.read([](ContentTransaction& tx) {
            return tx.presence().left_in_rooms(east, 1, 128);
        });
        if (left.empty())
            break;
        CHECK(left.size() <= 128);
        for (const Participant& one : left) {
            CHECK(one.epoch == 1);
            CHECK(one.joined_at == one.user.value);
        }
        seen += left.size();
        content.write(part(left));
    }
    CHECK(seen == 300);
    CHECK(portions == 3);
    CHECK(in_room(content, lobby).size() == 2);
}
