// SPDX-License-Identifier: Apache-2.0
#include "server/domain/scope_name.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

using namespace pchat;

TEST_CASE("scope name: policies are global, of a site or a tag", "[scope]") {
    const auto written = [](const char* text) { return parse_policy_identity(text)->written(); };
    CHECK(written("global") == "global");
    CHECK(written("GLOBAL") == "global");
    CHECK(written("Site:Redmond") == "site:Redmond");
    CHECK(written("tag:traders") == "tag:traders");
    CHECK(written("traders") == "tag:traders");
    CHECK(written("tag:global") == "tag:global");
    CHECK(parse_policy_identity("tag:global")->scope == PolicyScope::tag);
    CHECK(written("tag:a:b") == "tag:a:b");
}

TEST_CASE("scope name: what names no policy is refused", "[scope]") {
    REQUIRE_ERR(parse_policy_identity(""), Errc::invalid, "names nothing");
    REQUIRE_ERR(parse_policy_identity("site:"), Errc::invalid, "names nothing");
    REQUIRE_ERR(parse_policy_identity("service:a.example"), Errc::invalid, "is no policy");
    REQUIRE_ERR(parse_policy_identity("tag:trad*"), Errc::invalid, "is a pattern");
    REQUIRE_ERR(parse_policy_identity("tag: x"), Errc::invalid, "blank");
    REQUIRE_ERR(parse_policy_identity("tag:a\tb"), Errc::invalid, "nobody sees");
    REQUIRE_OK(parse_policy_identity("tag:" + std::string(256, 'x')));
    REQUIRE_ERR(parse_policy_identity("tag:" + std::string(257, 'x')), Errc::invalid, "257");
}

TEST_CASE("scope name: settings are global, of a site or of a pool", "[scope]") {
    const auto written = [](const char* text) { return parse_config_identity(text)->written(); };
    CHECK(written("global") == "global");
    CHECK(written("site:hq") == "site:hq");
    CHECK(written("service:pchat.contoso.example") == "service:pchat.contoso.example");
    REQUIRE_ERR(parse_config_identity("hq"), Errc::invalid, "has no settings");
    REQUIRE_ERR(parse_config_identity("tag:hq"), Errc::invalid, "has no settings");
    REQUIRE_ERR(parse_config_identity("service:a b"), Errc::invalid, "not the name of a pool");
    REQUIRE_ERR(parse_config_identity("service:"), Errc::invalid, "names nothing");
}
