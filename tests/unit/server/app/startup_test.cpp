// SPDX-License-Identifier: Apache-2.0
#include "server/app/startup.h"
#include "server/compliance/burial.h"
#include "server/domain/server_life.h"
#include "server/service/fetch.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/memory/content_database.h"
#include "tests/support/published.h"

#include <fmt/format.h>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

struct Registry {
    /// The state that the server has once it has entered. It serves.
    ServerState enter(const std::string& name) {
        const Result<Life> life = try_enter(name);
        REQUIRE_OK(life);
        write([&](ContentTransaction& tx) -> Result<void> {
            const std::string urls = "[\"https://" + name + "\"]";
            if (Result<void> told = tx.registry().announce(life->server, life->epoch, urls); !told)
                return told;
            return tx.registry().heartbeat({life->server, life->epoch, 0, 0, 60'000'000});
        });
        return row(name).state;
    }
    Result<Life> try_enter(const std::string& name) {
        app::Settings settings;
        settings.server.fqdn.value = name + ".contoso.example";
        settings.server.pool.value = "pchat.contoso.example";
        return app::enter_registry(*content, settings, 1);
    }
    Server row(const std::string& name) {
        Server out;
        write([&](ContentTransaction& tx) -> Result<void> {
            const auto servers = tx.registry().list();
            for (const Server& one : *servers)
                if (one.fqdn == name + ".contoso.example")
                    out = one;
            return {};
        });
        return out;
    }
    void set(const std::string& name, ServerState state) {
        const ServerId id = row(name).id;
        write([&](ContentTransaction& tx) { return tx.registry().set_state(id, state); });
    }
    void leave(const std::string& name) {
        const Server one = row(name);
        write([&](ContentTransaction& tx) { return tx.registry().leave(one.id, one.epoch); });
    }
    /// Lost, and put away by another server.
    void bury(const std::string& name, const std::string& by) {
        const Server one = row(name);
        write([&](ContentTransaction& tx) {
            return tx.registry().heartbeat({one.id, one.epoch, 0, 0, 0});
        });
        const SystemClock clock;
        const Server self = row(by);
        Burial burial{*content, nullptr, {self.id, self.epoch}, self.fqdn, clock, 0s};
        const Result<Roll> roll = fetch(*content, "arranging", read_roll);
        REQUIRE_OK(roll);
        burial.called(*roll);
        REQUIRE_OK(burial.bury());
    }
    void publish(const std::string& document) {
        write([&](ContentTransaction& tx) {
            return tx.topologies().publish({1, document, std::string(64, 'a'), 1, "admin", ""});
        });
    }
    void write(const ContentWork& work) { REQUIRE_OK(content->write("arranging", work)); }

    std::unique_ptr<ContentDatabase> content = memory_content();
};

}  // namespace

TEST_CASE("startup: without a topology the first four servers are active", "[startup]") {
    Registry registry;
    for (int i = 1; i <= 4; ++i)
        CHECK(registry.enter(fmt::format("pc{}", i)) == ServerState::active);
    CHECK(registry.enter("pc5") == ServerState::standby);
    // One that is down has its place still; one that was taken off has not.
    registry.leave("pc1");
    CHECK(registry.enter("pc6") == ServerState::standby);
    registry.set("pc1", ServerState::standby);
    CHECK(registry.enter("pc7") == ServerState::active);
}

TEST_CASE("startup: a server that was buried gives its place to a newcomer", "[startup]") {
    Registry registry;
    for (int i = 1; i <= 5; ++i)
        registry.enter(fmt::format("pc{}", i));
    registry.bury("pc2", "pc1");
    CHECK(registry.row("pc2").state == ServerState::active);  // nobody needs its place yet
    CHECK(registry.enter("pc5") == ServerState::standby);     // nor does who has one of its own
    CHECK(registry.enter("pc6") == ServerState::active);
    CHECK(registry.row("pc2").state == ServerState::standby);
    CHECK(registry.enter("pc7") == ServerState::standby);
    CHECK(registry.enter("pc2") == ServerState::standby);  // it comes back too late
    registry.write([](ContentTransaction& tx) -> Result<void> {
        AuditQuery all;
        all.up_to = 2'000'000'000'000'000;
        const auto audit = tx.audit().list(all);
        REQUIRE_OK(audit);
        REQUIRE(audit->size() == 1);
        CHECK(audit->front().action == "pool.active");
        CHECK(audit->front().actor_name == "pchatd on pc6.contoso.example");
        CHECK(audit->front().object_name == "pc2.contoso.example");
        CHECK(audit->front().new_value == R"({"state":"standby"})");
        return {};
    });
}

