// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/message.h"
#include "server/service/directory.h"
#include "server/service/keyword_watch.h"

#include <string>
#include <vector>

namespace pchat::api {

/// What a user who watches for a keyword is sent.
struct Notice {
    PrincipalId user;
    std::string text;
};

/// Adds those of a message: to who may read the room, its sender left out.
void add_notices(
    std::vector<Notice>& out,
    const KeywordWatches& watches,
    const DirectoryState& state,
    const KnownRoom& room,
    const Message& message
);

}  // namespace pchat::api
