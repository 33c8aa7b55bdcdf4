// SPDX-License-Identifier: Apache-2.0
#include "cli/published_topology.h"

#include <nlohmann/json.hpp>

namespace pchat::cli {

Result<PublishedTopology> published_topology(
    ApiClient& client, std::optional<std::int64_t> version
) {
    ApiCall call{.path = api_path("topology")};
    if (version)
        call.query.emplace_back("version", std::to_string(*version));
    const Result<nlohmann::ordered_json> found = client.call(call);
    if (!found && !version && found.error().reason == "topology-not-found")
        return PublishedTopology{};
    if (!found)
        return pass(found.error());
    return PublishedTopology{
        found->value("version", std::int64_t{0}), found->value("document", "")};
}

}  // namespace pchat::cli
