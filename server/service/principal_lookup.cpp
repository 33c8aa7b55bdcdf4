// SPDX-License-Identifier: Apache-2.0
#include "server/service/principal_lookup.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/service/first_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pchat {
namespace {

Result<std::optional<Principal>> find_row(ContentTransaction& tx, const PrincipalName& name) {
    const std::string key = name_key(name.name);
    auto found = tx.principals().find_name(name.kind, key);
    if (!found || *found || name.kind == PrincipalKind::user)
        return found;
    auto by_dn = tx.principals().find_dn(key);  // groups may be written by their full DN
    if (by_dn && *by_dn && (*by_dn)->kind != name.kind)
        return std::optional<Principal>{};
    return by_dn;
}

constexpr std::string_view how_to_name =
    "name groups as group:NAME, folders as ou:DN, domains as domain:NAME";

constexpr std::string_view how_to_list_users = "list users: pchatctl user list";

/// What may have been meant: the few of that kind whose names are nearest. There are many users:
/// of them only those that are a slip of the finger away.
std::string way_out(const DirectoryState& state, const PrincipalName& wanted) {
    constexpr std::size_t most = 3;
    constexpr std::size_t slip = 2;
    const bool user = wanted.kind == PrincipalKind::user;
    // Comparing takes the product of both lengths, for each of them.
    constexpr std::size_t longest_compared = 128;
    constexpr std::size_t most_compared = 5'000;
    std::vector<const KnownPrincipal*> candidates;
    state.each_principal([&](const KnownPrincipal& one) {
        if (one.kind == wanted.kind && one.state == PrincipalState::active)
            candidates.push_back(&one);
    });
    if (candidates.empty())
        return "this server knows none of that kind; name users as sip:user@domain, or everyone";
    const std::string otherwise{user ? how_to_list_users : how_to_name};
    if (wanted.name.size() > longest_compared || candidates.size() > most_compared)
        return otherwise;
    std::vector<std::pair<std::size_t, std::string>> known;
    for (const KnownPrincipal* one : candidates)
        if (one->name.size() <= longest_compared)
            known.emplace_back(edit_distance(one->name, wanted.name), one->written());
    if (user)
        std::erase_if(known, [](const auto& one) { return one.first > slip; });
    if (known.empty())
        return otherwise;
    const auto shown = known.begin() + static_cast<std::ptrdiff_t>(std::min(most, known.size()));
    std::partial_sort(known.begin(), shown, known.end());
    std::string out = known.front().first <= slip ? "did you mean" : "the nearest names:";
    for (auto one = known.begin(); one != shown; ++one)
        out += fmt::format("{} {}", one == known.begin() ? "" : ",", one->second);
    return out;
}

tl::unexpected<Error> unknown(
    const Directory& directory, const PrincipalName& name, std::string_view field, Names names
) {
    const bool user = name.kind == PrincipalKind::user;
    return fail_as(
        user ? "user-not-found" : "principal-not-found",
        Errc::not_found,
        fmt::format("{}'{}' does not exist", user ? "user " : "", name.written()),
        names == Names::hidden
            ? std::string{user ? how_to_list_users : how_to_name}
            : directory.read([&](const DirectoryState& state) { return way_out(state, name); }),
        field
    );
}

/// Those, of whom some may be gone and on the list still: they are found by the name they had.
Result<std::vector<PrincipalId>> find_listed(
    PrincipalLookup& lookup,
    const std::vector<std::string>& texts,
    const std::vector<PrincipalId>& list,
    std::string_view field
) {
    std::vector<PrincipalId> out;
    for (const std::string& text : texts) {
        Result<PrincipalId> found = lookup.find(text, field);
        if (!found && found.error().code == Errc::not_found)
            for (const PrincipalId one : list) {
                const Result<std::string> written = lookup.written(one);
                if (!written)
                    return pass(written.error());
                if (name_key(*written) == name_key(text))
                    found = one;
            }
        if (!found)
            return pass(std::move(found).error());
        out.push_back(*found);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::vector<PrincipalId> merged(
    const std::vector<PrincipalId>& a, const std::vector<PrincipalId>& b
) {
    std::vector<PrincipalId> out;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
}

}  // namespace

std::vector<PrincipalId> ancestry(const DirectoryState& state, PrincipalId id) {
    std::vector<PrincipalId> out{id};
    // Groups may contain each other in a circle: each is entered once.
    for (std::size_t next = 0; next < out.size(); ++next) {
        const KnownPrincipal* one = state.principal(out[next]);
        if (one == nullptr)
            continue;
        for (const PrincipalId parent : one->parents)
            if (std::find(out.begin(), out.end(), parent) == out.end())
                out.push_back(parent);
    }
    static const std::string key = name_key("everyone");
    const KnownPrincipal* everyone = state.principal_named(PrincipalKind::system, key);
    if (everyone != nullptr && everyone->id != id)
        out.push_back(everyone->id);
    std::sort(out.begin(), out.end());
    return out;
}

std::uint8_t granted_roles(const DirectoryState& state, PrincipalId id) {
    std::uint8_t out = 0;
    for (const PrincipalId one : ancestry(state, id))
        if (const KnownPrincipal* known = state.principal(one))
            out = static_cast<std::uint8_t>(out | known->roles);
    return out;
}

bool meet(const std::vector<PrincipalId>& a, const std::vector<PrincipalId>& b) {
    for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
        if (*x == *y)
            return true;
        if (*x < *y)
            ++x;
        else
            ++y;
    }
    return false;
}

Names names_for(const Person& person) {
    return person.roles != 0 ? Names::told : Names::hidden;
}

Result<Principal> find_principal(
    ContentTransaction& tx,
    const Directory& directory,
    std::string_view text,
    std::string_view field,
    Names names
) {
    if (is_uuid(text)) {
        auto row = tx.principals().find_uuid(lower_ascii(text));
        if (!row)
            return pass(std::move(row).error());
        if (!*row)
            return fail_as(
                "principal-not-found",
                Errc::not_found,
                fmt::format("nobody has the id {}", text),
                "list principals: pchatctl principal list",
                field
            );
        return std::move(**row);
    }
    const Result<PrincipalName> name = parse_principal(text, field);
    if (!name)
        return pass(name.error());
    auto row = find_row(tx, *name);
    if (!row)
        return pass(std::move(row).error());
    if (!*row)
        return unknown(directory, *name, field, names);
    return std::move(**row);
}

Result<PrincipalId> PrincipalLookup::find(std::string_view text, std::string_view field) {
    const Result<PrincipalName> name = parse_principal(text, field);
    if (!name)
        return pass(name.error());
    if (name->kind == PrincipalKind::system) {
        const Result<PrincipalId> everyone = find_or_make_everyone(change_.tx(), change_.now());
        if (!everyone)
            return everyone;
        const bool known = directory_.read([&](const DirectoryState& state) {
            return state.principal(*everyone) != nullptr;
        });
        if (!known && !new_everyone_) {
            new_everyone_ = *everyone;
            change_.touched.principals.push_back(*everyone);
            above_.clear();
        }
        return everyone;
    }
    const auto row = find_row(change_.tx(), *name);
    if (!row)
        return pass(row.error());
    if (!*row)
        return unknown(directory_, *name, field, names_);
    return (*row)->id;
}

Result<std::vector<PrincipalId>> PrincipalLookup::find_all(
    const std::vector<std::string>& texts, std::string_view field
) {
    std::vector<PrincipalId> out;
    for (const std::string& text : texts) {
        const Result<PrincipalId> id = find(text, field);
        if (!id)
            return pass(id.error());
        out.push_back(*id);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

Result<std::string> PrincipalLookup::written(PrincipalId id) {
    std::string known = directory_.read([&](const DirectoryState& state) {
        const KnownPrincipal* one = state.principal(id);
        return one == nullptr ? std::string{} : one->written();
    });
    if (!known.empty())
        return known;
    const auto row = change_.tx().principals().find(id);
    if (!row)
        return pass(row.error());
    return *row ? PrincipalName{(*row)->kind, (*row)->name}.written() : std::string{"(nobody)"};
}

Result<std::string> PrincipalLookup::written(const std::vector<PrincipalId>& ids) {
    constexpr std::size_t most = 10;
    std::string out;
    for (std::size_t i = 0; i < std::min(most, ids.size()); ++i) {
        const Result<std::string> one = written(ids[i]);
        if (!one)
            return one;
        out += (i == 0 ? "" : ", ") + *one;
    }
    if (ids.size() > most)
        out += fmt::format(" and {} more", ids.size() - most);
    return out;
}

const std::vector<PrincipalId>& PrincipalLookup::above(PrincipalId id) {
    const auto known = above_.find(id);
    if (known != above_.end())
        return known->second;
    auto found = directory_.read([&](const DirectoryState& state) { return ancestry(state, id); });
    if (new_everyone_ && new_everyone_ != id)
        found = merged(found, {new_everyone_});
    return above_.emplace(id, std::move(found)).first->second;
}

bool PrincipalLookup::is_allowed_in(const KnownCategory& category, PrincipalId id) {
    const std::vector<PrincipalId>& all = above(id);
    return meet(all, category.allowed) && !meet(all, category.denied);
}

Result<ChangedList> changed_list(
    PrincipalLookup& lookup,
    const ListChange& change,
    const std::vector<PrincipalId>& before,
    std::string_view field
) {
    ChangedList out;
    out.list = before;
    if (change.replace) {
        auto wanted = find_listed(lookup, *change.replace, before, field);
        if (!wanted)
            return pass(std::move(wanted).error());
        out.list = out.named = std::move(*wanted);
    }
    const Result<std::vector<PrincipalId>> added = lookup.find_all(change.add, field);
    if (!added)
        return pass(added.error());
    const auto removed = find_listed(lookup, change.remove, before, field);
    if (!removed)
        return pass(removed.error());
    out.list = without(merged(out.list, *added), *removed);
    out.named = without(merged(out.named, *added), *removed);
    return out;
}

}  // namespace pchat
