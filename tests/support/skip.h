// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace pchat::test {

/// A test that cannot do its work here says so: the program ends with `skipped_exit`, which ctest
/// reports, unless something failed. With PCHAT_TEST_REQUIRE=all it throws, which fails the test.
void skip(const std::string& why);

[[nodiscard]] bool anything_skipped();
inline constexpr int skipped_exit = 77;

}  // namespace pchat::test
