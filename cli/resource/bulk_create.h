// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/client/server_choice.h"
#include "cli/resource/create.h"
#include "cli/resource/item_file.h"

#include <string>

namespace pchat::cli {

struct BulkOptions {
    std::string file;     // as it was given
    std::string journal;  // empty: beside the file, and none for standard input
    IfExists if_exists = IfExists::fail;
    bool stop_on_error = false;  // of one item; what concerns all stops anyway
};

/// Makes all that a file describes over a few connections at once. Failed ones are told with their
/// lines and do not stop the others. What was interrupted, by whatever, goes on when it is run
/// again: a journal knows what was made.
Result<void> create_all(
    Context& ctx,
    const Resource& resource,
    const ServerFlags& server,
    const ItemFile& file,
    const BulkOptions& options
);

}  // namespace pchat::cli
