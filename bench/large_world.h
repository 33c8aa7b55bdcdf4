// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/content_database.h"

#include <cstddef>
#include <string>

namespace pchat::bench {

/// The published user model at its full size: 150,000 provisioned users, 33,077 rooms of three
/// sizes and some 730,000 entries in their lists.
struct LargeWorld {
    std::size_t users = 0;
    std::size_t groups = 0;
    std::size_t rooms = 0;
    std::size_t entries = 0;
    std::string admin;  // token of an administrator
};

/// Fills a database that has its schema and nothing else; `share` 1 is the whole model.
LargeWorld make_large_world(ContentDatabase& content, double share);

}  // namespace pchat::bench
