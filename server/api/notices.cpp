// SPDX-License-Identifier: Apache-2.0
#include "server/api/notices.h"

#include "server/wire/event.h"

namespace pchat::api {

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
            {hit.user, wire::event(wire::NoticeEvent{room.room.uuid, message.seq, hit.keyword})}
        );
    }
}

}  // namespace pchat::api
