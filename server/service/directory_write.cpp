// SPDX-License-Identifier: Apache-2.0
#include "server/service/directory_write.h"

#include "base/log.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/domain/words.h"
#include "server/service/audit_text.h"
#include "server/service/endpoint_admin.h"
#include "server/service/group_rows.h"
#include "server/service/last_administrator.h"
#include "server/service/user_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

std::string written(const Principal& row) {
    return PrincipalName{row.kind, row.name}.written();
}

AuditText difference(const Principal* before, const Principal* after) {
    AuditText out;
    const auto text = [&](std::string_view name, auto get) {
        const auto of = [&](const Principal* one) {
            return one == nullptr ? std::nullopt : std::optional<std::string>{get(*one)};
        };
        const std::optional<std::string> old = of(before);
        const std::optional<std::string> now = of(after);
        out.text(name, old, now);
    };
    text("name", [](const Principal& one) { return one.name; });
    text("dn", [](const Principal& one) { return one.dn.value_or(""); });
    text("display", [](const Principal& one) { return one.display_name; });
    text("email", [](const Principal& one) { return one.email; });
    text("company", [](const Principal& one) { return one.company; });
    text("site", [](const Principal& one) { return one.site; });
    text("state", [](const Principal& one) { return std::string{to_string(one.state)}; });
    return out;
}

}  // namespace

void DirectoryWriter::log(
    SyncAction action,
    const Principal* before,
    const Principal* after,
    const std::vector<TakenAway>& taken
) {
    const Principal& row = after == nullptr ? *before : *after;
    change_.touched.principals.push_back(row.id);
    AuditText text = difference(before, after);
    text.taken(taken);
    if (text.empty())  // it only becomes active, in a step of its own
        return;
    change_.audit(
        fmt::format("directory.{}", to_string(action)),
        audit_object_principal,
        row.id.value,
        written(row),
        text.before(),
        text.after()
    );
}

void DirectoryWriter::put(const SyncStep& step, Principal& row) const {
    row.kind = step.kind;
    row.source = PrincipalSource::directory;
    row.state = step.state;
    row.name = step.name;
    row.name_key = name_key(step.name);
    row.name_sort = name_sort(step.name);
    row.dn = step.dn;
    row.dn_key = name_key(step.dn);
    row.external_id = picture_.places()[step.place].external_id;
    row.verified_at = row.updated_at = change_.now();
    if (step.fields == nullptr)
        return;
    row.display_name = step.fields->display_name;
    row.email = step.fields->email;
    row.company = step.fields->company;
    row.site = step.fields->site;
}

Result<void> DirectoryWriter::add(std::span<const SyncStep> steps) {
    if (steps.empty())
        return {};
    const auto first = change_.tx().registry().take_ids(
        IdKind::principal, static_cast<std::int64_t>(steps.size())
    );
    if (!first)
        return pass(first.error());
    std::vector<Principal> rows;
    for (const SyncStep& step : steps) {
        Principal row;
        row.id = PrincipalId{*first + static_cast<std::int64_t>(rows.size())};
        row.uuid = make_uuid(change_.now());
        row.created_at = change_.now();
        put(step, row);
        if (row.kind == PrincipalKind::user)
            if (Result<void> free = check_no_endpoint(change_, row.name_key); !free)
                return free;
        if (step.crowded)
            if (Result<void> free = free_names(row); !free)
                return free;
        plan_.ids[step.place] = row.id;
        log(step.action, nullptr, &row, {});
        rows.push_back(std::move(row));
    }
    return change_.tx().principals().insert(rows);
}

