// SPDX-License-Identifier: Apache-2.0
#include "server/service/token_admin.h"

#include "base/time_text.h"
#include "base/unicode.h"
#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/domain/words.h"
#include "server/service/audit_text.h"
#include "server/service/fetch.h"
#include "server/service/refusals.h"
#include "server/service/token_wish.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

std::vector<std::string> scope_words(const DirectoryState& state, const TokenScope& scope) {
    std::vector<std::string> out;
    if (scope.read_only)
        out.emplace_back("read-only");
    for (const CategoryId id : scope.categories) {
        const KnownCategory* known = state.category(id);
        out.push_back("category:" + (known == nullptr ? "(removed)" : known->category.name));
    }
    for (const RoomId id : scope.rooms) {
        const KnownRoom* known = state.room(id);
        out.push_back("room:" + (known == nullptr ? "(removed)" : known->room.name));
    }
    return out;
}

Result<TokenFacts> facts_of(const DirectoryState& state, Token row) {
    TokenFacts out;
    out.row = std::move(row);
    out.all_roles = !out.row.role_mask;
    for (int role = 1; role <= static_cast<int>(AdminRole::administrator); ++role)
        if (((out.row.role_mask.value_or(0) >> static_cast<unsigned>(role)) & 1) != 0)
            out.roles.push_back(static_cast<AdminRole>(role));
    if (!out.row.scope)
        return out;
    const Result<TokenScope> scope = read_scope_text(*out.row.scope);
    if (!scope)
        return pass(scope.error());
    out.scope = scope_words(state, *scope);
    return out;
}

std::string audit_of(const TokenFacts& facts) {
    AuditText text;
    std::string roles;
    for (const AdminRole role : facts.roles)
        roles.append(roles.empty() ? "" : ", ").append(to_string(role));
    text.text("roles", {}, facts.all_roles ? std::string_view{"all"} : std::string_view{roles});
    text.text("scope", {}, fmt::format("{}", fmt::join(facts.scope, ", ")));
    if (facts.row.expires_at)
        text.text("expires_at", {}, time_text(*facts.row.expires_at));
    return text.after();
}

/// One who asks about tokens.
struct Asking {
    Changes& changes;
    SignIns& sign_ins;
    const AdminCall& call;
    const Identity& by;

    /// What somebody must not do is worth an entry, what they wrote wrongly is not.
    [[nodiscard]] Error refused(std::string_view action, std::string_view name, const Error& why)
        const {
        if (why.code == Errc::denied && !call.dry_run)
            note_refusal(
                changes, sign_ins, call.actor, by.token, {action, printable(name), why.reason}
            );
        return why;
    }
};

Result<void> check_free(const std::vector<Token>& tokens, const std::string& name) {
    const std::string key = name_key(name);
    for (const Token& one : tokens)
        if (name_key(one.label) == key)
            return fail_as(
                "token-exists",
                Errc::conflict,
                fmt::format("you have a token '{}' already", name),
                "give it another name, or remove the old one: pchatctl token remove",
                "name"
            );
    if (tokens.size() >= most_tokens)
        return fail_as(
            "too-many",
            Errc::conflict,
            fmt::format("you have {} tokens", tokens.size()),
            "remove those that nobody uses: pchatctl token list",
            "name"
        );
    return {};
}

/// The caller, or whom an administrator names.
Result<PrincipalId> owner_of(Chat& chat, const Person& person, std::string_view user) {
    if (user.empty())
        return person.id;
    const Result<PrincipalName> name = parse_principal(user, "user");
    if (!name)
        return pass(name.error());
    const PrincipalId found = chat.directory().read([&](const DirectoryState& state) {
        const KnownPrincipal* known = state.principal_named(name->kind, name_key(name->name));
        return known == nullptr || known->kind != PrincipalKind::user ? PrincipalId{} : known->id;
    });
    if (found == person.id)
        return found;
    if (!person.has(AdminRole::administrator))
        return fail_as(
            "role-missing",
            Errc::denied,
            "the tokens of others are for administrators",
            "ask somebody with the role administrator",
            "user"
        );
    if (!found)
        return fail_as(
            "user-not-found",
            Errc::not_found,
            fmt::format("user '{}' does not exist", printable(user)),
            "list users: pchatctl user list",
            "user"
        );
    return found;
}

const Token* find_token(const std::vector<Token>& tokens, std::string_view text) {
    const std::string key = name_key(text);
    const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const Token& one) {
        return one.uuid == lower_ascii(text) || name_key(one.label) == key;
    });
    return found == tokens.end() ? nullptr : &*found;
}

