// SPDX-License-Identifier: Apache-2.0
#include "base/suggest.h"
#include "tests/support/catch.h"

using pchat::edit_distance;
using pchat::nearest;

TEST_CASE("edit distance: counts insertions, deletions, replacements and swaps once", "[suggest]") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("pool", "pool") == 0);
    CHECK(edit_distance("pool", "pools") == 1);
    CHECK(edit_distance("pool", "pol") == 1);
    CHECK(edit_distance("pool", "poul") == 1);
    CHECK(edit_distance("pool", "polo") == 1);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("edit distance: ignores case", "[suggest]") {
    CHECK(edit_distance("DisplayName", "displayname") == 0);
}

TEST_CASE("nearest: finds the word that was meant", "[suggest]") {
    CHECK(nearest("replcias", {"site", "replicas"}) == "replicas");
    CHECK(nearest("compliences", {"compliance", "complianceName"}) == "compliance");
    CHECK(nearest("crate", {"create", "get"}) == "create");
}

TEST_CASE("nearest: guesses nothing when nothing is near", "[suggest]") {
    CHECK_FALSE(nearest("banana", {"site", "pool"}));
    CHECK_FALSE(nearest("", {"a", "b"}));
    CHECK_FALSE(nearest("xyz", {"abc"}));
    CHECK_FALSE(nearest("ab", {"cd"}));
    CHECK_FALSE(nearest("q", {"p"}));
    CHECK_FALSE(nearest(std::string(1000, 'a'), {"a"}));
}
