// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/transaction.h"
#include "server/store/wall_store.h"

namespace pchat::sql {

Catalog wall_catalog();

class SqlWallStore : public WallStore {
public:
    explicit SqlWallStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> insert(const Wall& wall) override;
    Result<void> update(const Wall& wall) override;
    Result<void> remove(WallId id) override;
    Result<std::optional<Wall>> find(WallId id) override;
    Result<std::optional<Wall>> find_uuid(std::string_view uuid) override;
    Result<std::optional<Wall>> find_name(std::string_view name_key) override;
    Result<std::vector<Wall>> list() override;
    Result<void> add_sides(std::span<const WallEntry> entries) override;
    Result<void> remove_sides(std::span<const WallEntry> entries) override;
    Result<std::vector<WallEntry>> sides(WallId id) override;
    Result<std::vector<WallEntry>> sides() override;
    Result<std::vector<WallEntry>> naming(PrincipalId principal) override;

private:
    Transaction& tx_;
};

}  // namespace pchat::sql
