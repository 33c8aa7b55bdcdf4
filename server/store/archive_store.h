// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/compliance.h"
#include "server/store/visit.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// Which events an export wants; ids rise.
struct EventQuery {
    std::int64_t after_id = 0;
    std::int64_t up_to_id = 0;  // 0: no end
    std::optional<std::string> room_uuid;
    std::optional<std::string> user_uuid;
    int limit = 500;
};

/// The compliance database: events, the chain of batches over them, and who has read how far.
class ArchiveStore {
public:
    virtual ~ArchiveStore() = default;

    /// The first statement of every transaction that adds: takes `events` numbers, and locks the
    /// chain. `denied` when somebody with a higher token was here. The head returned has the last
    /// number taken.
    virtual Result<ChainHead> advance(std::int64_t fencing_token, std::int64_t events) = 0;
    virtual Result<std::optional<ChainHead>> head() = 0;
    /// Those of the uuids that have arrived already.
    virtual Result<std::vector<std::string>> known(std::span<const std::string> uuids) = 0;
    virtual Result<void> insert(std::span<const ArchivedEvent> events) = 0;
    virtual Result<std::vector<ArchivedEvent>> events(const EventQuery& query) = 0;
    /// Joins and parts that an origin has numbered higher; rising.
    virtual Result<std::vector<ArchivedEvent>> visits(
        ServerId origin, std::int64_t n, int limit
    ) = 0;
    virtual Result<std::optional<OriginCursor>> cursor(ServerId origin) = 0;
    virtual Result<void> put_cursor(const OriginCursor& cursor) = 0;

    /// Writes the batch and makes it the head's last; `conflict` when it does not follow it.
    virtual Result<void> close_batch(const Batch& batch) = 0;
    virtual Result<std::vector<Batch>> batches(std::int64_t after_id, int limit) = 0;
    virtual Result<std::optional<Batch>> batch_of(std::int64_t event_id) = 0;
    /// Erases the events of a batch; the batch stays, so that the chain does.
    virtual Result<void> prune(std::int64_t batch_id, Microseconds at) = 0;

    virtual Result<std::vector<AdapterState>> adapters() = 0;
    virtual Result<void> put_adapter(const AdapterState& state) = 0;

    virtual Result<void> insert_hold(
        const LegalHold& hold, std::span<const HoldTarget> targets
    ) = 0;
    virtual Result<void> release_hold(HoldId id, Microseconds at, std::string_view by) = 0;
    virtual Result<std::vector<LegalHold>> holds() = 0;
    virtual Result<std::vector<HoldTarget>> targets(HoldId id) = 0;
    /// Holds in force over it.
    virtual Result<std::vector<HoldId>> holding(
        HoldTargetKind kind, std::string_view target_uuid
    ) = 0;
};

using ArchiveWork = std::function<Result<void>(ArchiveStore&)>;

/// The compliance database as a whole; what was said of ContentDatabase holds.
class ArchiveDatabase {
public:
    virtual ~ArchiveDatabase() = default;
    virtual Result<void> read(std::string_view doing, const ArchiveWork& work) = 0;
    virtual Result<void> write(std::string_view doing, const ArchiveWork& work) = 0;
    [[nodiscard]] virtual Result<void> in_sight() const { return {}; }
};

}  // namespace pchat
