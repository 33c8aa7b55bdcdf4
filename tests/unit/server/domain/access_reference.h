// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/access.h"

#include <map>
#include <set>
#include <vector>

namespace pchat::test {

using IdSet = std::set<PrincipalId>;

/// A user, a room and all around them, as an administrator would write them down.
struct World {
    std::vector<Membership> memberships;  // may run in circles
    PrincipalId user;
    PrincipalState state = PrincipalState::active;
    bool policy_enabled = true;
    bool administers = false;
    bool category_invitations = false, category_files = false, category_history = false;
    IdSet allowed, denied;
    RoomType type = RoomType::normal;
    RoomPrivacy privacy = RoomPrivacy::closed;
    bool room_invitations = false, room_disabled = false;
    IdSet members, managers, presenters;
};

/// Whether `who` is `whom` or is in it, directly or through others.
bool belongs_to(const World& world, PrincipalId who, PrincipalId whom);

/// Each right and whether the user has it, by rules that are slow and read like the text.
std::map<Right, bool> expected_rights(const World& world);

}  // namespace pchat::test
