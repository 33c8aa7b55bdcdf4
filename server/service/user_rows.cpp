// SPDX-License-Identifier: Apache-2.0
#include "server/service/user_rows.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/domain/name_filter.h"
#include "server/domain/principal_name.h"
#include "server/domain/words.h"
#include "server/service/fetch.h"
#include "server/service/list_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace pchat {
namespace {

tl::unexpected<Error> user_not_found(std::string_view user) {
    return fail_as(
        "user-not-found",
        Errc::not_found,
        fmt::format("user '{}' does not exist", printable(user)),
        "list users: pchatctl user list",
        "user"
    );
}

Result<std::vector<AdminRole>> roles_of(ContentTransaction& tx, PrincipalId user) {
    std::vector<AdminRole> out;
    Result<void> seen = tx.principals().each_role([&](const AdminGrant& grant) {
        if (grant.principal == user)
            out.push_back(grant.role);
        return Result<void>{};
    });
    if (!seen)
        return pass(std::move(seen).error());
    std::sort(out.begin(), out.end());
    return out;
}

Result<UserFacts> find_user(ContentTransaction& tx, std::string_view text) {
    Result<std::optional<Principal>> row = std::optional<Principal>{};
    if (is_uuid(text)) {
        row = tx.principals().find_uuid(lower_ascii(text));
    } else {
        const Result<PrincipalName> name = parse_principal(text, "user");
        if (!name || name->kind != PrincipalKind::user)
            return user_not_found(text);
        row = tx.principals().find_name(PrincipalKind::user, name_key(name->name));
    }
    if (!row)
        return pass(std::move(row).error());
    if (!*row || (*row)->kind != PrincipalKind::user)
        return user_not_found(text);
    Result<std::vector<AdminRole>> roles = roles_of(tx, (*row)->id);
    if (!roles)
        return pass(std::move(roles).error());
    return UserFacts{std::move(**row), std::move(*roles)};
}

bool fits(const Principal& user, const UserListQuery& query, const NameFilter& filter) {
    if (query.state ? user.state != *query.state : user.state == PrincipalState::gone)
        return false;
    return filter.empty() || filter.fits(user.name) || filter.fits(user.display_name);
}

Result<UserList> read_page(ContentTransaction& tx, const UserListQuery& query, NamePosition after) {
    constexpr int portion = 500;
    const NameFilter filter{query.filter};
    UserList out;
    for (;;) {
        auto rows = tx.principals().page(PrincipalKind::user, after, portion);
        if (!rows)
            return pass(std::move(rows).error());
        for (Principal& row : *rows) {
            if (!fits(row, query, filter)) {
                after = {row.name_sort, row.id.value};
                continue;
            }
            if (out.users.size() == static_cast<std::size_t>(query.limit)) {
                const Principal& last = out.users.back().user;
                out.cursor = fmt::format("{}:{}", last.id.value, last.name_sort);
                return out;
            }
            after = {row.name_sort, row.id.value};
            out.users.push_back({std::move(row), {}});
        }
        if (rows->size() < static_cast<std::size_t>(portion))
            return out;
    }
}

}  // namespace

Result<UserFacts> find_living_user(ContentTransaction& tx, std::string_view user) {
    Result<UserFacts> found = find_user(tx, user);
    if (found && found->user.state == PrincipalState::gone)
        return user_not_found(user);
    return found;
}

Result<std::vector<TakenAway>> forget_rights(Change& change, const UserFacts& user, Bars bars) {
    ContentTransaction& tx = change.tx();
    const PrincipalId id = user.user.id;
    std::vector<TakenAway> out;
    if (Result<void> left = leave_lists(change, id, bars, out); !left)
        return pass(std::move(left).error());
    for (const AdminRole role : user.roles) {
        out.push_back({"role", {}, std::string{to_string(role)}, {}});
        if (Result<void> revoked = tx.principals().revoke_role(id, role); !revoked)
            return pass(std::move(revoked).error());
    }
    if (Result<void> left = leave_groups(change, id, out); !left)
        return pass(std::move(left).error());
    if (Result<void> revoked = tx.policies().revoke(id); !revoked)
        return pass(std::move(revoked).error());
    change.touched.policies = true;
    if (Result<void> forgotten = tx.marks().watch(id, {}); !forgotten)
        return pass(std::move(forgotten).error());
    if (Result<void> forgotten = tx.accounts().remove(id); !forgotten)
        return pass(std::move(forgotten).error());
    return out;
}

Result<UserList> list_users(ContentDatabase& content, const UserListQuery& query) {
    NamePosition after;
    if (query.cursor) {
        Result<NamePosition> position = read_name_cursor(*query.cursor);
        if (!position)
            return pass(std::move(position).error());
        after = std::move(*position);
    }
    UserList out;
    Result<void> read = content.read("listing users", [&](ContentTransaction& tx) -> Result<void> {
        Result<UserList> page = read_page(tx, query, after);
        if (!page)
            return pass(std::move(page).error());
        out = std::move(*page);
        std::unordered_map<PrincipalId, std::vector<AdminRole>> roles;
        Result<void> seen = tx.principals().each_role([&](const AdminGrant& grant) {
            roles[grant.principal].push_back(grant.role);
            return Result<void>{};
        });
        for (UserFacts& one : out.users) {
            one.roles = roles[one.user.id];
            std::sort(one.roles.begin(), one.roles.end());
        }
        return seen;
    });
    if (!read)
        return pass(std::move(read).error());
    return out;
}

Result<UserFacts> get_user(ContentDatabase& content, std::string_view user) {
    return fetch(content, "reading the user", [&](ContentTransaction& tx) {
        return find_user(tx, user);
    });
}

}  // namespace pchat
