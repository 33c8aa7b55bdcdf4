// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/archive_store.h"
#include "server/store/content_database.h"

#include <memory>

namespace pchat::test {

// Databases for tests of what stands upon the stores; they pass the same contract as the real
// ones.

std::unique_ptr<ContentDatabase> memory_content();
std::unique_ptr<ArchiveDatabase> memory_archive();

}  // namespace pchat::test
