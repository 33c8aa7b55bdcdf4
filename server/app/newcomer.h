// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/deployment.h"
#include "server/store/content_database.h"

#include <string>

namespace pchat::app {

/// What a server becomes that enters the registry of that pool: what it was, or, when it was never
/// there, active if the topology wants that and there is a place. A place is held by an active
/// server also while that is down, but not by one that is gone for good: no machine of the topology
/// any more, or without a topology lost and buried. That one is on standby from then on.
Result<ServerState> state_of_newcomer(
    ContentTransaction& tx, const std::string& fqdn, const std::string& pool
);

}  // namespace pchat::app
