// SPDX-License-Identifier: Apache-2.0
#include "server/service/user_policy.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "server/domain/name.h"
#include "server/domain/name_filter.h"
#include "server/domain/scope_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace pchat {
namespace {

std::optional<PolicyId> grant_of(const DirectoryState& state, PrincipalId user) {
    const auto found = state.grants().find(user);
    return found == state.grants().end() ? std::nullopt : std::optional{found->second};
}

const std::string& site_of(const DirectoryState& state, const KnownPrincipal& user) {
    return user.site.empty() ? state.home().site : user.site;
}

/// Keys of sites are hashes: made once for each site, not for each user.
class SiteKeys {
public:
    const std::string& of(const std::string& site) {
        auto found = keys_.find(site);
        if (found == keys_.end())
            found = keys_.emplace(site, site.empty() ? std::string{} : name_key(site)).first;
        return found->second;
    }

private:
    std::unordered_map<std::string, std::string> keys_;
};

}  // namespace

UserPolicy user_policy(
    std::span<const Policy> policies,
    std::optional<PolicyId> granted,
    std::string user,
    std::string site
) {
    const EffectivePolicy effective =
        effective_policy(policies, granted, site.empty() ? std::string{} : name_key(site));
    UserPolicy out;
    out.user = std::move(user);
    out.site = std::move(site);
    out.enabled = policy_enabled(effective);
    if (effective.object != nullptr) {
        out.policy = identity_of(*effective.object);
        out.description = effective.object->description;
    }
    for (const auto& step : effective.steps)
        out.steps.push_back(
            {step.scope,
             step.outcome,
             step.object == nullptr ? std::string{} : identity_of(*step.object)}
        );
    return out;
}

UserPolicy user_policy(const DirectoryState& state, const KnownPrincipal& user) {
    return user_policy(
        state.policies(), grant_of(state, user.id), user.written(), site_of(state, user)
    );
}

Result<Policy> policy_named(std::span<const Policy> policies, std::string_view identity) {
    const Result<PolicyIdentity> wanted = parse_policy_identity(identity);
    if (!wanted)
        return pass(wanted.error());
    const std::string key = name_key(wanted->name);
    std::vector<std::string> known;
    for (const Policy& policy : policies) {
        if (policy.scope == wanted->scope && policy.name_key == key)
            return policy;
        known.push_back(identity_of(policy));
    }
    if (wanted->scope == PolicyScope::global) {  // there always is one: chat off, until it is set
        Policy built_in;
        built_in.revision = 0;
        return built_in;
    }
    const std::vector<std::string_view> names{known.begin(), known.end()};
    const auto meant = nearest(wanted->written(), names);
    return fail_as(
        "policy-not-found",
        Errc::not_found,
        fmt::format("policy '{}' does not exist", wanted->written()),
        meant ? fmt::format("did you mean '{}'?", *meant) : "list policies: pchatctl policy list",
        "policy"
    );
}

Result<UserPolicyList> list_user_policies(
    const DirectoryState& state, const UserPolicyQuery& query
) {
    std::optional<PolicyId> wanted;
    if (!query.policy.empty()) {
        const Result<Policy> policy = policy_named(state.policies(), query.policy);
        if (!policy)
            return pass(policy.error());
        wanted = policy->id;
    }
    const NameFilter filter{query.filter};
    SiteKeys keys;
    using Found = std::pair<std::string, const KnownPrincipal*>;  // what it is sorted by
    std::vector<Found> found;
    state.each_principal([&](const KnownPrincipal& user) {
        if (user.kind != PrincipalKind::user || user.state == PrincipalState::gone)
            return;
        std::string sort = lower_ascii(user.name);
        if (query.cursor && sort <= *query.cursor)
            return;
        if (!filter.empty() && !filter.fits(user.name) && !filter.fits(user.display))
            return;
        if (wanted || query.enabled) {
            const EffectivePolicy counts = effective_policy(
                state.policies(), grant_of(state, user.id), keys.of(site_of(state, user))
            );
            const PolicyId chosen = counts.object == nullptr ? PolicyId{} : counts.object->id;
            if ((wanted && chosen != *wanted) ||
                (query.enabled && policy_enabled(counts) != *query.enabled))
                return;
        }
        found.emplace_back(std::move(sort), &user);
    });
    const std::size_t shown = std::min(static_cast<std::size_t>(query.limit), found.size());
    std::partial_sort(
        found.begin(), found.begin() + static_cast<std::ptrdiff_t>(shown), found.end()
    );
    UserPolicyList out;
    for (std::size_t i = 0; i < shown; ++i)
        out.users.push_back(user_policy(state, *found[i].second));
    if (found.size() > shown && shown > 0)
        out.cursor = found[shown - 1].first;
    return out;
}

}  // namespace pchat
