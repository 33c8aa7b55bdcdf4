// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/session.h"

namespace pchat::sql {

/// Refuses a PostgreSQL database whose restore was interrupted: what looks like an empty schema has
/// its rows set aside, and whoever fills it anew is in the way of both.
Result<void> check_no_restore_open(Session& session);

}  // namespace pchat::sql
