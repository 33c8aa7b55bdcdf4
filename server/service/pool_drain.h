// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/deployment.h"
#include "server/store/content_database.h"

#include <optional>

namespace pchat {

/// What is known of a server that is draining.
struct Drain {
    Microseconds until = 0;  // by the database's clock: who is still there then is disconnected
    ServerState before = ServerState::active;  // what it becomes again
};

/// None when there is none, or it says nothing that can be read.
Result<std::optional<Drain>> read_drain(ContentTransaction& tx, ServerId server);
Result<void> put_drain(ContentTransaction& tx, ServerId server, const Drain& drain);

}  // namespace pchat
