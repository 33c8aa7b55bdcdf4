// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/admin.h"

#include "server/store/sql/database.h"
#include "server/store/sql/durability.h"
#include "server/store/sql/open_restore.h"

namespace pchat::sql {
namespace {

constexpr PoolOptions one_session{.sessions = 1};

// Whoever looks at a file changes nothing about it, so that what is wrong can be seen.
Target only_looked_at(const Target& target) {
    Target out = target.copy();
    out.as_found = true;
    return out;
}

Result<void> durable(Database& database) {
    return database.read("looking whether it forgets", check_durability);
}

}  // namespace

Result<Status> database_status(const Target& target, Purpose purpose) {
    Database database{only_looked_at(target), one_session};
    Result<std::vector<AppliedStep>> applied = applied_steps(database);
    if (!applied)
        return pass(std::move(applied).error());
    const std::vector<Step> known = built_in_steps(target.engine, purpose);
    // A schema that this program does not know has other tables, perhaps.
    const bool same = applied->size() == known.size();
    Result<Facts> facts = inspect(database, purpose, same);
    if (!facts)
        return pass(std::move(facts).error());
    Result<void> kept = durable(database);
    return Status{
        .version = applied->empty() ? 0 : applied->back().version,
        .known = static_cast<int>(known.size()),
        .applied = std::move(*applied),
        .facts = std::move(*facts),
        .forgets = kept ? std::nullopt : std::optional{std::move(kept).error()}};
}

Result<std::vector<Step>> pending_migrations(const Target& target, Purpose purpose) {
    Database database{only_looked_at(target), one_session};
    if (Result<void> kept = durable(database); !kept)
        return pass(std::move(kept).error());
    const Result<std::vector<AppliedStep>> applied = applied_steps(database);
    if (!applied)
        return pass(applied.error());
    return pending_steps(target, *applied, built_in_steps(target.engine, purpose));
}

Result<std::vector<int>> migrate_database(
    const Target& target, Purpose purpose, const Clock& clock
) {
    Database database{target.copy(), one_session};
    if (Result<void> kept = durable(database); !kept)
        return pass(std::move(kept).error());
    if (Result<void> whole = database.read("looking for a restore", check_no_restore_open); !whole)
        return pass(std::move(whole).error());
    return migrate(database, built_in_steps(target.engine, purpose), clock);
}

}  // namespace pchat::sql
