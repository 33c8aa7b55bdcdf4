// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string>

namespace pchat::test {

/// Compares a text with the file that holds the expected one, whole. With PCHAT_TEST_ACCEPT=1 the
/// file is written anew instead, and review reads its diff.
void check_golden(const std::filesystem::path& expected, const std::string& actual);

}  // namespace pchat::test
