// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/admin_request.h"
#include "server/wire/json_text.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::api {

/// Answers a page of a list that is short enough to be sorted at every request: by what `name`
/// gives of an item, which is also the cursor; `write` gives its fields.
template <class T, class Name, class Write>
Result<net::HttpResponse> short_list(
    const Call& call,
    std::string_view plural,
    const std::vector<T>& items,
    const Name& name,
    const Write& write
) {
    const Result<int> limit = call.limit(100, 1000);
    if (!limit)
        return pass(limit.error());
    std::vector<std::pair<std::string, const T*>> sorted;
    for (const T& item : items)
        sorted.emplace_back(name(item), &item);
    std::sort(sorted.begin(), sorted.end());
    if (const auto cursor = call.cursor())
        std::erase_if(sorted, [&](const auto& one) { return one.first <= *cursor; });
    const bool more = sorted.size() > static_cast<std::size_t>(*limit);
    if (more)
        sorted.resize(static_cast<std::size_t>(*limit));
    std::string body = "{";
    wire::FieldWriter fields{body};
    fields.list(plural, sorted, [&](std::string& out, const auto& one) {
        out += "{" + write(*one.second) + "}";
    });
    if (more)
        fields.text("cursor", sorted.back().first);
    return json_response(200, body + "}");
}

}  // namespace pchat::api
