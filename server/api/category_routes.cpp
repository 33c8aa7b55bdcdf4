// SPDX-License-Identifier: Apache-2.0
// Categories: who may be in their rooms, and what their rooms may have.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/api/wire_names.h"
#include "server/service/category_admin.h"
#include "server/service/listing.h"
#include "server/service/named_object.h"
#include "server/wire/json_text.h"

#include <unordered_map>

namespace pchat::api {
namespace {

Result<CategoryFields> read_category(std::string_view body) {
    wire::JsonDocument document;
    const auto root = document.parse(body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    constexpr wire::TextRule any{0, 4096};  // the limits of texts are the service's to check
    CategoryFields out;
    if (const auto name = in.optional_text("name", any))
        out.name = std::string{*name};
    if (const auto description = in.optional_text("description", any))
        out.description = std::string{*description};
    out.invitations = in.optional_bool("invitations");
    out.file_upload = in.optional_bool("file_upload");
    out.history = in.optional_bool("history");
    out.allow = read_list(in, "allow", "add_allow", "remove_allow");
    out.deny = read_list(in, "deny", "add_deny", "remove_deny");
    out.creators = read_list(in, "creators", "add_creators", "remove_creators");
    if (in.problem())
        return pass(*in.problem());
    return out;
}

using RoomCounts = std::unordered_map<CategoryId, std::int64_t>;

RoomCounts count_rooms(const DirectoryState& state) {
    RoomCounts out;
    state.each_room([&](const KnownRoom& room) { ++out[room.room.category]; });
    return out;
}

std::string category_fields(
    const DirectoryState& state, const KnownCategory& known, const RoomCounts& counts
) {
    const Category& category = known.category;
    const auto rooms = counts.find(category.id);
    std::string out;
    wire::FieldWriter fields{out};
    fields.text("id", category.uuid)
        .text("name", category.name)
        .text("description", category.description)
        .boolean("invitations", category.invitations)
        .boolean("file_upload", category.file_upload)
        .boolean("history", category.history);
    write_list(fields, "allow", state, known.allowed);
    write_list(fields, "deny", state, known.denied);
    write_list(fields, "creators", state, known.creators);
    fields.number("rooms", rooms == counts.end() ? 0 : rooms->second)
        .time("created_at", category.created_at)
        .text("created_by", written(state, category.created_by))
        .time("updated_at", category.updated_at)
        .number("revision", category.revision);
    return out;
}

net::HttpResponse answer(const Call& call, int status, const CategoryChange& change) {
    std::string body = "{";
    call.services.chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter fields{body};
        fields.fields(category_fields(state, change.category, count_rooms(state)));
        write_purged(fields, change.purged);
        if (!change.undo.empty() && !call.dry_run())
            fields.text("undo", change.undo);
        return 0;
    });
    return object_response(status, body + "}", change.category.category.revision);
}

Result<net::HttpResponse> get_categories(Call& call) {
    const Result<int> limit = call.limit(100, 1000);
    if (!limit)
        return pass(limit.error());
    const NameList query{text_of(call, "filter"), *limit, call.cursor()};
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const Result<CategoryList> found = list_categories(state, query);
            if (!found)
                return pass(found.error());
            const RoomCounts counts = count_rooms(state);
            std::string body = "{";
            wire::FieldWriter fields{body};
            fields.list("categories", found->categories, [&](std::string& out, CategoryId id) {
                out += '{';
                if (const KnownCategory* one = state.category(id))
                    out += category_fields(state, *one, counts);
                out += '}';
            });
            if (found->cursor)
                fields.text("cursor", *found->cursor);
            return json_response(200, body + "}");
        }
    );
}

Result<net::HttpResponse> get_category(Call& call) {
    const std::string& name = call.path.at("category");
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const KnownCategory* known = state.find_category(name);
            if (known == nullptr)
                return category_not_found(name);
            return object_response(
                200,
                "{" + category_fields(state, *known, count_rooms(state)) + "}",
                known->category.revision
            );
        }
    );
}

Result<net::HttpResponse> post_category(Call& call) {
    const Result<CategoryFields> fields = read_category(call.request.body);
    if (!fields)
        return pass(fields.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<CategoryChange> made = create_category(call.services.changes, *asked, *fields);
    if (!made)
        return pass(made.error());
    return answer(call, asked->dry_run ? 200 : 201, *made);
}

Result<net::HttpResponse> patch_category(Call& call) {
    const Result<CategoryFields> fields = read_category(call.request.body);
    if (!fields)
        return pass(fields.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<CategoryChange> changed =
        change_category(call.services.changes, *asked, call.path.at("category"), *fields);
    if (!changed)
        return pass(changed.error());
    return answer(call, 200, *changed);
}

Result<net::HttpResponse> delete_category(Call& call) {
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<CategoryChange> removed =
        remove_category(call.services.changes, *asked, call.path.at("category"));
    if (!removed)
        return pass(removed.error());
    return answer(call, 200, *removed);
}

}  // namespace

void add_category_routes(std::vector<Route>& table) {
    constexpr std::string_view one = "/v1/categories/{category}";
    table.push_back({"GET", "/v1/categories", Gate::viewer, get_categories});
    table.push_back({"POST", "/v1/categories", Gate::pchat_admin, post_category, largest_admin_body}
    );
    table.push_back({"GET", one, Gate::viewer, get_category});
    table.push_back({"PATCH", one, Gate::pchat_admin, patch_category, largest_admin_body});
    table.push_back({"DELETE", one, Gate::pchat_admin, delete_category});
}

}  // namespace pchat::api
