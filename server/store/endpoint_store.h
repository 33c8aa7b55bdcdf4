// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/endpoint.h"

#include <optional>
#include <string_view>
#include <vector>

namespace pchat {

/// Contact objects; they are made and removed, never changed.
class EndpointStore {
public:
    virtual ~EndpointStore() = default;

    /// `conflict` when the address is taken.
    virtual Result<void> insert(const Endpoint& endpoint) = 0;
    /// `conflict` when there is none.
    virtual Result<void> remove(EndpointId id) = 0;
    virtual Result<std::optional<Endpoint>> find_name(std::string_view name_key) = 0;
    virtual Result<std::vector<Endpoint>> list() = 0;
};

}  // namespace pchat
