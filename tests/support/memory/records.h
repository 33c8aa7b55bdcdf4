// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/deployment_store.h"
#include "tests/support/memory/state.h"

namespace pchat::test {

class MemoryTopologyStore : public TopologyStore {
public:
    explicit MemoryTopologyStore(MemoryState& state) : state_(state) {}

    Result<void> publish(const TopologyVersion& topology) override;
    Result<std::optional<TopologyVersion>> latest() override;
    Result<std::optional<TopologyVersion>> find(std::int64_t version) override;
    Result<std::vector<TopologyVersion>> list(int limit) override;

private:
    MemoryState& state_;
};

class MemoryAuditStore : public AuditStore {
public:
    explicit MemoryAuditStore(MemoryState& state) : state_(state) {}

    Result<void> append(std::span<const AuditEntry> entries) override;
    Result<std::vector<AuditEntry>> list(const AuditQuery& query) override;

private:
    MemoryState& state_;
};

}  // namespace pchat::test
