// SPDX-License-Identifier: Apache-2.0
#include "server/api/admin_request.h"

#include "base/time_text.h"
#include "base/unicode.h"
#include "server/api/wire_names.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat::api {
namespace {

constexpr wire::TextRule principal_rule{1, 512};

}  // namespace

Result<AdminCall> admin_call(const Call& call) {
    const auto revision = call.if_match();
    if (!revision)
        return pass(revision.error());
    return AdminCall{call.actor(), call.person, call.dry_run(), *revision};
}

net::HttpResponse object_response(int status, std::string body, std::int64_t revision) {
    net::HttpResponse out = json_response(status, std::move(body));
    out.headers.emplace_back("ETag", fmt::format("\"{}\"", revision));
    return out;
}

ListChange read_list(
    wire::ObjectReader& in,
    std::string_view name,
    std::string_view add_name,
    std::string_view remove_name
) {
    const wire::ListRule rule{most_listed, principal_rule};
    ListChange out;
    out.replace = in.text_list(name, rule);
    out.add = in.text_list(add_name, rule).value_or(std::vector<std::string>{});
    out.remove = in.text_list(remove_name, rule).value_or(std::vector<std::string>{});
    return out;
}

void write_list(
    wire::FieldWriter& out,
    std::string_view name,
    const DirectoryState& state,
    const std::vector<PrincipalId>& list
) {
    std::vector<std::string> names;
    names.reserve(list.size());
    for (const PrincipalId one : list)
        names.push_back(written(state, one));
    std::sort(names.begin(), names.end());
    out.texts(name, names);
}

void write_paths(wire::FieldWriter& out, const std::vector<std::vector<std::string>>& paths) {
    if (paths.empty())
        return;
    out.list("paths", paths, [](std::string& text, const std::vector<std::string>& path) {
        text += '[';
        for (std::size_t i = 0; i < path.size(); ++i) {
            text += i == 0 ? "" : ",";
            wire::append_text(text, path[i]);
        }
        text += ']';
    });
}

void write_purged(wire::FieldWriter& out, const std::vector<Purged>& purged) {
    if (purged.empty())
        return;
    out.list("purged", purged, [](std::string& text, const Purged& one) {
        text += '{';
        wire::FieldWriter fields{text};
        if (!one.room.empty())
            fields.text("room", one.room).text("name", one.room_name);
        fields.text("list", one.list).text("principal", one.principal);
        text += '}';
    });
}

std::string text_of(const Call& call, std::string_view name) {
    const auto found = call.query.find(name);
    return found == call.query.end() ? std::string{} : found->second;
}

Result<std::optional<Microseconds>> time_of(const Call& call, std::string_view name) {
    const auto found = call.query.find(name);
    if (found == call.query.end())
        return std::optional<Microseconds>{};
    const auto time = parse_time(found->second);
    if (!time)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("{} must be a time, got '{}'", name, printable(found->second)),
            "for example 2026-11-21T08:00:00Z",
            name
        );
    return time;
}

Result<std::optional<std::size_t>> choice_of(
    const Call& call, std::string_view name, const std::vector<std::string_view>& words
) {
    const auto found = call.query.find(name);
    if (found == call.query.end())
        return std::optional<std::size_t>{};
    std::string possible;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == found->second)
            return std::optional{i};
        possible.append(possible.empty() ? "" : ", ").append(words[i]);
    }
    return fail_as(
        "bad-value",
        Errc::invalid,
        fmt::format("{} cannot be '{}'", name, printable(found->second)),
        fmt::format("possible: {}", possible)
    );
}

Result<std::optional<bool>> flag_of(const Call& call, std::string_view name) {
    const auto choice = choice_of(call, name, {"false", "true"});
    if (!choice)
        return pass(choice.error());
    return *choice ? std::optional{**choice == 1} : std::nullopt;
}

}  // namespace pchat::api
