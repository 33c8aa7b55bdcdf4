// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/wall.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pchat {

/// Walls and who stands on which side.
class WallStore {
public:
    virtual ~WallStore() = default;

    /// `conflict` when the name is taken.
    virtual Result<void> insert(const Wall& wall) = 0;
    /// `conflict` unless the revision is `wall.revision` until now.
    virtual Result<void> update(const Wall& wall) = 0;
    /// With its sides.
    virtual Result<void> remove(WallId id) = 0;
    virtual Result<std::optional<Wall>> find(WallId id) = 0;
    virtual Result<std::optional<Wall>> find_uuid(std::string_view uuid) = 0;
    virtual Result<std::optional<Wall>> find_name(std::string_view name_key) = 0;
    virtual Result<std::vector<Wall>> list() = 0;

    virtual Result<void> add_sides(std::span<const WallEntry> entries) = 0;
    virtual Result<void> remove_sides(std::span<const WallEntry> entries) = 0;
    virtual Result<std::vector<WallEntry>> sides(WallId id) = 0;
    /// Of all walls.
    virtual Result<std::vector<WallEntry>> sides() = 0;
    /// Every entry that names the principal.
    virtual Result<std::vector<WallEntry>> naming(PrincipalId principal) = 0;
};

}  // namespace pchat
