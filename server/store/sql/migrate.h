// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/store/sql/schema.h"

#include <string>
#include <vector>

namespace pchat::sql {

class Database;
class Session;

/// One row of schema_migration.
struct AppliedStep {
    int version = 0;
    std::string name;
    std::string sha256;
    Microseconds applied_at = 0;
};

/// What a database says of its schema; empty before the first step.
Result<std::vector<AppliedStep>> applied_steps(Database& database);
/// The same in the transaction of a session; throws as SOCI does.
std::vector<AppliedStep> applied_steps(Session& session);

/// The steps that are missing. Refuses a schema that is newer than `known`, one whose steps were
/// edited after they were applied, and one with a gap.
Result<std::vector<Step>> pending_steps(
    const Target& target, const std::vector<AppliedStep>& applied, const std::vector<Step>& known
);

/// Applies what is missing, one transaction a step, under a lock: of two at once one waits and then
/// finds nothing to do. Returns the versions it applied itself.
Result<std::vector<int>> migrate(
    Database& database, const std::vector<Step>& known, const Clock& clock
);

/// What a server asks at its start: the schema must be exactly the one that it was built for.
Result<void> check_schema(Database& database, const std::vector<Step>& known);

/// The statements that migrate() runs for a step, for --dry-run.
std::vector<std::string> statements_of(const Step& step, Engine engine);

}  // namespace pchat::sql
