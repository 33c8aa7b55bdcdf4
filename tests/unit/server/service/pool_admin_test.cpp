// SPDX-License-Identifier: Apache-2.0
#include "server/service/buried.h"
#include "server/service/pool_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <map>

using namespace pchat;
using namespace std::chrono_literals;
using test::ChatWorld;
using Names = std::vector<std::string>;

namespace {

/// A world whose own server is pc1, with more servers in its registry.
struct Pool {
    explicit Pool(const std::map<std::string, ServerState>& more) {
        std::int64_t id = 1;
        for (const auto& [name, state] : more)
            world.write([&, name = name, state = state](ContentTransaction& tx) -> Result<void> {
                Enrolment wanted;
                wanted.id = ServerId{++id};
                wanted.fqdn = name + ".contoso.example";
                wanted.state = state;
                wanted.lifetime = 60'000'000;
                const auto made = tx.registry().enrol(wanted);
                return made ? Result<void>{} : Result<void>{pass(made.error())};
            });
    }
    std::map<std::string, ServerState> states() {
        std::map<std::string, ServerState> out;
        const auto pool = read_pool(*world.content);
        for (const PoolServer& one : pool->servers)
            out[one.row.fqdn.substr(0, 3)] = one.row.state;
        return out;
    }
    std::optional<Drain> drain(const std::string& name) {
        const auto pool = read_pool(*world.content);
        for (const PoolServer& one : pool->servers)
            if (one.row.fqdn == name + ".contoso.example")
                return one.drain;
        return std::nullopt;
    }
    auto change(const ActiveChange& wanted) {
        return change_active(*world.changes, world.as("admin"), wanted);
    }
    auto start_drain(const std::string& name, std::optional<std::chrono::seconds> within = {}) {
        return change_drain(
            *world.changes, world.as("admin"), name + ".contoso.example", true, within
        );
    }
    auto make(
        const std::string& name, ServerState state, std::optional<std::chrono::seconds> within = {}
    ) {
        return change_state(
            *world.changes, world.as("admin"), name + ".contoso.example", state, within
        );
    }
    auto end_drain(const std::string& name) {
        return change_drain(*world.changes, world.as("admin"), name + ".contoso.example", false);
    }

    ChatWorld world;
};

Names full(const Names& names) {
    Names out;
    for (const std::string& one : names)
        out.push_back(one + ".contoso.example");
    return out;
}

constexpr auto active = ServerState::active;
constexpr auto standby = ServerState::standby;
constexpr auto draining = ServerState::draining;

}  // namespace

TEST_CASE("pool admin: servers go on the list and off it, once", "[pool]") {
    Pool pool{{{"pc2", active}, {"pc3", standby}}};
    const auto added = pool.change({.add = full({"PC3"})});
    REQUIRE_OK(added);
    REQUIRE(added->size() == 1);
    CHECK(added->front().server == "pc3.contoso.example");
    CHECK(added->front().from == standby);
    CHECK(added->front().to == active);
    const std::size_t noted = pool.world.audit().size();
    CHECK(pool.change({.add = full({"pc3"})})->empty());
    CHECK(pool.world.audit().size() == noted);
    REQUIRE_OK(pool.change({.remove = full({"pc2", "pc3"})}));
    CHECK(
        pool.states() ==
        std::map<std::string, ServerState>{{"pc1", active}, {"pc2", standby}, {"pc3", standby}}
    );
    REQUIRE_OK(pool.change({.swap = true}));
    CHECK(
        pool.states() ==
        std::map<std::string, ServerState>{{"pc1", standby}, {"pc2", active}, {"pc3", active}}
    );
    REQUIRE_OK(pool.change({.set = full({"pc1", "pc2"})}));
    CHECK(
        pool.states() ==
        std::map<std::string, ServerState>{{"pc1", active}, {"pc2", active}, {"pc3", standby}}
    );
    REQUIRE_OK(pool.change({.set = Names{}}));
    CHECK(
        pool.states() ==
        std::map<std::string, ServerState>{{"pc1", standby}, {"pc2", standby}, {"pc3", standby}}
    );
    const AuditEntry last = pool.world.audit().front();
    CHECK(last.action == "pool.active");
    CHECK(last.old_value == R"({"state":"active"})");
    CHECK(last.new_value == R"({"state":"standby"})");
}

