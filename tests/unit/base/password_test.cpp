// SPDX-License-Identifier: Apache-2.0
#include "base/password.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

using namespace pchat;

TEST_CASE("passwords: a hash fits its own password only, and tells nothing", "[password]") {
    const Secret password{"correct horse, staple"};
    const Result<std::string> hash = hash_password(password);
    REQUIRE_OK(hash);
    CHECK_THAT(*hash, Catch::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
    CHECK(hash->size() <= 256);
    CHECK(hash->find("horse") == std::string::npos);
    CHECK(password_matches(password, *hash));
    CHECK_FALSE(password_matches(Secret{"correct horse, stapl"}, *hash));
    CHECK_FALSE(password_matches(Secret{""}, *hash));
    CHECK(*hash != *hash_password(password));  // a salt of its own
}

TEST_CASE("passwords: two ways to type one are one", "[password]") {
    const Result<std::string> hash = hash_password(Secret{"Gr\u00FC\u00DFe\u00A0dich"});
    REQUIRE_OK(hash);
    CHECK(password_matches(Secret{"Gru\u0308\u00DFe dich"}, *hash));
}

TEST_CASE("passwords: what is no hash matches nothing", "[password]") {
    for (const char* hash :
         {"", "x", "$argon2id$", "$argon2id$v=19$m=99999999999,t=2,p=1$c2FsdA$aGFzaA"})
        CHECK_FALSE(password_matches(Secret{"anything"}, hash));
}

TEST_CASE("passwords: a new one has 8 to 256 characters of plain text", "[password]") {
    REQUIRE_OK(check_password(Secret{"12345678"}));
    REQUIRE_OK(check_password(Secret{"äöüßäöüß"}));
    REQUIRE_ERR(check_password(Secret{"äöüßäöü"}), Errc::invalid, "7 characters");
    REQUIRE_ERR(check_password(Secret{std::string(257, 'x')}), Errc::invalid, "257 characters");
    REQUIRE_ERR(check_password(Secret{"1234567\t8"}), Errc::invalid, "control character");
    REQUIRE_ERR(check_password(Secret{"1234567\xFF"}), Errc::invalid, "not UTF-8");
}
