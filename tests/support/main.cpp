// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_RUNNER  // Catch2 v2 compiles its own body into this file
#include "tests/support/catch.h"

int main(int argc, char** argv) {
    return Catch::Session().run(argc, argv);
}
