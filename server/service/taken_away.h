// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace pchat {

/// An entry that named what was removed, and goes with it.
struct TakenAway {
    std::string_view kind;  // "room", "category", "wall", "group", "role": a literal
    std::string id;         // uuid; empty: of a role
    std::string name;
    std::string_view list;  // "members", "deny", "addin": a literal; empty: of a role
};

/// Whether something is removed although others depend on it.
enum class Force : std::uint8_t { no, yes };

}  // namespace pchat
