// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/access.h"
#include "server/domain/id.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What a token for scripts may be used for at all, besides the roles that it has: narrows what its
/// maker may do and never widens it. Rooms and categories by number, so that a new name changes
/// nothing.
struct TokenScope {
    bool read_only = false;
    std::vector<CategoryId> categories;  // with all their rooms
    std::vector<RoomId> rooms;

    /// It is not bound to certain rooms.
    [[nodiscard]] bool everywhere() const { return categories.empty() && rooms.empty(); }
    [[nodiscard]] bool covers(CategoryId category) const;
    [[nodiscard]] bool covers(CategoryId category, RoomId room) const;
    /// Of somebody's rights in a room those that are left.
    [[nodiscard]] Rights narrowed(Rights rights, CategoryId category, RoomId room) const;

    friend bool operator==(const TokenScope&, const TokenScope&) = default;
};

/// As the database keeps it: JSON.
std::string scope_text(const TokenScope& scope);
Result<TokenScope> read_scope_text(std::string_view text);

/// What a token that is bound to rooms is told about everything else.
tl::unexpected<Error> beyond_scope(std::string_view what);

}  // namespace pchat
