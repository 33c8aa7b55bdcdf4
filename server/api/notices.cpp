// SPDX-License-Identifier: Apache-2.0
#include "server/api/notices.h"

#include "server/api/wire_names.h"
#include "server/wire/event.h"

namespace pchat::api {
namespace {

constexpr std::size_t most_kept = 10'000;

}  // namespace

void NoticeMemory::keep_new(std::vector<Told>& notices) {
    if (notices.empty())
        return;
    kept_.with([&](Kept& kept) {
        std::erase_if(notices, [&](const Told& one) {
            const Key key{one.user, one.room, one.seq};
            if (!kept.keys.insert(key).second)
                return true;
            kept.order.push_back(key);
            return false;
        });
        for (; kept.order.size() > most_kept; kept.order.pop_front())
            kept.keys.erase(kept.order.front());
    });
}

void add_notices(
    std::vector<Told>& out,
    const KeywordWatches& watches,
    const DirectoryState& state,
    const KnownRoom& room,
    const Message& message
) {
    for (const KeywordHit& hit : watches.hits(message)) {
        if (hit.user == message.sender ||
            !state.rights(state.person(hit.user), room).has(Right::history))
            continue;
        out.push_back(
            {hit.user,
             room.room.id,
             message.seq,
             wire::event(wire::NoticeEvent{room.room.uuid, message.seq, hit.keyword})}
        );
    }
}

std::vector<Told> invitation_events(
    const DirectoryState& state, const std::vector<Invitation>& invitations
) {
    std::vector<Told> out;
    for (const Invitation& one : invitations) {
        const KnownRoom* room = state.room(one.room);
        if (room == nullptr || !state.rights(state.person(one.user), *room).has(Right::view))
            continue;
        const wire::InvitedEvent event{
            room->room.uuid, room->room.name, written(state, one.invited_by), one.sequence};
        out.push_back({one.user, one.room, one.sequence, wire::event(event)});
    }
    return out;
}

}  // namespace pchat::api
