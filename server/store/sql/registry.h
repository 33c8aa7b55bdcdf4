// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/deployment_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog registry_catalog();

class SqlRegistryStore : public RegistryStore {
public:
    explicit SqlRegistryStore(Transaction& transaction) : tx_(transaction) {}

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
    /// Below this no epoch and no token begins.
    Result<std::int64_t> fence_floor();

    Transaction& tx_;
};

}  // namespace pchat::sql
