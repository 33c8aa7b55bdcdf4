// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/endpoint_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog endpoint_catalog();

class SqlEndpointStore : public EndpointStore {
public:
    explicit SqlEndpointStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> insert(const Endpoint& endpoint) override;
    Result<void> remove(EndpointId id) override;
    Result<std::optional<Endpoint>> find_name(std::string_view name_key) override;
    Result<std::vector<Endpoint>> list() override;

private:
    Transaction& tx_;
};

}  // namespace pchat::sql
