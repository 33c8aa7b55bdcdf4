// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/purge.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pchat {

/// What changes took off the lists of rooms, for whoever wants it back.
class PurgeStore {
public:
    virtual ~PurgeStore() = default;

    virtual Result<void> insert(const Purge& purge, std::span<const PurgedRole> roles) = 0;
    virtual Result<std::optional<Purge>> find(PurgeId id) = 0;
    virtual Result<std::optional<Purge>> find_uuid(std::string_view uuid) = 0;
    /// What is not put back yet: of a purge, and of a room by all purges; rising.
    virtual Result<std::vector<PurgedRole>> roles(PurgeId id) = 0;
    virtual Result<std::vector<PurgedRole>> roles(RoomId id) = 0;
    /// They were put back. A purge of which nothing is left goes as well.
    virtual Result<void> remove(std::span<const PurgedRole> roles) = 0;
    /// Erases up to `limit` that happened before `at`, with what they took; how many.
    virtual Result<std::int64_t> forget(Microseconds at, int limit) = 0;
};

}  // namespace pchat
