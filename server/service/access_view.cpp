// SPDX-License-Identifier: Apache-2.0
#include "server/service/access_view.h"

#include "server/service/access_path.h"

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

constexpr std::uint8_t runs_rooms = (1U << static_cast<unsigned>(AdminRole::pchat_admin)) |
                                    (1U << static_cast<unsigned>(AdminRole::administrator));

/// Who of those that stand for the user was given a role that administers rooms.
std::vector<PrincipalId> role_holders(const DirectoryState& state, const Person& person) {
    std::vector<PrincipalId> out;
    for (const PrincipalId one : person.affiliations) {
        const KnownPrincipal* known = state.principal(one);
        if (known != nullptr && known->kind != PrincipalKind::system &&
            known->state == PrincipalState::active && (known->roles & runs_rooms) != 0)
            out.push_back(one);
    }
    return out;
}

AccessView::Step view_step(
    const DirectoryState& state, const Person& person, const AccessStep& step
) {
    AccessView::Step out{step.rule, step.holds, step.gives, {}};
    const bool by_role = step.rule == AccessRule::administrator && step.holds;
    for (const PrincipalId entry : by_role ? role_holders(state, person) : step.entries)
        out.paths.push_back(path_up(state, person.id, entry, Through::active));
    return out;
}

/// What a page is sorted by, and its cursor: names are unique, sort keys are not.
std::string sort_of(const Room& room) {
    return room.name_sort + " " + room.uuid;
}

}  // namespace

AccessView view_access(
    const DirectoryState& state, const KnownPrincipal& user, const KnownRoom& room
) {
    const Person person = state.person(user.id);
    const AccessDerivation derivation = state.explain(person, room);
    const KnownCategory* category = state.category(room.room.category);
    AccessView out;
    out.user = user.written();
    out.state = user.state;
    out.room = room.room.uuid;
    out.room_name = room.room.name;
    if (category != nullptr)
        out.category = category->category.name;
    out.rights = derivation.rights;
    out.policy = user_policy(state, user);
    out.reasons = reasons(derivation);
    for (const AccessStep& step : derivation.steps)
        out.steps.push_back(view_step(state, person, step));
    return out;
}

Result<RoomDifferences> compare_users(
    const DirectoryState& state,
    PrincipalId first,
    PrincipalId second,
    int limit,
    const std::optional<std::string>& cursor
) {
    const Person one = state.person(first);
    const Person other = state.person(second);
    std::vector<std::pair<std::string, RoomDifference>> found;
    state.each_room([&](const KnownRoom& room) {
        const RoomDifference difference{
            room.room.id, state.rights(one, room), state.rights(other, room)};
        if (difference.first == difference.second)
            return;
        std::string sort = sort_of(room.room);
        if (!cursor || sort > *cursor)
            found.emplace_back(std::move(sort), difference);
    });
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
    });
    RoomDifferences out;
    const std::size_t shown = std::min(static_cast<std::size_t>(limit), found.size());
    for (std::size_t i = 0; i < shown; ++i)
        out.rooms.push_back(found[i].second);
    if (shown < found.size() && shown > 0)
        out.cursor = found[shown - 1].first;
    return out;
}

}  // namespace pchat
