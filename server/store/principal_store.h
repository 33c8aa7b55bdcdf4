// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/principal.h"
#include "server/store/visit.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pchat {

/// Users, groups, containers and domains; who is in which; who administers.
class PrincipalStore {
public:
    virtual ~PrincipalStore() = default;

    /// `conflict` when a name, uuid, dn or external id is taken.
    virtual Result<void> insert(std::span<const Principal> principals) = 0;
    /// Writes what may change and raises the revision; `conflict` unless it is `principal.revision`
    /// until now.
    virtual Result<void> update(const Principal& principal) = 0;
    /// Locks its row until the end of the transaction: what is read of it afterwards stays true,
    /// for whoever changes it, its account or its rights waits. `not_found` when there is none.
    virtual Result<void> lock(PrincipalId id) = 0;
    virtual Result<std::optional<Principal>> find(PrincipalId id) = 0;
    virtual Result<std::optional<Principal>> find_uuid(std::string_view uuid) = 0;
    virtual Result<std::optional<Principal>> find_name(
        PrincipalKind kind, std::string_view name_key
    ) = 0;
    virtual Result<std::optional<Principal>> find_dn(std::string_view dn_key) = 0;
    virtual Result<std::optional<Principal>> find_external(std::string_view external_id) = 0;
    virtual Result<std::vector<Principal>> page(
        PrincipalKind kind, const NamePosition& after, int limit
    ) = 0;
    virtual Result<void> each(const Visit<Principal>& visit) = 0;

    /// Those that are there already stay.
    virtual Result<void> add_members(std::span<const Membership> members) = 0;
    virtual Result<void> remove_members(std::span<const Membership> members) = 0;
    virtual Result<std::vector<PrincipalId>> children(PrincipalId parent) = 0;
    virtual Result<std::vector<PrincipalId>> parents(PrincipalId child) = 0;
    virtual Result<void> each_membership(const Visit<Membership>& visit) = 0;

    virtual Result<void> grant_role(const AdminGrant& grant) = 0;
    virtual Result<void> revoke_role(PrincipalId principal, AdminRole role) = 0;
    virtual Result<void> each_role(const Visit<AdminGrant>& visit) = 0;
};

/// Passwords, and how far the directory has been read.
class AccountStore {
public:
    virtual ~AccountStore() = default;

    virtual Result<std::optional<Account>> find(PrincipalId user) = 0;
    virtual Result<void> put(const Account& account) = 0;
    virtual Result<void> remove(PrincipalId user) = 0;

    virtual Result<std::optional<DirectoryProgress>> progress(std::string_view domain) = 0;
    virtual Result<void> put_progress(const DirectoryProgress& progress) = 0;
};

}  // namespace pchat
