// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/policies.h"

#include "server/store/sql/policy_tables.h"

namespace pchat::sql {
namespace {

const Statement policy_by_name{
    "policy by name",
    "select {columns policy} from policy where scope = :scope and name_key = :name_key"};

const Statement policies_all{"policies", "select {columns policy} from policy order by id"};

const Statement policy_remove{"policy remove", "delete from policy where id = :id"};

const Statement grant_remove{
    "policy grant remove", "delete from policy_grant where user_id = :user_id"};

const Statement grants_of{
    "policy grants",
    "select user_id from policy_grant where policy_id = :policy_id order by user_id"};

const Statement grant_to{
    "policy granted to a user", "select policy_id from policy_grant where user_id = :user_id"};

const Statement grants_all{
    "policy grants, all", "select {columns policy_grant} from policy_grant order by user_id"};

const Statement config_remove{
    "config object remove",
    "delete from config_object where kind = :kind and scope = :scope and scope_key = :scope_key"};

const Statement config_all{
    "config objects",
    "select {columns config_object} from config_object order by kind, scope, scope_key"};

}  // namespace

Catalog policy_catalog() {
    return {
        {&table_of<Policy>(), &table_of<PolicyGrant>(), &table_of<ConfigObject>()},
        {&policy_by_name,
         &policies_all,
         &policy_remove,
         &grant_remove,
         &grants_of,
         &grant_to,
         &grants_all,
         &config_remove,
         &config_all}};
}

Result<void> SqlPolicyStore::insert(const Policy& policy) {
    return tx_.insert(std::span<const Policy>{&policy, 1});
}

Result<void> SqlPolicyStore::update(const Policy& policy) {
    return unless_changed(tx_.update(policy), "policy");
}

Result<void> SqlPolicyStore::remove(PolicyId id) {
    return unless_changed(tx_.change(policy_remove, id), "policy");
}

Result<std::optional<Policy>> SqlPolicyStore::find(PolicyScope scope, std::string_view name_key) {
    return tx_.one<Policy>(policy_by_name, scope, name_key);
}

Result<std::vector<Policy>> SqlPolicyStore::list() {
    return tx_.list<Policy>(policies_all);
}

Result<void> SqlPolicyStore::grant(const PolicyGrant& grant) {
    return tx_.put(grant);
}

Result<void> SqlPolicyStore::revoke(PrincipalId user) {
    return tx_.run(grant_remove, user);
}

Result<std::vector<PrincipalId>> SqlPolicyStore::granted(PolicyId id) {
    return tx_.list<PrincipalId>(grants_of, id);
}

Result<std::optional<PolicyId>> SqlPolicyStore::granted_to(PrincipalId user) {
    return tx_.one<PolicyId>(grant_to, user);
}

Result<void> SqlPolicyStore::each_grant(const Visit<PolicyGrant>& visit) {
    return tx_.each<PolicyGrant>(grants_all, visit);
}

Result<void> SqlConfigStore::insert(const ConfigObject& object) {
    return tx_.insert(std::span<const ConfigObject>{&object, 1});
}

Result<void> SqlConfigStore::update(const ConfigObject& object) {
    return unless_changed(tx_.update(object), "configuration");
}

Result<void> SqlConfigStore::remove(
    ConfigKind kind, ConfigScope scope, std::string_view scope_key
) {
    return unless_changed(tx_.change(config_remove, kind, scope, scope_key), "configuration");
}

Result<std::vector<ConfigObject>> SqlConfigStore::list() {
    return tx_.list<ConfigObject>(config_all);
}

}  // namespace pchat::sql