TEST_CASE("startup: who is no machine of the topology any more gives its place", "[startup]") {
    Registry registry;
    for (const char* name : {"old1", "old2", "old3", "pc4"})
        CHECK(registry.enter(name) == ServerState::active);
    for (const char* name : {"old1", "old2", "pc4"})
        registry.leave(name);
    registry.publish(topology_text());
    // In their order, but not who lives, nor who is to come back.
    CHECK(registry.enter("pc1") == ServerState::active);
    CHECK(registry.row("old1").state == ServerState::standby);
    CHECK(registry.row("old2").state == ServerState::active);
    CHECK(registry.enter("pc2") == ServerState::active);
    CHECK(registry.row("old2").state == ServerState::standby);
    CHECK(registry.enter("pc3") == ServerState::standby);
    CHECK(registry.row("old3").state == ServerState::active);
    CHECK(registry.enter("pc4") == ServerState::active);
}

TEST_CASE("startup: a server comes back as what it was", "[startup]") {
    Registry registry;
    registry.enter("pc1");
    for (const ServerState state : {ServerState::standby, ServerState::draining}) {
        registry.set("pc1", state);
        CHECK(registry.enter("pc1") == state);
    }
    registry.set("pc1", ServerState::stopped);
    CHECK(registry.enter("pc1") == ServerState::active);
}

TEST_CASE("startup: a new server is what the topology plans, or on standby", "[startup]") {
    Registry registry;
    const std::string planned = "{fqdn: pc2.contoso.example,";
    registry.publish(with(topology_text(), planned, planned + " active: false,"));
    CHECK(registry.enter("pc1") == ServerState::active);
    CHECK(registry.enter("pc2") == ServerState::standby);
    CHECK(registry.enter("unplanned") == ServerState::standby);
}

TEST_CASE("startup: a pool has no ninth living server", "[startup]") {
    Registry registry;
    for (int i = 1; i <= 8; ++i)
        registry.enter(fmt::format("pc{}", i));
    REQUIRE_ERR(registry.try_enter("pc9"), Errc::conflict, "has 8 servers already");
    registry.enter("pc8");  // that is none more
    registry.leave("pc8");
    registry.enter("pc9");
    // Nor when one comes back that was there before.
    REQUIRE_ERR(registry.try_enter("pc8"), Errc::conflict, "has 8 servers already");
    registry.leave("pc9");
    REQUIRE_OK(registry.try_enter("pc8"));
    // It counts while it starts.
    REQUIRE_ERR(registry.try_enter("pc9"), Errc::conflict, "has 8 servers already");
}

TEST_CASE("startup: a server counts as living once it serves", "[startup]") {
    Registry registry;
    const Result<Life> life = registry.try_enter("pc1");
    REQUIRE_OK(life);
    const auto now = [&] { return fetch(*registry.content, "arranging", read_roll)->now; };
    CHECK_FALSE(is_living(registry.row("pc1"), now()));
    CHECK(is_starting(registry.row("pc1"), now()));
    CHECK(is_lost(registry.row("pc1"), now()));  // its people need room elsewhere
    const Microseconds before = registry.row("pc1").heartbeat_at;
    REQUIRE_OK(app::tell_starting(*registry.content, *life));
    CHECK(registry.row("pc1").heartbeat_at > before);
    CHECK(is_starting(registry.row("pc1"), now()));
    CHECK_FALSE(is_starting(registry.row("pc1"), now() + 61'000'000));
    registry.enter("pc1");
    CHECK(is_living(registry.row("pc1"), now()));
    CHECK_FALSE(is_starting(registry.row("pc1"), now()));
    REQUIRE_ERR(app::tell_starting(*registry.content, *life), Errc::denied, "replaced");
}
