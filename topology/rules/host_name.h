// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pchat::topology {

enum class NameKind : std::uint8_t {
    host,    // fully qualified: at least two labels
    domain,  // one label will do
};

/// Why a text is no name of its kind, and the way out.
struct NameFlaw {
    std::string what;  // "it holds '_'"
    std::string hint;
};

/// The first flaw of a DNS name by RFC 1123, if any. `domain` completes a bare host name in the
/// hint.
std::optional<NameFlaw> flaw_of_name(std::string_view name, NameKind kind, std::string_view domain);

}  // namespace pchat::topology
