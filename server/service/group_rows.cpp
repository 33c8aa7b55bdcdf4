// SPDX-License-Identifier: Apache-2.0
#include "server/service/group_rows.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/domain/name_filter.h"
#include "server/domain/principal_name.h"
#include "server/domain/words.h"
#include "server/service/fetch.h"
#include "server/service/leave_lists.h"
#include "server/service/list_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace pchat {
namespace {

tl::unexpected<Error> group_not_found(std::string_view group) {
    return fail_as(
        "group-not-found",
        Errc::not_found,
        fmt::format("group '{}' does not exist", printable(group)),
        "list groups: pchatctl group list",
        "group"
    );
}

Result<std::optional<Principal>> find_row(ContentTransaction& tx, std::string_view text) {
    if (is_uuid(text))
        return tx.principals().find_uuid(lower_ascii(text));
    Result<PrincipalName> name = parse_principal(text, "group");
    if (!name || name->kind != PrincipalKind::group)
        name = parse_principal("group:" + std::string{text}, "group");
    if (!name)
        return std::optional<Principal>{};
    const std::string key = name_key(name->name);
    auto found = tx.principals().find_name(PrincipalKind::group, key);
    return !found || *found ? found : tx.principals().find_dn(key);
}

Result<void> end_members(Change& change, const GroupFacts& group) {
    std::vector<Membership> ended;
    for (const PrincipalId member : group.members) {
        ended.push_back({group.group.id, member});
        change.touched.principals.push_back(member);
    }
    return change.tx().principals().remove_members(ended);
}

Result<void> lose_roles(Change& change, PrincipalId group, std::vector<TakenAway>& out) {
    PrincipalStore& store = change.tx().principals();
    std::vector<AdminRole> roles;
    Result<void> seen = store.each_role([&](const AdminGrant& grant) {
        if (grant.principal == group)
            roles.push_back(grant.role);
        return Result<void>{};
    });
    if (!seen)
        return seen;
    for (const AdminRole role : roles) {
        out.push_back({"role", {}, std::string{to_string(role)}, {}});
        if (Result<void> revoked = store.revoke_role(group, role); !revoked)
            return revoked;
    }
    return {};
}

Result<GroupList> read_page(
    ContentTransaction& tx, const GroupListQuery& query, NamePosition after
) {
    constexpr int portion = 500;
    const NameFilter filter{query.filter};
    GroupList out;
    for (;;) {
        auto rows = tx.principals().page(PrincipalKind::group, after, portion);
        if (!rows)
            return pass(std::move(rows).error());
        for (Principal& row : *rows) {
            after = {row.name_sort, row.id.value};
            if (row.state == PrincipalState::gone ||
                (!filter.fits(row.name) && !filter.fits(row.display_name)))
                continue;
            if (out.groups.size() == static_cast<std::size_t>(query.limit)) {
                const Principal& last = out.groups.back();
                out.cursor = fmt::format("{}:{}", last.id.value, last.name_sort);
                return out;
            }
            out.groups.push_back(std::move(row));
        }
        if (rows->size() < static_cast<std::size_t>(portion))
            return out;
    }
}

}  // namespace

Result<GroupFacts> find_living_group(ContentTransaction& tx, std::string_view group) {
    auto row = find_row(tx, group);
    if (!row)
        return pass(std::move(row).error());
    if (!*row || (*row)->kind != PrincipalKind::group || (*row)->state == PrincipalState::gone)
        return group_not_found(group);
    auto members = tx.principals().children((*row)->id);
    if (!members)
        return pass(std::move(members).error());
    std::sort(members->begin(), members->end());
    return GroupFacts{std::move(**row), std::move(*members)};
}

Result<std::vector<PrincipalId>*> GroupsAbove::parents(PrincipalId group) {
    const auto known = parents_.find(group);
    if (known != parents_.end())
        return &known->second;
    auto read = tx_.principals().parents(group);
    if (!read)
        return pass(std::move(read).error());
    return &parents_.emplace(group, std::move(*read)).first->second;
}

void GroupsAbove::changed(std::span<const Membership> ended, std::span<const Membership> begun) {
    for (const auto& list : {ended, begun})
        for (const Membership& one : list)
            parents_.erase(one.child);
}

Result<std::vector<PrincipalId>> GroupsAbove::path_down(PrincipalId above, PrincipalId group) {
    std::unordered_map<PrincipalId, PrincipalId> below;  // what each was reached from
    std::vector<PrincipalId> reached{group};
    below.emplace(group, PrincipalId{});
    for (std::size_t next = 0; next < reached.size() && below.count(above) == 0; ++next) {
        const auto higher = parents(reached[next]);
        if (!higher)
            return pass(higher.error());
        for (const PrincipalId parent : **higher)
            if (below.emplace(parent, reached[next]).second)
                reached.push_back(parent);
    }
    std::vector<PrincipalId> out;
    if (below.count(above) == 0)
        return out;
    for (PrincipalId step = above; step; step = below.at(step))
        out.push_back(step);
    return out;
}

Result<void> no_category_denies(ContentTransaction& tx, const Principal& group) {
    const auto scope = tx.categories().naming(group.id);
    if (!scope)
        return pass(scope.error());
    const auto denies = std::find_if(scope->begin(), scope->end(), [](const ScopeEntry& entry) {
        return entry.kind == ScopeKind::denied;
    });
    if (denies == scope->end())
        return {};
    const auto category = tx.categories().find(denies->category);
    if (!category)
        return pass(category.error());
    return fail_as(
        "group-denied",
        Errc::conflict,
        fmt::format(
            "category '{}' denies group '{}': without it its members may be allowed there",
            *category ? (*category)->name : std::string{},
            group.name
        ),
        "deny them otherwise first, or remove it by --force",
        "group"
    );
}

Result<void> no_wall_names(ContentTransaction& tx, const Principal& group) {
    const auto sides = tx.walls().naming(group.id);
    if (!sides)
        return pass(sides.error());
    if (sides->empty())
        return {};
    const auto wall = tx.walls().find(sides->front().wall);
    if (!wall)
        return pass(wall.error());
    return fail_as(
        "group-walled",
        Errc::conflict,
        fmt::format(
            "wall '{}' names group '{}': without it nothing keeps its members apart",
            *wall ? (*wall)->name : std::string{},
            group.name
        ),
        "change the wall first: pchatctl wall set; or remove the group by --force",
        "group"
    );
}

Result<std::vector<TakenAway>> forget_group(Change& change, const GroupFacts& group) {
    std::vector<TakenAway> out;
    const PrincipalId id = group.group.id;
    if (Result<void> left = leave_lists(change, id, Bars::go, out); !left)
        return pass(std::move(left).error());
    if (Result<void> left = leave_groups(change, id, out); !left)
        return pass(std::move(left).error());
    if (Result<void> ended = end_members(change, group); !ended)
        return pass(std::move(ended).error());
    if (Result<void> lost = lose_roles(change, id, out); !lost)
        return pass(std::move(lost).error());
    return out;
}

Result<GroupList> list_groups(ContentDatabase& content, const GroupListQuery& query) {
    NamePosition after;
    if (query.cursor) {
        Result<NamePosition> position = read_name_cursor(*query.cursor);
        if (!position)
            return pass(std::move(position).error());
        after = std::move(*position);
    }
    return fetch(content, "listing groups", [&](ContentTransaction& tx) {
        return read_page(tx, query, after);
    });
}

Result<GroupFacts> get_group(ContentDatabase& content, std::string_view group) {
    return fetch(content, "reading the group", [&](ContentTransaction& tx) {
        return find_living_group(tx, group);
    });
}

}  // namespace pchat
