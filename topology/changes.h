// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"
#include "topology/transition.h"

#include <string>
#include <vector>

namespace pchat::topology {

/// A pool that bears another name now.
struct Renaming {
    std::string before;
    std::string after;
};

/// What differs between two readable documents, things matched by kind and name, in the order of
/// the field table. Walks that table, so a new field needs nothing here.
std::vector<Change> list_changes(
    const config::Document& before,
    const config::Document& after,
    const std::vector<Renaming>& renamed_pools
);

}  // namespace pchat::topology
