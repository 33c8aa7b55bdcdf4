// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/archive_store.h"
#include "server/store/content_database.h"
#include "server/store/sql/target.h"

#include <chrono>
#include <memory>

namespace pchat::sql {

struct StoreOptions {
    std::size_t sessions = 4;              // connections at most
    std::chrono::milliseconds wait{2000};  // for a free one
};

// The databases of a pool over SQL; nothing is connected before the first use. No SOCI in sight.

std::unique_ptr<ContentDatabase> open_content(Target target, StoreOptions options = {});
std::unique_ptr<ArchiveDatabase> open_archive(Target target, StoreOptions options = {});

}  // namespace pchat::sql
