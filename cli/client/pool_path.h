// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/client/api_client.h"

#include <string>
#include <string_view>

namespace pchat::cli {

/// "/v1/pools/NAME" of the pool that was named, or that the server belongs to.
inline Result<std::string> pool_path(ApiClient& client, const std::string& named) {
    if (!named.empty())
        return api_path("pools", {named});
    const auto found = client.call({.path = api_path("discover")});
    if (!found)
        return pass(found.error());
    return api_path("pools", {found->value("pool", "")});
}

}  // namespace pchat::cli
