// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name_filter.h"
#include "tests/support/catch.h"

using namespace pchat;

TEST_CASE("name filter: finds what a text holds, cases folded", "[filter]") {
    CHECK(NameFilter{""}.fits("anything"));
    CHECK(NameFilter{"LOB"}.fits("The lobby"));
    CHECK(NameFilter{"STRASSE"}.fits("Lange Straße 3"));
    CHECK_FALSE(NameFilter{"lobby"}.fits("Lab"));
}

TEST_CASE("name filter: an asterisk stands for anything, in the given order", "[filter]") {
    CHECK(NameFilter{"*"}.fits("anything"));
    CHECK(NameFilter{"a*c"}.fits("xabcx"));
    CHECK(NameFilter{"a*c"}.fits("ac"));
    CHECK_FALSE(NameFilter{"c*a"}.fits("abc"));
    CHECK_FALSE(NameFilter{"ab*ba"}.fits("aba"));
    CHECK(NameFilter{"**trade*"}.fits("tag:Traders"));
}
