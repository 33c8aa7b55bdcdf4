// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/policy_store.h"
#include "tests/support/memory/state.h"

namespace pchat::test {

class MemoryPolicyStore : public PolicyStore {
public:
    explicit MemoryPolicyStore(MemoryState& state) : state_(state) {}

    Result<void> insert(const Policy& policy) override;
    Result<void> update(const Policy& policy) override;
    Result<void> remove(PolicyId id) override;
    Result<std::optional<Policy>> find(PolicyScope scope, std::string_view name_key) override;
    Result<std::vector<Policy>> list() override;
    Result<void> grant(const PolicyGrant& grant) override;
    Result<void> revoke(PrincipalId user) override;
    Result<std::vector<PrincipalId>> granted(PolicyId id) override;
    Result<std::optional<PolicyId>> granted_to(PrincipalId user) override;
    Result<void> each_grant(const Visit<PolicyGrant>& visit) override;

private:
    MemoryState& state_;
};

class MemoryConfigStore : public ConfigStore {
public:
    explicit MemoryConfigStore(MemoryState& state) : state_(state) {}

    Result<void> insert(const ConfigObject& object) override;
    Result<void> update(const ConfigObject& object) override;
    Result<void> remove(ConfigKind kind, ConfigScope scope, std::string_view scope_key) override;
    Result<std::vector<ConfigObject>> list() override;

private:
    MemoryState& state_;
};

}  // namespace pchat::test
