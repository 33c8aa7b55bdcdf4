// SPDX-License-Identifier: Apache-2.0
#include "server/service/audit_text.h"

#include "server/domain/words.h"

#include <nlohmann/json.hpp>

namespace pchat {
namespace {

using nlohmann::json;

void put(std::string& out, std::string_view name, const json& value) {
    out += out.empty() ? "\"" : ",\"";
    out.append(name).append("\":");
    out += value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string object(const std::string& fields) {
    return fields.empty() ? std::string{} : "{" + fields + "}";
}

Result<void> put_list(
    std::string& out,
    std::string_view name,
    PrincipalLookup& lookup,
    const std::vector<PrincipalId>& ids
) {
    if (ids.empty())
        return {};
    json list = json::array();
    for (const PrincipalId id : ids) {
        Result<std::string> one = lookup.written(id);
        if (!one)
            return pass(std::move(one).error());
        list.push_back(std::move(*one));
    }
    put(out, name, list);
    return {};
}

template <class T, class Get>
auto of(const T* object, Get get) -> std::optional<decltype(get(*object))> {
    if (object == nullptr)
        return std::nullopt;
    return get(*object);
}

}  // namespace

void AuditText::text(
    std::string_view name,
    std::optional<std::string_view> before,
    std::optional<std::string_view> after
) {
    if (before == after)
        return;
    if (before)
        put(before_, name, *before);
    if (after)
        put(after_, name, *after);
}

void AuditText::flag(std::string_view name, std::optional<bool> before, std::optional<bool> after) {
    if (before == after)
        return;
    if (before)
        put(before_, name, *before);
    if (after)
        put(after_, name, *after);
}

void AuditText::number(std::string_view name, std::int64_t before, std::int64_t after) {
    if (before == after)
        return;
    put(before_, name, before);
    put(after_, name, after);
}

Result<void> AuditText::list(
    std::string_view name,
    PrincipalLookup& lookup,
    const std::vector<PrincipalId>& before,
    const std::vector<PrincipalId>& after
) {
    if (Result<void> gone = put_list(before_, name, lookup, without(before, after)); !gone)
        return gone;
    return put_list(after_, name, lookup, without(after, before));
}

void AuditText::taken(const std::vector<TakenAway>& list) {
    if (list.empty())
        return;
    json entries = json::array();
    for (const TakenAway& one : list) {
        json entry{{"kind", one.kind}, {"name", one.name}};
        if (!one.id.empty()) {
            entry["id"] = one.id;
            entry["list"] = one.list;
        }
        entries.push_back(std::move(entry));
    }
    put(before_, "taken", entries);
}

std::string AuditText::before() const {
    return object(before_);
}

std::string AuditText::after() const {
    return object(after_);
}

std::string AuditText::both() const {
    return "{\"before\":{" + before_ + "},\"after\":{" + after_ + "}}";
}

Result<AuditText> audit_text(
    PrincipalLookup& lookup,
    const KnownRoom* before,
    const RoomNames& before_names,
    const KnownRoom* after,
    const RoomNames& after_names
) {
    AuditText out;
    const auto text = [&](std::string_view name, auto get) {
        const auto view = [&](const KnownRoom& room) { return std::string_view{get(room)}; };
        out.text(name, of(before, view), of(after, view));
    };
    const auto flag = [&](std::string_view name, auto get) {
        out.flag(name, of(before, get), of(after, get));
    };
    text("name", [](const KnownRoom& one) -> const std::string& { return one.room.name; });
    text("description", [](const KnownRoom& one) -> const std::string& {
        return one.room.description;
    });
    text("type", [](const KnownRoom& one) { return to_string(one.room.type); });
    text("privacy", [](const KnownRoom& one) { return to_string(one.room.privacy); });
    flag("invitations", [](const KnownRoom& one) { return one.room.invitations; });
    flag("disabled", [](const KnownRoom& one) { return one.room.disabled; });
    const auto named = [&](std::string_view name, std::string RoomNames::*which) {
        out.text(
            name,
            of(before, [&](const KnownRoom&) { return std::string_view{before_names.*which}; }),
            of(after, [&](const KnownRoom&) { return std::string_view{after_names.*which}; })
        );
    };
    named("category", &RoomNames::category);
    named("addin", &RoomNames::addin);
    const KnownRoom nothing;
    const KnownRoom& old = before == nullptr ? nothing : *before;
    const KnownRoom& now = after == nullptr ? nothing : *after;
    for (const auto& [name, list] :
         {std::pair{"members", &KnownRoom::members},
          std::pair{"managers", &KnownRoom::managers},
          std::pair{"presenters", &KnownRoom::presenters}})
        if (Result<void> put = out.list(name, lookup, old.*list, now.*list); !put)
            return pass(std::move(put).error());
    return out;
}

Result<AuditText> audit_text(
    PrincipalLookup& lookup, const KnownCategory* before, const KnownCategory* after
) {
    AuditText out;
    const auto text = [&](std::string_view name, std::string Category::*which) {
        const auto view = [&](const KnownCategory& one) {
            return std::string_view{one.category.*which};
        };
        out.text(name, of(before, view), of(after, view));
    };
    const auto flag = [&](std::string_view name, bool Category::*which) {
        const auto get = [&](const KnownCategory& one) { return one.category.*which; };
        out.flag(name, of(before, get), of(after, get));
    };
    text("name", &Category::name);
    text("description", &Category::description);
    flag("invitations", &Category::invitations);
    flag("file_upload", &Category::file_upload);
    flag("history", &Category::history);
    const KnownCategory nothing;
    const KnownCategory& old = before == nullptr ? nothing : *before;
    const KnownCategory& now = after == nullptr ? nothing : *after;
    for (const auto& [name, list] :
         {std::pair{"allow", &KnownCategory::allowed},
          std::pair{"deny", &KnownCategory::denied},
          std::pair{"creators", &KnownCategory::creators}})
        if (Result<void> put = out.list(name, lookup, old.*list, now.*list); !put)
            return pass(std::move(put).error());
    return out;
}

}  // namespace pchat
