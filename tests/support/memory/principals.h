// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/principal_store.h"
#include "tests/support/memory/state.h"

namespace pchat::test {

class MemoryPrincipalStore : public PrincipalStore {
public:
    explicit MemoryPrincipalStore(MemoryState& state) : state_(state) {}

    Result<void> insert(std::span<const Principal> principals) override;
    Result<void> update(const Principal& principal) override;
    Result<void> lock(PrincipalId id) override;
    Result<std::optional<Principal>> find(PrincipalId id) override;
    Result<std::optional<Principal>> find_uuid(std::string_view uuid) override;
    Result<std::optional<Principal>> find_name(PrincipalKind kind, std::string_view name_key)
        override;
    Result<std::optional<Principal>> find_dn(std::string_view dn_key) override;
    Result<std::optional<Principal>> find_external(std::string_view external_id) override;
    Result<std::vector<Principal>> page(PrincipalKind kind, const NamePosition& after, int limit)
        override;
    Result<void> each(const Visit<Principal>& visit) override;
    Result<void> add_members(std::span<const Membership> members) override;
    Result<void> remove_members(std::span<const Membership> members) override;
    Result<std::vector<PrincipalId>> children(PrincipalId parent) override;
    Result<std::vector<PrincipalId>> parents(PrincipalId child) override;
    Result<void> each_membership(const Visit<Membership>& visit) override;
    Result<void> grant_role(const AdminGrant& grant) override;
    Result<void> revoke_role(PrincipalId principal, AdminRole role) override;
    Result<void> each_role(const Visit<AdminGrant>& visit) override;

private:
    MemoryState& state_;
};

class MemoryAccountStore : public AccountStore {
public:
    explicit MemoryAccountStore(MemoryState& state) : state_(state) {}

    Result<std::optional<Account>> find(PrincipalId user) override;
    Result<void> put(const Account& account) override;
    Result<void> remove(PrincipalId user) override;
    Result<std::optional<DirectoryProgress>> progress(std::string_view domain) override;
    Result<void> put_progress(const DirectoryProgress& progress) override;

private:
    MemoryState& state_;
};

}  // namespace pchat::test
