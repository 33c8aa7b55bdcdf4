// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "base/result.h"
#include "server/service/log_reader.h"
#include "server/service/wall_proof.h"
#include "server/store/content_database.h"

#include <chrono>
#include <memory>
#include <vector>

namespace pchat {

/// Refuses changes that would let both sides of a wall into one room. Safe to use from many
/// threads; but two changes at once could each bring one side in, so they take turns, also with
/// those of other servers.
class WallGuard {
public:
    WallGuard(Directory& directory, ServerId self)
        : directory_(directory), logs_(LogReader{self}) {}

    [[nodiscard]] bool has_walls() const;
    /// Before a change that has its turn: memory follows what other servers have committed, without
    /// their sessions. Waits.
    Result<void> catch_up(ContentDatabase& content, std::chrono::steady_clock::time_point now);
    /// Asked within the transaction, when all is written and no other server can commit a change
    /// any more. What was so before is let be.
    Result<void> check(ContentTransaction& tx, const Touched& touched);

private:
    /// Who stands where does not change with rooms and categories: kept until it does.
    struct Kept {
        std::uint64_t generation = 0;
        std::shared_ptr<const std::vector<WallCrowd>> crowds;
    };

    std::shared_ptr<const std::vector<WallCrowd>> crowds_now(const DirectoryState& state);
    /// `people`: some have changed, here or elsewhere.
    Result<void> check(
        const DirectoryState& state, const WallView& after, const Touched& touched, bool people
    );
    /// Whether the room let in both sides of that wall before the change.
    bool was_so(const DirectoryState& state, WallId wall, RoomId room);

    /// What other servers have committed since memory followed.
    Result<Touched> elsewhere(ContentTransaction& tx);

    Directory& directory_;
    Guarded<Kept> kept_;
    Guarded<LogReader> logs_;
    std::chrono::steady_clock::time_point caught_up_at_{};
};

}  // namespace pchat
