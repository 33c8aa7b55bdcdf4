// SPDX-License-Identifier: Apache-2.0
// Tokens for scripts.
#include "base/unicode.h"
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/api/short_list.h"
#include "server/api/wire_names.h"
#include "server/domain/words.h"
#include "server/service/token_admin.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::api {
namespace {

std::string token_fields(const DirectoryState& state, const TokenFacts& facts) {
    std::vector<std::string_view> roles;
    if (facts.all_roles)
        roles.emplace_back("all");
    for (const AdminRole role : facts.roles)
        roles.push_back(to_string(role));
    std::string out;
    wire::FieldWriter fields{out};
    fields.text("id", facts.row.uuid)
        .text("name", facts.row.label)
        .text("user", written(state, facts.row.user))
        .texts("roles", roles)
        .texts("scope", facts.scope)
        .time("created_at", facts.row.created_at);
    if (facts.row.expires_at)
        fields.time("expires_at", *facts.row.expires_at);
    if (facts.row.used_at)
        fields.time("used_at", *facts.row.used_at);
    return out;
}

Result<std::vector<AdminRole>> read_roles(wire::ObjectReader& in) {
    std::vector<AdminRole> out;
    for (const std::string& word :
         in.text_list("roles", {admin_role_words.size()}).value_or(std::vector<std::string>{})) {
        const auto found = std::find(admin_role_words.begin(), admin_role_words.end(), word);
        if (found == admin_role_words.end())
            return fail_as(
                "bad-value",
                Errc::invalid,
                fmt::format("there is no role '{}'", printable(word)),
                fmt::format("possible: {}", fmt::join(admin_role_words, ", ")),
                "roles"
            );
        out.push_back(static_cast<AdminRole>(found - admin_role_words.begin() + 1));
    }
    return out;
}

Result<net::HttpResponse> get_tokens(Call& call) {
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const auto tokens = list_tokens(
        call.services.changes, call.services.sign_ins, *asked, *call.identity, text_of(call, "user")
    );
    if (!tokens)
        return pass(tokens.error());
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        return short_list(
            call,
            "tokens",
            *tokens,
            [](const TokenFacts& one) { return one.row.label; },
            [&](const TokenFacts& one) { return token_fields(state, one); }
        );
    });
}

Result<net::HttpResponse> post_token(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    TokenFields fields;
    fields.name = std::string{in.required_text("name", {1, 256})};
    const Result<std::vector<AdminRole>> roles = read_roles(in);
    if (!roles)
        return pass(roles.error());
    fields.roles = *roles;
    fields.scope = in.text_list("scope", {100, {1, 300}}).value_or(std::vector<std::string>{});
    constexpr std::int64_t most_seconds = 1'000'000'000;  // the limit is the service's to name
    if (const auto seconds = in.optional_int("lifetime", {0, most_seconds}))
        fields.lifetime = std::chrono::seconds{*seconds};
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<MadeToken> made =
        create_token(call.services.changes, call.services.sign_ins, *asked, *call.identity, fields);
    if (!made)
        return pass(made.error());
    std::string body = "{";
    call.services.chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter out{body};
        out.fields(token_fields(state, made->facts));
        if (!made->secret.empty())
            out.text("token", made->secret.reveal());
        return 0;
    });
    return json_response(asked->dry_run ? 200 : 201, body + "}");
}

Result<net::HttpResponse> delete_token(Call& call) {
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<TokenFacts> gone = remove_token(
        call.services.changes,
        call.services.sign_ins,
        *asked,
        *call.identity,
        call.path.at("token"),
        text_of(call, "user")
    );
    if (!gone)
        return pass(gone.error());
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        return json_response(200, "{" + token_fields(state, *gone) + "}");
    });
}

}  // namespace

void add_token_routes(std::vector<Route>& table) {
    // Of one's own; of others for administrators.
    table.push_back({"GET", "/v1/tokens", Gate::signed_in, get_tokens});
    table.push_back({"POST", "/v1/tokens", Gate::signed_in, post_token});
    table.push_back({"DELETE", "/v1/tokens/{token}", Gate::signed_in, delete_token});
}

}  // namespace pchat::api
