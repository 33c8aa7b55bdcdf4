// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <filesystem>

using namespace pchat;

TEST_CASE("temp dir: two never share a directory", "[support]") {
    const test::TempDir one;
    const test::TempDir other;
    CHECK(one.path() != other.path());
}

TEST_CASE("temp dir: keeps the bytes it is given and leaves nothing behind", "[support]") {
    std::filesystem::path path;
    {
        const test::TempDir dir;
        path = dir.path();
        const auto file = dir.write("a/b.yaml", "x: 1\r\n");
        CHECK(test::read_file(file) == "x: 1\r\n");
    }
    CHECK_FALSE(std::filesystem::exists(path));
}
