// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/deployment_store.h"
#include "tests/support/memory/state.h"

namespace pchat::test {

class MemoryRegistryStore : public RegistryStore {
public:
    explicit MemoryRegistryStore(MemoryState& state) : state_(state) {}

    Result<std::int64_t> take_ids(IdKind kind, std::int64_t count) override;
    Result<Microseconds> now() override;
    Result<std::optional<std::string>> fact(std::string_view name) override;
    Result<void> put_fact(std::string_view name, std::string_view value) override;
    Result<Server> enrol(const Enrolment& enrolment) override;
    Result<void> heartbeat(const Heartbeat& heartbeat) override;
    Result<Server> advance(ServerId id, std::int64_t epoch, std::int64_t outbox) override;
    Result<void> announce(ServerId id, std::int64_t epoch, std::string_view addresses) override;
    Result<void> leave(ServerId id, std::int64_t epoch) override;
    Result<void> set_state(ServerId id, ServerState state) override;
    Result<bool> fence(ServerId id, std::int64_t epoch) override;
    Result<std::vector<Server>> list() override;
    Result<std::optional<Lease>> acquire(const Lease& wanted, Microseconds lifetime) override;
    Result<void> release(const Lease& lease) override;
    Result<std::vector<Lease>> leases() override;

private:
    MemoryState& state_;
};

class MemoryLogStore : public LogStore {
public:
    explicit MemoryLogStore(MemoryState& state) : state_(state) {}

    Result<void> append(const LogEntry& entry) override;
    Result<std::vector<LogEntry>> after(ServerId origin, std::int64_t n, int limit) override;
    Result<std::int64_t> trim(ServerId origin, Microseconds at, int limit) override;
    Result<void> append_outbox(std::span<const OutboxEntry> entries) override;
    Result<std::vector<OutboxEntry>> outbox(ServerId origin, int limit) override;
    Result<std::vector<OutboxEntry>> outbox_after(ServerId origin, std::int64_t n, int limit)
        override;
    Result<void> erase_outbox(ServerId origin, std::int64_t n) override;

private:
    MemoryState& state_;
};

}  // namespace pchat::test
