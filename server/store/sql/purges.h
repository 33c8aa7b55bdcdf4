// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/purge_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog purge_catalog();

class SqlPurgeStore : public PurgeStore {
public:
    explicit SqlPurgeStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> insert(const Purge& purge, std::span<const PurgedRole> roles) override;
    Result<std::optional<Purge>> find(PurgeId id) override;
    Result<std::optional<Purge>> find_uuid(std::string_view uuid) override;
    Result<std::vector<PurgedRole>> roles(PurgeId id) override;
    Result<std::vector<PurgedRole>> roles(RoomId id) override;
    Result<void> remove(std::span<const PurgedRole> roles) override;
    Result<std::int64_t> forget(Microseconds at, int limit) override;

private:
    Transaction& tx_;
};

}  // namespace pchat::sql
