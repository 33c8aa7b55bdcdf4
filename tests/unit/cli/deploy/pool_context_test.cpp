// SPDX-License-Identifier: Apache-2.0
#include "cli/client/contexts.h"
#include "cli/deploy/pool_context.h"
#include "tests/support/expect.h"
#include "tests/unit/cli/deploy/pool_world.h"

#include <sstream>

using namespace pchat;
using namespace pchat::cli;
using namespace pchat::test;

namespace {

/// A desk with a home of its own, and a pool that was deployed from it.
struct Desk {
    TempDir home;
    std::unique_ptr<World> world = world_of("enterprise-multiple");
    PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "PASSWORD"));
    std::ostringstream out;
    std::ostringstream err;
    std::istringstream in;
    Context ctx{
        out,
        err,
        in,
        {},
        {},
        [this](const std::string& name) {
            return name == "HOME" ? std::optional{home.path().string()} : std::nullopt;
        },
        {2026, 1, 1}};

    bool keep() {
        const Result<bool> kept = keep_pool_context(ctx, world->pool, secrets);
        REQUIRE_OK(kept);
        return *kept;
    }
    void give(const std::string& authority) {
        secrets.tls = TlsMaterial{"certificate", Secret{"key"}, authority};
    }
    SavedServer saved() {
        const Result<Contexts> contexts = read_contexts(ctx);
        REQUIRE_OK(contexts);
        const SavedServer* found = contexts->find(*world->pool.fqdn);
        REQUIRE(found != nullptr);
        return *found;
    }
    /// What `login --ca-file` leaves behind.
    void sign_in(const std::string& authority) {
        Contexts contexts;
        SavedServer server;
        server.name.value = *world->pool.fqdn;
        server.server.value = "https://elsewhere.example";
        server.ca.value = authority;
        server.token.value = "TOKEN";
        contexts.put(server);
        REQUIRE_OK(write_contexts(ctx, contexts));
    }
};

}  // namespace

TEST_CASE("pool context: a pool's own authority is trusted", "[deploy]") {
    Desk desk;
    CHECK(desk.keep());
    CHECK_THAT(
        *desk.saved().ca, Catch::EndsWith("/authorities/" + *desk.world->pool.fqdn + "/ca.pem")
    );
    CHECK_FALSE(desk.keep());
}

TEST_CASE("pool context: an authority of the topology is kept, and renewed", "[deploy]") {
    Desk desk;
    desk.give("private authority\n");
    CHECK(desk.keep());
    const std::string path = *desk.saved().ca;
    CHECK(read_file(path) == "private authority\n");
    desk.give("another one\n");
    CHECK_FALSE(desk.keep());
    CHECK(read_file(path) == "another one\n");
}

TEST_CASE("pool context: nothing named takes nothing away", "[deploy]") {
    Desk desk;
    desk.sign_in("/home/ann/corp.pem");
    desk.give("");
    CHECK(desk.keep());  // the address is another one
    const SavedServer saved = desk.saved();
    CHECK((*saved.ca == "/home/ann/corp.pem" && *saved.token == "TOKEN"));
    CHECK(*saved.server != "https://elsewhere.example");
    CHECK_FALSE(desk.keep());
}
