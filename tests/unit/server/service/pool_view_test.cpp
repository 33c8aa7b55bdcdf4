// SPDX-License-Identifier: Apache-2.0
#include "server/service/pool_view.h"
#include "server/service/session_limit.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <map>

using namespace pchat;
using Urls = std::vector<std::string>;

namespace {

constexpr Microseconds now = 1'000'000'000;
constexpr Microseconds minute = 60'000'000;
const std::string own = "https://pc1.example";

Server server(std::int64_t id, ServerState state, std::int64_t load = 0) {
    Server out;
    out.id = ServerId{id};
    out.fqdn = "pc" + std::to_string(id) + ".example";
    out.addresses = R"(["https://)" + out.fqdn + R"("])";
    out.state = state;
    out.load_permille = load;
    out.expires_at = now + minute;
    return out;
}

Server lost(Server of) {
    of.expires_at = now;
    return of;
}

Urls sorted(Urls list) {
    std::sort(list.begin(), list.end());
    return list;
}

}  // namespace

TEST_CASE("pool view: before the registry was read, a server is alone and active", "[pool]") {
    const PoolView view{ServerId{1}};
    CHECK(view.own_state() == ServerState::active);
    CHECK_FALSE(view.misses_a_server());
    CHECK(view.everywhere(own) == Urls{own});
    CHECK(view.elsewhere(own) == Urls{own});
}

TEST_CASE("pool view: clients are sent to active servers that live and have room", "[pool]") {
    PoolView view{ServerId{1}};
    view.take(
        {server(1, ServerState::active),
         server(2, ServerState::active),
         server(3, ServerState::standby),
         server(4, ServerState::draining),
         lost(server(5, ServerState::active)),
         server(6, ServerState::active, 1000),
         server(7, ServerState::removed),
         server(8, ServerState::stopped)},  // active, as earlier versions wrote it
        now
    );
    CHECK(sorted(view.everywhere(own)) == Urls{own, "https://pc2.example", "https://pc8.example"});
    const Urls away = view.elsewhere(own);
    CHECK(away.size() == 3);
    CHECK(away.back() == own);
}

TEST_CASE("pool view: its own state is what the registry says", "[pool]") {
    PoolView view{ServerId{1}};
    view.take({server(1, ServerState::draining), server(2, ServerState::active)}, now);
    CHECK(view.own_state() == ServerState::draining);
    CHECK(view.everywhere(own) == Urls{"https://pc2.example"});
    CHECK(view.elsewhere(own) == Urls{"https://pc2.example", own});
    // A look that began before that one ends after it.
    view.take({server(1, ServerState::active)}, now - 1);
    CHECK(view.own_state() == ServerState::draining);
    view.take({server(1, ServerState::active)}, now + 1);
    CHECK(view.own_state() == ServerState::active);
    // The clock of the database was set back.
    view.take({server(1, ServerState::standby)}, now - minute);
    CHECK(view.own_state() == ServerState::standby);
}

TEST_CASE("pool view: counts who is elsewhere, and misses active servers only", "[pool]") {
    PoolView view{ServerId{1}};
    Server other = server(2, ServerState::active);
    other.session_count = 70;
    Server standby = server(3, ServerState::standby);
    standby.session_count = 5;
    Server self = server(1, ServerState::active);
    self.session_count = 1'000;  // counted where they are
    view.take({self, other, standby, lost(server(4, ServerState::standby))}, now);
    CHECK(view.sessions_elsewhere() == 75);
    CHECK_FALSE(view.misses_a_server());
    CHECK(view.staying_elsewhere() == 70);  // those of the standby server come to others
    view.take({lost(self), lost(other), standby}, now);
    CHECK(view.sessions_elsewhere() == 5);
    CHECK(view.staying_elsewhere() == 0);
    CHECK(view.misses_a_server());
    other.state = ServerState::draining;
    view.take({self, other}, now);
    CHECK(view.sessions_elsewhere() == 70);
    CHECK(view.staying_elsewhere() == 0);
    other.state = ServerState::active;
    Server gone = other;
    gone.expires_at = 0;  // it ended in order, perhaps for good
    view.take({self, gone, standby}, now);
    CHECK_FALSE(view.misses_a_server());
    CHECK(view.sessions_elsewhere() == 5);
    // It knows of itself that it lives, though its heartbeat may be late.
    view.take({lost(self), other, standby}, now);
    CHECK_FALSE(view.misses_a_server());
}

