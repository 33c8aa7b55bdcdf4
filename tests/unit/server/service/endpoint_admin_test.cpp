// SPDX-License-Identifier: Apache-2.0
#include "server/service/endpoint_admin.h"
#include "server/service/user_admin.h"
#include "tests/support/catch.h"
#include "tests/support/published.h"

using namespace pchat;
using namespace pchat::test;

namespace {

template <class T>
std::string reason(const Result<T>& result) {
    return result ? "done" : std::string{error_token(result.error())};
}

Result<Endpoint> create(ChatWorld& world, const EndpointFields& fields) {
    return create_endpoint(*world.changes, world.as("admin"), fields);
}

}  // namespace

TEST_CASE("endpoint create: gives the pool one more address", "[endpoint]") {
    ChatWorld world;
    const auto made = create(world, {sip("Rooms"), "", ""});
    REQUIRE_OK(made);
    CHECK(made->pool == "pchat.contoso.example");
    CHECK(made->display_name == "Rooms");
    CHECK(made->created_by == world.user("admin"));
    CHECK(world.audit()[0].action == "endpoint.create");
    CHECK(world.audit()[0].object_name == sip("Rooms"));
    CHECK(reason(create(world, {sip("ROOMS"), "", ""})) == "endpoint-exists");
    CHECK(list_endpoints(*world.content)->size() == 1);
    CHECK(get_endpoint(*world.content, sip("rooms"))->uuid == made->uuid);
}

TEST_CASE("endpoint create: users and endpoints share their addresses", "[endpoint]") {
    ChatWorld world;
    world.user("ann");
    CHECK(reason(create(world, {sip("ann"), "", ""})) == "name-taken");
    REQUIRE_OK(create(world, {sip("rooms"), "", ""}));
    const AdminCall admin = world.as("admin");
    CHECK(reason(create_user(*world.changes, admin, sip("Rooms"), {})) == "name-taken");
    REQUIRE_OK(remove_endpoint(*world.changes, admin, sip("rooms")));
    REQUIRE_OK(create_user(*world.changes, admin, sip("rooms"), {}));
}

TEST_CASE("endpoint create: goes by the topology as published", "[endpoint]") {
    ChatWorld world;
    REQUIRE_OK(create(world, {"sip:a@elsewhere.example", "other.example", ""}));
    publish(world, topology_text());
    CHECK(reason(create(world, {"sip:b@elsewhere.example", "", ""})) == "domain-not-found");
    const auto wrong = create(world, {sip("b"), "pchut.contoso.example", ""});
    CHECK(reason(wrong) == "pool-not-found");
    CHECK(wrong.error().hint == "did you mean 'pchat.contoso.example'?");
    REQUIRE_OK(create(world, {sip("b"), "PCHAT.contoso.example", "Rooms of Contoso"}));
    REQUIRE_OK(remove_endpoint(*world.changes, world.as("admin"), "sip:a@elsewhere.example"));
}

TEST_CASE("endpoint create: refuses what is no address", "[endpoint]") {
    ChatWorld world;
    for (const char* wrong : {"rooms", "group:rooms", "sip:rooms", "everyone", ""})
        CHECK(reason(create(world, {wrong, "", ""})) == "bad-value");
    CHECK(reason(create(world, {sip("b"), std::string(256, 'p'), ""})) == "bad-value");
    CHECK(reason(create(world, {sip("b"), "", std::string(257, 'd')})) == "too-long");
}

TEST_CASE("endpoint remove: frees the address", "[endpoint]") {
    ChatWorld world;
    AdminCall admin = world.as("admin");
    CHECK(reason(remove_endpoint(*world.changes, admin, sip("rooms"))) == "endpoint-not-found");
    REQUIRE_OK(create(world, {sip("rooms"), "", ""}));
    admin.dry_run = true;
    REQUIRE_OK(remove_endpoint(*world.changes, admin, sip("rooms")));
    CHECK(list_endpoints(*world.content)->size() == 1);
    admin.dry_run = false;
    REQUIRE_OK(remove_endpoint(*world.changes, admin, sip("rooms")));
    CHECK(world.audit()[0].action == "endpoint.remove");
    CHECK(list_endpoints(*world.content)->empty());
    REQUIRE_OK(create(world, {sip("rooms"), "", ""}));
}