TEST_CASE("pool admin: at most four are active", "[pool]") {
    Pool pool{{{"pc2", active}, {"pc3", active}, {"pc4", active}, {"pc5", standby}}};
    REQUIRE_ERR(pool.change({.add = full({"pc5"})}), Errc::conflict, "5 servers would be active");
    CHECK(pool.states()["pc5"] == standby);
    REQUIRE_OK(pool.change({.add = full({"pc5"}), .remove = full({"pc2"})}));
    // What is too much already can become less.
    pool.world.write([](ContentTransaction& tx) {
        return tx.registry().set_state(ServerId{2}, ServerState::active);
    });
    REQUIRE_OK(pool.start_drain("pc3"));
    REQUIRE_OK(pool.change({.remove = full({"pc4"})}));
    REQUIRE_OK(pool.change({.add = full({"pc4"})}));
    REQUIRE_ERR(pool.end_drain("pc3"), Errc::conflict, "a pool has at most 4");
}

TEST_CASE("pool admin: a drained server becomes again what it was", "[pool]") {
    Pool pool{{{"pc2", active}, {"pc3", standby}}};
    REQUIRE_OK(pool.start_drain("pc2", 90s));
    CHECK(pool.states()["pc2"] == draining);
    const auto first = pool.drain("pc2");
    REQUIRE(first);
    CHECK(pool.start_drain("pc2")->empty());  // the time that was given stays
    CHECK(pool.drain("pc2")->until == first->until);
    CHECK(pool.start_drain("pc2", 300s)->size() == 1);
    CHECK(pool.drain("pc2")->until > first->until + 200'000'000);
    REQUIRE_OK(pool.end_drain("pc2"));
    CHECK(pool.states()["pc2"] == active);
    CHECK(pool.end_drain("pc2")->empty());
    REQUIRE_OK(pool.start_drain("pc3"));
    REQUIRE_OK(pool.end_drain("pc3"));
    CHECK(pool.states()["pc3"] == standby);
    // Taken off the list meanwhile, it does not come back.
    REQUIRE_OK(pool.start_drain("pc2"));
    REQUIRE_OK(pool.change({.remove = full({"pc2"})}));
    CHECK(pool.states()["pc2"] == draining);
    REQUIRE_OK(pool.end_drain("pc2"));
    CHECK(pool.states()["pc2"] == standby);
}

TEST_CASE("pool admin: a server becomes what is said, whatever it was", "[pool]") {
    Pool pool{{{"pc2", active}, {"pc3", active}, {"pc4", active}, {"pc5", standby}}};
    for (const ServerState from : {active, standby, draining})
        for (const ServerState to : {standby, active, draining}) {
            INFO(to_string(from) << " " << to_string(to));
            REQUIRE_OK(pool.make("pc2", from, 60s));
            const auto made = pool.make("pc2", to);
            REQUIRE_OK(made);
            CHECK(made->empty() == (from == to));
            CHECK(pool.states()["pc2"] == to);
            CHECK(pool.drain("pc2").has_value() == (to == draining));
        }
    CHECK(pool.world.audit().front().action == "pool.drain");
    REQUIRE_OK(pool.make("PC2", standby));
    CHECK(pool.world.audit().front().action == "pool.state");
    REQUIRE_OK(pool.make("pc5", active));
    REQUIRE_ERR(pool.make("pc2", active), Errc::conflict, "5 servers would be active");
    REQUIRE_ERR(pool.make("pc9", active), Errc::not_found, "does not belong to this pool");
    CHECK(pool.states()["pc2"] == standby);
}

