// SPDX-License-Identifier: Apache-2.0
#include "cli/unified_diff.h"
#include "tests/support/catch.h"

using pchat::cli::unified_diff;

namespace {

const std::string ten = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

}  // namespace

TEST_CASE("unified diff: equal texts have none", "[diff]") {
    CHECK(unified_diff("x", ten, ten).empty());
    CHECK(unified_diff("x", "", "").empty());
}

TEST_CASE("unified diff: a changed line stands between its neighbours", "[diff]") {
    CHECK(
        unified_diff("topo.yaml", ten, "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n") ==
        "--- topo.yaml\n+++ topo.yaml\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
    );
}

TEST_CASE("unified diff: changes far apart have hunks of their own, near ones share", "[diff]") {
    CHECK(
        unified_diff("x", ten, "one\n2\n3\n4\n5\n6\n7\n8\n9\n", 1) ==
        "--- x\n+++ x\n@@ -1,2 +1,2 @@\n-1\n+one\n 2\n@@ -9,2 +9 @@\n 9\n-10\n"
    );
    CHECK(
        unified_diff("x", ten, "one\n2\nthree\n4\n5\n6\n7\n8\n9\n10\n", 1) ==
        "--- x\n+++ x\n@@ -1,4 +1,4 @@\n-1\n+one\n 2\n-3\n+three\n 4\n"
    );
}

TEST_CASE("unified diff: a new text begins after line 0", "[diff]") {
    CHECK(unified_diff("x", "", "a\nb\n") == "--- x\n+++ x\n@@ -0,0 +1,2 @@\n+a\n+b\n");
    CHECK(unified_diff("x", "a\n", "") == "--- x\n+++ x\n@@ -1 +0,0 @@\n-a\n");
}

TEST_CASE("unified diff: a missing line end at the end is told", "[diff]") {
    CHECK(
        unified_diff("x", "a\nb", "a\nc\n") ==
        "--- x\n+++ x\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
    );
}