/// Two may change names or places with each other: until its own turn the other one has none.
Result<void> DirectoryWriter::free_names(const Principal& wanted) {
    PrincipalStore& store = change_.tx().principals();
    auto by_dn = store.find_dn(*wanted.dn_key);
    if (!by_dn)
        return pass(std::move(by_dn).error());
    if (*by_dn && (*by_dn)->id != wanted.id) {
        (*by_dn)->dn.reset();
        (*by_dn)->dn_key.reset();
        if (Result<void> done = store.update(**by_dn); !done)
            return done;
    }
    auto by_name = store.find_name(wanted.kind, wanted.name_key);
    if (!by_name)
        return pass(std::move(by_name).error());
    if (!*by_name || (*by_name)->id == wanted.id)
        return {};
    if ((*by_name)->source != PrincipalSource::directory)
        return fail(
            Errc::conflict,
            fmt::format("'{}' was made here meanwhile", written(**by_name)),
            "the next synchronization sees it"
        );
    (*by_name)->name_key = name_key((*by_name)->uuid);
    change_.touched.principals.push_back((*by_name)->id);
    return store.update(**by_name);
}

Result<void> DirectoryWriter::sign_out(PrincipalId user) {
    const auto revoked = change_.tx().tokens().revoke_all(user, change_.now());
    if (!revoked)
        return pass(revoked.error());
    change_.touched.signed_out.push_back(user);
    return {};
}

Result<void> DirectoryWriter::alter(const SyncStep& step) {
    auto row = change_.tx().principals().find(step.id);
    if (!row)
        return pass(std::move(row).error());
    if (!*row)
        return fail(Errc::internal, fmt::format("there is no principal {}", step.id.value));
    Principal after = **row;
    put(step, after);
    const bool ends = step.kind == PrincipalKind::user && after.state != PrincipalState::active &&
                      (*row)->state == PrincipalState::active;
    if (ends) {
        const Result<UserFacts> before = facts_of(**row);
        if (!before)
            return pass(before.error());
        if (Result<void> stays = spare_last_administrator(*before, after.state); !stays)
            return stays;
    }
    if (after.kind == PrincipalKind::user && after.name_key != (*row)->name_key)
        if (Result<void> free = check_no_endpoint(change_, after.name_key); !free)
            return free;
    if (step.crowded)
        if (Result<void> free = free_names(after); !free)
            return free;
    if (Result<void> done = change_.tx().principals().update(after); !done)
        return done;
    if (ends)
        if (Result<void> done = sign_out(step.id); !done)
            return done;
    log(step.action, &**row, &after, {});
    return {};
}

Result<UserFacts> DirectoryWriter::facts_of(const Principal& user) {
    UserFacts out{user, {}};
    Result<void> seen = change_.tx().principals().each_role([&](const AdminGrant& grant) {
        if (grant.principal == user.id)
            out.roles.push_back(grant.role);
        return Result<void>{};
    });
    if (!seen)
        return pass(std::move(seen).error());
    return out;
}

/// The plan spares it already, as far as it knows; somebody may have taken another one away since.
Result<void> DirectoryWriter::spare_last_administrator(
    const UserFacts& before, PrincipalState after
) {
    if (plan_.needed == Needed::remove)
        return {};
    if (Result<void> alone = wait_for_other_administrators(change_, before); !alone)
        return alone;
    UserFacts ended = before;
    ended.user.state = after;
    return not_the_last_administrator(change_, before, ended);
}

Result<std::vector<TakenAway>> DirectoryWriter::forget_user(const Principal& user) {
    const Result<UserFacts> facts = facts_of(user);
    if (!facts)
        return pass(facts.error());
    if (Result<void> stays = spare_last_administrator(*facts, PrincipalState::gone); !stays)
        return pass(std::move(stays).error());
    // Whoever is missing for once comes back as the same: denied what it was denied before.
    auto taken = forget_rights(change_, *facts, Bars::stay);
    if (!taken)
        return taken;
    if (Result<void> out = sign_out(user.id); !out)
        return pass(std::move(out).error());
    return taken;
}

/// The plan holds it already, as far as it knows; somebody may have named it since.
Result<bool> DirectoryWriter::is_needed(const Principal& group) {
    if (plan_.needed == Needed::remove)
        return false;
    for (const auto& look : {no_category_denies, no_wall_names}) {
        const Result<void> free = look(change_.tx(), group);
        if (free)
            continue;
        if (free.error().code != Errc::conflict)
            return pass(free.error());
        pchat::log::warning(
            "'{}' is gone from the directory and stays: {}", written(group), free.error().message
        );
        return true;
    }
    return false;
}

