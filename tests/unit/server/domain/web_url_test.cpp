// SPDX-License-Identifier: Apache-2.0
#include "server/domain/web_url.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

using namespace pchat;

namespace {

Result<void> check(std::string_view url, PlainHttp http = PlainHttp::refused) {
    return check_web_url(url, 60, http, "url");
}

}  // namespace

TEST_CASE("web url: https addresses are good", "[url]") {
    for (const char* url :
         {"https://a.example",
          "https://a.example/",
          "HTTPS://A.example:8443/x/y?z=1&b=%20#part",
          "https://192.0.2.1/",
          "https://[2001:db8::1]:443/x",
          "https://a.example?q=http://b"})
        REQUIRE_OK(check(url));
}

TEST_CASE("web url: http only when it was asked for", "[url]") {
    REQUIRE_ERR(check("http://a.example/"), Errc::invalid, "not encrypted");
    REQUIRE_OK(check("http://a.example/", PlainHttp::allowed));
}

TEST_CASE("web url: what is no address of a page is refused", "[url]") {
    for (const char* url :
         {"",
          "a.example",
          "ftp://a.example/",
          "javascript:alert(1)",
          "javascript://a.example/%0aalert(1)",
          "data:text/html,x",
          "https:/a.example",
          "https://",
          "https:///x",
          "https://a.example:0/",
          "https://a.example:65536/",
          "https://a.example:/",
          "https://ann@a.example/",
          "https://a.example/<x>",
          "https://a.example/a b",
          "https://a.example/\n",
          "https://a.example/\"x",
          "https://exämple.example/",
          "https://a_b!/"}) {
        INFO(url);
        const auto refused = check(url, PlainHttp::allowed);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().reason == "bad-value");
        CHECK(refused.error().field == "url");
    }
    REQUIRE_OK(check("https://a.example/" + std::string(42, 'x')));
    REQUIRE_ERR(check("https://a.example/" + std::string(43, 'x')), Errc::invalid, "61");
}
