// SPDX-License-Identifier: Apache-2.0
#include "server/app/startup.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/memory/content_database.h"
#include "tests/support/published.h"

#include <fmt/format.h>

using namespace pchat;
using namespace pchat::test;

namespace {

struct Registry {
    /// The state that the server has once it has entered.
    ServerState enter(const std::string& name) {
        REQUIRE_OK(try_enter(name));
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
}
