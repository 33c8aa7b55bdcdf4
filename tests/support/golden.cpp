// SPDX-License-Identifier: Apache-2.0
#include "tests/support/golden.h"

#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <cstdlib>
#include <fstream>

namespace pchat::test {

void check_golden(const std::filesystem::path& expected, const std::string& actual) {
    INFO(expected.string());
    if (std::getenv("PCHAT_TEST_ACCEPT") != nullptr)
        std::ofstream{expected, std::ios::binary} << actual;
    REQUIRE(std::filesystem::exists(expected));
    CHECK(actual == read_file(expected));
}

}  // namespace pchat::test
