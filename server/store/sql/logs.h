// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/deployment_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog log_catalog();

class SqlLogStore : public LogStore {
public:
    explicit SqlLogStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> append(const LogEntry& entry) override;
    Result<std::vector<LogEntry>> after(ServerId origin, std::int64_t n, int limit) override;
    Result<std::int64_t> trim(ServerId origin, Microseconds at, int limit) override;
    Result<void> append_outbox(std::span<const OutboxEntry> entries) override;
    Result<std::vector<OutboxEntry>> outbox(ServerId origin, int limit) override;
    Result<std::vector<OutboxEntry>> outbox_after(ServerId origin, std::int64_t n, int limit)
        override;
    Result<void> erase_outbox(ServerId origin, std::int64_t n) override;

private:
    Transaction& tx_;
};

}  // namespace pchat::sql
