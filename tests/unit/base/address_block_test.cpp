// SPDX-License-Identifier: Apache-2.0
#include "base/address_block.h"
#include "tests/support/catch.h"

using namespace pchat;

TEST_CASE("address block: an IPv6 network counts as one, an IPv4 address by itself", "[address]") {
    CHECK(address_block("192.0.2.7") == "192.0.2.7");
    CHECK(address_block("::ffff:192.0.2.7") == "192.0.2.7");
    CHECK(address_block("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(address_block("2001:db8:1:2::1") == address_block("2001:db8:1:2:ffff::"));
    CHECK(address_block("2001:db8:1:3::1") != address_block("2001:db8:1:2::1"));
    CHECK(address_block("fe80::1%eth0") == "fe80::/64");
    CHECK(address_block("somewhere") == "somewhere");
    CHECK(address_block("").empty());
}
