// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/policy_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog policy_catalog();

class SqlPolicyStore : public PolicyStore {
public:
    explicit SqlPolicyStore(Transaction& transaction) : tx_(transaction) {}

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
    Transaction& tx_;
};

class SqlConfigStore : public ConfigStore {
public:
    explicit SqlConfigStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> insert(const ConfigObject& object) override;
    Result<void> update(const ConfigObject& object) override;
    Result<void> remove(ConfigKind kind, ConfigScope scope, std::string_view scope_key) override;
    Result<std::vector<ConfigObject>> list() override;

private:
    Transaction& tx_;
};

}  // namespace pchat::sql
