// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/principal.h"
#include "server/store/sql/mapping.h"

namespace pchat::sql {

template <>
struct Mapping<Principal> {
    static constexpr std::string_view table = "principal";
    static constexpr auto columns = std::tuple{
        column("id", &Principal::id, Part::key),
        column("uuid", &Principal::uuid),
        column("kind", &Principal::kind),
        column("source", &Principal::source, Part::free),
        column("disabled", &Principal::state, Part::free),
        column("name_key", &Principal::name_key, Part::free),
        column("name", &Principal::name, Part::free, Letters::any),
        column("name_sort", &Principal::name_sort, Part::free, Letters::any),
        column("display_name", &Principal::display_name, Part::free, Letters::any),
        column("email", &Principal::email, Part::free, Letters::any),
        column("company", &Principal::company, Part::free, Letters::any),
        column("site", &Principal::site, Part::free, Letters::any),
        column("dn", &Principal::dn, Part::free, Letters::any),
        column("dn_key", &Principal::dn_key, Part::free),
        column("external_id", &Principal::external_id, Part::free),
        column("verified_at", &Principal::verified_at, Part::free),
        column("revision", &Principal::revision, Part::revision),
        column("created_at", &Principal::created_at),
        column("updated_at", &Principal::updated_at, Part::free)};
};

template <>
struct Mapping<Membership> {
    static constexpr std::string_view table = "principal_member";
    static constexpr auto columns = std::tuple{
        column("parent_id", &Membership::parent, Part::key),
        column("child_id", &Membership::child, Part::key)};
};

template <>
struct Mapping<Account> {
    static constexpr std::string_view table = "user_account";
    static constexpr auto columns = std::tuple{
        column("user_id", &Account::user, Part::key),
        column("password_hash", &Account::password_hash, Part::free),
        column("must_change", &Account::must_change, Part::free),
        column("failed_count", &Account::failed_count, Part::free),
        column("failed_at", &Account::failed_at, Part::free),
        column("locked_until", &Account::locked_until, Part::free),
        column("changed_at", &Account::changed_at, Part::free)};
};

template <>
struct Mapping<AdminGrant> {
    static constexpr std::string_view table = "admin_role";
    static constexpr auto columns = std::tuple{
        column("principal_id", &AdminGrant::principal, Part::key),
        column("role", &AdminGrant::role, Part::key),
        column("granted_at", &AdminGrant::granted_at, Part::free),
        column("granted_by", &AdminGrant::granted_by, Part::free)};
};

template <>
struct Mapping<DirectoryProgress> {
    static constexpr std::string_view table = "directory_sync";
    static constexpr auto columns = std::tuple{
        column("domain", &DirectoryProgress::domain, Part::key),
        column("cookie", &DirectoryProgress::cookie, Part::free),
        column("finished_at", &DirectoryProgress::finished_at, Part::free),
        column("next_at", &DirectoryProgress::next_at, Part::free),
        column("try_count", &DirectoryProgress::try_count, Part::free),
        column("last_error", &DirectoryProgress::last_error, Part::free, Letters::any)};
};

}  // namespace pchat::sql
