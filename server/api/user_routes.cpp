// SPDX-License-Identifier: Apache-2.0
// Users of this pool: what is known of them, their passwords and roles.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/domain/words.h"
#include "server/service/user_admin.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::api {
namespace {

std::vector<AdminRole> read_roles(wire::ObjectReader& in, std::string_view name) {
    std::vector<AdminRole> out;
    const auto words = in.text_list(name, {20, {1, 64}});
    if (!words)
        return out;
    for (const std::string& word : *words) {
        const auto found = std::find(admin_role_words.begin(), admin_role_words.end(), word);
        if (found == admin_role_words.end()) {
            in.refuse(
                name,
                "bad-value",
                Errc::invalid,
                fmt::format("'{}' is not a role", word),
                fmt::format("roles are {}", fmt::join(admin_role_words, ", "))
            );
            return out;
        }
        out.push_back(static_cast<AdminRole>(found - admin_role_words.begin() + 1));
    }
    return out;
}

UserFields read_user(wire::ObjectReader& in) {
    constexpr wire::TextRule any{0, 4096};  // the limits of texts are the service's to check
    UserFields out;
    const auto text = [&](std::string_view name) -> std::optional<std::string> {
        const auto found = in.optional_text(name, any);
        return found ? std::optional{std::string{*found}} : std::nullopt;
    };
    out.display = text("display");
    out.email = text("email");
    out.company = text("company");
    out.site = text("site");
    out.disabled = in.optional_bool("disabled");
    if (const auto password = in.optional_text("password", {0, 1024}))
        out.password.emplace(std::string{*password});
    out.add_roles = read_roles(in, "add_roles");
    out.remove_roles = read_roles(in, "remove_roles");
    return out;
}

std::string user_fields(const UserFacts& facts) {
    const Principal& user = facts.user;
    std::string out;
    wire::FieldWriter{out}
        .text("id", user.uuid)
        .text("user", "sip:" + user.name)
        .text("display", user.display_name)
        .text("email", user.email)
        .text("company", user.company)
        .text("site", user.site)
        .text("state", to_string(user.state))
        .text("source", to_string(user.source))
        .list(
            "roles",
            facts.roles,
            [](std::string& list, AdminRole role) { wire::append_text(list, to_string(role)); }
        )
        .number("revision", user.revision)
        .time("created_at", user.created_at)
        .time("updated_at", user.updated_at);
    return out;
}

net::HttpResponse answer(int status, const UserFacts& facts) {
    return object_response(status, "{" + user_fields(facts) + "}", facts.user.revision);
}

Result<net::HttpResponse> get_users(Call& call) {
    const Result<int> limit = call.limit(100, 1000);
    if (!limit)
        return pass(limit.error());
    const auto state =
        choice_of(call, "state", {principal_state_words.begin(), principal_state_words.end()});
    if (!state)
        return pass(state.error());
    UserListQuery query;
    query.filter = text_of(call, "filter");
    query.limit = *limit;
    query.cursor = call.cursor();
    if (*state)
        query.state = static_cast<PrincipalState>(**state);
    const Result<UserList> users = list_users(call.services.chat.content(), query);
    if (!users)
        return pass(users.error());
    std::string body = "{";
    wire::FieldWriter fields{body};
    fields.list("users", users->users, [](std::string& out, const UserFacts& one) {
        out += "{" + user_fields(one) + "}";
    });
    if (users->cursor)
        fields.text("cursor", *users->cursor);
    return json_response(200, body + "}");
}

Result<net::HttpResponse> read_one(Call& call) {
    const Result<UserFacts> user =
        pchat::get_user(call.services.chat.content(), call.path.at("user"));
    if (!user)
        return pass(user.error());
    return answer(200, *user);
}

Result<net::HttpResponse> post_user(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    const std::string user{in.required_text("user", {1, 512})};
    const UserFields fields = read_user(in);
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<UserFacts> made = create_user(call.services.changes, *asked, user, fields);
    if (!made)
        return pass(made.error());
    return answer(asked->dry_run ? 200 : 201, *made);
}

Result<net::HttpResponse> patch_user(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    const UserFields fields = read_user(in);
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<UserFacts> changed =
        change_user(call.services.changes, *asked, call.path.at("user"), fields);
    if (!changed)
        return pass(changed.error());
    return answer(200, *changed);
}

Result<net::HttpResponse> delete_user(Call& call) {
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<UserFacts> removed =
        remove_user(call.services.changes, *asked, call.path.at("user"));
    if (!removed)
        return pass(removed.error());
    return answer(200, *removed);
}

}  // namespace

void add_user_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/users", Gate::viewer, get_users});
    table.push_back({"POST", "/v1/users", Gate::user_admin, post_user});
    table.push_back({"GET", "/v1/users/{user}", Gate::viewer, read_one});
    table.push_back({"PATCH", "/v1/users/{user}", Gate::user_admin, patch_user});
    table.push_back({"DELETE", "/v1/users/{user}", Gate::user_admin, delete_user});
}

}  // namespace pchat::api