Result<std::vector<TakenAway>> DirectoryWriter::forget_members(const Principal& group) {
    const auto members = change_.tx().principals().children(group.id);
    if (!members)
        return pass(members.error());
    return forget_group(change_, {group, *members});
}

Result<void> DirectoryWriter::remove(const SyncStep& step) {
    auto found = change_.tx().principals().find(step.id);
    if (!found)
        return pass(std::move(found).error());
    if (!*found || (*found)->state == PrincipalState::gone)
        return {};
    const Principal before = **found;
    if (before.kind != PrincipalKind::user) {
        const Result<bool> needed = is_needed(before);
        if (!needed)
            return pass(needed.error());
        if (*needed)
            return {};  // the next plan holds it
    }
    const auto taken =
        before.kind == PrincipalKind::user ? forget_user(before) : forget_members(before);
    if (!taken)
        return pass(taken.error());
    Principal after = before;
    after.state = PrincipalState::gone;
    after.name_key = name_key(after.uuid);
    after.dn.reset();
    after.dn_key.reset();
    after.updated_at = change_.now();
    if (Result<void> done = change_.tx().principals().update(after); !done)
        return done;
    log(step.action, &before, &after, *taken);
    return {};
}

Result<void> DirectoryWriter::write(std::span<const SyncStep> steps) {
    std::vector<SyncStep> fresh;
    for (const SyncStep& step : steps) {
        Result<void> done;
        if (step.action == SyncAction::remove)
            done = remove(step);
        else if (step.id)
            done = alter(step);
        else
            fresh.push_back(step);
        if (!done)
            return done;
    }
    return add(fresh);
}

Result<std::string> DirectoryWriter::names_of(std::span<const PrincipalId> ids) {
    std::string out;
    for (const PrincipalId id : ids) {
        const auto row = change_.tx().principals().find(id);
        if (!row)
            return pass(row.error());
        out += (out.empty() ? "" : ", ") + (*row ? written(**row) : std::string{});
    }
    return out;
}

Result<void> DirectoryWriter::write(std::span<const MembershipStep> steps) {
    PrincipalStore& store = change_.tx().principals();
    std::vector<Membership> begun;
    std::vector<Membership> ended;
    for (const MembershipStep& step : steps) {
        const PrincipalId child = plan_.ids[step.child];
        std::string after;
        for (const std::uint32_t parent : step.add) {
            after += (after.empty() ? "" : ", ") + plan_.names[parent];
            begun.push_back({plan_.ids[parent], child});
        }
        for (const PrincipalId parent : step.remove)
            ended.push_back({parent, child});
        const Result<std::string> before = names_of(step.remove);
        if (!before)
            return pass(before.error());
        AuditText text;
        text.text("in", *before, after);
        change_.audit(
            "directory.membership",
            audit_object_principal,
            child.value,
            plan_.names[step.child],
            text.before(),
            text.after()
        );
        change_.touched.principals.push_back(child);
    }
    if (Result<void> done = store.remove_members(ended); !done)
        return done;
    return store.add_members(begun);
}

Result<void> DirectoryWriter::write(std::span<const ActivationStep> steps) {
    PrincipalStore& store = change_.tx().principals();
    for (const ActivationStep& step : steps) {
        auto row = store.find(plan_.ids[step.place]);
        if (!row)
            return pass(std::move(row).error());
        if (!*row || (*row)->state != PrincipalState::disabled)
            continue;
        Principal after = **row;
        after.state = PrincipalState::active;
        after.updated_at = change_.now();
        if (Result<void> done = store.update(after); !done)
            return done;
        log(SyncAction::change, &**row, &after, {});
    }
    return {};
}

}  // namespace pchat
