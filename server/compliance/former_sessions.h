// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/service/commit_queue.h"
#include "server/store/archive_store.h"
#include "server/store/content_database.h"

#include <cstddef>
#include <functional>

namespace pchat {

/// Asked between two portions of a work that may take minutes; false: the rest is for another time.
using MayGoOn = std::function<Result<bool>()>;

struct FormerSessions {
    std::size_t ended = 0;
    bool all = false;  // of them
};

/// Compliance heard of everybody who came into a room, but not of those leaving who were in one
/// when a life of a server ended without notice. Writes for each of them that it left; how many.
/// Once: what was looked at is not looked at again, also when it was interrupted in between.
///
/// `life` is the one after it, so that it adds nothing meanwhile: of the server itself as it
/// starts, before anybody is let in; or of one that was fenced, which another server speaks for.
/// Refused as soon as that one starts anew, for then it does the same itself. Events may be on
/// their way from the one database to the other.
Result<FormerSessions> end_former_sessions(
    ContentDatabase& content,
    ArchiveDatabase& archive,
    Life life,
    const Clock& clock,
    const MayGoOn& go_on
);

}  // namespace pchat
