// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/directory_picture.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What the directory has and we cannot take, or take away: for an administrator to look at.
struct DirectoryProblem {
    std::string dn;
    std::string why;
};

enum class SyncAction : std::uint8_t { add, change, move, remove };
std::string_view to_string(SyncAction action);

/// What is to happen to one principal.
struct SyncStep {
    SyncAction action = SyncAction::add;
    std::uint32_t place = 0;  // in the picture; not of what is removed
    PrincipalId id;           // none: it is new
    PrincipalKind kind = PrincipalKind::user;
    PrincipalState state = PrincipalState::active;
    std::string name;                         // as it will be; of what is removed: as it was
    std::string dn;                           // likewise
    const DirectoryObject* fields = nullptr;  // of the picture; null: the others stay
    bool crowded = false;                     // somebody else has the name or the DN until now
};

/// What is to happen to the memberships of one place.
struct MembershipStep {
    std::uint32_t child = 0;
    std::vector<std::uint32_t> add;  // places
    std::vector<PrincipalId> remove;
};

/// Who may sign in once all memberships are written: until then what denies it might be missing.
struct ActivationStep {
    std::uint32_t place = 0;
};

/// What the directory takes away and others still need: a group that a category denies or a wall
/// names, the last administrator.
enum class Needed : std::uint8_t { keep, remove };

struct SyncPlan {
    std::vector<SyncStep> steps;  // removals first: names and DNs become free
    std::vector<MembershipStep> memberships;
    std::vector<ActivationStep> activations;
    Needed needed = Needed::keep;
    std::vector<PrincipalId> ids;            // by place; none: not known yet, or not taken
    std::vector<std::string> names;          // by place, as they are written
    std::vector<DirectoryProblem> problems;  // the first ones
    std::size_t problem_count = 0;
    std::size_t removed = 0;   // users and groups
    std::size_t disabled = 0;  // users who were active
    std::size_t living = 0;    // users and groups that are known now
    std::size_t left = 0;      // memberships in groups that end, of whoever stays
    std::size_t members = 0;   // those that are known now

    void problem(std::string dn, std::string why);
};

/// What has to happen so that the database is as the picture. Of what was not read only the place
/// counts. Pure: lives no longer than the picture.
SyncPlan plan_sync(
    const KnownDirectory& known, const DirectoryPicture& picture, Needed needed = Needed::keep
);

}  // namespace pchat
