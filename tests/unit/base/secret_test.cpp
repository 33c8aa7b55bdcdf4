// SPDX-License-Identifier: Apache-2.0
#include "base/secret.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <type_traits>
#include <utility>

using pchat::Secret;

TEST_CASE("secret: formats as stars", "[secret]") {
    const Secret secret{"hunter2"};
    CHECK(fmt::format("password {}", secret) == "password ***");
    CHECK(secret.reveal() == "hunter2");
}

TEST_CASE("secret: cannot be copied by accident", "[secret]") {
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Secret>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<Secret>);
    const Secret secret{"a"};
    CHECK(secret.copy().reveal() == "a");
}

TEST_CASE("secret: a moved-from secret holds nothing, short or long", "[secret]") {
    for (const std::size_t length : {3U, 100U}) {
        Secret from{std::string(length, 'x')};
        const Secret to{std::move(from)};
        CHECK(to.reveal().size() == length);
        CHECK(from.empty());  // NOLINT(bugprone-use-after-move): the point of the test
    }
}