TEST_CASE("pool admin: this server knows of itself at once", "[pool]") {
    Pool pool{{{"pc2", active}}};
    REQUIRE_OK(pool.start_drain("pc1"));
    CHECK(pool.world.chat->pool().own_state() == draining);
    REQUIRE_OK(pool.end_drain("pc1"));
    CHECK(pool.world.chat->pool().own_state() == active);
}

TEST_CASE("pool admin: a trial, an old revision and a wrong name change nothing", "[pool]") {
    Pool pool{{{"pc2", active}}};
    AdminCall call = pool.world.as("admin");
    call.dry_run = true;
    CHECK(change_active(*pool.world.changes, call, {.remove = full({"pc2"})})->size() == 1);
    CHECK(pool.states()["pc2"] == active);
    call.dry_run = false;
    call.revision = read_pool(*pool.world.content)->revision;
    REQUIRE_OK(change_active(*pool.world.changes, call, {.swap = true}));
    REQUIRE_ERR(
        change_active(*pool.world.changes, call, {.swap = true}), Errc::conflict, "the pool"
    );
    REQUIRE_ERR(pool.start_drain("pc9"), Errc::not_found, "does not belong to this pool");
    REQUIRE_ERR(pool.change({.add = full({"pc2", "nobody"})}), Errc::not_found, "nobody");
    CHECK(pool.states()["pc2"] == standby);
}

TEST_CASE(
    "pool admin: a server is removed once it is over, and comes back as a new one", "[pool]"
) {
    Pool pool{{{"pc2", active}, {"pc3", active}}};
    const auto remove = [&](const std::string& name) {
        return remove_server(
            *pool.world.changes, pool.world.as("admin"), name + ".contoso.example"
        );
    };
    const auto row = [&] {
        Server out;
        pool.world.write([&](ContentTransaction& tx) -> Result<void> {
            const auto servers = tx.registry().list();
            for (const Server& one : *servers)
                if (one.fqdn == "pc2.contoso.example")
                    out = one;
            return {};
        });
        return out;
    };
    const auto lives = remove("pc2");
    REQUIRE_ERR(lives, Errc::conflict, "server 'pc2.contoso.example' lives");
    CHECK(lives.error().reason == "server-lives");
    const Server server = row();
    pool.world.write([&](ContentTransaction& tx) {
        return tx.registry().leave(server.id, server.epoch);
    });
    const auto early = remove("pc2");
    REQUIRE_ERR(early, Errc::conflict, "is not put away yet");
    CHECK(early.error().reason == "server-not-buried");
    const auto bury = [&](std::int64_t epoch) {
        pool.world.write([&](ContentTransaction& tx) {
            return tx.registry().put_fact(buried_fact(server.id), std::to_string(epoch));
        });
    };
    bury(server.epoch - 1);  // a life before
    REQUIRE_ERR(remove("pc2"), Errc::conflict, "is not put away yet");
    bury(server.epoch);
    const std::size_t noted = pool.world.audit().size();
    const auto removed = remove("PC2");
    REQUIRE_OK(removed);
    REQUIRE(removed->size() == 1);
    CHECK(removed->front().from == active);
    CHECK(removed->front().to == ServerState::removed);
    CHECK(pool.states() == std::map<std::string, ServerState>{{"pc1", active}, {"pc3", active}});
    REQUIRE(pool.world.audit().size() == noted + 1);
    const AuditEntry entry = pool.world.audit().front();
    CHECK(entry.action == "pool.remove");
    CHECK(entry.object_name == "pc2.contoso.example");
    CHECK(entry.new_value == R"({"state":"removed"})");
    REQUIRE_ERR(remove("pc2"), Errc::not_found, "does not belong to this pool");

    // One whose heart beats, but is not to be counted on yet, begins a life as well.
    pool.world.write([&](ContentTransaction& tx) -> Result<void> {
        Enrolment again;
        again.fqdn = "pc3.contoso.example";
        again.addresses = "[]";
        const auto made = tx.registry().enrol(again);
        return made ? Result<void>{} : Result<void>{pass(made.error())};
    });
    CHECK(remove("pc3").error().reason == "server-lives");
}