tl::unexpected<Error> token_not_found(std::string_view token) {
    return fail_as(
        "token-not-found",
        Errc::not_found,
        fmt::format("token '{}' does not exist, or has expired", printable(token)),
        "list tokens: pchatctl token list",
        "token"
    );
}

}  // namespace

Result<MadeToken> create_token(
    Changes& changes,
    SignIns& sign_ins,
    const AdminCall& call,
    const Identity& by,
    const TokenFields& fields
) {
    const Asking asking{changes, sign_ins, call, by};
    const Result<TokenWish> wish = token_wish(changes.chat(), call, by, fields);
    if (!wish)
        return pass(asking.refused("token.create", fields.name, wish.error()));
    MadeToken out;
    Result<void> done = changes.run(
        "making a token",
        call.actor,
        [&](Change& change) -> Result<void> {
            IssuedToken token = make_token(*wish, change.now());
            // Locks the user first: two of one name at a time would both find it free.
            if (Result<void> locked = change.tx().principals().lock(wish->user); !locked)
                return locked;
            const auto others =
                change.tx().tokens().in_force(wish->user, TokenKind::api, change.now());
            if (!others)
                return pass(others.error());
            if (Result<void> free = check_free(*others, wish->label); !free)
                return free;
            if (Result<void> stored = store_token(change.tx(), *wish, token.row); !stored)
                return stored;
            Result<TokenFacts> facts =
                changes.chat().directory().read([&](const DirectoryState& state) {
                    return facts_of(state, token.row);
                });
            if (!facts)
                return pass(std::move(facts).error());
            change.audit(
                "token.create",
                audit_object_token,
                token.row.id.value,
                wish->label,
                {},
                audit_of(*facts)
            );
            out = {std::move(token.secret), std::move(*facts)};
            return {};
        },
        call.dry_run
    );
    if (!done)
        return pass(std::move(done).error());
    if (call.dry_run)
        out.secret = {};
    return out;
}

Result<std::vector<TokenFacts>> list_tokens(
    Changes& changes,
    SignIns& sign_ins,
    const AdminCall& call,
    const Identity& by,
    std::string_view user
) {
    Chat& chat = changes.chat();
    const Result<PrincipalId> owner = owner_of(chat, call.person, user);
    if (!owner)
        return pass(Asking{changes, sign_ins, call, by}.refused("token.list", user, owner.error()));
    const Microseconds now = chat.clock().now();
    auto tokens = fetch(chat.content(), "listing tokens", [&](ContentTransaction& tx) {
        return tx.tokens().in_force(*owner, TokenKind::api, now);
    });
    if (!tokens)
        return pass(std::move(tokens).error());
    std::vector<TokenFacts> out;
    for (Token& one : *tokens) {
        Result<TokenFacts> facts = chat.directory().read([&](const DirectoryState& state) {
            return facts_of(state, std::move(one));
        });
        if (!facts)
            return pass(std::move(facts).error());
        out.push_back(std::move(*facts));
    }
    return out;
}

Result<TokenFacts> remove_token(
    Changes& changes,
    SignIns& sign_ins,
    const AdminCall& call,
    const Identity& by,
    std::string_view token,
    std::string_view user
) {
    Chat& chat = changes.chat();
    const Asking asking{changes, sign_ins, call, by};
    if (Result<void> may = check_maker(by); !may)
        return pass(asking.refused("token.remove", token, may.error()));
    const Result<PrincipalId> owner = owner_of(chat, call.person, user);
    if (!owner)
        return pass(asking.refused("token.remove", token, owner.error()));
    TokenFacts out;
    Result<void> done = changes.run(
        "removing a token",
        call.actor,
        [&](Change& change) -> Result<void> {
            const auto tokens = change.tx().tokens().in_force(*owner, TokenKind::api, change.now());
            if (!tokens)
                return pass(tokens.error());
            const Token* found = find_token(*tokens, token);
            if (found == nullptr)
                return token_not_found(token);
            const auto revoked = change.tx().tokens().revoke(found->uuid, change.now());
            if (!revoked)
                return pass(revoked.error());
            Result<TokenFacts> facts = chat.directory().read([&](const DirectoryState& state) {
                return facts_of(state, *found);
            });
            if (!facts)
                return pass(std::move(facts).error());
            out = std::move(*facts);
            change.audit(
                "token.remove", audit_object_token, found->id.value, found->label, audit_of(out), {}
            );
            change.touched.revoked.push_back(found->id);
            return {};
        },
        call.dry_run
    );
    if (!done)
        return pass(std::move(done).error());
    return out;
}

}  // namespace pchat
