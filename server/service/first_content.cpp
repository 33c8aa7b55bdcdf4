// SPDX-License-Identifier: Apache-2.0
#include "server/service/first_content.h"

#include "base/uuid.h"
#include "server/domain/name.h"

#include <span>

namespace pchat {
namespace {

Result<bool> make_policy(ContentTransaction& tx, Microseconds now) {
    const auto found = tx.policies().find(PolicyScope::global, name_key(""));
    if (!found)
        return pass(found.error());
    if (*found)
        return false;
    const auto id = tx.registry().take_ids(IdKind::policy, 1);
    if (!id)
        return pass(id.error());
    Policy policy;
    policy.id = PolicyId{*id};
    policy.name_key = name_key("");
    policy.description = "Everybody may chat";
    policy.enabled = true;
    policy.updated_at = now;
    if (Result<void> made = tx.policies().insert(policy); !made)
        return pass(made.error());
    return true;
}

Result<bool> make_category(ContentTransaction& tx, PrincipalId everyone, Microseconds now) {
    constexpr std::string_view name = "General";
    const auto found = tx.categories().find_name(name_key(name));
    if (!found)
        return pass(found.error());
    if (*found)
        return false;
    const auto id = tx.registry().take_ids(IdKind::category, 1);
    if (!id)
        return pass(id.error());
    Category category;
    category.id = CategoryId{*id};
    category.uuid = make_uuid(now);
    category.name = name;
    category.name_sort = name_sort(name);
    category.description = "Rooms that name no other category";
    category.invitations = true;
    category.file_upload = true;
    category.created_at = category.updated_at = now;
    if (Result<void> made = tx.categories().insert(category); !made)
        return pass(made.error());
    const ScopeEntry all{category.id, ScopeKind::allowed, everyone};
    if (Result<void> scoped = tx.categories().add_scope(std::span{&all, 1}); !scoped)
        return pass(scoped.error());
    return true;
}

}  // namespace

Result<PrincipalId> find_or_make_everyone(ContentTransaction& tx, Microseconds now) {
    constexpr std::string_view name = "everyone";
    const auto found = tx.principals().find_name(PrincipalKind::system, name_key(name));
    if (!found)
        return pass(found.error());
    if (*found)
        return (*found)->id;
    const auto id = tx.registry().take_ids(IdKind::principal, 1);
    if (!id)
        return pass(id.error());
    Principal everyone;
    everyone.id = PrincipalId{*id};
    everyone.uuid = make_uuid(now);
    everyone.kind = PrincipalKind::system;
    everyone.name = name;
    everyone.name_key = name_key(name);
    everyone.name_sort = name_sort(name);
    everyone.display_name = "Everyone";
    everyone.created_at = everyone.updated_at = now;
    if (Result<void> made = tx.principals().insert(std::span{&everyone, 1}); !made)
        return pass(made.error());
    return everyone.id;
}

Result<Made> make_first_content(ContentDatabase& content, const Clock& clock) {
    const Microseconds now = clock.now();
    Made out = Made::already;
    Result<void> done =
        content.write("making the first category", [&](ContentTransaction& tx) -> Result<void> {
            const Result<PrincipalId> everyone = find_or_make_everyone(tx, now);
            if (!everyone)
                return pass(everyone.error());
            const Result<bool> policy = make_policy(tx, now);
            if (!policy)
                return pass(policy.error());
            const Result<bool> category = make_category(tx, *everyone, now);
            if (!category)
                return pass(category.error());
            out = *policy || *category ? Made::made : Made::already;
            return {};
        });
    if (!done)
        return pass(std::move(done).error());
    return out;
}

}  // namespace pchat
