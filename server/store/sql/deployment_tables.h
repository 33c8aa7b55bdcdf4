// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/compliance.h"
#include "server/domain/deployment.h"
#include "server/store/sql/mapping.h"

namespace pchat::sql {

template <>
struct Mapping<Server> {
    static constexpr std::string_view table = "server";
    static constexpr auto columns = std::tuple{
        column("id", &Server::id, Part::key),
        column("uuid", &Server::uuid),
        column("fqdn", &Server::fqdn),
        column("addresses", &Server::addresses, Part::fixed, Letters::any),
        column("version", &Server::version),
        column("state", &Server::state),
        column("epoch", &Server::epoch),
        column("log_n", &Server::log_n),
        column("outbox_n", &Server::outbox_n),
        column("session_count", &Server::session_count),
        column("load_permille", &Server::load_permille),
        column("started_at", &Server::started_at),
        column("heartbeat_at", &Server::heartbeat_at),
        column("expires_at", &Server::expires_at)};
};

template <>
struct Mapping<Lease> {
    static constexpr std::string_view table = "lease";
    static constexpr auto columns = std::tuple{
        column("name", &Lease::name, Part::key),
        column("owner_id", &Lease::owner),
        column("owner_name", &Lease::owner_name, Part::fixed, Letters::any),
        column("fencing_token", &Lease::fencing_token),
        column("acquired_at", &Lease::acquired_at),
        column("expires_at", &Lease::expires_at)};
};

/// Where the next free numbers begin.
struct IdBlock {
    std::string name;
    std::int64_t next_id = 0;
};

template <>
struct Mapping<IdBlock> {
    static constexpr std::string_view table = "id_block";
    static constexpr auto columns =
        std::tuple{column("name", &IdBlock::name, Part::key), column("next_id", &IdBlock::next_id)};
};

/// What is known of the deployment by name.
struct Fact {
    std::string name;
    std::string value;
};

template <>
struct Mapping<Fact> {
    static constexpr std::string_view table = "deployment";
    static constexpr auto columns = std::tuple{
        column("name", &Fact::name, Part::key),
        column("value", &Fact::value, Part::free, Letters::any)};
};

template <>
struct Mapping<LogEntry> {
    static constexpr std::string_view table = "origin_log";
    static constexpr auto columns = std::tuple{
        column("origin_id", &LogEntry::origin, Part::key),
        column("n", &LogEntry::n, Part::key),
        column("at", &LogEntry::at),
        column("kind", &LogEntry::kind),
        column("body", &LogEntry::body, Part::fixed, Letters::any)};
};

template <>
struct Mapping<OutboxEntry> {
    static constexpr std::string_view table = "compliance_outbox";
    static constexpr auto columns = std::tuple{
        column("origin_id", &OutboxEntry::origin, Part::key),
        column("n", &OutboxEntry::n, Part::key),
        column("uuid", &OutboxEntry::uuid),
        column("at", &OutboxEntry::at),
        column("kind", &OutboxEntry::kind),
        column("body", &OutboxEntry::body, Part::fixed, Letters::any)};
};

}  // namespace pchat::sql
