// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/archive_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog archive_catalog();
Catalog hold_catalog();

class SqlArchiveStore : public ArchiveStore {
public:
    explicit SqlArchiveStore(Transaction& transaction) : tx_(transaction) {}

    Result<ChainHead> advance(std::int64_t fencing_token, std::int64_t events) override;
    Result<std::optional<ChainHead>> head() override;
    Result<std::vector<std::string>> known(std::span<const std::string> uuids) override;
    Result<void> insert(std::span<const ArchivedEvent> events) override;
    Result<std::vector<ArchivedEvent>> events(const EventQuery& query) override;
    Result<std::vector<ArchivedEvent>> visits(ServerId origin, std::int64_t n, int limit) override;
    Result<std::optional<OriginCursor>> cursor(ServerId origin) override;
    Result<void> put_cursor(const OriginCursor& cursor) override;
    Result<void> close_batch(const Batch& batch) override;
    Result<std::vector<Batch>> batches(std::int64_t after_id, int limit) override;
    Result<std::optional<Batch>> batch_of(std::int64_t event_id) override;
    Result<void> prune(std::int64_t batch_id, Microseconds at) override;
    Result<std::vector<AdapterState>> adapters() override;
    Result<void> put_adapter(const AdapterState& state) override;
    // holds.cpp
    Result<void> insert_hold(const LegalHold& hold, std::span<const HoldTarget> targets) override;
    Result<void> release_hold(HoldId id, Microseconds at, std::string_view by) override;
    Result<std::vector<LegalHold>> holds() override;
    Result<std::vector<HoldTarget>> targets(HoldId id) override;
    Result<std::vector<HoldId>> holding(HoldTargetKind kind, std::string_view target_uuid) override;

private:
    Transaction& tx_;
};

}  // namespace pchat::sql
