// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/policy_effective.h"
#include "server/service/directory.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// The policy that counts for a user, and why that one.
struct UserPolicy {
    struct Step {  // one scope, narrowest first
        PolicyScope scope{};
        ScopeOutcome outcome{};
        std::string identity;  // empty: nothing is set there
    };

    std::string user;    // sip:ann@contoso.example
    std::string site;    // that counts; empty: none
    std::string policy;  // identity; empty: nothing is set anywhere
    std::string description;
    bool enabled = false;
    std::vector<Step> steps;
};

UserPolicy user_policy(
    std::span<const Policy> policies,
    std::optional<PolicyId> granted,
    std::string user,
    std::string site
);
/// As memory has it.
UserPolicy user_policy(const DirectoryState& state, const KnownPrincipal& user);

/// Fails when there is none, and names the one that it sounds like.
Result<Policy> policy_named(std::span<const Policy> policies, std::string_view identity);

/// Users with what counts for them.
struct UserPolicyQuery {
    std::string filter;  // part of the address or display name, cases folded; empty: all
    std::string policy;  // identity of the one that counts; empty: any
    std::optional<bool> enabled;
    int limit = 100;
    std::optional<std::string> cursor;
};
struct UserPolicyList {
    std::vector<UserPolicy> users;  // by address
    std::optional<std::string> cursor;
};
/// Looks at all users there are: for a thread that may wait. Not those who are gone.
Result<UserPolicyList> list_user_policies(
    const DirectoryState& state, const UserPolicyQuery& query
);

}  // namespace pchat
