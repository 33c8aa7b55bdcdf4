// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/service/commit_queue.h"
#include "server/store/content_database.h"

#include <cstddef>

namespace pchat {

/// Waits. Erases up to `portion` rows each of who was connected to the server and who was in rooms
/// by way of it, in the lives up to that one; whether that was all.
Result<bool> forget_presence(ContentDatabase& content, Life life, std::size_t portion);

}  // namespace pchat
