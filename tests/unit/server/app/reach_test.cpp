// SPDX-License-Identifier: Apache-2.0
#include "server/app/reach.h"
#include "tests/support/catch.h"

#include <algorithm>

using namespace pchat::app;

namespace {

ServerSettings named(const std::string& fqdn, const std::string& pool = {}) {
    ServerSettings out;
    out.fqdn.value = fqdn;
    out.pool.value = pool;
    return out;
}

bool has(const Reach& reach, const std::string& origin) {
    return std::count(reach.origins.begin(), reach.origins.end(), origin) == 1;
}

}  // namespace

TEST_CASE("reach: clients are told the machine's name and the port of the first", "[settings]") {
    const ServerSettings server = named("PC1.contoso.example", "pchat.contoso.example");
    const Listening listeners[] = {{"0.0.0.0", 8443, true}, {"::", 9443, true}};
    const Reach reach = reach_of(server, listeners);
    CHECK(reach.url == "https://pc1.contoso.example:8443");
    CHECK(has(reach, "https://pc1.contoso.example:8443"));
    CHECK(has(reach, "https://pc1.contoso.example:9443"));
    CHECK(has(reach, "https://pchat.contoso.example:8443"));
    CHECK(has(reach, "https://pchat.contoso.example"));
    CHECK_FALSE(has(reach, "http://pc1.contoso.example:8443"));
    CHECK_FALSE(has(reach, "https://localhost:8443"));
}

TEST_CASE("reach: usual ports are left out", "[settings]") {
    const Listening usual[] = {{"0.0.0.0", 443, true}};
    CHECK(reach_of(named("pc1.contoso.example"), usual).url == "https://pc1.contoso.example");
    CHECK(url_of("127.0.0.1", 80, false) == "http://127.0.0.1");
    CHECK(url_of("127.0.0.1", 443, false) == "http://127.0.0.1:443");
    CHECK(url_of("::1", 8443, true) == "https://[::1]:8443");
}

TEST_CASE("reach: on loopback the address is told, for no name leads there", "[settings]") {
    const Listening plain[] = {{"127.0.0.1", 8080, false}};
    const Reach reach = reach_of(named("localhost.example"), plain);
    CHECK(reach.url == "http://127.0.0.1:8080");
    CHECK(has(reach, "http://127.0.0.1:8080"));
    CHECK(has(reach, "http://localhost:8080"));
    CHECK_FALSE(has(reach, "https://127.0.0.1:8080"));
}

TEST_CASE("reach: the host of the settings goes before all", "[settings]") {
    ServerSettings server = named("localhost.example");
    server.host.value = "Attic";
    const Listening any[] = {{"0.0.0.0", 8443, true}};
    const Reach reach = reach_of(server, any);
    CHECK(reach.url == "https://attic:8443");
    CHECK(has(reach, "https://attic:8443"));
}
