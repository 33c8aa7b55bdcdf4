// SPDX-License-Identifier: Apache-2.0
#include "server/domain/wall.h"

namespace pchat {
namespace {

// Joined by whoever is in the scope of its category: who may not join it may join none.
AccessRoom widest_room() {
    AccessRoom room;
    room.privacy = RoomPrivacy::open;
    return room;
}

}  // namespace

WallSide::WallSide(std::span<const WallPerson> people, const AccessCategory& category) {
    for (const WallPerson& person : people) {
        if (!access(person.user, category, widest_room()).has(Right::join))
            continue;
        anybody_ = anybody_.value_or(person.id);
        for (const PrincipalId above : person.user.affiliations)
            stands_for_.emplace(above, person.id);
    }
}

std::optional<PrincipalId> WallSide::admitted_to(const AccessRoom& room) const {
    if (room.disabled || !anybody_)
        return std::nullopt;
    if (room.privacy == RoomPrivacy::open)
        return anybody_;
    for (const PrincipalId member : room.members)
        if (const auto found = stands_for_.find(member); found != stands_for_.end())
            return found->second;
    return std::nullopt;
}

}  // namespace pchat
