// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/estate.h"
#include "server/service/admin_call.h"
#include "server/service/directory.h"
#include "server/store/content_database.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What is wrong with one thing that an estate describes.
struct EstateProblem {
    EstateNoun noun{};
    std::size_t item = 0;    // of its section
    std::string_view field;  // empty: all of it
    std::string value;       // of a list, which of its texts; else empty
    Error error;
};

/// Writes names and principals as the pool does, and finds what no pool could make of it: things
/// named twice, principals that do not exist, references to what is neither in the estate nor in
/// the pool. Fails only when the pool cannot be looked at.
Result<std::vector<EstateProblem>> make_canonical(
    ContentTransaction& tx, const Directory& directory, const Person& who, Estate& estate
);

}  // namespace pchat
