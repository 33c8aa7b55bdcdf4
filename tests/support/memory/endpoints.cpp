// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/endpoints.h"

namespace pchat::test {

Result<void> MemoryEndpointStore::insert(const Endpoint& endpoint) {
    const bool taken = value_of(state_.endpoints, [&](const Endpoint& one) {
                           return one.uuid == endpoint.uuid || one.name_key == endpoint.name_key;
                       }).has_value();
    if (taken || !state_.endpoints.emplace(endpoint.id, endpoint).second)
        return refuse(state_, "that endpoint is there");
    return {};
}

Result<void> MemoryEndpointStore::remove(EndpointId id) {
    if (state_.endpoints.erase(id) == 0)
        return fail(Errc::conflict, "there is no such endpoint");
    return {};
}

Result<std::optional<Endpoint>> MemoryEndpointStore::find_name(std::string_view name_key) {
    return value_of(state_.endpoints, [&](const Endpoint& one) {
        return one.name_key == name_key;
    });
}

Result<std::vector<Endpoint>> MemoryEndpointStore::list() {
    return values_of(state_.endpoints, [](const Endpoint&) { return true; });
}

}  // namespace pchat::test
