// SPDX-License-Identifier: Apache-2.0
#include "server/service/principal_list.h"

#include "base/unicode.h"
#include "server/domain/eligible.h"
#include "server/domain/name_filter.h"
#include "server/service/eligibility.h"
#include "server/service/principal_lookup.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t most_entries = 1'000;

/// What a page is sorted by, and its cursor. Names of those who are gone may come twice.
std::string sort_of(const KnownPrincipal& principal) {
    return lower_ascii(principal.written()) + " " + principal.uuid;
}

bool fits(const KnownPrincipal& one, const PrincipalQuery& query, const NameFilter& filter) {
    if (query.state ? one.state != *query.state : one.state == PrincipalState::gone)
        return false;
    if ((query.kind && one.kind != *query.kind) || (query.among && query.among->count(one.id) == 0))
        return false;
    return filter.empty() || filter.fits(one.name) || filter.fits(one.display);
}

bool names(const std::vector<PrincipalId>& list, PrincipalId id) {
    return std::binary_search(list.begin(), list.end(), id);
}

std::vector<PrincipalView::Entry> entries_of(const DirectoryState& state, PrincipalId id) {
    std::vector<PrincipalView::Entry> out;
    state.each_category([&](const KnownCategory& one) {
        const Category& category = one.category;
        if (names(one.allowed, id))
            out.push_back({"category", category.uuid, category.name, "allow"});
        if (names(one.denied, id))
            out.push_back({"category", category.uuid, category.name, "deny"});
        if (names(one.creators, id))
            out.push_back({"category", category.uuid, category.name, "creators"});
    });
    state.each_room([&](const KnownRoom& one) {
        if (names(one.members, id))
            out.push_back({"room", one.room.uuid, one.room.name, "members"});
        if (names(one.managers, id))
            out.push_back({"room", one.room.uuid, one.room.name, "managers"});
        if (names(one.presenters, id))
            out.push_back({"room", one.room.uuid, one.room.name, "presenters"});
    });
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return std::tie(a.kind, a.name, a.list) < std::tie(b.kind, b.name, b.list);
    });
    return out;
}

}  // namespace

PrincipalPage list_principals(const DirectoryState& state, const PrincipalQuery& query) {
    const NameFilter filter{query.filter};
    std::vector<std::pair<std::string, PrincipalId>> found;
    state.each_principal([&](const KnownPrincipal& one) {
        if (!fits(one, query, filter))
            return;
        std::string sort = sort_of(one);
        if (!query.cursor || sort > *query.cursor)
            found.emplace_back(std::move(sort), one.id);
    });
    const std::size_t shown = std::min(static_cast<std::size_t>(query.limit), found.size());
    std::partial_sort(
        found.begin(), found.begin() + static_cast<std::ptrdiff_t>(shown), found.end()
    );
    PrincipalPage out;
    for (std::size_t i = 0; i < shown; ++i)
        out.principals.push_back(found[i].second);
    if (shown < found.size() && shown > 0)
        out.cursor = std::move(found[shown - 1].first);
    return out;
}

std::unordered_set<PrincipalId> all_below(const DirectoryState& state, PrincipalId top) {
    const Population all = population_of(state);
    return all.membering.below(std::span{&top, 1}, all.principals);
}

PrincipalView view_principal(const DirectoryState& state, const KnownPrincipal& principal) {
    PrincipalView out;
    out.parents = principal.parents;
    out.above = ancestry(state, principal.id);
    std::erase(out.above, principal.id);
    out.roles = granted_roles(state, principal.id);
    state.each_principal([&](const KnownPrincipal& one) {
        if (std::find(one.parents.begin(), one.parents.end(), principal.id) != one.parents.end())
            ++out.members;
    });
    out.entries = entries_of(state, principal.id);
    out.entry_count = out.entries.size();
    if (out.entries.size() > most_entries)
        out.entries.resize(most_entries);
    return out;
}

}  // namespace pchat
