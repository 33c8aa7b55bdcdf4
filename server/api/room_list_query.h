// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/router.h"
#include "server/service/listing.h"

namespace pchat::api {

/// ?addin= invitations= content_exceeds_mb=: what a list of rooms is narrowed down to by asking the
/// database. Waits, so before memory is locked.
Result<RoomListQuery> read_stored_filters(const Call& call);

}  // namespace pchat::api
