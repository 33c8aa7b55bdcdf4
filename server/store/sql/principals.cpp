// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/principals.h"

#include "server/store/sql/principal_tables.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace pchat::sql {
namespace {

// A change of nothing: the one lock that all engines know.
const Statement principal_lock{
    "principal lock", "update principal set revision = revision where id = :id"};

const Statement principal_by_id{
    "principal by id", "select {columns principal} from principal where id = :id"};

const Statement principal_by_uuid{
    "principal by uuid", "select {columns principal} from principal where uuid = :uuid"};

const Statement principal_by_name{
    "principal by name",
    "select {columns principal} from principal where kind = :kind and name_key = :name_key"};

const Statement principal_by_dn{
    "principal by dn", "select {columns principal} from principal where dn_key = :dn_key"};

const Statement principal_by_external{
    "principal by external id",
    "select {columns principal} from principal where external_id = :external_id"};

const Statement principals_page{
    "principals, a page",
    "select {columns principal} from principal where kind = :kind "
    "and name_sort >= {words :from} and (name_sort > {words :after} or id > :id) "
    "order by name_sort, id {limit :n}"};

const Statement principals_all{
    "principals", "select {columns principal} from principal order by id"};

// Of a group only the part of the key where those that are wanted can be.
const Statement members_between{
    "members between",
    "select {columns principal_member} from principal_member where parent_id = :parent "
    "and child_id >= :lowest and child_id <= :highest"};

const Statement member_remove{
    "member remove",
    "delete from principal_member where parent_id = :parent and child_id = :child"};

const Statement children_of{
    "members of a principal",
    "select child_id from principal_member where parent_id = :parent order by child_id"};

const Statement parents_of{
    "memberships of a principal",
    "select parent_id from principal_member where child_id = :child order by parent_id"};

const Statement members_all{
    "members, all",
    "select {columns principal_member} from principal_member order by parent_id, child_id"};

const Statement admin_role_remove{
    "admin role remove", "delete from admin_role where principal_id = :principal and role = :role"};

const Statement admin_roles_all{
    "admin roles", "select {columns admin_role} from admin_role order by principal_id, role"};

const Statement account_of{
    "account", "select {columns user_account} from user_account where user_id = :user_id"};

const Statement account_remove{
    "account remove", "delete from user_account where user_id = :user_id"};

const Statement directory_progress{
    "directory progress",
    "select {columns directory_sync} from directory_sync where domain = :domain"};

}  // namespace

Catalog principal_catalog() {
    return {
        {&table_of<Principal>(),
         &table_of<Membership>(),
         &table_of<Account>(),
         &table_of<AdminGrant>(),
         &table_of<DirectoryProgress>()},
        {&principal_lock,
         &principal_by_id,
         &principal_by_uuid,
         &principal_by_name,
         &principal_by_dn,
         &principal_by_external,
         &principals_page,
         &principals_all,
         &members_between,
         &member_remove,
         &children_of,
         &parents_of,
         &members_all,
         &admin_role_remove,
         &admin_roles_all,
         &account_of,
         &account_remove,
         &directory_progress}};
}

Result<void> SqlPrincipalStore::insert(std::span<const Principal> principals) {
    return tx_.insert(principals);
}

Result<void> SqlPrincipalStore::lock(PrincipalId id) {
    const Result<std::int64_t> locked = tx_.change(principal_lock, id);
    if (!locked)
        return pass(locked.error());
    if (*locked == 0)
        return fail(Errc::not_found, fmt::format("there is no principal {}", id.value));
    return {};
}

Result<void> SqlPrincipalStore::update(const Principal& principal) {
    return unless_changed(tx_.update(principal), "principal");
}

Result<std::optional<Principal>> SqlPrincipalStore::find(PrincipalId id) {
    return tx_.one<Principal>(principal_by_id, id);
}

Result<std::optional<Principal>> SqlPrincipalStore::find_uuid(std::string_view uuid) {
    return tx_.one<Principal>(principal_by_uuid, uuid);
}

Result<std::optional<Principal>> SqlPrincipalStore::find_name(
    PrincipalKind kind, std::string_view name_key
) {
    return tx_.one<Principal>(principal_by_name, kind, name_key);
}

Result<std::optional<Principal>> SqlPrincipalStore::find_dn(std::string_view dn_key) {
    return tx_.one<Principal>(principal_by_dn, dn_key);
}

Result<std::optional<Principal>> SqlPrincipalStore::find_external(std::string_view external_id) {
    return tx_.one<Principal>(principal_by_external, external_id);
}

Result<std::vector<Principal>> SqlPrincipalStore::page(
    PrincipalKind kind, const NamePosition& after, int limit
) {
    return tx_.list<Principal>(
        principals_page, kind, after.name_sort, after.name_sort, after.id, limit
    );
}

Result<void> SqlPrincipalStore::each(const Visit<Principal>& visit) {
    return tx_.each<Principal>(principals_all, visit);
}

Result<void> SqlPrincipalStore::add_members(std::span<const Membership> members) {
    std::map<PrincipalId, std::set<PrincipalId>> wanted;
    for (const Membership& member : members)
        wanted[member.parent].insert(member.child);
    std::vector<Membership> missing;
    for (auto& [parent, children] : wanted) {
        const auto there =
            tx_.list<Membership>(members_between, parent, *children.begin(), *children.rbegin());
        if (!there)
            return pass(there.error());
        for (const Membership& member : *there)
            children.erase(member.child);
        for (const PrincipalId child : children)
            missing.push_back({parent, child});
    }
    return tx_.insert(std::span<const Membership>{missing}, Race::again);
}

Result<void> SqlPrincipalStore::remove_members(std::span<const Membership> members) {
    for (const Membership& member : members)
        if (Result<void> gone = tx_.run(member_remove, member.parent, member.child); !gone)
            return gone;
    return {};
}

Result<std::vector<PrincipalId>> SqlPrincipalStore::children(PrincipalId parent) {
    return tx_.list<PrincipalId>(children_of, parent);
}

Result<std::vector<PrincipalId>> SqlPrincipalStore::parents(PrincipalId child) {
    return tx_.list<PrincipalId>(parents_of, child);
}

Result<void> SqlPrincipalStore::each_membership(const Visit<Membership>& visit) {
    return tx_.each<Membership>(members_all, visit);
}

Result<void> SqlPrincipalStore::grant_role(const AdminGrant& grant) {
    return tx_.put(grant);
}

Result<void> SqlPrincipalStore::revoke_role(PrincipalId principal, AdminRole role) {
    return tx_.run(admin_role_remove, principal, role);
}

Result<void> SqlPrincipalStore::each_role(const Visit<AdminGrant>& visit) {
    return tx_.each<AdminGrant>(admin_roles_all, visit);
}

Result<std::optional<Account>> SqlAccountStore::find(PrincipalId user) {
    return tx_.one<Account>(account_of, user);
}

Result<void> SqlAccountStore::put(const Account& account) {
    return tx_.put(account);
}

Result<void> SqlAccountStore::remove(PrincipalId user) {
    return tx_.run(account_remove, user);
}

Result<std::optional<DirectoryProgress>> SqlAccountStore::progress(std::string_view domain) {
    return tx_.one<DirectoryProgress>(directory_progress, domain);
}

Result<void> SqlAccountStore::put_progress(const DirectoryProgress& progress) {
    return tx_.put(progress);
}

}  // namespace pchat::sql
