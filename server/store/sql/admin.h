// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/store/sql/inspect.h"
#include "server/store/sql/migrate.h"
#include "server/store/sql/target.h"

#include <optional>
#include <vector>

namespace pchat::sql {

// What `pchatctl db` does with one database, besides provisioning. No SOCI in sight.

struct Status {
    int version = 0;  // of the schema; 0: none
    int known = 0;    // the version that this program has
    std::vector<AppliedStep> applied;
    Facts facts;
    std::optional<Error> forgets;  // the server is set to lose what it confirmed
};

/// Connects and looks; changes nothing.
Result<Status> database_status(const Target& target, Purpose purpose);

/// The steps that migrate_database would apply.
Result<std::vector<Step>> pending_migrations(const Target& target, Purpose purpose);

/// Applies them; returns the versions it applied itself. Refuses a database that is set to forget.
Result<std::vector<int>> migrate_database(
    const Target& target, Purpose purpose, const Clock& clock
);

}  // namespace pchat::sql
