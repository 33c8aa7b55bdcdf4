// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/policy.h"
#include "server/store/visit.h"

#include <optional>
#include <string_view>
#include <vector>

namespace pchat {

/// Policies and whom they were granted to.
class PolicyStore {
public:
    virtual ~PolicyStore() = default;

    virtual Result<void> insert(const Policy& policy) = 0;
    /// `conflict` unless the revision is `policy.revision` until now.
    virtual Result<void> update(const Policy& policy) = 0;
    /// `conflict` while it is granted to somebody.
    virtual Result<void> remove(PolicyId id) = 0;
    virtual Result<std::optional<Policy>> find(PolicyScope scope, std::string_view name_key) = 0;
    virtual Result<std::vector<Policy>> list() = 0;

    /// Replaces what the user had.
    virtual Result<void> grant(const PolicyGrant& grant) = 0;
    virtual Result<void> revoke(PrincipalId user) = 0;
    virtual Result<std::vector<PrincipalId>> granted(PolicyId id) = 0;
    virtual Result<void> each_grant(const Visit<PolicyGrant>& visit) = 0;
    virtual Result<std::optional<PolicyId>> granted_to(PrincipalId user) = 0;
};

class ConfigStore {
public:
    virtual ~ConfigStore() = default;

    virtual Result<void> insert(const ConfigObject& object) = 0;
    /// `conflict` unless the revision is `object.revision` until now.
    virtual Result<void> update(const ConfigObject& object) = 0;
    virtual Result<void> remove(ConfigKind kind, ConfigScope scope, std::string_view scope_key) = 0;
    virtual Result<std::vector<ConfigObject>> list() = 0;
};

}  // namespace pchat
