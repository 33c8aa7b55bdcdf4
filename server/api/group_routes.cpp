// SPDX-License-Identifier: Apache-2.0
// Groups of this pool: users and other groups under one name.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/api/taken_fields.h"
#include "server/api/wire_names.h"
#include "server/domain/words.h"
#include "server/service/group_admin.h"
#include "server/wire/json_text.h"

#include <unordered_map>

namespace pchat::api {
namespace {

Result<GroupFields> read_group(std::string_view body) {
    wire::JsonDocument document;
    const auto root = document.parse(body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    constexpr wire::TextRule any{0, 4096};  // the limits of texts are the service's to check
    GroupFields out;
    const auto text = [&](std::string_view name) -> std::optional<std::string> {
        const auto found = in.optional_text(name, any);
        return found ? std::optional{std::string{*found}} : std::nullopt;
    };
    out.name = text("name");
    out.display = text("display");
    out.email = text("email");
    out.members = read_list(in, "members", "add_members", "remove_members");
    if (in.problem())
        return pass(*in.problem());
    return out;
}

void write_facts(wire::FieldWriter& fields, const Principal& group) {
    fields.text("id", group.uuid)
        .text("name", group.name)
        .text("group", "group:" + group.name)
        .text("display", group.display_name)
        .text("email", group.email)
        .text("source", to_string(group.source));
}

void write_times(wire::FieldWriter& fields, const Principal& group) {
    fields.number("revision", group.revision)
        .time("created_at", group.created_at)
        .time("updated_at", group.updated_at);
}

std::string group_fields(const DirectoryState& state, const GroupFacts& facts) {
    const KnownPrincipal* known = state.principal(facts.group.id);
    std::string out;
    wire::FieldWriter fields{out};
    write_facts(fields, facts.group);
    write_list(fields, "members", state, facts.members);
    write_list(
        fields, "groups", state, known == nullptr ? std::vector<PrincipalId>{} : known->parents
    );
    write_times(fields, facts.group);
    return out;
}

net::HttpResponse answer(const Call& call, int status, const GroupChange& change) {
    std::string body = "{";
    call.services.chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter fields{body};
        fields.fields(group_fields(state, change.group));
        write_taken(fields, change.taken);
        return 0;
    });
    return object_response(status, body + "}", change.group.group.revision);
}

using Sizes = std::unordered_map<PrincipalId, std::int64_t>;

/// Direct members of every group.
Sizes sizes(const DirectoryState& state) {
    Sizes out;
    state.each_principal([&](const KnownPrincipal& one) {
        for (const PrincipalId parent : one.parents)
            ++out[parent];
    });
    return out;
}

Result<net::HttpResponse> get_groups(Call& call) {
    const Result<int> limit = call.limit(100, 1000);
    if (!limit)
        return pass(limit.error());
    const Result<GroupList> found =
        list_groups(call.services.chat.content(), {text_of(call, "filter"), *limit, call.cursor()});
    if (!found)
        return pass(found.error());
    Sizes counts = call.services.chat.directory().read([](const DirectoryState& state) {
        return sizes(state);
    });
    std::string body = "{";
    wire::FieldWriter fields{body};
    fields.list("groups", found->groups, [&](std::string& out, const Principal& one) {
        out += '{';
        wire::FieldWriter group{out};
        write_facts(group, one);
        group.number("member_count", counts[one.id]);
        write_times(group, one);
        out += '}';
    });
    if (found->cursor)
        fields.text("cursor", *found->cursor);
    return json_response(200, body + "}");
}

Result<net::HttpResponse> read_one(Call& call) {
    Result<GroupFacts> found =
        pchat::get_group(call.services.chat.content(), call.path.at("group"));
    if (!found)
        return pass(std::move(found).error());
    return answer(call, 200, {std::move(*found), {}});
}

Result<net::HttpResponse> post_group(Call& call) {
    const Result<GroupFields> fields = read_group(call.request.body);
    if (!fields)
        return pass(fields.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<GroupChange> made = create_group(call.services.changes, *asked, *fields);
    if (!made)
        return pass(made.error());
    return answer(call, asked->dry_run ? 200 : 201, *made);
}

Result<net::HttpResponse> patch_group(Call& call) {
    const Result<GroupFields> fields = read_group(call.request.body);
    if (!fields)
        return pass(fields.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<GroupChange> changed =
        change_group(call.services.changes, *asked, call.path.at("group"), *fields);
    if (!changed)
        return pass(changed.error());
    return answer(call, 200, *changed);
}

Result<net::HttpResponse> delete_group(Call& call) {
    const Result<Force> force = force_of(call);
    if (!force)
        return pass(force.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<GroupChange> removed =
        remove_group(call.services.changes, *asked, call.path.at("group"), *force);
    if (!removed)
        return pass(removed.error());
    return answer(call, 200, *removed);
}

}  // namespace

void add_group_routes(std::vector<Route>& table) {
    constexpr std::string_view one = "/v1/groups/{group}";
    table.push_back({"GET", "/v1/groups", Gate::viewer, get_groups});
    table.push_back({"POST", "/v1/groups", Gate::user_admin, post_group, largest_admin_body});
    table.push_back({"GET", one, Gate::viewer, read_one});
    table.push_back({"PATCH", one, Gate::user_admin, patch_group, largest_admin_body});
    table.push_back({"DELETE", one, Gate::user_admin, delete_group});
}

}  // namespace pchat::api
