// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/policies.h"

namespace pchat::test {

Result<void> MemoryPolicyStore::insert(const Policy& policy) {
    const bool taken = find(policy.scope, policy.name_key)->has_value();
    if (taken || !state_.policies.emplace(policy.id, policy).second)
        return refuse(state_, "that policy is there");
    return {};
}

Result<void> MemoryPolicyStore::update(const Policy& policy) {
    const auto there = state_.policies.find(policy.id);
    if (there == state_.policies.end())
        return fail(Errc::conflict, "there is no such policy");
    Policy changed = policy;
    changed.scope = there->second.scope;
    const auto named = find(changed.scope, changed.name_key);
    if (*named && (*named)->id != changed.id)
        return refuse(state_, "that name is taken");
    return replace_unchanged(state_.policies, changed);
}

Result<void> MemoryPolicyStore::remove(PolicyId id) {
    if (!granted(id)->empty())
        return refuse(state_, "it is granted");
    if (state_.policies.erase(id) == 0)
        return fail(Errc::conflict, "there is no such policy");
    return {};
}

Result<std::optional<Policy>> MemoryPolicyStore::find(
    PolicyScope scope, std::string_view name_key
) {
    return value_of(state_.policies, [&](const Policy& one) {
        return one.scope == scope && one.name_key == name_key;
    });
}

Result<std::vector<Policy>> MemoryPolicyStore::list() {
    return values_of(state_.policies, [](const Policy&) { return true; });
}

Result<void> MemoryPolicyStore::grant(const PolicyGrant& grant) {
    if (!state_.principals.contains(grant.user) || !state_.policies.contains(grant.policy))
        return refuse(state_, "there is no such user or policy");
    state_.grants[grant.user] = grant;
    return {};
}

Result<void> MemoryPolicyStore::revoke(PrincipalId user) {
    state_.grants.erase(user);
    return {};
}

Result<std::vector<PrincipalId>> MemoryPolicyStore::granted(PolicyId id) {
    std::vector<PrincipalId> out;
    for (const auto& [user, grant] : state_.grants)
        if (grant.policy == id)
            out.push_back(user);
    return out;
}

Result<std::optional<PolicyId>> MemoryPolicyStore::granted_to(PrincipalId user) {
    const auto found = state_.grants.find(user);
    return found == state_.grants.end() ? std::nullopt : std::optional{found->second.policy};
}

Result<void> MemoryPolicyStore::each_grant(const Visit<PolicyGrant>& visit) {
    return show_all(state_.grants, visit);
}

Result<void> MemoryConfigStore::insert(const ConfigObject& object) {
    const std::tuple key{object.kind, object.scope, object.scope_key};
    if (!state_.config.emplace(key, object).second)
        return refuse(state_, "that configuration is there");
    return {};
}

Result<void> MemoryConfigStore::update(const ConfigObject& object) {
    const auto there = state_.config.find({object.kind, object.scope, object.scope_key});
    if (there == state_.config.end() || there->second.revision != object.revision)
        return fail(Errc::conflict, "it was changed or removed by somebody else");
    there->second = object;
    ++there->second.revision;
    return {};
}

Result<void> MemoryConfigStore::remove(
    ConfigKind kind, ConfigScope scope, std::string_view scope_key
) {
    if (state_.config.erase({kind, scope, std::string{scope_key}}) == 0)
        return fail(Errc::conflict, "there is no such configuration");
    return {};
}

Result<std::vector<ConfigObject>> MemoryConfigStore::list() {
    return values_of(state_.config, [](const ConfigObject&) { return true; });
}

}  // namespace pchat::test
