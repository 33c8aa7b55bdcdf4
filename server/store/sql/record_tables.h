// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/deployment.h"
#include "server/store/sql/mapping.h"

namespace pchat::sql {

template <>
struct Mapping<TopologyVersion> {
    static constexpr std::string_view table = "topology_version";
    static constexpr auto columns = std::tuple{
        column("version", &TopologyVersion::version, Part::key),
        column("document", &TopologyVersion::document, Part::fixed, Letters::any),
        column("sha256", &TopologyVersion::sha256),
        column("published_at", &TopologyVersion::published_at),
        column("published_by", &TopologyVersion::published_by, Part::fixed, Letters::any),
        column("comment", &TopologyVersion::comment, Part::fixed, Letters::any)};
};

template <>
struct Mapping<AuditEntry> {
    static constexpr std::string_view table = "audit";
    static constexpr auto columns = std::tuple{
        column("id", &AuditEntry::id, Part::key),
        column("at", &AuditEntry::at),
        column("server_id", &AuditEntry::server),
        column("actor_id", &AuditEntry::actor),
        column("actor_name", &AuditEntry::actor_name, Part::fixed, Letters::any),
        column("address", &AuditEntry::address),
        column("request", &AuditEntry::request),
        column("action", &AuditEntry::action),
        column("outcome", &AuditEntry::outcome),
        column("object_kind", &AuditEntry::object_kind),
        column("object_id", &AuditEntry::object_id),
        column("object_name", &AuditEntry::object_name, Part::fixed, Letters::any),
        column("old_value", &AuditEntry::old_value, Part::fixed, Letters::any),
        column("new_value", &AuditEntry::new_value, Part::fixed, Letters::any)};
};

}  // namespace pchat::sql
