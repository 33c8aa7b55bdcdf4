// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/service/commit_queue.h"
#include "server/store/archive_store.h"
#include "server/store/content_database.h"

#include <cstddef>

namespace pchat {

/// Compliance heard of everybody who came into a room, but not of those leaving who were in one
/// when a life of a server ended without notice. Writes for each of them that it left; how many.
/// Once: what was looked at is not looked at again.
///
/// `life` is the one after it, so that it adds nothing meanwhile: of the server itself as it
/// starts, before anybody is let in; or of one that was fenced, which another server speaks for.
/// Refused as soon as that one starts anew, for then it does the same itself. Events may be on
/// their way from the one database to the other.
Result<std::size_t> end_former_sessions(
    ContentDatabase& content, ArchiveDatabase& archive, Life life, const Clock& clock
);

}  // namespace pchat
