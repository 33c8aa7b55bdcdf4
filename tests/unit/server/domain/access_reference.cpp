// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/server/domain/access_reference.h"

namespace pchat::test {
namespace {

bool reaches(const World& world, PrincipalId who, PrincipalId whom, IdSet passed) {
    if (who == whom)
        return true;
    if (!passed.insert(who).second)
        return false;
    for (const Membership& one : world.memberships)
        if (one.child == who && reaches(world, one.parent, whom, passed))
            return true;
    return false;
}

bool stands_in(const World& world, const IdSet& list) {
    for (const PrincipalId entry : list)
        if (reaches(world, world.user, entry, {}))
            return true;
    return false;
}

bool may_use_chat(const World& world) {
    return world.policy_enabled && world.state == PrincipalState::active;
}

bool in_scope(const World& world) {
    return stands_in(world, world.allowed) && !stands_in(world, world.denied);
}

bool has_role(const World& world, const IdSet& role) {
    return may_use_chat(world) && in_scope(world) && stands_in(world, role);
}

bool is_administrator(const World& world) {
    return world.administers && world.state == PrincipalState::active;
}

bool may_manage(const World& world) {
    return is_administrator(world) || has_role(world, world.managers);
}

bool may_join(const World& world) {
    if (world.room_disabled || !may_use_chat(world) || !in_scope(world))
        return false;
    return world.privacy == RoomPrivacy::open || has_role(world, world.members);
}

bool may_view(const World& world) {
    if (may_manage(world))
        return true;
    if (world.room_disabled || !may_use_chat(world))
        return false;
    if (world.privacy == RoomPrivacy::secret)
        return has_role(world, world.members);
    return in_scope(world);
}

bool may_chat(const World& world) {
    return may_join(world) && (world.type == RoomType::normal || has_role(world, world.presenters));
}

}  // namespace

bool belongs_to(const World& world, PrincipalId who, PrincipalId whom) {
    return reaches(world, who, whom, {});
}

std::map<Right, bool> expected_rights(const World& world) {
    return {
        {Right::view, may_view(world)},
        {Right::join, may_join(world)},
        {Right::chat, may_chat(world)},
        {Right::history, may_join(world) && world.category_history},
        {Right::upload, may_chat(world) && world.category_files},
        {Right::invitation,
         may_join(world) && world.category_invitations && world.room_invitations},
        {Right::manage, may_manage(world)},
        {Right::administration, is_administrator(world)},
    };
}

}  // namespace pchat::test
