// SPDX-License-Identifier: Apache-2.0
#include "server/service/token_scope.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace pchat {
namespace {

using nlohmann::json;

template <class IdType>
void put(json& out, const char* name, const std::vector<IdType>& ids) {
    for (const IdType id : ids)
        out[name].push_back(id.value);
}

template <class IdType>
void get(const json& in, const char* name, std::vector<IdType>& ids) {
    const auto found = in.find(name);
    if (found == in.end())
        return;
    for (const json& id : *found)
        ids.push_back(IdType{id.get<std::int64_t>()});
}

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
    put(out, "categories", scope.categories);
    put(out, "rooms", scope.rooms);
    return out.dump();
}

Result<TokenScope> read_scope_text(std::string_view text) {
    try {
        const json in = json::parse(text);
        TokenScope out;
        out.read_only = in.value("read_only", false);
        get(in, "categories", out.categories);
        get(in, "rooms", out.rooms);
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
