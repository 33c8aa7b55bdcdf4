// SPDX-License-Identifier: Apache-2.0
#include "server/service/first_administrator.h"

#include "base/password.h"
#include "base/uuid.h"
#include "server/domain/name.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

namespace pchat {
namespace {

/// Somebody who can act as administrator, `preferred` before others.
Result<std::optional<Principal>> administrator(ContentTransaction& tx, PrincipalId preferred) {
    std::vector<PrincipalId> granted;
    const Result<void> seen = tx.principals().each_role([&](const AdminGrant& grant) {
        if (grant.role == AdminRole::administrator)
            granted.push_back(grant.principal);
        return Result<void>{};
    });
    if (!seen)
        return pass(seen.error());
    std::optional<Principal> found;
    for (const PrincipalId id : granted) {
        const auto principal = tx.principals().find(id);
        if (!principal)
            return pass(principal.error());
        if (*principal && (*principal)->state == PrincipalState::active &&
            (!found || id == preferred))
            found = **principal;
    }
    return found;
}

Result<Principal> find_or_make(
    ContentTransaction& tx, const PrincipalName& name, Microseconds now
) {
    const std::string key = name_key(name.name);
    auto known = tx.principals().find_name(PrincipalKind::user, key);
    if (!known)
        return pass(known.error());
    if (*known)
        return **known;
    const auto id = tx.registry().take_ids(IdKind::principal, 1);
    if (!id)
        return pass(id.error());
    Principal user;
    user.id = PrincipalId{*id};
    user.uuid = make_uuid(now);
    user.name = name.name;
    user.name_key = key;
    user.name_sort = name_sort(name.name);
    user.display_name = name.name.substr(0, name.name.find('@'));
    user.created_at = user.updated_at = now;
    if (Result<void> made = tx.principals().insert(std::span<const Principal>{&user, 1}); !made)
        return pass(made.error());
    return user;
}

Result<void> record(ContentTransaction& tx, const Principal& user, Microseconds now) {
    const auto id = tx.registry().take_ids(IdKind::audit, 1);
    if (!id)
        return pass(id.error());
    AuditEntry entry;
    entry.id = AuditId{*id};
    entry.at = now;
    entry.actor_name = "pchatctl db provision";
    entry.action = "administrator.grant";
    entry.object_kind = audit_object_principal;
    entry.object_id = user.id.value;
    entry.object_name = user.name;
    entry.new_value = R"({"role":"administrator"})";
    return tx.audit().append(std::span<const AuditEntry>{&entry, 1});
}

}  // namespace

Result<Made> make_first_administrator(
    ContentDatabase& content, const FirstAdministrator& wanted, const Clock& clock
) {
    if (wanted.name.kind != PrincipalKind::user)
        return fail(
            Errc::invalid,
            fmt::format("an administrator is a user, not {}", wanted.name.written()),
            "write sip:user@domain"
        );
    if (Result<void> good = check_password(wanted.password); !good)
        return pass(good.error());
    Result<std::string> hash = hash_password(wanted.password);
    if (!hash)
        return pass(std::move(hash).error());
    const Microseconds now = clock.now();
    Made made = Made::already;
    const Result<void> done = content.write(
        "making the first administrator",
        [&](ContentTransaction& tx) -> Result<void> {
            made = Made::already;
            const Result<Principal> user = find_or_make(tx, wanted.name, now);
            if (!user)
                return pass(user.error());
            const auto there = administrator(tx, user->id);
            if (!there)
                return pass(there.error());
            if (*there && (*there)->id == user->id)
                return {};
            if (*there)
                return fail(
                    Errc::conflict,
                    fmt::format("the pool has an administrator already: sip:{}", (*there)->name),
                    "sign in as that one to make others"
                );
            Account account;
            account.user = user->id;
            account.password_hash = *hash;
            account.changed_at = now;
            if (Result<void> put = tx.accounts().put(account); !put)
                return put;
            const AdminGrant grant{user->id, AdminRole::administrator, now, user->id};
            if (Result<void> granted = tx.principals().grant_role(grant); !granted)
                return granted;
            made = Made::made;
            return record(tx, *user, now);
        }
    );
    if (!done)
        return pass(done.error());
    return made;
}

}  // namespace pchat
