// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/records.h"

#include "server/store/sql/record_tables.h"

#include <fmt/format.h>

#include <limits>

namespace pchat::sql {
namespace {

const Statement topology_last{
    "topology, last version", "select coalesce(max(version), 0) from topology_version"};

const Statement topology_latest{
    "topology latest",
    "select {columns topology_version} from topology_version "
    "where version = (select max(version) from topology_version)"};

const Statement topology_by_version{
    "topology by version",
    "select {columns topology_version} from topology_version where version = :version"};

const Statement topologies{
    "topologies",
    "select version, sha256, published_at, published_by, comment from topology_version "
    "order by version desc {limit :n}"};

// `at <= :up_to` is what the index is searched by; the rest leaves out the page before.
const Statement audit_all{
    "audit",
    "select {columns audit} from audit where at <= :up_to and (at < :below or id < :before) "
    "order by at desc, id desc {limit :n}"};

const Statement audit_of_actor{
    "audit of an actor",
    "select {columns audit} from audit where actor_id = :actor_id "
    "and at <= :up_to and (at < :below or id < :before) order by at desc, id desc {limit :n}"};

const Statement audit_of_object{
    "audit of an object",
    "select {columns audit} from audit where object_kind = :object_kind "
    "and object_id = :object_id and at <= :up_to and (at < :below or id < :before) "
    "order by at desc, id desc {limit :n}"};

const Statement audit_of_both{
    "audit of an actor and an object",
    "select {columns audit} from audit where object_kind = :object_kind "
    "and object_id = :object_id and actor_id = :actor_id "
    "and at <= :up_to and (at < :below or id < :before) order by at desc, id desc {limit :n}"};

/// A version without its document.
struct TopologyHeading {
    TopologyVersion version;
};

}  // namespace

template <>
struct RowShape<TopologyHeading> {
    static std::vector<Cell> cells() {
        const Cell number;
        const Cell text{Cell::Type::text, false, 0, {}};
        return {number, text, number, text, text};
    }
    static TopologyHeading read(std::vector<Cell>& cells) {
        TopologyHeading out;
        Travel<std::int64_t>::in(cells[0], out.version.version);
        Travel<std::string>::in(cells[1], out.version.sha256);
        Travel<Microseconds>::in(cells[2], out.version.published_at);
        Travel<std::string>::in(cells[3], out.version.published_by);
        Travel<std::string>::in(cells[4], out.version.comment);
        return out;
    }
};

Catalog record_catalog() {
    return {
        {&table_of<TopologyVersion>(), &table_of<AuditEntry>()},
        {&topology_last,
         &topology_latest,
         &topology_by_version,
         &topologies,
         &audit_all,
         &audit_of_actor,
         &audit_of_object,
         &audit_of_both}};
}

Result<void> SqlTopologyStore::publish(const TopologyVersion& topology) {
    const auto last = tx_.one<std::int64_t>(topology_last);
    if (!last)
        return pass(last.error());
    if (topology.version != **last + 1)
        return fail(
            Errc::conflict,
            fmt::format(
                "topology version {} does not follow the last one, {}", topology.version, **last
            ),
            "compare with the topology as published, then publish again"
        );
    return tx_.insert(std::span<const TopologyVersion>{&topology, 1});
}

Result<std::optional<TopologyVersion>> SqlTopologyStore::latest() {
    return tx_.one<TopologyVersion>(topology_latest);
}

Result<std::optional<TopologyVersion>> SqlTopologyStore::find(std::int64_t version) {
    return tx_.one<TopologyVersion>(topology_by_version, version);
}

Result<std::vector<TopologyVersion>> SqlTopologyStore::list(int limit) {
    auto headings = tx_.list<TopologyHeading>(topologies, limit);
    if (!headings)
        return pass(std::move(headings).error());
    std::vector<TopologyVersion> out;
    out.reserve(headings->size());
    for (TopologyHeading& heading : *headings)
        out.push_back(std::move(heading.version));
    return out;
}

Result<void> SqlAuditStore::append(std::span<const AuditEntry> entries) {
    return tx_.insert(entries);
}

Result<std::vector<AuditEntry>> SqlAuditStore::list(const AuditQuery& query) {
    const Microseconds up_to = query.up_to;
    const AuditId before =
        query.before ? query.before : AuditId{std::numeric_limits<std::int64_t>::max()};
    const auto page = [&](const Statement& statement, const auto&... of) {
        return tx_.list<AuditEntry>(statement, of..., up_to, up_to, before, query.limit);
    };
    const bool object = query.object_kind.has_value() && query.object_id.has_value();
    if (object && query.actor)
        return page(audit_of_both, *query.object_kind, *query.object_id, *query.actor);
    if (object)
        return page(audit_of_object, *query.object_kind, *query.object_id);
    if (query.actor)
        return page(audit_of_actor, *query.actor);
    return page(audit_all);
}

}  // namespace pchat::sql
