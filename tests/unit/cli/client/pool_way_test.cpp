// SPDX-License-Identifier: Apache-2.0
#include "cli/client/pool_way.h"
#include "tests/support/catch.h"

#include <set>

using namespace pchat;
using namespace pchat::cli;
using namespace std::chrono_literals;
using Json = PoolWay::Json;
using Urls = std::vector<std::string>;

namespace {

PoolWay way_from(std::string_view url) {
    Endpoint first;
    first.url = *parse_url(url);
    return {first, Secret{"token"}};
}

Json moved(const Json& servers) {
    return {{"type", "moved"}, {"reason", "drain"}, {"servers", servers}};
}

}  // namespace

TEST_CASE("pool way: takes the order that the server gave", "[client]") {
    PoolWay way = way_from("https://pc1.contoso.example");
    CHECK(way.take(moved({"https://pc3.contoso.example", "https://pc2.contoso.example:8443"})));
    CHECK(way.servers() == Urls{"https://pc3.contoso.example", "https://pc2.contoso.example:8443"});
    CHECK_FALSE(way.take({{"type", "msg"}, {"servers", {"https://elsewhere.example"}}}));
    CHECK(way.servers().size() == 2);
    // What is named last goes first, what was named before is not forgotten.
    way.take(moved({"https://pc2.contoso.example:8443", "https://pc4.contoso.example"}));
    CHECK(
        way.servers() ==
        Urls{
            "https://pc2.contoso.example:8443",
            "https://pc4.contoso.example",
            "https://pc3.contoso.example"}
    );
}

TEST_CASE("pool way: no server leads a token out of encryption, or to what is no URL", "[client]") {
    PoolWay way = way_from("https://pc1.contoso.example");
    way.take(moved({"http://127.0.0.1:8080", "http://pc2.contoso.example", 5, "https://a b/", ""}));
    CHECK(way.servers().empty());
    way.take(moved("https://pc2.contoso.example"));
    way.take({{"type", "moved"}});
    CHECK(way.servers().empty());
    way.take(moved({"ftp://pc9.example", "https://pc2.contoso.example"}));
    CHECK(way.servers() == Urls{"https://pc2.contoso.example"});
    PoolWay plain = way_from("http://127.0.0.1:8080");
    plain.take(moved({"http://127.0.0.1:8081"}));
    CHECK(plain.servers() == Urls{"http://127.0.0.1:8081"});
}

TEST_CASE("pool way: pauses grow, and differ from client to client", "[client]") {
    PoolWay way = way_from("https://pc1.contoso.example");
    way.take(moved({"https://pc2.contoso.example"}));
    CHECK(way.pause() == 0ms);  // as it was asked to
    std::set<std::int64_t> first;
    for (int i = 0; i < 100; ++i)
        first.insert(way_from("https://pc1.contoso.example").pause().count());
    CHECK(first.size() > 10);
    CHECK(*first.rbegin() <= 500);
}
