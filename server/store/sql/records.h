// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/deployment_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog record_catalog();

class SqlTopologyStore : public TopologyStore {
public:
    explicit SqlTopologyStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> publish(const TopologyVersion& topology) override;
    Result<std::optional<TopologyVersion>> latest() override;
    Result<std::optional<TopologyVersion>> find(std::int64_t version) override;
    Result<std::vector<TopologyVersion>> list(int limit) override;

private:
    Transaction& tx_;
};

class SqlAuditStore : public AuditStore {
public:
    explicit SqlAuditStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> append(std::span<const AuditEntry> entries) override;
    Result<std::vector<AuditEntry>> list(const AuditQuery& query) override;

private:
    Transaction& tx_;
};

}  // namespace pchat::sql
