// SPDX-License-Identifier: Apache-2.0
// Add-ins: pages that rooms may show beside their messages.
#include "server/api/routes.h"
#include "server/api/short_list.h"
#include "server/api/taken_fields.h"
#include "server/api/wire_names.h"
#include "server/domain/name.h"
#include "server/domain/name_filter.h"
#include "server/service/addin_admin.h"

#include <unordered_map>

namespace pchat::api {
namespace {

Result<AddinFields> read_addin(std::string_view body) {
    wire::JsonDocument document;
    const auto root = document.parse(body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    constexpr wire::TextRule any{0, 4096};  // the limits of texts are the service's to check
    AddinFields out;
    if (const auto name = in.optional_text("name", any))
        out.name = std::string{*name};
    if (const auto url = in.optional_text("url", any))
        out.url = std::string{*url};
    out.allow_http = in.optional_bool("allow_http").value_or(false);
    if (in.problem())
        return pass(*in.problem());
    return out;
}

using RoomCounts = std::unordered_map<AddinId, std::int64_t>;

RoomCounts count_rooms(const DirectoryState& state) {
    RoomCounts out;
    state.each_room([&](const KnownRoom& room) {
        if (room.room.addin)
            ++out[*room.room.addin];
    });
    return out;
}

std::string addin_fields(
    const DirectoryState& state, const Addin& addin, const RoomCounts& counts
) {
    const auto rooms = counts.find(addin.id);
    std::string out;
    wire::FieldWriter{out}
        .text("id", addin.uuid)
        .text("name", addin.name)
        .text("url", addin.url)
        .number("rooms", rooms == counts.end() ? 0 : rooms->second)
        .number("revision", addin.revision)
        .time("created_at", addin.created_at)
        .text("created_by", written(state, addin.created_by))
        .time("updated_at", addin.updated_at);
    return out;
}

net::HttpResponse answer(const Call& call, int status, const AddinChange& change) {
    std::string body = "{";
    call.services.chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter fields{body};
        fields.fields(addin_fields(state, change.addin, count_rooms(state)));
        write_taken(fields, change.taken);
        return 0;
    });
    return object_response(status, body + "}", change.addin.revision);
}

Result<net::HttpResponse> get_addins(Call& call) {
    auto addins = list_addins(call.services.chat.content());
    if (!addins)
        return pass(std::move(addins).error());
    const NameFilter filter{text_of(call, "filter")};
    std::erase_if(*addins, [&](const Addin& one) {
        return !filter.fits(one.name) && !filter.fits(one.url);
    });
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        const RoomCounts counts = count_rooms(state);
        return short_list(
            call,
            "addins",
            *addins,
            [](const Addin& one) { return name_sort(one.name); },
            [&](const Addin& one) { return addin_fields(state, one, counts); }
        );
    });
}

Result<net::HttpResponse> read_one(Call& call) {
    Result<Addin> found = pchat::get_addin(call.services.chat.content(), call.path.at("addin"));
    if (!found)
        return pass(std::move(found).error());
    return answer(call, 200, {std::move(*found), {}});
}

Result<net::HttpResponse> post_addin(Call& call) {
    const Result<AddinFields> fields = read_addin(call.request.body);
    if (!fields)
        return pass(fields.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<AddinChange> made = create_addin(call.services.changes, *asked, *fields);
    if (!made)
        return pass(made.error());
    return answer(call, asked->dry_run ? 200 : 201, *made);
}

Result<net::HttpResponse> patch_addin(Call& call) {
    const Result<AddinFields> fields = read_addin(call.request.body);
    if (!fields)
        return pass(fields.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<AddinChange> changed =
        change_addin(call.services.changes, *asked, call.path.at("addin"), *fields);
    if (!changed)
        return pass(changed.error());
    return answer(call, 200, *changed);
}

Result<net::HttpResponse> delete_addin(Call& call) {
    const Result<Force> force = force_of(call);
    if (!force)
        return pass(force.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<AddinChange> removed =
        remove_addin(call.services.changes, *asked, call.path.at("addin"), *force);
    if (!removed)
        return pass(removed.error());
    return answer(call, 200, *removed);
}

}  // namespace

void add_addin_routes(std::vector<Route>& table) {
    constexpr std::string_view one = "/v1/addins/{addin}";
    // Managers of rooms choose one: everybody may look.
    table.push_back({"GET", "/v1/addins", Gate::signed_in, get_addins});
    table.push_back({"POST", "/v1/addins", Gate::pchat_admin, post_addin});
    table.push_back({"GET", one, Gate::signed_in, read_one});
    table.push_back({"PATCH", one, Gate::pchat_admin, patch_addin});
    table.push_back({"DELETE", one, Gate::pchat_admin, delete_addin});
}

}  // namespace pchat::api
