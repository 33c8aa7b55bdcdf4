// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/client/api_client.h"

#include <cstdint>
#include <optional>
#include <string>

namespace pchat::cli {

/// What the servers of a pool go by. Version 0: nothing was published there.
struct PublishedTopology {
    std::int64_t version = 0;
    std::string document;
};

/// The last version, or the one that is asked for.
Result<PublishedTopology> published_topology(
    ApiClient& client, std::optional<std::int64_t> version = {}
);

}  // namespace pchat::cli
