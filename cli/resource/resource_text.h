// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/context.h"
#include "cli/resource/resource.h"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace pchat::cli {

/// What a request says that is to change nothing.
std::vector<std::pair<std::string, std::string>> dry_run_query(const Context& ctx);

/// The name of a thing as the server or a file has it; empty when it has none.
std::string name_in(const Resource& resource, const nlohmann::ordered_json& item);

/// "room/Lobby created": what is true now, or the thing itself.
void show_change(
    Context& ctx,
    const Resource& resource,
    const nlohmann::ordered_json& item,
    const std::string& name,
    const char* what
);

}  // namespace pchat::cli
