// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "server/domain/message.h"
#include "server/domain/room.h"
#include "server/service/directory.h"
#include "server/service/keyword_watch.h"
#include "server/service/peers.h"

#include <cstdint>
#include <deque>
#include <set>
#include <tuple>
#include <vector>

namespace pchat::api {

/// Adds what users who watch for a keyword of the message are sent: to who may read the room, its
/// sender left out.
void add_notices(
    std::vector<Told>& out,
    const KeywordWatches& watches,
    const DirectoryState& state,
    const KnownRoom& room,
    const Message& message
);

/// What the invited are sent. Whoever was shut out since is not told of the room.
std::vector<Told> invitation_events(
    const DirectoryState& state, const std::vector<Invitation>& invitations
);

/// Which notices were told of late: a message is known here by up to three ways, and whoever waits
/// for it is told once. Safe to use from many threads.
class NoticeMemory {
public:
    /// Takes out what was told before; the rest counts as told.
    void keep_new(std::vector<Told>& notices);

private:
    using Key = std::tuple<PrincipalId, RoomId, std::int64_t>;
    struct Kept {
        std::set<Key> keys;
        std::deque<Key> order;  // oldest first
    };
    Guarded<Kept> kept_;
};

}  // namespace pchat::api
