// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/registry.h"

#include <algorithm>

namespace pchat::test {
namespace {

Server* life_of(MemoryState& state, ServerId id, std::int64_t epoch) {
    const auto there = state.servers.find(id);
    return there == state.servers.end() || there->second.epoch != epoch ? nullptr : &there->second;
}

std::int64_t fence_floor(const MemoryState& state) {
    const auto there = state.facts.find(std::string{fence_floor_fact});
    return there == state.facts.end() ? 0 : std::stoll(there->second);
}

tl::unexpected<Error> fenced() {
    return fail_as(server_replaced, Errc::denied, "the server was replaced");
}

}  // namespace

Result<std::int64_t> MemoryRegistryStore::take_ids(IdKind kind, std::int64_t count) {
    std::int64_t& next = state_.next_ids[std::string{to_string(kind)}];
    const std::int64_t first = next + 1;
    next += count;
    return first;
}

Result<Microseconds> MemoryRegistryStore::now() {
    return ++state_.now;
}

Result<std::optional<std::string>> MemoryRegistryStore::fact(std::string_view name) {
    const auto there = state_.facts.find(std::string{name});
    if (there == state_.facts.end())
        return std::nullopt;
    return there->second;
}

Result<void> MemoryRegistryStore::put_fact(std::string_view name, std::string_view value) {
    state_.facts[std::string{name}] = value;
    return {};
}

Result<Server> MemoryRegistryStore::enrol(const Enrolment& enrolment) {
    const auto known =
        value_of(state_.servers, [&](const Server& one) { return one.fqdn == enrolment.fqdn; });
    Server server = known.value_or(Server{});
    if (!known) {
        server.id = enrolment.id;
        server.fqdn = enrolment.fqdn;
        server.epoch = fence_floor(state_);
    }
    server.uuid = enrolment.uuid;
    server.addresses = enrolment.addresses;
    server.version = enrolment.version;
    server.state =
        !known || known->state == ServerState::removed ? enrolment.state : wanted(known->state);
    ++server.epoch;
    server.session_count = server.load_permille = 0;
    server.started_at = server.heartbeat_at = ++state_.now;
    server.expires_at = server.started_at + enrolment.lifetime;
    state_.servers[server.id] = server;
    return server;
}

Result<void> MemoryRegistryStore::heartbeat(const Heartbeat& heartbeat) {
    Server* server = life_of(state_, heartbeat.id, heartbeat.epoch);
    if (server == nullptr)
        return fenced();
    server->session_count = heartbeat.session_count;
    server->load_permille = heartbeat.load_permille;
    server->heartbeat_at = ++state_.now;
    server->expires_at = server->heartbeat_at + heartbeat.lifetime;
    return {};
}

Result<void> MemoryRegistryStore::announce(
    ServerId id, std::int64_t epoch, std::string_view addresses
) {
    Server* server = life_of(state_, id, epoch);
    if (server == nullptr)
        return fenced();
    server->addresses = addresses;
    return {};
}

Result<void> MemoryRegistryStore::leave(ServerId id, std::int64_t epoch) {
    if (Server* server = life_of(state_, id, epoch); server != nullptr)
        server->session_count = server->load_permille = server->expires_at = 0;
    return {};
}

Result<Server> MemoryRegistryStore::advance(ServerId id, std::int64_t epoch, std::int64_t outbox) {
    Server* server = life_of(state_, id, epoch);
    if (server == nullptr)
        return fenced();
    ++server->log_n;
    server->outbox_n += outbox;
    return *server;
}

Result<void> MemoryRegistryStore::set_state(ServerId id, ServerState state) {
    const auto there = state_.servers.find(id);
    if (there == state_.servers.end())
        return fail(Errc::not_found, "there is no such server");
    there->second.state = state;
    return {};
}

Result<bool> MemoryRegistryStore::fence(ServerId id, std::int64_t epoch) {
    Server* server = life_of(state_, id, epoch);
    if (server == nullptr)
        return false;
    ++server->epoch;
    server->expires_at = std::min(server->expires_at, state_.now);
    return true;
}

Result<std::vector<Server>> MemoryRegistryStore::list() {
    auto out = values_of(state_.servers, [](const Server&) { return true; });
    std::sort(out.begin(), out.end(), [](const Server& a, const Server& b) {
        return a.fqdn < b.fqdn;
    });
    return out;
}

Result<std::optional<Lease>> MemoryRegistryStore::acquire(
    const Lease& wanted, Microseconds lifetime
) {
    ++state_.now;
    const auto there = state_.leases.find(wanted.name);
    const bool renewed = there != state_.leases.end() &&
                         there->second.fencing_token == wanted.fencing_token &&
                         there->second.owner_name == wanted.owner_name;
    if (!renewed && there != state_.leases.end() && there->second.expires_at > state_.now)
        return std::nullopt;
    Lease lease = renewed ? there->second : wanted;
    if (!renewed) {
        lease.fencing_token =
            1 + (there == state_.leases.end() ? fence_floor(state_) : there->second.fencing_token);
        lease.acquired_at = state_.now;
    }
    lease.expires_at = state_.now + lifetime;
    state_.leases[wanted.name] = lease;
    return lease;
}

Result<void> MemoryRegistryStore::release(const Lease& lease) {
    const auto there = state_.leases.find(lease.name);
    if (there != state_.leases.end() && there->second.fencing_token == lease.fencing_token)
        there->second.expires_at = 0;
    return {};
}

Result<std::vector<Lease>> MemoryRegistryStore::leases() {
    return values_of(state_.leases, [](const Lease&) { return true; });
}

Result<void> MemoryLogStore::append(const LogEntry& entry) {
    if (!state_.log.emplace(std::pair{entry.origin, entry.n}, entry).second)
        return refuse(state_, "that number is taken");
    return {};
}

Result<std::vector<LogEntry>> MemoryLogStore::after(ServerId origin, std::int64_t n, int limit) {
    return values_of(
        state_.log,
        [&](const LogEntry& one) { return one.origin == origin && one.n > n; },
        static_cast<std::size_t>(limit)
    );
}

Result<std::int64_t> MemoryLogStore::trim(ServerId origin, Microseconds at, int limit) {
    std::int64_t erased = 0;
    for (const LogEntry& one : values_of(
             state_.log,
             [&](const LogEntry& entry) { return entry.origin == origin; },
             static_cast<std::size_t>(limit)
         )) {
        if (one.at >= at)
            break;
        state_.log.erase({origin, one.n});
        ++erased;
    }
    return erased;
}

Result<void> MemoryLogStore::append_outbox(std::span<const OutboxEntry> entries) {
    for (const OutboxEntry& entry : entries)
        if (!state_.outbox.emplace(std::pair{entry.origin, entry.n}, entry).second)
            return refuse(state_, "that number is taken");
    return {};
}

Result<std::vector<OutboxEntry>> MemoryLogStore::outbox(ServerId origin, int limit) {
    return values_of(
        state_.outbox,
        [&](const OutboxEntry& one) { return one.origin == origin; },
        static_cast<std::size_t>(limit)
    );
}

Result<std::vector<OutboxEntry>> MemoryLogStore::outbox_after(
    ServerId origin, std::int64_t n, int limit
) {
    return values_of(
        state_.outbox,
        [&](const OutboxEntry& one) { return one.origin == origin && one.n > n; },
        static_cast<std::size_t>(limit)
    );
}

Result<void> MemoryLogStore::erase_outbox(ServerId origin, std::int64_t n) {
    std::erase_if(state_.outbox, [&](const auto& entry) {
        return entry.second.origin == origin && entry.second.n <= n;
    });
    return {};
}

}  // namespace pchat::test
