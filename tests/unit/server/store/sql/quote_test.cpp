// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/quote.h"
#include "tests/support/expect.h"

using namespace pchat;
using sql::Engine;

TEST_CASE("quote: names and texts cannot be left", "[quote]") {
    CHECK(sql::quoted_name(Engine::postgresql, "a\"; drop") == "\"a\"\"; drop\"");
    CHECK(sql::quoted_name(Engine::sqlserver, "a]; drop") == "[a]]; drop]");
    CHECK(sql::quoted_text(Engine::postgresql, "it's") == "'it''s'");
    CHECK(sql::quoted_text(Engine::sqlserver, "it's") == "N'it''s'");
}

TEST_CASE("quote: names that cannot be created are refused", "[quote]") {
    REQUIRE_OK(sql::check_name(Engine::postgresql, "login", "Jörg \"x\""));
    REQUIRE_OK(sql::check_name(Engine::postgresql, "login", std::string(63, 'a')));
    REQUIRE_ERR(sql::check_name(Engine::postgresql, "login", ""), Errc::invalid, "login is empty");
    REQUIRE_ERR(
        sql::check_name(Engine::postgresql, "login", std::string(64, 'a')),
        Errc::invalid,
        "63 bytes"
    );
    REQUIRE_OK(sql::check_name(Engine::postgresql, "database", "the 'new' one"));
    REQUIRE_ERR(
        sql::check_name(Engine::postgresql, "login", "o'neil"), Errc::invalid, "single quote"
    );
    const std::string bad = GENERATE("a:b", "a?b", "a\nb", "a\\b");
    REQUIRE_ERR(
        sql::check_name(Engine::sqlserver, "database", bad), Errc::invalid, "database name"
    );
}
