// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/deployment.h"
#include "server/store/content_database.h"

#include <cstdint>
#include <string>

namespace pchat {

/// The fact that holds the life up to which nothing of a server is left.
std::string buried_fact(ServerId server);
/// Whether a fact is the number of that life.
Result<bool> says_life(ContentTransaction& tx, const std::string& fact, std::int64_t epoch);
/// Whether nothing of this life of the server is left.
Result<bool> is_buried(ContentTransaction& tx, const Server& server);

}  // namespace pchat
