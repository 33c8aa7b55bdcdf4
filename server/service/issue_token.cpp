// SPDX-License-Identifier: Apache-2.0
#include "server/service/issue_token.h"

#include "base/sha256.h"
#include "base/uuid.h"

#include <fmt/format.h>

#include <random>

namespace pchat {
namespace {

/// 256 random bits in hexadecimal digits, with a mark by which leaks are found in texts.
std::string make_secret() {
    std::random_device random;
    std::string out = "pct_";
    for (int i = 0; i < 8; ++i)
        out += fmt::format("{:08x}", random());
    return out;
}

/// Asks again, now that nobody can change the user or what it signs in with.
Result<void> check_still(ContentTransaction& tx, const TokenWish& wish) {
    const auto refusal = [] {
        return fail_as(
            "bad-credentials",
            Errc::signed_out,
            "the user or the password was changed just now",
            "sign in again"
        );
    };
    if (Result<void> locked = tx.principals().lock(wish.user); !locked)
        return locked;
    const auto user = tx.principals().find(wish.user);
    if (!user)
        return pass(user.error());
    if (!*user || (*user)->state != PrincipalState::active)
        return refusal();
    if (!wish.password_hash)
        return {};
    const auto account = tx.accounts().find(wish.user);
    if (!account)
        return pass(account.error());
    if (!*account || (*account)->password_hash != *wish.password_hash)
        return refusal();
    return {};
}

/// Each lives for seconds and is used at once: who has many of them does not use them.
Result<void> check_few_tickets(ContentTransaction& tx, PrincipalId user, Microseconds now) {
    const auto live = tx.tokens().in_force(user, TokenKind::ticket, now);
    if (!live)
        return pass(live.error());
    if (live->size() < most_tickets)
        return {};
    return fail_as(
        "too-many-tickets",
        Errc::too_many,
        fmt::format("you have {} tickets that were not used", live->size()),
        "use them, or wait until they expire"
    );
}

}  // namespace

IssuedToken make_token(const TokenWish& wish, Microseconds now) {
    IssuedToken out;
    out.secret = Secret{make_secret()};
    out.expires_at = now + std::chrono::microseconds{wish.lifetime}.count();
    Token& token = out.row;
    token.uuid = make_uuid(now);
    token.secret_hash = sha256_hex(out.secret.reveal());
    token.user = wish.user;
    token.parent = wish.parent;
    token.kind = wish.kind;
    token.label = wish.label;
    token.created_at = now;
    token.expires_at = out.expires_at;
    token.role_mask = wish.role_mask;
    token.scope = wish.scope;
    return out;
}

Result<void> store_token(ContentTransaction& tx, const TokenWish& wish, Token& token) {
    if (Result<void> still = check_still(tx, wish); !still)
        return still;
    if (wish.kind == TokenKind::ticket)
        if (Result<void> few = check_few_tickets(tx, wish.user, token.created_at); !few)
            return few;
    const auto id = tx.registry().take_ids(IdKind::token, 1);
    if (!id)
        return pass(id.error());
    token.id = TokenId{*id};
    return tx.tokens().insert(token);
}

Result<IssuedToken> issue_token(
    ContentDatabase& content, const TokenWish& wish, const Clock& clock
) {
    IssuedToken out = make_token(wish, clock.now());
    Result<void> written = content.write("issuing a token", [&](ContentTransaction& tx) {
        return store_token(tx, wish, out.row);
    });
    if (!written)
        return pass(std::move(written).error());
    return out;
}

}  // namespace pchat
