// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/estate.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

enum class EstateAction : std::uint8_t { create, set, remove };

/// What becomes of one field; `before` is empty of what is made, `after` of what goes.
struct EstateDifference {
    std::string_view field;
    std::optional<EstateValue> before;
    std::optional<EstateValue> after;

    // Of principals: who comes and who goes.
    [[nodiscard]] std::vector<std::string> added() const;
    [[nodiscard]] std::vector<std::string> removed() const;
};

/// One change of one thing.
struct EstateChange {
    EstateAction action{};
    EstateNoun noun{};
    std::string name;  // as the pool has it; of a new one as it is wanted
    std::vector<EstateDifference> fields;
    std::optional<std::size_t> item;   // of the wanted section; none: it is not in it
    std::optional<bool> allow_http{};  // as the item says

    [[nodiscard]] const EstateDifference* find(std::string_view field) const;
};

/// What must be changed, in an order in which it can be done, to make of what was found what is
/// wanted. What a category takes back of its scope comes in a second change, behind the rooms, so
/// that nobody loses a place that is theirs before and after. What goes, goes last.
///
/// `found` has all fields of each item that `wanted` names, and all items of the sections that it
/// prunes. The global policy and the global settings are always there: they are never pruned.
std::vector<EstateChange> plan_estate(const Estate& wanted, const Estate& found);

}  // namespace pchat
