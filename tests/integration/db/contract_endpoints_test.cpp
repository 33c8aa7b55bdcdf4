// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name.h"
#include "tests/integration/db/contract.h"

#include <limits>
#include <tuple>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

Endpoint an_endpoint(std::int64_t id, const std::string& name) {
    Endpoint out;
    out.id = EndpointId{id};
    out.uuid = uuid_of(id);
    out.name = name;
    out.name_key = name_key(name);
    out.pool = "pchat.contoso.example";
    return out;
}

ContentWork insert(const Endpoint& endpoint) {
    return [endpoint](ContentTransaction& tx) { return tx.endpoints().insert(endpoint); };
}

auto fields(const Endpoint& e) {
    return std::tie(
        e.id, e.uuid, e.name_key, e.name, e.pool, e.display_name, e.created_at, e.created_by
    );
}

}  // namespace

TEST_CASE("endpoints: every field comes back", "[endpoints]") {
    Content content{GENERATE(from_range(backends()))};
    Endpoint wanted = an_endpoint(most, "r\xC3\xA4ume@contoso.example");
    wanted.uuid = uuid_of(1);
    wanted.display_name = "R\xC3\xA4ume \xF0\x9F\x93\xB1";
    wanted.created_at = most;
    wanted.created_by = PrincipalId{7};
    content.write(insert(wanted));
    const auto found = content.read([](ContentTransaction& tx) {
        return tx.endpoints().find_name(name_key("R\xC3\x84UME@contoso.example"));
    });
    REQUIRE(found);
    CHECK((fields(*found) == fields(wanted)));
    const auto none = content.read([](ContentTransaction& tx) {
        return tx.endpoints().find_name(name_key("rooms@contoso.example"));
    });
    CHECK_FALSE(none);
}

TEST_CASE("endpoints: an address is there once, until it is removed", "[endpoints]") {
    Content content{GENERATE(from_range(backends()))};
    content.write(insert(an_endpoint(2, "rooms@contoso.example")));
    REQUIRE_ERR(
        content.try_write(insert(an_endpoint(3, "Rooms@Contoso.example"))), Errc::conflict, ""
    );
    content.write(insert(an_endpoint(1, "halls@contoso.example")));
    const auto all = content.read([](ContentTransaction& tx) { return tx.endpoints().list(); });
    REQUIRE(all.size() == 2);
    CHECK(all[0].id == EndpointId{1});
    const auto remove = [](ContentTransaction& tx) { return tx.endpoints().remove(EndpointId{2}); };
    content.write(remove);
    REQUIRE_ERR(content.try_write(remove), Errc::conflict, "");
    content.write(insert(an_endpoint(3, "rooms@contoso.example")));
}
