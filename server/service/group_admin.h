// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/principal_lookup.h"
#include "server/service/put_outcome.h"
#include "server/service/taken_away.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

class GroupsAbove;

/// What a new group is to be, or what of a group is to change.
struct GroupFields {
    std::optional<std::string> name;  // without the prefix
    std::optional<std::string> display;
    std::optional<std::string> email;
    ListChange members;  // users and groups
};

struct GroupFacts {
    Principal group;
    std::vector<PrincipalId> members;  // direct, ascending
};

/// The group as the change leaves it, or would; of one that was removed, what it was.
struct GroupChange {
    GroupFacts group;
    std::vector<TakenAway> taken;
};

// All wait, and are for user-admins: the caller has asked for the role. Nobody edits or removes a
// group whose members have roles that the caller lacks. Groups of the directory are edited there.
// Live sessions follow before they return.

Result<GroupChange> create_group(
    Changes& changes, const AdminCall& call, const GroupFields& fields
);
/// A circle of groups is refused. Nothing is written when nothing differs.
Result<GroupChange> change_group(
    Changes& changes, const AdminCall& call, std::string_view group, const GroupFields& fields
);
/// With every entry that names it. While a category denies it only by force: its members might be
/// allowed there without it.
Result<GroupChange> remove_group(
    Changes& changes, const AdminCall& call, std::string_view group, Force force = Force::no
);

/// Within a change of several, which share `above`: makes the group of that name when it is
/// missing, or changes what differs.
Result<PutOutcome> put_group(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    const GroupFields& fields,
    GroupsAbove& above
);

struct GroupListQuery {
    std::string filter;  // part of the name or the display name, cases folded; empty: all
    int limit = 100;
    std::optional<std::string> cursor;
};
struct GroupList {
    std::vector<Principal> groups;  // by name; not those that are gone
    std::optional<std::string> cursor;
};
Result<GroupList> list_groups(ContentDatabase& content, const GroupListQuery& query);
Result<GroupFacts> get_group(ContentDatabase& content, std::string_view group);

}  // namespace pchat
