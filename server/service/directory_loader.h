// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/directory.h"

#include <utility>

namespace pchat {

/// What a refresh reads, so that nothing is locked while the database is asked.
struct Reread {
    std::vector<Principal> principals;
    std::vector<Membership> memberships;
    std::vector<AdminGrant> admins;
    std::vector<Category> categories;
    std::vector<ScopeEntry> scope;
    std::vector<Room> rooms;
    std::vector<RoleEntry> roles;
    std::vector<Addin> addins;
    std::vector<Policy> policies;
    std::unordered_map<PrincipalId, PolicyId> grants;
    std::vector<ConfigObject> config;
    std::vector<Wall> walls;
    std::vector<WallEntry> sides;
    PublishedTopology topology;
};

/// Writes a DirectoryState: keeps its indexes true.
class DirectoryLoader {
public:
    explicit DirectoryLoader(DirectoryState& state) : state_(state) {}

    /// Everything, into an empty state.
    Result<void> read_all(ContentTransaction& tx);

    void put(const Principal& principal);
    void put(const Category& category);
    void put(const Room& room);
    void put(const ScopeEntry& entry);
    void put(const RoleEntry& entry);
    void put(const AdminGrant& grant);
    void put(const Membership& membership);
    void put(Addin addin);
    void put_policies(
        std::vector<Policy> policies, std::unordered_map<PrincipalId, PolicyId> grants
    );
    void put_config(const std::vector<ConfigObject>& objects);
    void put_walls(std::vector<Wall> walls, const std::vector<WallEntry>& sides);
    /// Before the settings, which depend on where the pool stands.
    void put_topology(PublishedTopology topology);
    /// What was read of what was touched takes the place of what was there.
    void replace(const Touched& touched, Reread found);

    // With their lists; what is not there is no trouble.
    void erase(PrincipalId id);
    void erase(CategoryId id);
    void erase(RoomId id);
    void erase_addins() { state_.addins_.clear(); }

    /// Sorts the lists, which were put in any order.
    void settle(CategoryId id);
    void settle(RoomId id);
    void settle_all();

private:
    DirectoryState& state_;
};

Result<Reread> reread(ContentTransaction& tx, const Touched& touched);

}  // namespace pchat
