// SPDX-License-Identifier: Apache-2.0
#include "server/net/frame.h"
#include "tests/support/catch.h"

using pchat::net::Frame;

TEST_CASE("frame: the bytes live as long as the last reference", "[net]") {
    auto bytes = std::make_shared<const std::string>("shared");
    const std::weak_ptr<const std::string> watch = bytes;
    {
        Frame first{std::move(bytes)};
        Frame second = first;
        Frame third;
        CHECK_FALSE(third);
        third = second;
        second = std::move(first);
        CHECK_FALSE(first);
        first = Frame{std::string{"other"}};
        CHECK(second.bytes() == "shared");
        CHECK(&third.bytes() == &second.bytes());
        CHECK(watch.use_count() == 1);  // wrapped once, whatever the number of recipients
    }
    CHECK(watch.expired());
}
