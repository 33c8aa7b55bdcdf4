// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/session.h"

namespace pchat::sql {

/// Refuses a PostgreSQL that is set to forget: what it confirms and loses in a crash is a message
/// that was shown to people and never was. The settings are those of this session's database and
/// login. The other engines are told by each session itself.
Result<void> check_durability(Session& session);

}  // namespace pchat::sql