TEST_CASE("pool view: first choices follow the room that servers have", "[pool]") {
    PoolView view{ServerId{1}};
    view.take(
        {server(1, ServerState::active, 900),
         server(2, ServerState::active, 0),
         server(3, ServerState::active, 500),
         server(4, ServerState::active, 600)},
        now
    );
    std::map<std::string, int> first;
    std::map<std::string, int> last;
    constexpr int draws = 20'000;
    for (int i = 0; i < draws; ++i) {
        const Urls order = view.everywhere(own);
        REQUIRE(order.size() == 4);
        ++first[order.front()];
        ++last[order.back()];
    }
    // 100 + 1000 + 500 + 400 places; three standard deviations are 212.
    CHECK(first[own] == Approx(1'000).margin(250));
    CHECK(first["https://pc2.example"] == Approx(10'000).margin(250));
    CHECK(first["https://pc3.example"] == Approx(5'000).margin(250));
    CHECK(first["https://pc4.example"] == Approx(4'000).margin(250));
    CHECK(last[own] > last["https://pc2.example"] * 5);
}

TEST_CASE("pool view: what is no URL leads nobody anywhere", "[pool]") {
    PoolView view{ServerId{1}};
    Server other = server(2, ServerState::active);
    for (const char* text :
         {"",
          "[",
          "{}",
          "5",
          R"("https://pc2.example")",
          R"([5,null,["https://pc2.example"]])",
          R"j(["javascript:alert(1)"])j",
          R"(["https://a\nb"])",
          R"(["https://a\"b"])"}) {
        other.addresses = text;
        view.take({server(1, ServerState::active), other}, now);
        CHECK(view.everywhere(own) == Urls{own});
    }
    other.addresses = R"(["ftp://x","https://pc2.example:8443"])";
    view.take({server(1, ServerState::active), other}, now);
    CHECK(sorted(view.everywhere(own)) == Urls{own, "https://pc2.example:8443"});
    bool complete = true;
    CHECK(read_addresses("[\"https://" + std::string(400, 'a') + "\"]", complete).empty());
    CHECK_FALSE(complete);
    CHECK(read_addresses(write_addresses({own}), complete) == Urls{own});
    CHECK(complete);
}

TEST_CASE("session limit: of the server, of the plan and of any pool", "[pool]") {
    SessionLimit limit{20'000, 0, false, 20'000, 0};
    CHECK_FALSE(why_full(limit));
    limit.here = 20'001;
    REQUIRE(why_full(limit));
    CHECK(why_full(limit)->text == "the server is full: it takes 20000 sessions");
    CHECK_FALSE(why_full(limit)->everywhere);
    limit.misses_a_server = true;  // its people find room
    CHECK_FALSE(why_full(limit));
    limit.here = 30'000;
    CHECK_FALSE(why_full(limit));
    limit.here = 30'001;
    CHECK(why_full(limit)->text == "the server is full: it takes 30000 sessions");

    limit = {20'000, 0, false, 1, 79'999};
    CHECK_FALSE(why_full(limit));
    limit.here = 2;
    CHECK(why_full(limit)->text == "the pool is full: no pool has more than 80000 sessions");
    CHECK(why_full(limit)->everywhere);

    limit = {20'000, 500, true, 100, 400};
    CHECK_FALSE(why_full(limit));
    limit.elsewhere = 401;
    CHECK(why_full(limit)->text == "the pool is full: 500 sessions are planned for it");
    CHECK(why_full(limit)->everywhere);
}
