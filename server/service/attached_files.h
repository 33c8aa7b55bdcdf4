// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/message.h"

#include <vector>

namespace pchat {

class ContentTransaction;

/// Sets `attached` of the messages that have a file which has arrived and is still there. Asks the
/// database only when one of them has a file.
Result<void> attach_files(ContentTransaction& tx, std::vector<Message>& messages);
Result<void> attach_file(ContentTransaction& tx, Message& message);

}  // namespace pchat
