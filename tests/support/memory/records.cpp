// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/records.h"

namespace pchat::test {

Result<void> MemoryTopologyStore::publish(const TopologyVersion& topology) {
    const std::int64_t last = state_.topologies.empty() ? 0 : state_.topologies.rbegin()->first;
    if (topology.version != last + 1)
        return fail(Errc::conflict, "it does not follow the last one");
    state_.topologies.emplace(topology.version, topology);
    return {};
}

Result<std::optional<TopologyVersion>> MemoryTopologyStore::latest() {
    if (state_.topologies.empty())
        return std::nullopt;
    return state_.topologies.rbegin()->second;
}

Result<std::optional<TopologyVersion>> MemoryTopologyStore::find(std::int64_t version) {
    return value_of(state_.topologies, [&](const TopologyVersion& one) {
        return one.version == version;
    });
}

Result<std::vector<TopologyVersion>> MemoryTopologyStore::list(int limit) {
    auto out = values_of(state_.topologies, [](const TopologyVersion&) { return true; });
    std::reverse(out.begin(), out.end());
    if (out.size() > static_cast<std::size_t>(limit))
        out.resize(static_cast<std::size_t>(limit));
    for (TopologyVersion& one : out)
        one.document.clear();
    return out;
}

Result<void> MemoryAuditStore::append(std::span<const AuditEntry> entries) {
    for (const AuditEntry& entry : entries)
        if (!state_.audit.emplace(entry.id, entry).second)
            return refuse(state_, "that number is taken");
    return {};
}

Result<std::vector<AuditEntry>> MemoryAuditStore::list(const AuditQuery& query) {
    const bool object = query.object_kind.has_value() && query.object_id.has_value();
    auto out = values_of(state_.audit, [&](const AuditEntry& one) {
        const bool on_page = one.at < query.up_to ||
                             (one.at == query.up_to && (!query.before || one.id < query.before));
        return on_page && (!query.actor || one.actor == query.actor) &&
               (!object ||
                (one.object_kind == query.object_kind && one.object_id == query.object_id));
    });
    std::sort(out.begin(), out.end(), [](const AuditEntry& a, const AuditEntry& b) {
        return std::tie(a.at, a.id) > std::tie(b.at, b.id);
    });
    if (out.size() > static_cast<std::size_t>(query.limit))
        out.resize(static_cast<std::size_t>(query.limit));
    return out;
}

}  // namespace pchat::test
