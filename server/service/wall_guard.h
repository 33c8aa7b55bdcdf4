// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "base/result.h"
#include "server/service/wall_proof.h"

#include <memory>
#include <vector>

namespace pchat {

/// Refuses changes that would let both sides of a wall into one room. Safe to use from many
/// threads; but two changes at once could each bring one side in, so they take turns.
class WallGuard {
public:
    explicit WallGuard(const Directory& directory) : directory_(directory) {}

    [[nodiscard]] bool has_walls() const;
    /// Asked within the transaction, when all is written. What was so before is let be.
    Result<void> check(ContentTransaction& tx, const Touched& touched);

private:
    /// Who stands where does not change with rooms and categories: kept until it does.
    struct Kept {
        std::uint64_t generation = 0;
        std::shared_ptr<const std::vector<WallCrowd>> crowds;
    };

    std::shared_ptr<const std::vector<WallCrowd>> crowds_now(const DirectoryState& state);
    Result<void> check(const DirectoryState& state, const WallView& after, const Touched& touched);
    /// Whether the room let in both sides of that wall before the change.
    bool was_so(const DirectoryState& state, WallId wall, RoomId room);

    const Directory& directory_;
    Guarded<Kept> kept_;
};

}  // namespace pchat
