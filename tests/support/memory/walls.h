// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/purge_store.h"
#include "server/store/wall_store.h"
#include "tests/support/memory/state.h"

namespace pchat::test {

class MemoryWallStore : public WallStore {
public:
    explicit MemoryWallStore(MemoryState& state) : state_(state) {}

    Result<void> insert(const Wall& wall) override;
    Result<void> update(const Wall& wall) override;
    Result<void> remove(WallId id) override;
    Result<std::optional<Wall>> find(WallId id) override;
    Result<std::optional<Wall>> find_uuid(std::string_view uuid) override;
    Result<std::optional<Wall>> find_name(std::string_view name_key) override;
    Result<std::vector<Wall>> list() override;
    Result<void> add_sides(std::span<const WallEntry> entries) override;
    Result<void> remove_sides(std::span<const WallEntry> entries) override;
    Result<std::vector<WallEntry>> sides(WallId id) override;
    Result<std::vector<WallEntry>> sides() override;
    Result<std::vector<WallEntry>> naming(PrincipalId principal) override;

private:
    MemoryState& state_;
};

class MemoryPurgeStore : public PurgeStore {
public:
    explicit MemoryPurgeStore(MemoryState& state) : state_(state) {}

    Result<void> insert(const Purge& purge, std::span<const PurgedRole> roles) override;
    Result<std::optional<Purge>> find(PurgeId id) override;
    Result<std::optional<Purge>> find_uuid(std::string_view uuid) override;
    Result<std::vector<PurgedRole>> roles(PurgeId id) override;
    Result<std::vector<PurgedRole>> roles(RoomId id) override;
    Result<void> remove(std::span<const PurgedRole> roles) override;
    Result<std::int64_t> forget(Microseconds at, int limit) override;

private:
    MemoryState& state_;
};

}  // namespace pchat::test
