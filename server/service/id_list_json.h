// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json.hpp>

#include <cstdint>
#include <vector>

namespace pchat {

// Lists of numbers in the JSON that the database keeps; a list that is empty is left out.

template <class IdType>
void put_ids(nlohmann::json& out, const char* name, const std::vector<IdType>& ids) {
    for (const IdType id : ids)
        out[name].push_back(id.value);
}

template <class IdType>
void get_ids(const nlohmann::json& in, const char* name, std::vector<IdType>& ids) {
    const auto found = in.find(name);
    if (found == in.end())
        return;
    for (const nlohmann::json& id : *found)
        ids.push_back(IdType{id.get<std::int64_t>()});
}

}  // namespace pchat
