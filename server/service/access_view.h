// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/access_reason.h"
#include "server/service/directory.h"
#include "server/service/user_policy.h"

#include <cstddef>
#include <string>
#include <vector>

namespace pchat {

/// What a user may do in a room, and why: the decision itself, with names in the place of numbers.
struct AccessView {
    struct Step {
        AccessRule rule{};
        bool holds = false;
        Rights gives;
        // From the user to each entry of the list asked about that stands for the user.
        std::vector<std::vector<std::string>> paths;
    };

    std::string user;  // sip:ann@contoso.example
    PrincipalState state = PrincipalState::active;
    std::string room;  // uuid
    std::string room_name;
    std::string category;
    Rights rights;
    UserPolicy policy;
    std::vector<Step> steps;
    std::vector<RightReason> reasons;  // one for each right; their steps are those above
};

AccessView view_access(
    const DirectoryState& state, const KnownPrincipal& user, const KnownRoom& room
);

/// A room where the rights of two users differ.
struct RoomDifference {
    RoomId room;
    Rights first;
    Rights second;
};
struct RoomDifferences {
    std::vector<RoomDifference> rooms;  // by name
    std::optional<std::string> cursor;
};
/// A page of them. Looks at all rooms there are: for a thread that may wait.
Result<RoomDifferences> compare_users(
    const DirectoryState& state,
    PrincipalId first,
    PrincipalId second,
    int limit,
    const std::optional<std::string>& cursor
);

}  // namespace pchat
