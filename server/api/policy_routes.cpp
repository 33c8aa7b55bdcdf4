// SPDX-License-Identifier: Apache-2.0
// Policies: for whom chat is switched on; who holds which, and what counts for whom.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/api/short_list.h"
#include "server/api/wire_names.h"
#include "server/domain/name_filter.h"
#include "server/domain/scope_name.h"
#include "server/domain/words.h"
#include "server/service/policy_admin.h"
#include "server/service/user_admin.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace pchat::api {
namespace {

using GrantCounts = std::unordered_map<PolicyId, std::int64_t>;

GrantCounts count_grants(const DirectoryState& state) {
    GrantCounts out;
    for (const auto& [user, policy] : state.grants())
        ++out[policy];
    return out;
}

std::string policy_fields(
    const DirectoryState& state, const Policy& policy, const GrantCounts& counts
) {
    const auto granted = counts.find(policy.id);
    std::string out;
    wire::FieldWriter fields{out};
    fields.text("identity", identity_of(policy)).text("scope", to_string(policy.scope));
    if (policy.scope != PolicyScope::global)
        fields.text("name", policy.name);
    fields.boolean("enable_persistent_chat", policy.enabled)
        .text("description", policy.description);
    if (policy.scope == PolicyScope::tag)
        fields.number("granted", granted == counts.end() ? 0 : granted->second);
    fields.number("revision", policy.revision)
        .time("updated_at", policy.updated_at)
        .text("updated_by", written(state, policy.updated_by));
    return out;
}

std::string effective_fields(const UserPolicy& effective) {
    std::string out;
    wire::FieldWriter fields{out};
    fields.text("user", effective.user)
        .text("site", effective.site)
        .text("policy", effective.policy.empty() ? "built-in" : effective.policy)
        .boolean("enable_persistent_chat", effective.enabled)
        .text("description", effective.description)
        .list("steps", effective.steps, [](std::string& list, const UserPolicy::Step& step) {
            list += '{';
            wire::FieldWriter one{list};
            one.text("scope", to_string(step.scope)).text("outcome", to_string(step.outcome));
            if (!step.identity.empty())
                one.text("policy", step.identity);
            list += '}';
        });
    return out;
}

/// By which lists are sorted: global, then sites, then tags.
std::string name_of(const Policy& policy) {
    return fmt::format("{}{}", static_cast<int>(policy.scope), policy.name);
}

net::HttpResponse effective_response(const UserPolicy& effective) {
    return json_response(200, "{" + effective_fields(effective) + "}");
}

net::HttpResponse answer(const Call& call, int status, const PolicyChange& change) {
    std::string body = "{";
    call.services.chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter fields{body};
        fields.fields(policy_fields(state, change.policy, count_grants(state)));
        if (!change.released.empty())
            fields.texts("released", change.released);
        return 0;
    });
    return object_response(status, body + "}", change.policy.revision);
}

Result<net::HttpResponse> get_policies(Call& call) {
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        const GrantCounts counts = count_grants(state);
        const NameFilter filter{text_of(call, "filter")};
        std::vector<Policy> policies = state.policies();
        const bool has_global =
            std::any_of(policies.begin(), policies.end(), [](const Policy& one) {
                return one.scope == PolicyScope::global;
            });
        if (!has_global)
            policies.push_back(policy_named(policies, "global").value());
        std::erase_if(policies, [&](const Policy& one) {
            return !filter.fits(identity_of(one)) && !filter.fits(one.description);
        });
        return short_list(call, "policies", policies, name_of, [&](const Policy& one) {
            return policy_fields(state, one, counts);
        });
    });
}

Result<net::HttpResponse> get_policy(Call& call) {
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const Result<Policy> policy = policy_named(state.policies(), call.path.at("identity"));
            if (!policy)
                return pass(policy.error());
            return object_response(
                200,
                "{" + policy_fields(state, *policy, count_grants(state)) + "}",
                policy->revision
            );
        }
    );
}

Result<net::HttpResponse> patch_policy(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    PolicyFields fields;
    fields.enabled = in.optional_bool("enable_persistent_chat");
    if (const auto description = in.optional_text("description", {0, 4096}))
        fields.description = std::string{*description};
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<PolicyChange> done =
        put_policy(call.services.changes, *asked, call.path.at("identity"), fields);
    if (!done)
        return pass(done.error());
    return answer(call, done->made && !asked->dry_run ? 201 : 200, *done);
}

Result<net::HttpResponse> delete_policy(Call& call) {
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<PolicyChange> done =
        remove_policy(call.services.changes, *asked, call.path.at("identity"));
    if (!done)
        return pass(done.error());
    return answer(call, 200, *done);
}

Result<net::HttpResponse> get_users(Call& call) {
    const Result<int> limit = call.limit(100, 1000);
    if (!limit)
        return pass(limit.error());
    const auto enabled = flag_of(call, "enabled");
    if (!enabled)
        return pass(enabled.error());
    const UserPolicyQuery query{
        text_of(call, "filter"), text_of(call, "policy"), *enabled, *limit, call.cursor()};
    const Result<UserPolicyList> found =
        call.services.chat.directory().read([&](const DirectoryState& state) {
            return list_user_policies(state, query);
        });
    if (!found)
        return pass(found.error());
    std::string body = "{";
    wire::FieldWriter fields{body};
    fields.list("users", found->users, [](std::string& out, const UserPolicy& one) {
        out += "{" + effective_fields(one) + "}";
    });
    if (found->cursor)
        fields.text("cursor", *found->cursor);
    return json_response(200, body + "}");
}

Result<net::HttpResponse> get_user_policy(Call& call) {
    const Result<UserFacts> user = get_user(call.services.chat.content(), call.path.at("user"));
    if (!user)
        return pass(user.error());
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const KnownPrincipal* known = state.principal(user->user.id);
            if (known == nullptr)
                return fail(Errc::internal, "the user is not in memory", "ask again");
            return effective_response(user_policy(state, *known));
        }
    );
}

Result<net::HttpResponse> put_user_policy(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    const std::string policy{in.required_text("policy", {1, 4096})};
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<UserPolicy> done =
        grant_policy(call.services.changes, *asked, call.path.at("user"), policy);
    if (!done)
        return pass(done.error());
    return effective_response(*done);
}

Result<net::HttpResponse> delete_user_policy(Call& call) {
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<UserPolicy> done =
        revoke_policy(call.services.changes, *asked, call.path.at("user"));
    if (!done)
        return pass(done.error());
    return effective_response(*done);
}

}  // namespace

void add_policy_routes(std::vector<Route>& table) {
    constexpr std::string_view one = "/v1/policies/{identity}";
    constexpr std::string_view of_user = "/v1/users/{user}/policy";
    table.push_back({"GET", "/v1/policies", Gate::viewer, get_policies});
    table.push_back({"GET", one, Gate::viewer, get_policy});
    table.push_back({"PATCH", one, Gate::policy_admin, patch_policy});
    table.push_back({"DELETE", one, Gate::policy_admin, delete_policy});
    table.push_back({"GET", "/v1/users/policies", Gate::viewer, get_users});
    table.push_back({"GET", of_user, Gate::viewer, get_user_policy});
    table.push_back({"PUT", of_user, Gate::user_admin, put_user_policy});
    table.push_back({"DELETE", of_user, Gate::user_admin, delete_user_policy});
}

}  // namespace pchat::api
