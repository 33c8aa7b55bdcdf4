// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "server/domain/presence.h"
#include "server/store/content_database.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace pchat {

constexpr std::size_t most_tickets = 20;  // of one user, in force at the same time

/// What a new token is to be.
struct TokenWish {
    PrincipalId user;
    TokenKind kind = TokenKind::sign_in;
    std::string label;
    std::chrono::seconds lifetime{};
    std::optional<TokenId> parent;
    // What the user proved to know; the token is refused when it is not the password any more.
    std::optional<std::string> password_hash = {};
    std::optional<std::int64_t> role_mask = {};  // none: all roles of the user
    std::optional<std::string> scope = {};       // as TokenScope is stored
};

struct IssuedToken {
    Secret secret;  // shown once: the database keeps its hash
    Microseconds expires_at = 0;
    Token row;
};

/// A secret and what is stored of it, without a number yet.
IssuedToken make_token(const TokenWish& wish, Microseconds now);
/// Stores it, when the user is active and stays so until the end of the transaction.
Result<void> store_token(ContentTransaction& tx, const TokenWish& wish, Token& token);

/// Waits. Makes a token and stores it, for a user who is active and stays so until it is stored:
/// whoever changes the user at the same time finds the token there, or comes first.
Result<IssuedToken> issue_token(
    ContentDatabase& content, const TokenWish& wish, const Clock& clock
);

}  // namespace pchat
