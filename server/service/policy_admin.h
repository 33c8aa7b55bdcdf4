// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/user_policy.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What of a policy is to change; a new one begins with chat off and no description.
struct PolicyFields {
    std::optional<bool> enabled;
    std::optional<std::string> description;
};

/// The policy as the change leaves it, or would; of one that was removed, what it was.
struct PolicyChange {
    Policy policy;
    bool made = false;
    std::vector<std::string> released;  // users who held it and fall back, as they are written
};

// All wait; the caller has asked for the role. Live sessions follow before they return.

/// Makes it when there is none. Nothing is written when nothing differs.
Result<PolicyChange> put_policy(
    Changes& changes, const AdminCall& call, std::string_view identity, const PolicyFields& fields
);
/// Who holds it falls back to site and global. The global one stays, and is reset: off.
Result<PolicyChange> remove_policy(
    Changes& changes, const AdminCall& call, std::string_view identity
);

/// Instead of the one that the user had; only tags are granted. What counts for the user then.
Result<UserPolicy> grant_policy(
    Changes& changes, const AdminCall& call, std::string_view user, std::string_view identity
);
/// Site and global decide again.
Result<UserPolicy> revoke_policy(Changes& changes, const AdminCall& call, std::string_view user);

// The same within a change of several.
Result<PolicyChange> put_policy(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view identity,
    const PolicyFields& fields
);
Result<PolicyChange> remove_policy(
    Changes& changes, Change& change, const AdminCall& call, std::string_view identity
);
Result<UserPolicy> grant_policy(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view user,
    std::string_view identity
);
Result<UserPolicy> revoke_policy(
    Changes& changes, Change& change, const AdminCall& call, std::string_view user
);

}  // namespace pchat
