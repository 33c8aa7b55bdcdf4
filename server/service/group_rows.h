// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/changes.h"
#include "server/service/group_admin.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pchat {

// Groups within a transaction.

/// group:NAME, the bare name, the full DN or the id; not who is gone.
Result<GroupFacts> find_living_group(ContentTransaction& tx, std::string_view group);

/// Which groups are in which within one transaction, each read once. Whoever changes members says
/// so.
class GroupsAbove {
public:
    explicit GroupsAbove(ContentTransaction& tx) : tx_(tx) {}

    /// How `group` is below `above`, from above downwards with both ends; empty when it is not.
    Result<std::vector<PrincipalId>> path_down(PrincipalId above, PrincipalId group);
    void changed(std::span<const Membership> ended, std::span<const Membership> begun);

private:
    Result<std::vector<PrincipalId>*> parents(PrincipalId group);

    ContentTransaction& tx_;
    std::unordered_map<PrincipalId, std::vector<PrincipalId>> parents_;
};

/// Fails while a category denies the group: without it its members would be let in.
Result<void> no_category_denies(ContentTransaction& tx, const Principal& group);
/// Fails while a wall names the group.
Result<void> no_wall_names(ContentTransaction& tx, const Principal& group);

/// Takes a group off all lists and walls, out of all groups, and its admin roles away: what went.
Result<std::vector<TakenAway>> forget_group(Change& change, const GroupFacts& group);

}  // namespace pchat
