// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/principals.h"

#include <fmt/format.h>

namespace pchat::test {
namespace {

bool clash(const Principal& a, const Principal& b) {
    return a.uuid == b.uuid || (a.kind == b.kind && a.name_key == b.name_key) ||
           (a.dn_key && a.dn_key == b.dn_key) || (a.external_id && a.external_id == b.external_id);
}

}  // namespace

Result<void> MemoryPrincipalStore::insert(std::span<const Principal> principals) {
    for (const Principal& principal : principals) {
        const bool taken = value_of(state_.principals, [&](const Principal& one) {
                               return clash(one, principal);
                           }).has_value();
        if (taken || !state_.principals.emplace(principal.id, principal).second)
            return refuse(state_, "that principal is there");
    }
    return {};
}

Result<void> MemoryPrincipalStore::lock(PrincipalId id) {
    return state_.principals.contains(id)
               ? Result<void>{}
               : Result<void>{
                     fail(Errc::not_found, fmt::format("there is no principal {}", id.value))};
}

Result<void> MemoryPrincipalStore::update(const Principal& principal) {
    const auto there = state_.principals.find(principal.id);
    if (there == state_.principals.end())
        return fail(Errc::conflict, "there is no such principal");
    Principal changed = principal;
    changed.uuid = there->second.uuid;
    changed.kind = there->second.kind;
    changed.created_at = there->second.created_at;
    const bool taken = value_of(state_.principals, [&](const Principal& one) {
                           return one.id != changed.id && clash(one, changed);
                       }).has_value();
    if (taken)
        return refuse(state_, "that name is taken");
    return replace_unchanged(state_.principals, changed);
}

Result<std::optional<Principal>> MemoryPrincipalStore::find(PrincipalId id) {
    return value_of(state_.principals, [&](const Principal& one) { return one.id == id; });
}

Result<std::optional<Principal>> MemoryPrincipalStore::find_uuid(std::string_view uuid) {
    return value_of(state_.principals, [&](const Principal& one) { return one.uuid == uuid; });
}

Result<std::optional<Principal>> MemoryPrincipalStore::find_name(
    PrincipalKind kind, std::string_view name_key
) {
    return value_of(state_.principals, [&](const Principal& one) {
        return one.kind == kind && one.name_key == name_key;
    });
}

Result<std::optional<Principal>> MemoryPrincipalStore::find_dn(std::string_view dn_key) {
    return value_of(state_.principals, [&](const Principal& one) { return one.dn_key == dn_key; });
}

Result<std::optional<Principal>> MemoryPrincipalStore::find_external(std::string_view external_id) {
    return value_of(state_.principals, [&](const Principal& one) {
        return one.external_id == external_id;
    });
}

Result<std::vector<Principal>> MemoryPrincipalStore::page(
    PrincipalKind kind, const NamePosition& after, int limit
) {
    return page_of(state_.principals, after, limit, [&](const Principal& one) {
        return one.kind == kind;
    });
}

Result<void> MemoryPrincipalStore::each(const Visit<Principal>& visit) {
    return show_all(state_.principals, visit);
}

Result<void> MemoryPrincipalStore::add_members(std::span<const Membership> members) {
    for (const Membership& member : members) {
        if (!state_.principals.contains(member.parent) || !state_.principals.contains(member.child))
            return refuse(state_, "there is no such principal");
        state_.members.emplace(member.parent, member.child);
    }
    return {};
}

Result<void> MemoryPrincipalStore::remove_members(std::span<const Membership> members) {
    for (const Membership& member : members)
        state_.members.erase({member.parent, member.child});
    return {};
}

Result<std::vector<PrincipalId>> MemoryPrincipalStore::children(PrincipalId parent) {
    std::vector<PrincipalId> out;
    for (const auto& [above, below] : state_.members)
        if (above == parent)
            out.push_back(below);
    return out;
}

Result<std::vector<PrincipalId>> MemoryPrincipalStore::parents(PrincipalId child) {
    std::vector<PrincipalId> out;
    for (const auto& [above, below] : state_.members)
        if (below == child)
            out.push_back(above);
    return out;
}

Result<void> MemoryPrincipalStore::each_membership(const Visit<Membership>& visit) {
    for (const auto& [parent, child] : state_.members)
        if (Result<void> seen = visit(Membership{parent, child}); !seen)
            return seen;
    return {};
}

Result<void> MemoryPrincipalStore::grant_role(const AdminGrant& grant) {
    if (!state_.principals.contains(grant.principal))
        return refuse(state_, "there is no such principal");
    state_.admin_roles[{grant.principal, grant.role}] = grant;
    return {};
}

Result<void> MemoryPrincipalStore::revoke_role(PrincipalId principal, AdminRole role) {
    state_.admin_roles.erase({principal, role});
    return {};
}

Result<void> MemoryPrincipalStore::each_role(const Visit<AdminGrant>& visit) {
    return show_all(state_.admin_roles, visit);
}

Result<std::optional<Account>> MemoryAccountStore::find(PrincipalId user) {
    return value_of(state_.accounts, [&](const Account& one) { return one.user == user; });
}

Result<void> MemoryAccountStore::put(const Account& account) {
    if (!state_.principals.contains(account.user))
        return refuse(state_, "there is no such user");
    state_.accounts[account.user] = account;
    return {};
}

Result<void> MemoryAccountStore::remove(PrincipalId user) {
    state_.accounts.erase(user);
    return {};
}

Result<std::optional<DirectoryProgress>> MemoryAccountStore::progress(std::string_view domain) {
    return value_of(state_.directory, [&](const DirectoryProgress& one) {
        return one.domain == domain;
    });
}

Result<void> MemoryAccountStore::put_progress(const DirectoryProgress& progress) {
    state_.directory[progress.domain] = progress;
    return {};
}

}  // namespace pchat::test
