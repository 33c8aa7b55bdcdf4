// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/rules/directory.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::topology {

/// The kinds of things that other things name and whose absence REF-01 reports. (What a pool says
/// of its next hop and its site is judged by POOL-12 and POOL-14.)
enum class Named : std::uint8_t { data_center, site, sql_instance, file_store, pool };

/// One place that names a thing, found or not.
struct Reference {
    Named kind;
    const Text* text;
    std::string subject;     // who names it
    std::string_view field;  // "databases.content"
};

/// Every reference of these kinds, those that could not be read included.
std::vector<Reference> references(const Directory& all);

bool is_defined(const Directory& all, const Reference& reference);

}  // namespace pchat::topology
