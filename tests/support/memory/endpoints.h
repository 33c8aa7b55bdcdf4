// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/endpoint_store.h"
#include "tests/support/memory/state.h"

namespace pchat::test {

class MemoryEndpointStore : public EndpointStore {
public:
    explicit MemoryEndpointStore(MemoryState& state) : state_(state) {}

    Result<void> insert(const Endpoint& endpoint) override;
    Result<void> remove(EndpointId id) override;
    Result<std::optional<Endpoint>> find_name(std::string_view name_key) override;
    Result<std::vector<Endpoint>> list() override;

private:
    MemoryState& state_;
};

}  // namespace pchat::test
