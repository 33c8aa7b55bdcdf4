// SPDX-License-Identifier: Apache-2.0
#include "server/service/token_wish.h"

#include "base/unicode.h"
#include "server/domain/words.h"
#include "server/service/named_object.h"
#include "server/service/principal_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t most_places = 50;  // that one scope names

tl::unexpected<Error> bad_scope(std::string_view word) {
    return fail_as(
        "bad-value",
        Errc::invalid,
        fmt::format("'{}' is no scope", printable(word)),
        "a scope is read-only, category:NAME or room:NAME",
        "scope"
    );
}

/// Whoever has any role knows all categories and rooms; others those that are open to them.
Result<void> put_category(
    const DirectoryState& state, const Person& person, std::string_view name, TokenScope& scope
) {
    const KnownCategory* known = state.find_category(name);
    if (known == nullptr || (person.roles == 0 && !meet(person.affiliations, known->allowed)))
        return category_not_found(name);
    scope.categories.push_back(known->category.id);
    return {};
}

Result<void> put_room(
    const DirectoryState& state, const Person& person, std::string_view name, TokenScope& scope
) {
    const KnownRoom* known = state.find_room(name);
    if (known == nullptr || (person.roles == 0 && !state.rights(person, *known).has(Right::view)))
        return room_not_found(name);
    scope.rooms.push_back(known->room.id);
    return {};
}

template <class List>
void sort_unique(List& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

Result<TokenScope> scope_of(
    const DirectoryState& state, const Person& person, const std::vector<std::string>& words
) {
    constexpr std::string_view in_category = "category:";
    constexpr std::string_view in_room = "room:";
    if (words.size() > most_places)
        return fail_as(
            "too-long",
            Errc::invalid,
            fmt::format("the scope has {} entries", words.size()),
            fmt::format("at most {}; give a category instead", most_places),
            "scope"
        );
    TokenScope out;
    for (const std::string& text : words) {
        const std::string_view word{text};
        Result<void> put;
        if (word == "read-only")
            out.read_only = true;
        else if (word.starts_with(in_category))
            put = put_category(state, person, word.substr(in_category.size()), out);
        else if (word.starts_with(in_room))
            put = put_room(state, person, word.substr(in_room.size()), out);
        else
            return bad_scope(word);
        if (!put)
            return pass(std::move(put).error());
    }
    sort_unique(out.categories);
    sort_unique(out.rooms);
    return out;
}

/// What may be given away is what the caller has: all roles of a sign-in, no more of a token.
Result<std::int64_t> mask_of(const Person& person, const std::vector<AdminRole>& roles) {
    std::int64_t out = 0;
    for (const AdminRole role : roles) {
        if (!person.has(role))
            return fail_as(
                "role-missing",
                Errc::denied,
                fmt::format("you have not the role {}, so no token of yours can", to_string(role)),
                "ask an administrator for it, or leave it out",
                "roles"
            );
        out |= std::int64_t{1} << static_cast<unsigned>(role);
    }
    return out;
}

Result<void> check_lifetime(std::chrono::seconds lifetime) {
    if (lifetime >= shortest_token_lifetime && lifetime <= longest_token_lifetime)
        return {};
    return fail_as(
        "bad-value",
        Errc::invalid,
        fmt::format("a token cannot live {} seconds", lifetime.count()),
        fmt::format(
            "from {} seconds to {} days",
            shortest_token_lifetime.count(),
            longest_token_lifetime.count() / 24
        ),
        "lifetime"
    );
}

}  // namespace

Result<void> check_maker(const Identity& by) {
    if (!by.narrowed())
        return {};
    return not_allowed(
        "a token for scripts neither makes nor removes tokens", "sign in: pchatctl login"
    );
}

Result<TokenWish> token_wish(
    Chat& chat, const AdminCall& call, const Identity& by, const TokenFields& fields
) {
    TokenWish out;
    Result<std::string> name = checked_name(fields.name);
    if (!name)
        return pass(std::move(name).error());
    if (Result<void> may = check_maker(by); !may)
        return pass(std::move(may).error());
    if (Result<void> good = check_lifetime(fields.lifetime); !good)
        return pass(std::move(good).error());
    const Result<std::int64_t> mask = mask_of(call.person, fields.roles);
    if (!mask)
        return pass(mask.error());
    const Result<TokenScope> scope = chat.directory().read([&](const DirectoryState& state) {
        return scope_of(state, call.person, fields.scope);
    });
    if (!scope)
        return pass(scope.error());
    out.user = call.person.id;
    out.kind = TokenKind::api;
    out.label = std::move(*name);
    out.lifetime = fields.lifetime;
    out.role_mask = *mask;
    if (*scope != TokenScope{})
        out.scope = scope_text(*scope);
    return out;
}

}  // namespace pchat
