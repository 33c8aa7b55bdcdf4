// SPDX-License-Identifier: Apache-2.0
#include "tests/support/skip.h"

#include <cstdlib>
#include <iostream>
#include <set>
#include <stdexcept>
#include <string_view>

namespace pchat::test {
namespace {

std::set<std::string>& reasons() {
    static std::set<std::string> said;
    return said;
}

}  // namespace

void skip(const std::string& why) {
    const char* require = std::getenv("PCHAT_TEST_REQUIRE");
    if (require != nullptr && std::string_view{require} == "all")
        throw std::runtime_error("PCHAT_TEST_REQUIRE=all, and " + why);
    if (reasons().insert(why).second)
        std::cout << "SKIPPED: " << why << std::endl;
}

bool anything_skipped() {
    return !reasons().empty();
}

}  // namespace pchat::test
