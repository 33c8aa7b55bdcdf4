// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/deployment.h"
#include "server/store/content_database.h"

#include <vector>

namespace pchat {

/// The servers of the pool at one moment of the database's clock.
struct Roll {
    std::vector<Server> servers;
    Microseconds now = 0;
};

Result<Roll> read_roll(ContentTransaction& tx);

}  // namespace pchat
