// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace pchat {

/// The number of a thing inside the program and its database; 0: none yet. A kind of its own for
/// each kind of thing, so that a room's cannot be handed over for a user's.
template <class Tag>
struct Id {
    std::int64_t value = 0;

    friend auto operator<=>(Id, Id) = default;
    explicit operator bool() const { return value != 0; }
};

using PrincipalId = Id<struct PrincipalTag>;
using CategoryId = Id<struct CategoryTag>;
using RoomId = Id<struct RoomTag>;
using AddinId = Id<struct AddinTag>;
using PolicyId = Id<struct PolicyTag>;
using ServerId = Id<struct ServerTag>;
using FileId = Id<struct FileTag>;
using TokenId = Id<struct TokenTag>;
using SessionId = Id<struct SessionTag>;
using AuditId = Id<struct AuditTag>;
using HoldId = Id<struct HoldTag>;
using WallId = Id<struct WallTag>;
using PurgeId = Id<struct PurgeTag>;
using EndpointId = Id<struct EndpointTag>;

}  // namespace pchat

template <class Tag>
struct std::hash<pchat::Id<Tag>> {
    std::size_t operator()(pchat::Id<Tag> id) const noexcept {
        return std::hash<std::int64_t>{}(id.value);
    }
};
