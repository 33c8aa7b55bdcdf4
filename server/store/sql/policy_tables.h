// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/policy.h"
#include "server/store/sql/mapping.h"

namespace pchat::sql {

template <>
struct Mapping<Policy> {
    static constexpr std::string_view table = "policy";
    static constexpr auto columns = std::tuple{
        column("id", &Policy::id, Part::key),
        column("scope", &Policy::scope),
        column("name_key", &Policy::name_key, Part::free),
        column("name", &Policy::name, Part::free, Letters::any),
        column("description", &Policy::description, Part::free, Letters::any),
        column("enabled", &Policy::enabled, Part::free),
        column("revision", &Policy::revision, Part::revision),
        column("updated_at", &Policy::updated_at, Part::free),
        column("updated_by", &Policy::updated_by, Part::free)};
};

template <>
struct Mapping<PolicyGrant> {
    static constexpr std::string_view table = "policy_grant";
    static constexpr auto columns = std::tuple{
        column("user_id", &PolicyGrant::user, Part::key),
        column("policy_id", &PolicyGrant::policy, Part::free),
        column("granted_at", &PolicyGrant::granted_at, Part::free),
        column("granted_by", &PolicyGrant::granted_by, Part::free)};
};

template <>
struct Mapping<ConfigObject> {
    static constexpr std::string_view table = "config_object";
    static constexpr auto columns = std::tuple{
        column("kind", &ConfigObject::kind, Part::key),
        column("scope", &ConfigObject::scope, Part::key),
        column("scope_key", &ConfigObject::scope_key, Part::key),
        column("scope_name", &ConfigObject::scope_name, Part::free, Letters::any),
        column("body", &ConfigObject::body, Part::free, Letters::any),
        column("revision", &ConfigObject::revision, Part::revision),
        column("updated_at", &ConfigObject::updated_at, Part::free),
        column("updated_by", &ConfigObject::updated_by, Part::free)};
};

}  // namespace pchat::sql
