// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/estate.h"

#include <string>
#include <string_view>

namespace pchat::api {

// An estate on the wire: {"prune":["rooms"],"rooms":[{"name":"Lobby","category":"Research",..}]}.

/// Refuses fields that nothing has: a misspelled one would silently stay as it is.
Result<Estate> read_estate_tree(std::string_view body);
std::string estate_tree(const Estate& estate);
/// What was done, or would be.
std::string estate_answer(const EstateOutcome& outcome, bool dry_run);

}  // namespace pchat::api
