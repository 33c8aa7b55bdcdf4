// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_RUNNER  // Catch2 v2 compiles its own body into this file
#include "tests/support/catch.h"
#include "tests/support/skip.h"

int main(int argc, char** argv) {
    if (Catch::Session().run(argc, argv) != 0)  // how many failed, which could be any number
        return 1;
    return pchat::test::anything_skipped() ? pchat::test::skipped_exit : 0;
}
