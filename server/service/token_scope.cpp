// SPDX-License-Identifier: Apache-2.0
#include "server/service/token_scope.h"

#include "server/service/id_list_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat {
namespace {

using nlohmann::json;

template <class List, class One>
bool has(const List& list, const One& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

}  // namespace

bool TokenScope::covers(CategoryId category) const {
    return everywhere() || has(categories, category);
}

bool TokenScope::covers(CategoryId category, RoomId room) const {
    return covers(category) || has(rooms, room);
}

Rights TokenScope::narrowed(Rights rights, CategoryId category, RoomId room) const {
    if (!covers(category, room))
        return {};
    if (!read_only)
        return rights;
    Rights out;
    for (const Right reading : std::array{Right::view, Right::join, Right::history})
        if (rights.has(reading))
            out |= reading;
    return out;
}

std::string scope_text(const TokenScope& scope) {
    json out = json::object();
    if (scope.read_only)
        out["read_only"] = true;
    put_ids(out, "categories", scope.categories);
    put_ids(out, "rooms", scope.rooms);
    return out.dump();
}

Result<TokenScope> read_scope_text(std::string_view text) {
    try {
        const json in = json::parse(text);
        TokenScope out;
        out.read_only = in.value("read_only", false);
        get_ids(in, "categories", out.categories);
        get_ids(in, "rooms", out.rooms);
        return out;
    } catch (const json::exception& error) {
        return fail(
            Errc::internal, std::string{"the scope of a token is no JSON: "} + error.what()
        );
    }
}

tl::unexpected<Error> beyond_scope(std::string_view what) {
    return fail_as(
        "token-scope",
        Errc::denied,
        fmt::format("this token is not for {}", what),
        "see what it is for: pchatctl token list; make one with another scope: pchatctl token "
        "create"
    );
}

}  // namespace pchat
