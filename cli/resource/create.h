// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/client/server_choice.h"
#include "cli/command.h"
#include "cli/resource/resource.h"

#include <nlohmann/json.hpp>

#include <cstdint>

namespace pchat::cli {

/// "room create". The resource must live as long as the program.
Run bind_create(const Resource& resource, Args& args);

enum class IfExists : std::uint8_t { fail, take };

/// Something that was made, or was there already.
struct Created {
    nlohmann::ordered_json item;
    bool existed = false;
};
/// Asks the server for one; `query` beside it.
Result<Created> create_item(
    ApiClient& client,
    const Resource& resource,
    const nlohmann::ordered_json& item,
    IfExists if_exists,
    const std::vector<std::pair<std::string, std::string>>& query
);

}  // namespace pchat::cli
