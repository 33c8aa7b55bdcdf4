// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/message.h"
#include "server/service/directory.h"
#include "server/service/keyword_watch.h"
#include "server/service/peers.h"

#include <string>
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

}  // namespace pchat::api
