// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>

namespace pchat::cli {

// What the server answers about an estate, as people read it.

/// Each change with its fields and what it takes away; empty when there is none.
std::string plan_text(const nlohmann::ordered_json& answer);

struct PlanTally {
    std::size_t create = 0;
    std::size_t set = 0;
    std::size_t remove = 0;
    std::size_t losses = 0;

    [[nodiscard]] std::size_t changes() const { return create + set + remove; }
    /// Whether somebody loses something: things that go count as well.
    [[nodiscard]] bool takes_away() const { return remove + losses > 0; }
};
PlanTally tally_plan(const nlohmann::ordered_json& answer);

/// "3 changes: 1 to create, 2 to change, 0 to remove; 1 loss"
std::string planned(const PlanTally& tally);
/// "1 created, 2 changed, 0 removed"
std::string applied(const PlanTally& tally);

}  // namespace pchat::cli
