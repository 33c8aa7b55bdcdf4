// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace pchat::topology {

/// "env:NAME" or "file:PATH": says where a secret is, and is none itself.
inline bool is_secret_reference(std::string_view text) {
    const auto names_one = [&](std::string_view prefix) {
        return text.starts_with(prefix) && text.size() > prefix.size();
    };
    return names_one("env:") || names_one("file:");
}

}  // namespace pchat::topology
